"""A missed day that a facilitator gives on another occasion, and that only the day is asked for, told and clashes."""

import pytest
from django.utils import timezone

from courses.checks import find_faults
from courses.making_up_queries import missed_days
from courses.models import Booking, Course, MadeUpDay, Occasion, OccasionMessage
from courses.own_days import days_of
from courses.queries import clashes_of
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.making_up import make_up_day
from courses.services.messaging import Address, receivers_of
from courses.services.occasions import change_occasion, create_occasion
from courses.services.reminders import write_reminders
from letters.models import Letter
from people.services.tokens import make_token
from tests.courses.conftest import DAY, HOUR, plan_for, session_of, two_days
from tests.courses.test_occasions import plans_of
from tests.courses.test_pages import as_


@pytest.fixture
def today():
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def booking(plan_occasion, cast, today):
    """Day one attended last week, day two not."""
    before = plan_occasion(sessions=two_days(today - 7 * DAY))
    booking = book_place(before, person=cast.employee, now=today - 30 * DAY)[0]
    for session, state in zip(before.sessions.all(), ("present", "absent"), strict=True):
        mark_attendance(booking, session, state=state, by=cast.facilitator, now=session.ends_at + HOUR)
    return booking


@pytest.fixture
def missed(booking):
    return booking.occasion.sessions.last()


@pytest.fixture
def there(plan_occasion, today):
    return plan_occasion(sessions=two_days(today + 30 * DAY))


@pytest.fixture
def address(booking, missed):
    return f"/kurstillfallen/{booking.occasion_id}/deltagare/{booking.pk}/ta-igen/{missed.pk}/"


def test_the_day_is_given_past_the_closing_and_the_list(client, cast, booking, missed, there, address, today):
    Occasion.objects.filter(pk=there.pk).update(is_hidden=True, booking_closes_at=today - DAY)
    leader = as_(client, cast.facilitator)
    assert address in leader.get(f"/kurstillfallen/{booking.occasion_id}/deltagare/{booking.pk}/").text
    assert f'value="{there.pk}" required checked' in leader.get(address).text
    for _twice in range(2):
        page = leader.post(address, {"occasion": there.pk, "why": "Var sjuk"}, follow=True)
        assert page.status_code == 200
    day = MadeUpDay.objects.get()
    assert (day.booking.state, day.instead, days_of(day.booking)) == (
        "booked", there.sessions.last(), [there.sessions.last()],
    )  # fmt: skip
    assert day.booking.events.get().why == "Var sjuk"
    assert "Den tas igen" in page.text
    assert find_faults(now=timezone.now()) == []


def test_what_is_missing_is_said_and_what_was_written_is_kept(client, cast, there, address, today):
    leader = as_(client, cast.facilitator)
    page = leader.post(address, {"occasion": "", "why": "Var sjuk"})
    assert (page.status_code, "Välj en dag." in page.text, 'value="Var sjuk"' in page.text) == (422, True, True)
    page = leader.post(address, {"occasion": there.pk, "why": " "})
    assert (page.status_code, "Skriv varför platsen ges för hand." in page.text) == (422, True)
    for person in (cast.colleague, cast.outsider):
        book_place(there, person=person, now=today)
    page = leader.post(address, {"occasion": there.pk, "why": "Var sjuk"})
    assert (page.status_code, "Alla platser är tagna." in page.text) == (422, True)
    assert not MadeUpDay.objects.exists()


def test_only_occasions_that_one_leads_and_days_that_have_not_begun_can_be_chosen(
    client, cast, course, there, address, today, plan_occasion
):
    begun = plan_occasion(sessions=two_days(today - 2 * DAY))
    later = two_days(today - 2 * DAY)
    half = plan_occasion(sessions=[later[0], session_of(today + 5 * DAY, place="Rådhuset")])
    start = today + 50 * DAY
    others = create_occasion(course, plan=plan_for(start), sessions=two_days(start), facilitators=[cast.hr])
    leader = as_(client, cast.facilitator)
    page = leader.get(address).text
    shown = [each.pk for each in (begun, half, there, others) if f'id="occasion-{each.pk}"' in page]
    assert shown == [half.pk, there.pk]
    assert leader.post(address, {"occasion": others.pk, "why": "Var sjuk"}).status_code == 422
    Occasion.objects.filter(pk__in=shown).update(state="cancelled")
    assert "Du leder inget kommande tillfälle" in leader.get(address).text


def test_for_everyone_else_it_does_not_exist(client, cast, booking, missed, there, address):
    for person in (cast.outsider, cast.employee, cast.manager):
        assert as_(client, person).get(address).status_code == 404
        assert client.post(address, {"occasion": there.pk, "why": "Jag"}).status_code == 404
    leader = as_(client, cast.facilitator)
    assert leader.get(address.replace(f"/{missed.pk}/", "/999999/")).status_code == 404
    assert leader.put(address).status_code == 405
    assert not MadeUpDay.objects.exists()


def test_it_is_done_by_api_too(client, cast, booking, missed, there, now):
    address = f"/api/v1/participants/{booking.pk}/make-up/"

    keys = {each.pk: make_token(each, name="prov", now=now)[1] for each in (cast.facilitator, cast.outsider)}

    def call(person, body=None):
        headers = {"Authorization": f"Bearer {keys[person.pk]}"}
        kind = {"content_type": "application/json", "headers": headers}
        return client.post(address, body, **kind) if body is not None else client.get(address, **kind)

    (day,) = call(cast.facilitator).json()["results"]
    assert (day["session"], [each["occasion"] for each in day["chances"]]) == (missed.pk, [there.pk])
    asked = {"session": missed.pk, "occasion": there.pk, "why": "Var sjuk"}
    assert call(cast.outsider).status_code == 404
    assert call(cast.outsider, asked).status_code == 404
    assert call(cast.facilitator, asked | {"occasion": 999999}).json()["code"] == "invalid"
    first = {"session": booking.occasion.sessions.first().pk}
    assert call(cast.facilitator, asked | first).json()["code"] == "not_missed"
    answer = call(cast.facilitator, asked)
    assert (answer.status_code, answer.json()["occasion"]) == (200, there.pk)
    assert call(cast.facilitator).json()["results"][0]["made_up_by"] == answer.json()["id"]


# --- Only the day ---------------------------------------------------------------------------------
@pytest.fixture
def made_up(booking, missed, there, cast):
    return make_up_day(booking, missed, on=there, by=cast.employee, now=timezone.now())


def test_only_the_made_up_day_clashes(made_up, there, cast, today):
    other = Course.objects.create(slug="annan", title="En annan kurs", hours=7)

    def clashes_on(day):
        start = today + day * DAY
        occasion = create_occasion(
            other, plan=plan_for(start), sessions=[session_of(start, place="Biblioteket")], facilitators=[]
        )
        return [clash.other for clash in clashes_of(cast.employee, occasion)]

    assert clashes_on(30) == []
    assert clashes_on(31) == [there.sessions.last()]


def test_a_day_that_could_be_made_up_says_what_it_clashes_with(client, booking, missed, there, cast, today):
    start = today + 31 * DAY
    other = Course.objects.create(slug="annan", title="En annan kurs", hours=7)
    sessions = [session_of(start, place="Biblioteket")]
    occasion = create_occasion(other, plan=plan_for(start), sessions=sessions, facilitators=[])
    book_place(occasion, person=cast.employee, now=timezone.now())
    page = as_(client, cast.employee).get(f"/min-sida/ta-igen/{booking.pk}/{missed.pk}/").text
    assert "Krockar:" in page
    assert "En annan kurs" in page


def test_nobody_is_missing_on_a_day_they_do_not_come_to(made_up, there, cast):
    def missing_on(session):
        return list(receivers_of(there, Address(OccasionMessage.Circle.MISSING, session)))

    first, second = there.sessions.all()
    assert missing_on(first) == []
    assert missing_on(second) == [cast.employee]


@pytest.mark.parametrize(("apart", "before_the_first"), [(1, 1), (20, 0)])
def test_the_reminder_is_of_the_day_made_up(booking, missed, plan_occasion, cast, today, apart, before_the_first):
    """Where the days lie far apart nobody is reminded of the first, to which the person does not come."""
    start = today + 30 * DAY
    days = [session_of(start, place="Rådhuset"), session_of(start + apart * DAY, place="Rådhuset")]
    there = plan_occasion(sessions=days)
    make_up_day(booking, missed, on=there, by=cast.employee, now=timezone.now())
    assert write_reminders(now=start - HOUR) == before_the_first
    assert write_reminders(now=start + (apart - 1) * DAY + HOUR) == 1 - before_the_first
    assert Letter.objects.filter(kind="reminder").count() == 1


def test_the_pages_of_the_booking_name_that_day_alone(client, made_up, there, cast):
    first, second = (timezone.localtime(each.starts_at) for each in there.sessions.all())
    leader = as_(client, cast.facilitator)
    page = leader.get(f"/kurstillfallen/{there.pk}/deltagare/{made_up.pk}/").text.split("<main")[1]
    words = [f"{each.day} " for each in (first, second)]
    lead = page.split('class="lead"')[1].split("</p>")[0]
    assert (words[0] in lead, words[1] in lead) == (False, True)
    own = as_(client, cast.employee).get(f"/bokningar/{made_up.pk}/").text
    assert own.count('class="date-block"') == 1
    assert Booking.objects.filter(person=cast.employee, state="booked").count() == 2


def test_whoever_came_for_a_day_that_is_taken_away_holds_no_place(made_up, there, cast, today):
    plan = plan_for(there.starts_at, places=there.places, state=there.state)
    change_occasion(there, plan=plan, sessions=plans_of(there)[:1], now=timezone.now())
    made_up.refresh_from_db()
    assert (made_up.state, made_up.events.last().why) == ("cancelled", "Dagen ges inte längre.")
    assert [day.made_up for day in missed_days(cast.employee, now=timezone.now())] == [None]
    assert find_faults(now=timezone.now()) == []
