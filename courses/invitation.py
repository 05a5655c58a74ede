"""What a person who has no booking on an occasion should know before booking it."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from courses.models import Booking, Occasion
from courses.queries import Clash, clashes_of, decider_for, places_of
from courses.services.limits import Seat, find_seat, see_limits
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Invitation:
    """`has_place` tells whether a click books or joins the waiting list; `is_reserved` that the place is kept for
    the person's own unit; `decided_by` who is to say yes first, "" where a click is enough. None of them is a
    promise: the booking itself looks again, under the lock.
    """

    clashes: list[Clash]
    is_for_them: bool
    has_place: bool
    is_reserved: bool
    decided_by: str = ""


def invitation_to(occasion: Occasion, *, person: Person, now: dt.datetime) -> Invitation:
    """For an occasion that came through `with_places`: one query, six more on one with limits,
    and one where approval is needed."""
    clashes = clashes_of(person, occasion)
    try:
        seat = seat_seen_for(person, occasion, now=now)
    except RuleBroken:
        return Invitation(clashes, is_for_them=False, has_place=False, is_reserved=False)
    is_kept = seat is not None and seat.reservation_id is not None
    decider = decider_for(person.pk, day=timezone.localdate(now)) if occasion.course.needs_approval else ""
    return Invitation(clashes, is_for_them=True, has_place=seat is not None, is_reserved=is_kept, decided_by=decider)


def seat_seen_for(person: Person, occasion: Occasion, *, now: dt.datetime) -> Seat | None:
    """What a click would take as things stand; None where it would join the waiting list. For an occasion that came
    through `with_places`; five queries where there are limits. Raises RuleBroken `not_for_you`.
    """
    if not occasion.is_limited:
        return Seat() if places_of(occasion).left else None
    waiting = list(
        Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).values_list("person_id", flat=True)
    )
    return find_seat(see_limits(occasion, people=[person.pk, *waiting], now=now), person=person, waiting=waiting)
