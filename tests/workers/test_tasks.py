"""The bells that nobody would miss for long: what each task does when it is rung."""

import logging

import pytest
import time_machine

from courses.models import Booking, BookingNeeds, Occasion
from courses.services.booking import book_place
from tests.courses import conftest as courses
from workers import tasks

course, start, plan_occasion, occasion = courses.course, courses.start, courses.plan_occasion, courses.occasion


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


def test_the_hourly_proof_shouts_when_places_do_not_agree_and_is_silent_when_they_do(booking, cast, now, caplog):
    book_place(booking.occasion, person=cast.colleague, now=now)

    def shouts():
        caplog.clear()
        with time_machine.travel(now, tick=False):
            tasks.check_places()
        return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]

    assert shouts() == []
    Occasion.objects.update(places=1)
    (said,) = shouts()
    assert "oversold" in said
    assert str(booking.occasion_id) in said


def test_the_bell_passes_on_the_places_of_those_who_left(booking, cast, now):
    cast.employee.employments.update(ends_on=now.date() - courses.DAY)
    with time_machine.travel(now, tick=False):
        tasks.pass_on_places_of_those_who_left()
    assert Booking.objects.get().state == "cancelled"


def test_the_nightly_bell_erases_what_people_needed(booking, now):
    BookingNeeds.objects.create(booking=booking, food="Jordnötter", written_at=now)
    with time_machine.travel(booking.occasion.ends_at + 29 * courses.DAY, tick=False):
        tasks.erase_what_people_needed()
    assert BookingNeeds.objects.exists()
    with time_machine.travel(booking.occasion.ends_at + 31 * courses.DAY, tick=False):
        tasks.erase_what_people_needed()
    assert not BookingNeeds.objects.exists()
