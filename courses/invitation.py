"""What a person who has no booking on an occasion should know before booking it."""

import datetime as dt
from dataclasses import dataclass

from courses.models import Booking, Occasion
from courses.queries import Clash, clashes_of, places_of
from courses.services.limits import Limits, Seat, find_seat, see_limits
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Invitation:
    """`has_place` tells whether a click books or joins the waiting list; `is_reserved` that the place is kept for
    the person's own unit. None of them is a promise: the booking itself looks again, under the lock.
    """

    clashes: list[Clash]
    is_for_them: bool
    has_place: bool
    is_reserved: bool


def invitation_to(occasion: Occasion, *, person: Person, now: dt.datetime) -> Invitation:
    """For an occasion that came through `with_places`: one query, six more on one with limits."""
    clashes = clashes_of(person, occasion)
    if not occasion.is_limited:
        return Invitation(clashes, is_for_them=True, has_place=places_of(occasion).left > 0, is_reserved=False)
    waiting = list(
        Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).values_list("person_id", flat=True)
    )
    limits = see_limits(occasion, people=[person.pk, *waiting], now=now)
    try:
        seat = find_seat(limits, person=person, waiting=waiting)
    except RuleBroken:
        return Invitation(clashes, is_for_them=False, has_place=False, is_reserved=False)
    return Invitation(clashes, is_for_them=True, has_place=seat is not None, is_reserved=_is_kept(seat, limits))


def _is_kept(seat: Seat | None, limits: Limits) -> bool:
    return seat is not None and seat.reservation_id in limits.unit_of
