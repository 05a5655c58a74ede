"""The occasion's lock, and what is seen under it."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

from courses.models import Booking, Occasion
from courses.rules import Places
from people.models import Person


def lock_occasion(pk: int) -> Occasion:
    """Everything that makes a place scarcer or freer passes here first, and looks only afterwards.

    NO KEY UPDATE: letters, attendance and reading are not stopped, only others who count places.
    """
    return Occasion.objects.select_related("course").select_for_update(of=("self",), no_key=True).get(pk=pk)


def lock_booking(booking: Booking) -> tuple[Booking, Occasion]:
    """The occasion's lock, then the booking as it is now."""
    occasion = lock_occasion(booking.occasion_id)
    fresh = Booking.objects.select_related("person").get(pk=booking.pk)
    fresh.occasion = occasion
    return fresh, occasion


@dataclass(frozen=True)
class Look:
    places: Places
    own_booking_id: int | None


def look_at_places(occasion: Occasion, *, person: Person | None = None) -> Look:
    """One query: what is held, who waits, and whether the person already has a live booking."""
    counts = Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE).aggregate(
        held=Count("pk", filter=Q(state__in=Booking.HOLDING)),
        waiting=Count("pk", filter=Q(state=Booking.State.WAITING)),
        **({"own": Max("pk", filter=Q(person=person))} if person is not None else {}),
    )
    places = Places(places=occasion.places, held=counts["held"], waiting=counts["waiting"])
    return Look(places=places, own_booking_id=counts.get("own"))
