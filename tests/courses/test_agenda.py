"""What is done when on a course day, with which material; and what was left open."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page

from courses.agenda_forms import bind_items
from courses.agenda_queries import agenda_of, points_for
from courses.models import AgendaItem, OpenPoint
from courses.paper.rosters import roster_data, set_roster
from courses.services.agenda import (
    ItemPlan,
    close_open_point,
    copy_agenda,
    fingerprint,
    make_template,
    note_open_point,
    open_again,
    page_at,
    set_agenda,
)
from courses.services.occasions import create_occasion
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, plan_for, two_days

MORNING = [ItemPlan(0, "Välkomna", leads="Frida"), ItemPlan(30, "Intervjuer", material="Block och penna", version="3")]


@pytest.fixture
def days(occasion):
    return list(occasion.sessions.select_related("occasion__course"))


def lines(session):
    return [(f"{timezone.localtime(m.starts_at):%H:%M}–{timezone.localtime(m.ends_at):%H:%M}", m.item.what)
            for m in agenda_of(session)]  # fmt: skip


def test_each_line_goes_on_until_the_next_and_the_last_until_the_end(days):
    set_agenda(days[0], MORNING)
    assert lines(days[0]) == [("09:00–09:30", "Välkomna"), ("09:30–16:00", "Intervjuer")]
    with pytest.raises(RuleBroken):
        set_agenda(days[0], [ItemPlan(420, "Efter slutet")])
    assert len(lines(days[0])) == 2


def test_new_occasions_begin_with_the_courses_template_and_a_copy_with_the_copied(days, cast, course, start):
    set_agenda(days[0], MORNING)
    set_agenda(days[1], [ItemPlan(60, "Idéer")])
    assert make_template(days[1]) == 2
    sessions = two_days(start + 40 * DAY)
    new = create_occasion(course, plan=plan_for(start + 40 * DAY), sessions=sessions, facilitators=[cast.facilitator])
    first, second = new.sessions.all()
    assert (lines(first), lines(second)) == ([], [("10:00–16:00", "Idéer")])
    copy_agenda(days[0].occasion, to=new)
    assert [len(lines(first)), len(lines(second))] == [2, 1]
    assert AgendaItem.objects.filter(session=second).count() == 1


def test_of_a_page_of_the_guide_the_version_is_kept_and_a_newer_one_is_told(days):
    Locale.objects.get_or_create(language_code="sv")
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Rot", slug="rot"))
    home = root.add_child(instance=Page(title="Hem", slug="hem-upplagg"))
    page = home.add_child(instance=Page(title="Intervjua", slug="intervjua"))
    page.save_revision().publish()
    assert page_at("/intervjua/").pk == page.pk
    assert page_at("https://annan.example/intervjua/") is None
    set_agenda(days[0], [ItemPlan(0, "Öva", material="/intervjua/")])
    (moment,) = agenda_of(days[0])
    assert (moment.material_name, moment.item.has_newer_version) == ("Intervjua", False)
    assert moment.item.version
    page.title = "Intervjua två och två"
    page.save_revision().publish()
    assert agenda_of(days[0])[0].item.has_newer_version
    # Saved again as it stands, it is still the version that was chosen.
    set_agenda(days[0], [ItemPlan(0, "Öva", material="/intervjua/")])
    assert agenda_of(days[0])[0].item.has_newer_version


def upload(document, words):
    document.file.save("intervjuguide.txt", ContentFile(words), save=False)
    document.file_hash = ""
    document.save()
    Document.objects.get(pk=document.pk).get_file_hash()


def test_of_a_document_the_day_it_was_uploaded_is_kept_and_a_newer_file_is_told(days, settings, tmp_path, client, cast):
    settings.MEDIA_ROOT = tmp_path
    document = Document(title="Intervjuguide", collection=Collection.get_first_root_node())
    upload(document, b"Ett")
    today = date_format(timezone.localdate(), "j F Y")
    address = document.url
    set_agenda(days[0], [ItemPlan(0, "Öva", material=address, version="3, skrivet av mig")])
    (moment,) = agenda_of(days[0])
    assert (moment.material_name, moment.item.version, moment.item.has_newer_version) == ("Intervjuguide", today, False)
    before = fingerprint(days[0])
    upload(document, b"Tva")
    # Saved again as it stands, it is still the file that was chosen.
    set_agenda(days[0], [ItemPlan(0, "Öva", material=address)])
    (moment,) = agenda_of(days[0])
    assert moment.item.has_newer_version
    client.force_login(cast.facilitator)
    sheet = f"/kurstillfallen/{days[0].occasion_id}/dag/{days[0].pk}/"
    page = client.get(sheet).text
    assert ("Det finns en nyare version." in page, f"uppladdad {today}" in page) == (True, True)
    page = client.post(f"{sheet}upplagg/{moment.item.pk}/nyare/", follow=True).text
    assert "Det finns en nyare version." not in page
    assert fingerprint(days[0]) != before


def test_a_document_that_is_elsewhere_gone_or_kept_from_some_is_an_address_like_others(days, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = Collection.get_first_root_node().add_child(name="Bara redaktörer")
    CollectionViewRestriction.objects.create(collection=kept, restriction_type="login")
    document = Document(title="Intervjuguide", collection=kept)
    upload(document, b"Ett")
    elsewhere = f"https://annan.example{document.url}"
    for address in (document.url, elsewhere, "/documents/999999/x.pdf", f"/documents/{'9' * 30}/x.pdf", "Penna"):
        set_agenda(days[0], [ItemPlan(0, "Öva", material=address, version="3")])
        (moment,) = agenda_of(days[0])
        assert (moment.item.document, moment.material_name, moment.item.version) == (None, address, "3")


def test_what_was_left_open_follows_until_someone_closes_it(days, cast, start):
    point = note_open_point(days[0], text=" Svara om  lokalen ", by=cast.facilitator, now=start)
    assert note_open_point(days[0], text="Svara om lokalen", by=cast.facilitator, now=start).pk == point.pk
    later = note_open_point(days[1], text="Skicka bilderna", by=cast.facilitator, now=start + DAY)
    assert points_for(days[0]) == [point]
    assert points_for(days[1]) == [point, later]
    close_open_point(point, by=cast.administrator, now=start + DAY)
    close_open_point(point, by=cast.facilitator, now=start + 2 * DAY)
    (closed,) = points_for(days[0])
    assert (closed.closed_by, closed.closed_at) == (cast.administrator, start + DAY)
    with pytest.raises(RuleBroken):
        note_open_point(days[0], text="  ", by=cast.facilitator, now=start)


def test_a_point_that_stands_open_twice_is_noted_once_more_all_the_same(days, cast, start):
    first = note_open_point(days[0], text="Svara om lokalen", by=cast.facilitator, now=start)
    close_open_point(first, by=cast.facilitator, now=start)
    second = note_open_point(days[0], text="Svara om lokalen", by=cast.facilitator, now=start)
    open_again(first)
    assert note_open_point(days[0], text="Svara om lokalen", by=cast.facilitator, now=start) == first != second


def test_what_someone_else_wrote_meanwhile_is_not_overwritten_and_the_same_twice_is_one(days):
    shown = fingerprint(days[0])
    set_agenda(days[0], MORNING, based_on=shown)
    set_agenda(days[0], MORNING, based_on=shown)
    with pytest.raises(RuleBroken) as broken:
        set_agenda(days[0], [ItemPlan(0, "Mitt")], based_on=shown)
    assert broken.value.code == "changed_meanwhile"
    assert len(lines(days[0])) == 2
    set_agenda(days[0], [ItemPlan(0, "Mitt")], based_on=fingerprint(days[0]))
    assert lines(days[0]) == [("09:00–16:00", "Mitt")]


@pytest.mark.parametrize("words", ["https://[länk]", "//[x", "http://[::1", "Block [A4]"])
def test_words_that_look_like_an_address_are_words(days, words):
    set_agenda(days[0], [ItemPlan(0, "Öva", material=words)])
    assert agenda_of(days[0])[0].item.material == words


def test_a_session_past_midnight_has_an_agenda_past_midnight(days):
    late = days[0]
    late.starts_at = timezone.make_aware(dt.datetime(2027, 3, 2, 22, 0))
    late.ends_at = late.starts_at + dt.timedelta(hours=4)
    late.save()
    forms = bind_items(late, form_of({"at": "23:30", "what": "Kväll"}, {"at": "01:00", "what": "Natt"}))
    assert forms.is_valid(), forms.errors
    assert [plan.starts_after for plan in forms.plans()] == [90, 180]
    assert not bind_items(late, form_of({"at": "02:00", "what": "För sent"})).is_valid()


def test_a_line_after_the_end_of_a_session_that_was_made_shorter_ends_when_it_begins(days):
    set_agenda(days[0], MORNING)
    days[0].ends_at = days[0].starts_at + dt.timedelta(minutes=20)
    days[0].save()
    assert lines(days[0]) == [("09:00–09:30", "Välkomna"), ("09:30–09:30", "Intervjuer")]


def test_the_printed_list_tells_both(days, cast, start):
    set_agenda(days[0], MORNING)
    note_open_point(days[0], text="Svara om lokalen", by=cast.facilitator, now=start)
    data = roster_data(days[0].occasion, days[0])
    assert [line["more"] for line in data["agenda"]] == ["Frida", "Block och penna · 3"]
    assert data["open"] == ["Svara om lokalen"]
    assert set_roster(days[0].occasion, days[0]).startswith(b"%PDF")


def form_of(*items, initial=0):
    data = {"item-TOTAL_FORMS": len(items), "item-INITIAL_FORMS": initial}
    for number, item in enumerate(items):
        data |= {f"item-{number}-{name}": value for name, value in item.items()}
    return data


def test_facilitators_write_the_agenda_and_keep_what_they_typed(client, days, cast):
    client.force_login(cast.facilitator)
    base = f"/kurstillfallen/{days[0].occasion_id}/dag/{days[0].pk}/"
    assert client.get(base + "upplagg/").status_code == 200
    wrong = client.post(base + "upplagg/", form_of({"at": "07:00", "what": "För tidigt"}))
    assert wrong.status_code == 422
    assert "Passet är från 09.00 till 16.00." in wrong.text
    assert 'value="För tidigt"' in wrong.text
    client.post(base + "upplagg/", form_of({"at": "09:15", "what": "Välkomna"}) | {"template": "1"})
    assert lines(days[0]) == [("09:15–16:00", "Välkomna")]
    assert AgendaItem.objects.filter(course=days[0].occasion.course, number=1).count() == 1
    page = client.get(base).text
    assert "09.15–16.00" in page
    client.post(base + "kvar/", {"text": "Svara om lokalen"})
    point = OpenPoint.objects.get()
    assert "Svara om lokalen" in client.get(f"/kurstillfallen/{days[1].occasion_id}/dag/{days[1].pk}/").text
    client.post(base + "kvar/", {"close": point.pk})
    assert OpenPoint.objects.get().closed_by == cast.facilitator
    client.post(base + "kvar/", {"open": point.pk})
    assert OpenPoint.objects.get().closed_at is None


def test_a_page_that_stood_open_shows_what_stands_and_keeps_what_was_typed(client, days, cast):
    client.force_login(cast.facilitator)
    address = f"/kurstillfallen/{days[0].occasion_id}/dag/{days[0].pk}/upplagg/"
    page = BeautifulSoup(client.get(address).text, "html.parser")
    mine = form_of({"at": "09:15", "what": "Mitt"}) | {"based_on": page.find("input", {"name": "based_on"})["value"]}
    set_agenda(days[0], MORNING)
    refused = client.post(address, mine)
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert "Någon har ändrat upplägget" in page.find(role="alert").text
    assert "09.30 Intervjuer" in " ".join(page.find(role="alert").text.split())
    assert page.find("input", {"name": "item-0-what"})["value"] == "Mitt"
    again = mine | {"based_on": page.find("input", {"name": "based_on"})["value"]}
    assert client.post(address, again).status_code == 302
    assert lines(days[0]) == [("09:15–16:00", "Mitt")]


@pytest.mark.parametrize("part", ["employee", "outsider", "hr"])
def test_they_do_not_exist_for_others(client, days, cast, part):
    point = note_open_point(days[0], text="Kvar", by=cast.facilitator, now=timezone.now() - dt.timedelta(days=1))
    client.force_login(getattr(cast, part))
    base = f"/kurstillfallen/{days[0].occasion_id}/dag/{days[0].pk}/"
    assert client.get(base + "upplagg/").status_code == 404
    assert client.post(base + "upplagg/", form_of({"at": "09:15", "what": "x"})).status_code == 404
    assert client.post(base + "kvar/", {"close": point.pk}).status_code == 404
    assert OpenPoint.objects.get().closed_at is None
