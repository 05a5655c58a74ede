"""Swedish and English side by side: two editors at once, and every text of the page in one form."""

import contextlib
import json
import re
import threading

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from wagtail.models import PageLogEntry

from guide.models import MethodPage
from guide.services import languages
from guide.services.languages import TextsRefused, Typed, save_texts
from guide.texts import mark_of, sections_of, texts_of
from people.roles import EDITOR
from people.services.roles import give_role


@pytest.fixture(autouse=True)
def in_swedish():
    with translation.override("sv"):
        yield


@pytest.fixture
def pair(step):
    return step, step.get_translations().get().specific


@pytest.fixture
def method(guide):
    """A method with worksheets, steps and tips."""
    return MethodPage.objects.exclude(worksheets=[]).filter(locale__language_code="sv").order_by("pk").first()


@pytest.fixture
def where(pair):
    return reverse("guide_side_by_side", args=[pair[0].pk])


def form_of(html):
    """What a browser would send back, untouched."""
    form = BeautifulSoup(html, "html.parser").find(class_="guide-save").find_parent("form")
    sent = {each["name"]: each.get("value", "") for each in form.find_all("input") if each.get("name")}
    # A browser drops the newline that a textarea begins with.
    return sent | {each["name"]: each.text.removeprefix("\n") for each in form.find_all("textarea")}


def opened(client, where):
    return form_of(client.get(where).content.decode())


def rich(text, *styles):
    """As the rich text editor sends it."""
    block = {"key": "abcde", "text": text, "type": "unstyled", "depth": 0}
    return json.dumps({"blocks": [block | {"inlineStyleRanges": list(styles), "entityRanges": []}], "entityMap": {}})


def draft_of(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def write(page, user=None, **values):
    """Someone else's save, in the page's own editor."""
    draft = draft_of(page)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=user)


# --- Two at once -------------------------------------------------------------------------------------


def test_a_form_sent_back_untouched_saves_nothing(client, pair, where, cast, method):
    client.force_login(cast.editor)
    for page in (pair[0], method):
        address = reverse("guide_side_by_side", args=[page.pk])
        answer = client.post(address, opened(client, address), follow=True)
        assert "Inget var ändrat" in answer.content.decode()
        assert all(each.revisions.count() == 1 for each in (page, page.get_translations().get().specific))


def test_what_another_changed_in_another_field_is_kept(client, pair, where, cast):
    client.force_login(cast.editor)
    sent = opened(client, where)
    write(pair[0], aim="Den andras syfte.")
    write(pair[1], way_back="The other's way back.")
    answer = client.post(where, sent | {"way_back-sv": "Min väg tillbaka.", "aim-en": "My aim."})
    assert answer.status_code == 302
    swedish, english = (draft_of(page) for page in pair)
    assert (swedish.aim, swedish.way_back) == ("Den andras syfte.", "Min väg tillbaka.")
    assert (english.aim, english.way_back) == ("My aim.", "The other's way back.")


def test_the_same_field_changed_by_both_is_said_there_with_both_texts(client, pair, where, cast):
    client.force_login(cast.editor)
    sent = opened(client, where)
    write(pair[0], aim="Den andras <b>syfte</b>.")
    answer = client.post(where, sent | {"aim-sv": "Mitt syfte.", "aim-en": "My aim."})
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    assert answer.status_code == 409
    fault = page.find(id="fault-aim-sv")
    assert "ändrades av någon annan" in fault.text
    assert "Den andras <b>syfte</b>." in fault.text
    field = page.find(id="id_aim-sv")
    assert (field.text.strip(), field["aria-describedby"]) == ("Mitt syfte.", "fault-aim-sv")
    assert page.find(id="id_aim-en").text.strip() == "My aim.", "what was typed elsewhere is kept too"
    assert draft_of(pair[0]).aim == "Den andras <b>syfte</b>."
    assert draft_of(pair[1]).aim == pair[1].aim, "all or nothing"
    assert client.post(where, form_of(str(page))).status_code == 302, "seen, and put in its place on purpose"
    assert (draft_of(pair[0]).aim, draft_of(pair[1]).aim) == ("Mitt syfte.", "My aim.")


def test_a_draft_that_saves_itself_over_its_own_revision_is_seen_as_well(client, pair, where, cast):
    """Wagtail's editor writes over the newest revision while someone types: its number stays, its words don't."""
    write(pair[0], user=cast.colleague, aim="Första")
    client.force_login(cast.editor)
    sent = opened(client, where)
    draft = draft_of(pair[0])
    draft.aim = "Andra"
    draft.save_revision(user=cast.colleague, overwrite_revision=draft.get_latest_revision())
    assert client.post(where, sent | {"aim-sv": "Min"}).status_code == 409
    assert draft_of(pair[0]).aim == "Andra"


def test_both_wrote_the_same(client, pair, where, cast):
    client.force_login(cast.editor)
    sent = opened(client, where)
    write(pair[0], aim="Samma.")
    assert client.post(where, sent | {"aim-sv": "Samma."}).status_code == 302
    assert draft_of(pair[0]).revisions.count() == 2


def test_a_form_without_marks_overwrites_nothing(client, pair, where, cast):
    client.force_login(cast.editor)
    answer = client.post(where, {"aim-sv": "Utan märke"})
    assert answer.status_code == 409
    assert "Utan märke" in answer.content.decode()
    assert draft_of(pair[0]).aim == pair[0].aim


@pytest.mark.committed
@pytest.mark.parametrize("is_locked", [False, True])
def test_of_two_who_save_the_same_field_at_once_one_is_told(pair, cast, monkeypatch, is_locked):
    """The control first: with the lock taken out, both look before either writes, and one text is lost."""
    give_role(cast.colleague, role=EDITOR)
    gate, said, may_write = threading.Barrier(2), [], languages.may_write
    shown = texts_of(draft_of(pair[0]))["aim"].mark

    def look_and_wait(page, person):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(timeout=1 if is_locked else 60)
        return may_write(page, person)

    monkeypatch.setattr(languages, "may_write", look_and_wait)
    if not is_locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_a, **_k: self)

    def save(person):
        try:
            save_texts([pair[0]], typed={"aim-sv": Typed(f"Av {person.given_name}", shown)}, person=person)
            said.append("saved")
        except TextsRefused as no:
            said.append(no.faults["aim-sv"].theirs)
        finally:
            connection.close()

    both = [threading.Thread(target=save, args=[person]) for person in (cast.editor, cast.colleague)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    kept = draft_of(pair[0]).aim
    assert sorted(said) == (sorted(["saved", kept]) if is_locked else ["saved", "saved"])


# --- Texts in blocks ---------------------------------------------------------------------------------


def test_lines_and_steps_of_an_exercise_are_written_in_both_languages(client, method, cast):
    client.force_login(cast.editor)
    where = reverse("guide_side_by_side", args=[method.pk])
    sent = opened(client, where)
    step = method.steps[0]
    english = method.get_translations().get().specific
    assert english.steps[0].id == step.id
    sent |= {
        f"steps-{step.id}-title-sv": "Skriv åtta frågor",
        f"steps-{step.id}-title-en": "Write eight questions",
        f"tips-{method.tips[0].id}-sv": "Börja i tid.",
    }
    assert client.post(where, sent).status_code == 302
    drafts = draft_of(method), draft_of(english)
    assert [each.steps[0].value["title"] for each in drafts] == ["Skriv åtta frågor", "Write eight questions"]
    assert drafts[0].tips[0].value == "Börja i tid."
    assert drafts[0].steps[0].id == step.id, "readers' marks hold on to it"
    assert drafts[0].steps[0].value["minutes"] == step.value["minutes"]
    assert drafts[0].steps[0].value["text"].source == step.value["text"].source
    assert PageLogEntry.objects.filter(page=method, user=cast.editor, action="wagtail.edit").count() == 1


def test_rich_text_is_written_and_what_both_changed_is_refused(client, method, cast):
    client.force_login(cast.editor)
    where = reverse("guide_side_by_side", args=[method.pk])
    sent = opened(client, where)
    name = f"steps-{method.steps[0].id}-text"
    raw = rich("Ny text.", {"offset": 0, "length": 2, "style": "BOLD"})
    assert client.post(where, sent | {f"{name}-sv": raw}).status_code == 302
    kept = draft_of(method).steps[0].value["text"].source
    assert re.sub(r' data-block-key="\w+"', "", kept) == "<p><b>Ny</b> text.</p>"
    answer = client.post(where, sent | {f"{name}-sv": raw.replace("Ny text.", "Nå text.")})
    assert answer.status_code == 409
    assert "<b>Ny</b> text." in str(BeautifulSoup(answer.content, "html.parser").find(id=f"fault-{name}-sv"))


def test_a_line_that_another_took_away_is_not_lost_with_what_was_written(client, pair, where, cast):
    client.force_login(cast.editor)
    sent = opened(client, where)
    first = pair[0].questions[0]
    write(pair[0], questions=[(child.block_type, child.value) for child in list(pair[0].questions)[1:]])
    answer = client.post(where, sent | {f"questions-{first.id}-sv": "Mitt <i>nya</i> ord"})
    assert answer.status_code == 409
    shown = BeautifulSoup(answer.content, "html.parser").find(class_="guide-homeless")
    assert shown.text == "Mitt <i>nya</i> ord"
    sent.pop(f"questions-{first.id}-sv")
    assert client.post(where, sent).status_code == 302, "an untouched line that is gone troubles nobody"


def test_a_line_too_long_is_said_at_the_line(client, pair, where, cast):
    client.force_login(cast.editor)
    name = f"questions-{pair[0].questions[0].id}-sv"
    answer = client.post(where, opened(client, where) | {name: "å" * 301})
    fault = BeautifulSoup(answer.content, "html.parser").find(id=f"fault-{name}")
    assert "300" in fault.text
    assert "å" * 301 in answer.content.decode()


def test_hostile_rich_text_is_not_believed(client, method, cast):
    client.force_login(cast.editor)
    where = reverse("guide_side_by_side", args=[method.pk])
    name = f"steps-{method.steps[0].id}-text-sv"
    raw = rich("<script>x()</script>")
    client.post(where, opened(client, where) | {name: raw})
    assert "<script>x()" not in draft_of(method).steps[0].value["text"].source


def test_places_of_one_language_only_are_shown_as_missing(pair):
    del pair[1].questions[0]
    section = next(each for each in sections_of(list(pair)) if each.name == "questions")
    assert [row.is_missing_in_one for row in section.rows] == [True] + [False] * (len(section.rows) - 1)
    assert section.rows[0].parts[1] is None


def test_what_can_not_be_written_here_leads_to_its_place_in_the_pages_own_editor(client, pair, where, cast):
    client.force_login(cast.editor)
    del (english := draft_of(pair[1])).questions[0]
    english.save_revision()
    link = BeautifulSoup(client.get(where).content, "html.parser").find("a", string=re.compile("Lägg till det"))
    address, place = link["href"].split("#")
    assert f'id="{place}"' in client.get(address).content.decode()


# --- Rights ------------------------------------------------------------------------------------------


def test_a_page_locked_by_another_is_shown_and_not_written(client, pair, where, cast):
    client.force_login(cast.editor)
    sent = opened(client, where)
    english = pair[1]
    english.locked, english.locked_by = True, cast.administrator
    english.save()
    answer = client.post(where, sent | {"aim-sv": "Svenska", "aim-en": "English"})
    html = BeautifulSoup(answer.content, "html.parser")
    assert html.find(class_="guide-homeless").text == "English"
    assert html.find(id="id_aim-en") is None
    assert html.find(id="id_aim-sv").text.strip() == "Svenska"
    assert draft_of(english).aim == english.aim


@pytest.mark.parametrize("role", ["employee", "outsider", "hr", "facilitator", "manager"])
def test_others_write_nothing_not_even_past_the_screen(client, pair, where, cast, role):
    person = getattr(cast, role)
    client.force_login(person)
    shown = texts_of(draft_of(pair[0]))["aim"].mark
    assert client.post(where, {"aim-sv": "x", "shown-aim-sv": shown}).status_code in {302, 403}
    with pytest.raises(TextsRefused):
        save_texts(pair, typed={"aim-sv": Typed("x", shown)}, person=person)
    assert draft_of(pair[0]).aim == pair[0].aim


def test_marks_tell_texts_apart_and_line_ends_not():
    assert mark_of("a\r\nb ", is_rich=False) == mark_of("a\nb", is_rich=False)
    assert mark_of("a", is_rich=False) != mark_of("b", is_rich=False)
    assert mark_of('<p data-block-key="x">a</p>', is_rich=True) == mark_of("<p>a</p>", is_rich=True)
