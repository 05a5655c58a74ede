"""Planning: what can't be is refused whole; more places go to those who wait."""

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from courses.models import Booking, Occasion, Session
from courses.services.booking import book_place
from courses.services.occasions import SessionPlan, cancel_occasion, change_occasion
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR, plan_for, two_days


def plans_of(occasion):
    return [
        SessionPlan(
            pk=s.pk,
            starts_at=s.starts_at,
            ends_at=s.ends_at,
            place=s.place,
            address=s.address,
            link=s.link,
            title=s.title,
        )
        for s in occasion.sessions.all()
    ]


def test_an_occasion_knows_its_first_start_and_last_end(occasion, start):
    assert (occasion.starts_at, occasion.ends_at) == (start, start + DAY + 7 * HOUR)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: [], "no_sessions"),
        (lambda s: [dataclasses.replace(s[0], ends_at=s[0].starts_at)], "ends_before_start"),
        (lambda s: [dataclasses.replace(s[0], place="")], "session_nowhere"),
        (
            lambda s: [s[0], dataclasses.replace(s[1], starts_at=s[0].ends_at - dt.timedelta(minutes=1))],
            "sessions_overlap",
        ),
    ],
)
def test_what_can_not_be_is_refused(plan_occasion, occasion, start, now, change, code):
    with pytest.raises(RuleBroken) as refusal:
        change_occasion(occasion, plan=plan_for(start), sessions=change(two_days(start)), now=now)
    assert refusal.value.code == code


def test_the_database_refuses_overlap_too(occasion, start):
    with transaction.atomic():
        Session.objects.create(occasion=occasion, starts_at=start + HOUR, ends_at=start + 2 * HOUR, place="X")
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.check_constraints()
        transaction.set_rollback(True)


def test_fewer_places_than_are_held_is_refused_with_the_list(occasion, cast, start, now):
    book_place(occasion, person=cast.employee, now=now)
    book_place(occasion, person=cast.colleague, now=now)
    with pytest.raises(RuleBroken) as refusal:
        change_occasion(occasion, plan=plan_for(start, places=1), sessions=plans_of(occasion), now=now)
    assert refusal.value.code == "places_below_booked"
    assert "Elin Ek, Kaj Kvist" in refusal.value.sentence
    assert Occasion.objects.get().places == 2


def test_more_places_are_offered_to_those_who_wait(occasion, cast, start, now):
    for person in (cast.employee, cast.colleague, cast.outsider, cast.hr):
        book_place(occasion, person=person, now=now, wait=True)
    change_occasion(occasion, plan=plan_for(start, places=3), sessions=plans_of(occasion), now=now)
    assert list(Booking.objects.values_list("state", flat=True)) == ["booked", "booked", "offered", "waiting"]


def test_two_sessions_may_change_places(occasion, start, now):
    one, two = plans_of(occasion)
    swapped = [
        dataclasses.replace(one, starts_at=two.starts_at, ends_at=two.ends_at),
        dataclasses.replace(two, starts_at=one.starts_at, ends_at=one.ends_at),
    ]
    change_occasion(occasion, plan=plan_for(start), sessions=swapped, now=now)
    assert list(occasion.sessions.values_list("title", "revision")) == [("Dag 2", 1), ("Dag 1", 1)]
    assert Occasion.objects.get().to_tell


def test_a_change_that_changes_no_session_tells_nobody(occasion, start, now):
    change_occasion(occasion, plan=plan_for(start, places=5), sessions=plans_of(occasion), now=now)
    assert not Occasion.objects.get().to_tell


def test_a_cancelled_occasion_cancels_every_live_booking_with_the_same_words(occasion, cast, now):
    for person in (cast.employee, cast.colleague, cast.outsider):
        book_place(occasion, person=person, now=now, wait=True)
    cancel_occasion(occasion, by=cast.facilitator, now=now, why="Kursledaren är sjuk")
    cancel_occasion(occasion, by=cast.facilitator, now=now, why="Kursledaren är sjuk")
    assert set(Booking.objects.values_list("state", flat=True)) == {"cancelled"}
    assert [b.events.last().why for b in Booking.objects.all()] == ["Kursledaren är sjuk"] * 3
    assert [b.events.count() for b in Booking.objects.all()] == [2, 2, 2]
