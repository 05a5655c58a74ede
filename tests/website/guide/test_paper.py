"""Cards, booklets and worksheets: what comes out is read back as a PDF; what may not be seen is not there."""

import datetime as dt
import io
import threading
import time
import uuid

import pikepdf
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from guide.models import KeptDocument, MethodPage, StepPage
from guide.paper.sheets import pages_of, rows_of
from guide.services import keeping
from guide.services.keeping import Recipe, fetch_document, sweep_documents
from tests.support.pdf import field_names, structure_of
from tests.website.guide.conftest import NOW

CARD = "site/guide/paper/card.typ"


@pytest.fixture
def method(guide):
    """One with worksheets."""
    return MethodPage.objects.get(slug="uppdragssamtal")


def path_of(page, file, *, prefix=""):
    return f"{prefix}/utskrift/{page.translation_key}/{file}.pdf"


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(response.content))


def assert_tagged(pdf, *, language):
    """A title, a language, a structure, and the promise that it is PDF/UA."""
    assert pdf.Root.Lang == language
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.open_metadata()["pdfuaid:part"]) == "1"
    assert pdf.open_metadata()["dc:title"]


def lengthen(method, *, times):
    """The longest exercise anyone could write, and more."""
    step = method.steps[0]
    blocks = [
        ("step", {"title": f"{step.value['title']} {n}", "minutes": 5, "text": step.value["text"]})
        for n in range(times)
    ]
    method.steps = blocks
    for name in ("why", "when_to_use", "preparation", "in_room", "remote", "accessibility"):
        setattr(method, name, "Verksamhetsutvecklingsprocessens tillgänglighetsredogörelse är lång. " * times)
    method.save_revision().publish()


# --- The card ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_card_is_one_tagged_page_in_its_language(client, guide, language):
    for method in MethodPage.objects.filter(locale__language_code=language)[:3]:
        pdf = read(client.get(path_of(method, "kort", prefix="" if language == "sv" else "/en")))
        assert len(pdf.pages) == 1
        assert_tagged(pdf, language=language)
        assert pdf.open_metadata()["dc:title"] == method.title
        kinds = [kind for kind, _text in structure_of(pdf)]
        assert kinds.count("H1") == 1
        assert kinds.count("H3") == len(method.steps)


@pytest.mark.parametrize("times", [6, 12, 40])
def test_a_card_is_never_two_pages_however_long_the_exercise(client, method, times):
    lengthen(method, times=times)
    pdf = read(client.get(path_of(method, "kort")))
    assert len(pdf.pages) == 1
    assert_tagged(pdf, language="sv")


def test_a_card_is_told_by_name_and_shown_in_the_browser(client, method):
    response = client.get(path_of(method, "kort"))
    assert response["Content-Disposition"] == "inline; filename*=utf-8''Metodkort%20%E2%80%93%20Uppdragssamtal.pdf"
    assert "object-src 'self'" in response["Content-Security-Policy"]


def test_what_an_editor_types_is_never_read_as_typst(client, method):
    hostile = '#panic("no") $x$ \\u{41} "]#eval("1+1") @label <label> *bold* _it_ `raw` // gone /* gone'
    method.title = '"); #read("/etc/passwd") #('
    method.why = hostile
    method.lead = "#set page(width: 1cm) \x07\x1b \ufffe"
    method.tips = [("line", hostile)]
    method.save_revision().publish()
    response = client.get(path_of(method, "kort"))
    pdf = read(response)
    assert len(pdf.pages) == 1
    assert [float(each) for each in pdf.pages[0].MediaBox[2:]] == pytest.approx([595.28, 841.89], abs=0.1)
    assert pdf.open_metadata()["dc:title"] == '"); #read("/etc/passwd") #('
    assert "\n" not in response["Content-Disposition"]


def test_letters_that_no_font_has_cost_the_standard_but_not_the_card(client, method):
    method.lead = "Glatt 🙂 och längtan ไทย"
    method.save_revision().publish()
    pdf = read(client.get(path_of(method, "kort")))
    assert len(pdf.pages) == 1
    assert pdf.Root.MarkInfo.Marked


# --- The booklet ---------------------------------------------------------------------------------
def test_a_booklet_has_cover_bookmarks_and_a_page_for_each_exercise(client, step):
    pdf = read(client.get(path_of(step, "hafte")))
    assert_tagged(pdf, language="sv")
    methods = list(MethodPage.objects.live().filter(path__startswith=step.path).order_by("path"))
    assert len(pdf.pages) >= 2 + len(methods)
    with pdf.open_outline() as outline:
        marks = [item.title for item in outline.root]
    assert marks == [step.title, *(method.title for method in methods)]


def test_a_booklet_leaves_out_what_the_reader_may_not_see(client, step):
    whole = len(read(client.get(path_of(step, "hafte"))).pages)
    hidden = MethodPage.objects.live().filter(path__startswith=step.path).last()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    assert len(read(client.get(path_of(step, "hafte"))).pages) == whole - 1


# --- Worksheets ----------------------------------------------------------------------------------
def test_a_worksheet_can_be_filled_in_and_read_aloud(client, method):
    pdf = read(client.get(path_of(method, "arbetsblad")))
    assert_tagged(pdf, language="sv")
    boxes = [box for sheet in method.worksheets for box in sheet.value["boxes"]]
    fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
    assert len(fields) == len(boxes) + 2 * len(method.worksheets)
    first = fields["sheet1.box1"]
    assert str(first.TU).startswith(boxes[0]["label"])
    assert first.Ff == 1 << 12
    # In the order of reading, each where the structure says it is.
    assert field_names(pdf) == [str(field.T) for field in pdf.Root.AcroForm.Fields]
    assert all(page.Tabs == pikepdf.Name.S for page in pdf.pages)
    kinds = [kind for kind, _text in structure_of(pdf)]
    assert kinds.count("Form") == len(fields)
    assert "Link" not in kinds
    font = pdf.Root.AcroForm.DR.Font.Text
    assert font.FontDescriptor.FontFile2.read_bytes()
    widths = dict(zip(range(font.FirstChar, font.LastChar + 1), font.Widths, strict=True))
    assert all(widths["åäöÅÄÖé–”".encode("cp1252")[place]] > 200 for place in range(9))


def test_the_sheet_for_the_wall_is_the_same_at_a3_without_fields(client, method):
    pdf = read(client.get(path_of(method, "arbetsblad-a3")))
    small = read(client.get(path_of(method, "arbetsblad")))
    assert len(pdf.pages) == len(small.pages)
    assert "/AcroForm" not in pdf.Root
    assert sorted(round(float(each)) for each in pdf.pages[0].MediaBox[2:]) == [842, 1191]


def test_a_method_without_worksheets_has_none(client, method):
    method.worksheets = []
    method.save_revision().publish()
    assert client.get(path_of(method, "arbetsblad")).status_code == 404
    assert client.get(path_of(method, "arbetsblad-a3")).status_code == 404


def box(height=1, *, wide=False):
    return {"label": "x", "hint": "", "height": height, "is_wide": wide, "name": "x"}


def test_boxes_fill_their_rows_and_leave_no_hole():
    rows = rows_of([box(2), box(1), box(3), box(1, wide=True), box(1)], columns=2)
    assert [[each["span"] for each in row["boxes"]] for row in rows] == [[1, 1], [2], [1], [2]]
    assert [row["height"] for row in rows] == [2, 3, 1, 1]


def test_rows_are_shared_evenly_between_as_few_pages_as_hold_them():
    rows = [{"height": 3} for _number in range(6)]
    assert [len(page) for page in pages_of(rows, most=18)] == [6]
    assert [len(page) for page in pages_of(rows, most=12)] == [3, 3]
    assert [len(page) for page in pages_of(rows, most=5)] == [1] * 6


# --- Who may ask ---------------------------------------------------------------------------------
FILES = [("method", "kort"), ("method", "arbetsblad"), ("method", "arbetsblad-a3"), ("step", "hafte")]


@pytest.fixture
def pages(method):
    return {"method": method, "step": StepPage.objects.get(number=1, locale__language_code="sv")}


@pytest.mark.parametrize(("which", "file"), FILES)
def test_what_is_not_published_is_not_there(client, pages, which, file):
    pages[which].unpublish()
    assert client.get(path_of(pages[which], file)).status_code == 404


@pytest.mark.parametrize(("which", "file"), FILES)
def test_what_is_restricted_is_there_for_those_with_the_right_alone(client, pages, cast, which, file):
    client.get(path_of(pages[which], file))  # kept already, and still not given
    PageViewRestriction.objects.create(page=pages["step"], restriction_type=PageViewRestriction.LOGIN)
    assert client.get(path_of(pages[which], file)).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(path_of(pages[which], file)).status_code == 200


@pytest.mark.parametrize(("which", "file"), FILES)
def test_an_unknown_page_and_a_page_of_another_kind_are_not_there(client, pages, which, file):
    other = {"method": "step", "step": "method"}[which]
    assert client.get(path_of(pages[other], file)).status_code == 404
    assert client.get(f"/utskrift/{uuid.uuid4()}/{file}.pdf").status_code == 404
    assert client.post(path_of(pages[which], file)).status_code == 405


# --- Kept until the content changes --------------------------------------------------------------
def test_the_second_asking_is_answered_from_the_store_with_few_queries(client, method):
    first = client.get(path_of(method, "kort")).content
    with CaptureQueriesContext(connection) as queries:
        second = client.get(path_of(method, "kort"))
    assert second.content == first
    assert KeptDocument.objects.count() == 1
    assert len(queries) <= 6


def test_who_has_the_card_already_gets_no_new_one(client, method):
    mark = client.get(path_of(method, "kort"))["ETag"]
    again = client.get(path_of(method, "kort"), headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")
    method.title = "Nytt namn"
    method.save_revision().publish()
    assert client.get(path_of(method, "kort"), headers={"If-None-Match": mark}).status_code == 200


def test_a_card_is_never_older_than_its_page(client, method):
    client.get(path_of(method, "kort"))
    method.title = "Uppdragssamtal i två delar"
    method.save_revision().publish()
    assert read(client.get(path_of(method, "kort"))).open_metadata()["dc:title"] == "Uppdragssamtal i två delar"
    step = StepPage.objects.get(number=6, locale__language_code="sv")
    step.title = "Göra verkligt"
    step.save_revision().publish()
    client.get(path_of(method, "kort"))
    assert KeptDocument.objects.count() == 3


def test_a_card_that_nobody_asks_for_is_swept_after_a_month(guide):
    old, used = (
        KeptDocument.objects.create(key=key, content=b"%PDF", made_at=NOW, used_on=day)
        for key, day in (("a" * 64, NOW.date() - dt.timedelta(days=31)), ("b" * 64, NOW.date() - dt.timedelta(days=30)))
    )
    assert sweep_documents(now=NOW) == 1
    assert list(KeptDocument.objects.all()) == [used]
    assert old != used


@pytest.fixture
def made(monkeypatch):
    """Makes documents slowly enough that two who ask at once would both make one; counts them.

    `made.together` waits until both are at it, for the control.
    """

    class Made(list):
        together = None

    count = Made()

    def make(_recipe, *, now):
        count.append(now)
        if count.together:
            count.together.wait(60)
        else:
            time.sleep(0.3)
        return b"%PDF"

    monkeypatch.setattr(keeping, "_make", make)
    return count


def _two_ask_at_once():
    gate, answers = threading.Barrier(2), []

    def ask():
        try:
            gate.wait(60)
            answers.append(fetch_document(Recipe(CARD, {"title": "x", "language": "sv"}), now=NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return answers


@pytest.mark.committed
def test_two_who_ask_at_once_make_it_once(db, made):
    assert _two_ask_at_once() == [b"%PDF", b"%PDF"]
    assert len(made) == 1


@pytest.mark.committed
def test_without_their_turn_two_who_ask_at_once_make_it_twice(db, made, monkeypatch):
    monkeypatch.setattr(keeping, "_wait_for_turn", lambda _key: None)
    made.together = threading.Barrier(2)
    assert _two_ask_at_once() == [b"%PDF", b"%PDF"]
    assert len(made) == 2
    assert KeptDocument.objects.count() == 1
