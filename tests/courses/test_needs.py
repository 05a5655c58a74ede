"""What someone needs in the room: asked by few occasions, read by few people, erased soon."""

import datetime as dt

import pytest

from courses.models import BookingNeeds
from courses.services.booking import book_place, cancel_booking
from courses.services.moving import move_booking
from courses.services.needs import Needs, ask_for_needs, erase_needs, read_needs, read_needs_of_all, write_needs
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import broken

SECOND = dt.timedelta(seconds=1)
VEGAN = Needs(food="Vegan", hearing_loop=True, other="Tål inte nötter")


@pytest.fixture
def asking(occasion):
    return ask_for_needs(occasion, asks=True)


@pytest.fixture
def booking(asking, cast, now):
    made = book_place(asking, person=cast.employee, now=now)[0]
    write_needs(made, by=cast.employee, needs=VEGAN, now=now)
    return made


def test_only_an_occasion_that_asks_is_told(occasion, cast, now):
    made = book_place(occasion, person=cast.employee, now=now)[0]
    assert broken(write_needs, made, by=cast.employee, needs=VEGAN, now=now) == "needs_not_asked"
    assert not BookingNeeds.objects.exists()


def test_the_person_and_the_occasions_own_facilitators_read_and_nobody_else(booking, cast):
    assert read_needs(booking, reader=cast.employee) == read_needs(booking, reader=cast.facilitator) == VEGAN
    for other in (cast.colleague, cast.manager, cast.hr, cast.administrator, cast.outsider):
        assert read_needs(booking, reader=other) is None
        assert read_needs_of_all(booking.occasion, reader=other) == {}
    assert read_needs_of_all(booking.occasion, reader=cast.facilitator) == {booking.pk: VEGAN}


def test_only_oneself_writes_and_nothing_needed_leaves_no_row(booking, cast, now):
    assert broken(write_needs, booking, by=cast.facilitator, needs=VEGAN, now=now) == "not_your_booking"
    write_needs(booking, by=cast.employee, needs=Needs(), now=now)
    assert not BookingNeeds.objects.exists()
    assert read_needs(booking, reader=cast.employee) == Needs()


def test_no_longer_asked_is_erased_at_once(booking, asking):
    ask_for_needs(asking, asks=False)
    assert not BookingNeeds.objects.exists()


@pytest.mark.parametrize(("moment", "erased"), [(-SECOND, 0), (SECOND * 0, 1), (SECOND, 1)])
def test_erased_thirty_days_after_the_end(booking, asking, moment, erased):
    assert erase_needs(now=asking.ends_at + 30 * DAY + moment) == erased


def test_who_leaves_takes_the_needs_along(booking, cast, now):
    cancel_booking(booking, by=cast.employee, now=now)
    booking.refresh_from_db()
    assert read_needs(booking, reader=cast.facilitator) == Needs()
    assert erase_needs(now=now) == 1
    assert broken(write_needs, booking, by=cast.employee, needs=VEGAN, now=now) == "booking_not_live"


@pytest.mark.parametrize("asks", [True, False])
def test_needs_follow_a_move_to_where_they_are_asked(booking, plan_occasion, cast, start, now, asks):
    there = ask_for_needs(plan_occasion(sessions=two_days(start + 7 * DAY)), asks=asks)
    new = move_booking(booking, to=there, by=cast.employee, now=now)
    assert read_needs(new, reader=cast.employee) == (VEGAN if asks else Needs())


def test_what_is_needed_stands_in_no_text_that_may_be_logged(booking):
    assert "Vegan" not in str(booking.needs) + repr(booking.needs)
