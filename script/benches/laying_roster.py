"""An occasion with a full roster, for `laying.py`."""

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import Booking, Course, Occasion, Session
from courses.paper.rosters import TEMPLATE, roster_data
from people.models import Person
from shared.typesetting import typeset

LEADER = "processledare@skarvik.example"


def roster(people: str) -> dict[str, Any]:
    session = _session(int(people))
    return {"path": reverse("roster_file", args=[session.occasion_id, session.pk]), "leader": LEADER}


def bare_roster(people: str, rounds: str) -> list[float]:
    """The first only warms up."""
    session, times = _session(int(people)), []
    with translation.override(settings.LANGUAGE_CODE):
        data = roster_data(session.occasion, session)
    assert len(data["people"]) == int(people)
    for _round in range(int(rounds) + 1):
        began = time.perf_counter()
        typeset(TEMPLATE, data)
        times.append(time.perf_counter() - began)
    return times[1:]


def _session(people: int) -> Session:
    course, _new = Course.objects.get_or_create(
        slug="bench-roster", defaults={"title": "Bänk: en lång lista", "hours": 2, "is_listed": False}
    )
    known = Session.objects.filter(occasion__course=course, occasion__places=people).first()
    if known is not None:
        return known
    now = timezone.now()
    starts = now + dt.timedelta(days=30)
    occasion = Occasion.objects.create(
        course=course, state="open", places=people, booking_closes_at=starts, cancel_until=starts,
        offers_until=starts, starts_at=starts, ends_at=starts + dt.timedelta(hours=2),
    )  # fmt: skip
    occasion.facilitators.add(Person.objects.get(email=LEADER))
    chosen = Person.objects.filter(is_active=True).order_by("pk")[:people]
    Booking.objects.bulk_create(
        Booking(occasion=occasion, person=person, state=Booking.State.BOOKED, created_at=now) for person in chosen
    )
    return Session.objects.create(occasion=occasion, starts_at=starts, ends_at=occasion.ends_at, place="Salen")
