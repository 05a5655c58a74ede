"""What is done when on a course day, with which material; and what was left open."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page

from courses.agenda_queries import agenda_of, points_for
from courses.models import AgendaItem, OpenPoint
from courses.paper.rosters import roster_data, set_roster
from courses.services.agenda import (
    ItemPlan,
    close_open_point,
    copy_agenda,
    make_template,
    note_open_point,
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


@pytest.mark.parametrize("part", ["employee", "outsider", "hr"])
def test_they_do_not_exist_for_others(client, days, cast, part):
    point = note_open_point(days[0], text="Kvar", by=cast.facilitator, now=timezone.now() - dt.timedelta(days=1))
    client.force_login(getattr(cast, part))
    base = f"/kurstillfallen/{days[0].occasion_id}/dag/{days[0].pk}/"
    assert client.get(base + "upplagg/").status_code == 404
    assert client.post(base + "upplagg/", form_of({"at": "09:15", "what": "x"})).status_code == 404
    assert client.post(base + "kvar/", {"close": point.pk}).status_code == 404
    assert OpenPoint.objects.get().closed_at is None
