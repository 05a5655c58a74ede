"""Places that are not everyone's: occasions for chosen administrations, places reserved for a unit.

Only occasions with `is_limited` are asked about here: the others have nothing to ask, and pay nothing.

- Who may book: whoever is employed, on the day, somewhere in a chosen administration; everyone where none is chosen.
- A reserved place is for the unit's own people (the units below it too). They use those first, and then the others.
- A free place belongs to the first who waits and who may have it. So a newcomer gets one only when nobody who waits
  could take that very place.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Booking, Occasion, Reservation
from people.models import Person
from people.queries import units_of
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Seat:
    """A place that someone can have; `reservation_id` is None for one that is everyone's."""

    reservation_id: int | None = None


@dataclass
class Limits:
    """How a limited occasion stands, seen under its lock. `take` counts down."""

    administrations: frozenset[int]
    units: dict[int, frozenset[int]]
    # Of each reservation that is not released: its unit, and how many of its places nobody holds.
    unit_of: dict[int, int]
    unused: dict[int, int]
    free: int

    def may_book(self, person_id: int) -> bool:
        return not self.administrations or bool(self.administrations & self.units[person_id])

    def seats_for(self, person_id: int) -> list[Seat]:
        """What the person could take, own reserved places first; queue or no queue."""
        own = [
            Seat(reservation)
            for reservation, unused in self.unused.items()
            if unused > 0 and self.unit_of[reservation] in self.units[person_id]
        ]
        return own + [Seat()] * (self.free > 0)

    def take(self, seat: Seat) -> None:
        if seat.reservation_id is None:
            self.free -= 1
        else:
            self.unused[seat.reservation_id] -= 1


def see_limits(occasion: Occasion, *, people: Iterable[int], now: dt.datetime) -> Limits:
    """Four queries, however many people. The caller holds the occasion's lock, or only wants to know."""
    reservations = {row.pk: row for row in open_reservations(occasion)}
    unused = {pk: max(row.places - row.used, 0) for pk, row in reservations.items()}
    held = Booking.objects.filter(occasion=occasion, state__in=Booking.HOLDING).count()
    return Limits(
        administrations=frozenset(occasion.administrations.values_list("pk", flat=True)),
        units=units_of(people, day=timezone.localdate(now)),
        unit_of={pk: row.unit_id for pk, row in reservations.items()},
        unused=unused,
        free=max(occasion.places - held - sum(unused.values()), 0),
    )


def open_reservations(occasion: Occasion) -> QuerySet[Any]:
    """Not released, each with `used`: how many of its places are held."""
    held = Count("bookings", filter=Q(bookings__state__in=Booking.HOLDING))
    return (
        Reservation.objects.filter(occasion=occasion, released_at=None)
        .annotate(used=held)
        .select_related("unit")
        .order_by("id")
    )


def find_seat(limits: Limits, *, person: Person, waiting: Iterable[int]) -> Seat | None:
    """A place for a newcomer; None when there is none, or someone who waits comes first. `limits` has seen them all.

    Raises RuleBroken `not_for_you` for someone of another administration.
    """
    refuse_unless_for(limits, person)
    eligible = [each for each in waiting if limits.may_book(each)]
    for seat in limits.seats_for(person.pk):
        if not any(seat in limits.seats_for(each) for each in eligible):
            return seat
    return None


def refuse_unless_for(limits: Limits, person: Person) -> None:
    if not limits.may_book(person.pk):
        raise RuleBroken(_("This occasion is only for certain administrations."), code="not_for_you")


def seat_by_hand(occasion: Occasion, *, person: Person, now: dt.datetime) -> Seat | None:
    """Any place that the person could take, past the list and whatever the administration."""
    seats = see_limits(occasion, people=[person.pk], now=now).seats_for(person.pk)
    return seats[0] if seats else None


def release_due(occasion: Occasion, *, now: dt.datetime) -> bool:
    """Reservations whose moment has come are everyone's. The caller holds the lock, and fills free places after."""
    due = Reservation.objects.filter(occasion=occasion, released_at=None, until__lte=now)
    if not due.update(released_at=now):
        return False
    note_limits(occasion, now=now)
    return True


def note_limits(occasion: Occasion, *, now: dt.datetime) -> None:
    """Keeps beside the occasion whether it has limits at all, and since when they are the same."""
    occasion.is_limited = (
        Reservation.objects.filter(occasion=occasion, released_at=None).exists() or occasion.administrations.exists()
    )
    occasion.limits_changed_at = now
    occasion.save(update_fields=["is_limited", "limits_changed_at"])
