"""A request that nobody answers does not hold its place for ever."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.checks import find_faults
from courses.models import Booking, Course, Occasion, Offer
from courses.queries import approver_of, requests_to_decide
from courses.services.approval import approve_request, lapse_requests
from courses.services.booking import book_place
from courses.services.offers import accept_offer
from courses.services.telling import tell_news
from courses.working_hours import add_working_days
from letters.models import Letter
from tests.conftest import STOCKHOLM
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import broken, fill, log_of, state_of
from tests.support.cast import make_person

SECOND = dt.timedelta(seconds=1)
FAR = dt.datetime(2040, 3, 1, 9, tzinfo=STOCKHOLM)


@pytest.fixture(autouse=True)
def approval(course):
    Course.objects.filter(pk=course.pk).update(needs_approval=True, approval_days=3)
    course.refresh_from_db()


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("asked", "days", "until"),
    [
        ("2027-03-02T09:00", 3, "2027-03-05T09:00"),  # Tuesday to Friday
        ("2027-03-04T16:30", 3, "2027-03-09T16:30"),  # over a weekend
        ("2027-03-06T12:00", 1, "2027-03-09T07:00"),  # asked on a Saturday: counted from Monday morning
        ("2027-03-25T10:00", 3, "2027-04-01T10:00"),  # over Good Friday, Easter Monday and the clock change
        ("2027-12-23T10:00", 1, "2027-12-27T10:00"),  # Christmas Eve is off
    ],
)
def test_working_days_skip_weekends_and_holidays(asked, days, until):
    assert add_working_days(at(asked), days) == at(until)


@pytest.mark.parametrize(("moment", "state"), [(-SECOND, "asked"), (SECOND * 0, "lapsed"), (SECOND, "lapsed")])
def test_silence_lapses_after_three_working_days_and_the_place_goes_on(plan_occasion, cast, now, moment, state):
    occasion = plan_occasion(places=1)
    (asked,) = fill(occasion, cast.employee, now=now)
    (waiting,) = fill(occasion, cast.colleague, now=now)
    assert asked.decide_by == now + dt.timedelta(days=3)
    then = asked.decide_by + moment
    assert lapse_requests(now=then) == (state == "lapsed")
    assert state_of(asked) == state
    assert state_of(waiting) == ("offered" if state == "lapsed" else "waiting")
    assert find_faults(now=then) == []


def test_the_days_begin_anew_when_an_offer_becomes_a_request(plan_occasion, cast, now):
    occasion = plan_occasion(places=1)
    (asked,) = fill(occasion, cast.employee, now=now)
    (waiting,) = fill(occasion, cast.colleague, now=now)
    lapse_requests(now=asked.decide_by)
    then = asked.decide_by + SECOND
    accept_offer(Offer.objects.get(), by=cast.colleague, now=then)
    assert Booking.objects.get(pk=waiting.pk).decide_by == add_working_days(then, 3)


def test_a_request_never_outlives_the_start(plan_occasion, cast, start):
    occasion = plan_occasion(booking_closes_at=start)
    asked, _created = book_place(occasion, person=cast.employee, now=start - SECOND)
    assert asked.decide_by == start
    assert lapse_requests(now=start) == 1


def test_what_has_lapsed_is_not_approved_but_a_late_yes_before_the_sweep_is_a_yes(occasion, cast, now):
    one, two = fill(occasion, cast.employee, cast.colleague, now=now)
    then = one.decide_by + SECOND
    assert approve_request(one, by=cast.manager, now=then).state == "booked"
    assert lapse_requests(now=then) == 1
    assert broken(approve_request, two, by=cast.manager, now=then) == "request_answered"
    assert log_of(two) == ["asked", "lapsed"]


def test_the_sweep_run_twice_lapses_once(occasion, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    assert [lapse_requests(now=asked.decide_by) for _ in range(2)] == [1, 0]


def test_the_manager_is_asked_and_both_are_told_when_time_ran_out(occasion, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    tell_news(now=now)
    lapse_requests(now=asked.decide_by)
    tell_news(now=asked.decide_by)
    told = [(letter.kind, letter.person) for letter in Letter.objects.order_by("id")]
    assert told == [
        ("to_decide", cast.manager),
        ("asked", cast.employee),
        ("silent", cast.manager),
        ("not_answered", cast.employee),
    ]
    asks = Letter.objects.get(kind="to_decide")
    assert asks.subject == "Elin Ek ber om en plats på Tjänstedesign i två dagar"
    assert "fredag 5 mars kl.\u00a009.00" in asks.text
    assert "/kurser/att-godkanna/" in asks.html
    assert tell_news(now=asked.decide_by) == 0


def test_with_no_manager_known_the_facilitator_is_asked(occasion, cast, now):
    fill(occasion, make_person("Noa", "Ingenstans"), now=now)
    tell_news(now=now)
    letter = Letter.objects.get(kind="to_decide")
    assert letter.person == cast.facilitator
    assert f"/kurstillfallen/{occasion.pk}/deltagare/" in letter.text


def test_an_answered_request_asks_nobody(occasion, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    approve_request(asked, by=cast.manager, now=now)
    tell_news(now=now)
    assert "to_decide" not in set(Letter.objects.values_list("kind", flat=True))


def test_a_no_without_a_reason_is_asked_for_one_beside_the_field(client, occasion, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    client.force_login(cast.manager)
    answer = client.post(f"/kurser/att-godkanna/{asked.pk}/", {"answer": "refuse", "why": "   "})
    assert answer.status_code == 422
    assert f'id="why-{asked.pk}-error"><p class="ds-validation-message">Skriv varför' in answer.text
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.fixture
def coming(plan_occasion):
    """Two weeks from today, whenever that is: pages and the API look at the machine's clock."""
    return plan_occasion(sessions=two_days(timezone.localtime().replace(hour=9, minute=0, second=0) + 14 * DAY))


def who_is_said_to_decide(client, person, occasion):
    """Everywhere before the booking, and everywhere while it waits: pages, API, letters."""
    now = timezone.now()
    client.force_login(person)
    before = [
        client.get(f"/kurser/{occasion.course.slug}/").text,
        client.get(f"/kurstillfallen/{occasion.pk}/").text,
    ]
    told = [client.get(f"/api/v1/occasions/{occasion.pk}/").json()["invitation"]["decided_by"]]
    (asked,) = fill(occasion, person, now=now)
    waits = [
        client.get(address).text
        for address in (f"/kurstillfallen/{occasion.pk}/", reverse("booking", args=[asked.pk]), "/min-sida/")
    ]
    told.append(client.get(f"/api/v1/bookings/{asked.pk}/history/").json()["decided_by"])
    tell_news(now=now)
    lapse_requests(now=asked.decide_by)
    tell_news(now=asked.decide_by)
    letters = list(Letter.objects.filter(person=person).order_by("id"))
    return before, waits, told, letters


def test_whoever_has_a_manager_reads_that_the_manager_decides(client, coming, cast):
    before, waits, told, letters = who_is_said_to_decide(client, cast.employee, coming)
    assert all("Din chef säger ja innan platsen är din. Den" in page for page in before)
    assert all("Din chef avgör" in page and "Processledaren avgör" not in page for page in waits)
    assert told == ["manager", "manager"]
    assert [letter.subject.split()[-2:] for letter in letters[:1]] == [["din", "chef"]]
    assert "Prata med din chef." in letters[1].text


def leaves(manager):
    """What becomes of a manager who has left: the unit still names them until HR's next file."""
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)


@pytest.mark.parametrize("who", ["has no unit", "has a manager who has left"])
def test_with_no_manager_known_everyone_reads_that_the_facilitator_decides(client, coming, cast, who):
    person = make_person("Noa", "Ingenstans") if who == "has no unit" else cast.employee
    if who != "has no unit":
        leaves(cast.manager)
    before, waits, told, letters = who_is_said_to_decide(client, person, coming)
    assert all("Vi känner inte till någon chef för dig, så processledaren säger ja" in page for page in before)
    assert all("Processledaren avgör" in page for page in waits)
    assert not [page for page in (*before, *waits) if "Din chef" in page]
    assert told == ["facilitator", "facilitator"]
    assert [letter.kind for letter in letters] == ["asked", "not_answered"]
    for letter in letters:
        for words in (letter.subject, letter.text, letter.html):
            assert "din chef" not in words.lower()
    assert letters[0].subject.endswith("är hos processledaren")
    assert "Processledaren avgör, och platsen hålls åt dig" in letters[0].text
    assert "Prata med processledaren." in letters[1].text
    # Both are told that time ran out: here the other one is the facilitator.
    assert [letter.person for letter in Letter.objects.filter(kind="silent")] == [cast.facilitator]


def test_a_stranger_reads_both_ways(client, coming):
    for address in (f"/kurser/{coming.course.slug}/", f"/kurstillfallen/{coming.pk}/"):
        assert "eller processledaren om ingen chef är känd" in client.get(address).text


@pytest.mark.parametrize("knows", [True, False])
def test_what_is_said_after_the_click_is_said_of_the_one_who_decides(client, occasion, cast, knows):
    if not knows:
        leaves(cast.manager)
    client.force_login(cast.employee)
    Occasion.objects.update(starts_at=FAR, ends_at=FAR + DAY, booking_closes_at=FAR, cancel_until=FAR, offers_until=FAR)
    shown = client.post(f"/kurstillfallen/{occasion.pk}/boka/", follow=True)
    (said,) = [str(message) for message in shown.context["messages"]]
    assert said == ("Din chef" if knows else "Processledaren") + " avgör. Platsen hålls åt dig så länge."


def test_the_one_above_a_manager_who_has_left_is_asked(occasion, cast, now):
    cast.schools.manager = cast.hr
    cast.schools.save()
    leaves(cast.manager)
    (asked,) = fill(occasion, cast.employee, now=now)
    day = now.date()
    assert approver_of(cast.employee, day=day) == cast.hr
    assert requests_to_decide(cast.hr, day=day) == [asked]
    assert approve_request(asked, by=cast.hr, now=now).state == "booked"
