"""A request that nobody answers does not hold its place for ever."""

import datetime as dt

import pytest

from courses.checks import find_faults
from courses.models import Booking, Course, Offer
from courses.services.approval import approve_request, lapse_requests
from courses.services.booking import book_place
from courses.services.offers import accept_offer
from courses.services.telling import tell_news
from courses.working_hours import add_working_days
from letters.models import Letter
from tests.conftest import STOCKHOLM
from tests.courses.test_booking import broken, fill, log_of, state_of
from tests.support.cast import make_person

SECOND = dt.timedelta(seconds=1)


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
    assert "fredag 5 mars 09.00" in asks.text
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
