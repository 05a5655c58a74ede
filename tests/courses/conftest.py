"""What the tests of courses stand on: a two-day course and a way to plan an occasion of it."""

import datetime as dt

import pytest

from courses.models import Course
from courses.services.occasions import OccasionPlan, SessionPlan, create_occasion

pytest.register_assert_rewrite("tests.courses.ways")

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def two_days(start: dt.datetime) -> list[SessionPlan]:
    return [
        SessionPlan(starts_at=start, ends_at=start + 7 * HOUR, place="Rådhuset, Stora salen", title="Dag 1"),
        SessionPlan(
            starts_at=start + DAY, ends_at=start + DAY + 7 * HOUR, place="Rådhuset, Stora salen", title="Dag 2"
        ),
    ]


def session_of(start: dt.datetime, **about) -> SessionPlan:
    return SessionPlan(starts_at=start, ends_at=start + 7 * HOUR, **about)


def plan_for(start: dt.datetime, **changes) -> OccasionPlan:
    return OccasionPlan(
        **{
            "places": 2,
            "booking_closes_at": start - DAY,
            "cancel_until": start - 2 * DAY,
            "offers_until": start - 3 * DAY,
            "offer_hours": 8,
        }
        | changes
    )


@pytest.fixture
def course(db):
    return Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=14, days=2)


@pytest.fixture
def start(now):
    """Two weeks from now, at nine."""
    return now + 14 * DAY


@pytest.fixture
def plan_occasion(cast, course, start):
    def plan_one(*, on=course, sessions=None, **changes):
        sessions = sessions or two_days(start)
        return create_occasion(
            on, plan=plan_for(sessions[0].starts_at, **changes), sessions=sessions, facilitators=[cast.facilitator]
        )

    return plan_one


@pytest.fixture
def occasion(plan_occasion):
    return plan_occasion()
