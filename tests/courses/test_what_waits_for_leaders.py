"""A day that has been and is not filled in stands first on the facilitator's page."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.leading_queries import days_to_fill_in
from courses.services.attendance import mark_attendance, mark_the_rest_present
from courses.services.booking import book_place
from courses.services.making_up import make_up_day
from tests.courses.conftest import DAY, HOUR, two_days

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def booked(occasion, cast, now):
    return [book_place(occasion, person=person, now=now)[0] for person in (cast.employee, cast.colleague)]


def waits(cast, *, now):
    return [(session.pk, session.unmarked) for session in days_to_fill_in(cast.facilitator, now=now)]


def test_a_day_waits_from_its_end_until_everyone_is_marked(occasion, booked, cast):
    first, second = occasion.sessions.all()
    assert waits(cast, now=first.ends_at - SECOND) == []
    assert waits(cast, now=first.ends_at) == [(first.pk, 2)]
    mark_attendance(booked[0], first, state="absent", by=cast.facilitator, now=first.ends_at)
    assert waits(cast, now=second.ends_at) == [(second.pk, 2), (first.pk, 1)]
    mark_the_rest_present(occasion, first, by=cast.facilitator, now=second.ends_at)
    assert waits(cast, now=second.ends_at) == [(second.pk, 2)]
    assert waits(cast, now=second.ends_at + 60 * DAY) == []


def test_who_comes_for_one_day_alone_is_not_missing_on_the_other(occasion, booked, plan_occasion, cast, start):
    there = plan_occasion(sessions=two_days(start + 30 * DAY))
    for session in occasion.sessions.all():
        mark_attendance(booked[0], session, state="absent", by=cast.facilitator, now=session.ends_at)
        mark_attendance(booked[1], session, state="present", by=cast.facilitator, now=session.ends_at)
    missed = occasion.sessions.last()
    make_up_day(booked[0], missed, on=there, by=cast.employee, now=occasion.ends_at + HOUR)
    assert waits(cast, now=there.ends_at) == [(there.sessions.last().pk, 1)]


def test_it_stands_first_on_the_page_of_those_who_lead(plan_occasion, cast, client, now, django_assert_max_num_queries):
    client.force_login(cast.facilitator)
    assert "Närvaro att fylla i" not in client.get("/processledare/?x").text
    start = timezone.now() + 3 * DAY
    occasion = plan_occasion(sessions=two_days(start))
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=timezone.now())
    for session in occasion.sessions.order_by("starts_at"):
        type(session).objects.filter(pk=session.pk).update(
            starts_at=session.starts_at - 10 * DAY, ends_at=session.ends_at - 10 * DAY
        )
    with django_assert_max_num_queries(16):
        page = client.get("/processledare/?x").text
    assert page.index("Närvaro att fylla i") < page.index("Nu och framåt")
    assert page.count("2 personer är inte markerade") == 2
