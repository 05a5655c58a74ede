"""Someone who has left the municipality keeps no place."""

import datetime as dt

import pytest

from courses.checks import find_faults
from courses.models import Offer
from courses.services.leaving import cancel_for_those_who_left
from courses.services.telling import tell_news
from letters.models import Letter
from people.models import Employment
from tests.courses.conftest import DAY
from tests.courses.test_booking import fill, state_of
from tests.support.cast import make_person


def end(person, day):
    Employment.objects.filter(person=person).update(ends_on=day)


def test_the_place_of_someone_who_left_goes_to_the_first_who_waits(occasion, cast, now):
    gone, stays = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    end(cast.employee, now.date() - DAY)
    assert [cancel_for_those_who_left(now=now) for _ in range(2)] == [1, 0]
    assert [state_of(b) for b in (gone, stays, waiting)] == ["cancelled", "booked", "offered"]
    assert (gone.events.last().by, gone.events.last().why) == (None, "Anställningen har upphört.")
    tell_news(now=now)
    assert "Anställningen har upphört." in Letter.objects.get(kind="cancelled").text
    assert find_faults(now=now) == []


def test_an_offer_to_someone_who_left_goes_on(occasion, cast, now):
    fill(occasion, cast.colleague, cast.manager, now=now)
    one, two = fill(occasion, cast.employee, cast.outsider, now=now)
    end(cast.colleague, now.date() - DAY)
    end(cast.employee, now.date() - DAY)
    assert cancel_for_those_who_left(now=now) == 2
    assert [state_of(one), state_of(two)] == ["cancelled", "offered"]
    assert Offer.objects.filter(answer="open").count() == 1
    assert find_faults(now=now) == []


@pytest.mark.parametrize("last_day", [None, 0, 1])
def test_the_last_day_counts_and_so_does_an_employment_to_come(occasion, cast, now, last_day):
    (booking,) = fill(occasion, cast.employee, now=now)
    if last_day is None:
        end(cast.employee, now.date() - DAY)
        Employment.objects.create(person=cast.employee, unit=cast.care, starts_on=now.date() + dt.timedelta(days=3))
    else:
        end(cast.employee, now.date() + last_day * DAY)
    assert cancel_for_those_who_left(now=now) == 0
    assert state_of(booking) == "booked"


def test_someone_employed_who_may_not_log_in_keeps_the_place(occasion, cast, now):
    """A blocked account says nothing of who comes to the room: only the employment does."""
    booked, _other = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    cast.employee.is_active = False
    cast.employee.save()
    assert cancel_for_those_who_left(now=now) == 0
    assert [state_of(booked), state_of(waiting)] == ["booked", "waiting"]
    end(cast.employee, now.date() - DAY)
    assert cancel_for_those_who_left(now=now) == 1
    assert [state_of(booked), state_of(waiting)] == ["cancelled", "offered"]


def test_someone_never_employed_has_not_left_and_what_has_begun_stands(occasion, cast, start, now):
    never, (begun,) = fill(occasion, make_person("Gäst", "Gästsson"), now=now), fill(occasion, cast.employee, now=now)
    end(cast.employee, start.date() - DAY)
    assert cancel_for_those_who_left(now=start) == 0
    assert [state_of(never[0]), state_of(begun)] == ["booked", "booked"]
