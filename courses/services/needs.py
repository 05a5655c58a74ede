"""Food, hearing loop, wheelchair: asked where the occasion asks, read by few, erased after 30 days."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Booking, BookingNeeds, Occasion
from courses.services.places import lock_booking, lock_occasion
from people.models import Person
from shared.rules import RuleBroken

KEPT_FOR = dt.timedelta(days=30)


@dataclass(frozen=True)
class Needs:
    food: str = ""
    hearing_loop: bool = False
    wheelchair: bool = False
    other: str = ""

    def __bool__(self) -> bool:
        return bool(self.food or self.hearing_loop or self.wheelchair or self.other)


def ask_for_needs(occasion: Occasion, *, asks: bool) -> Occasion:
    """Whether those who book are asked. No longer asked: what was told is erased at once."""
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        locked.asks_needs = asks
        locked.save(update_fields=["asks_needs"])
        if not asks:
            BookingNeeds.objects.filter(booking__occasion=locked).delete()
    return locked


def write_needs(booking: Booking, *, by: Person, needs: Needs, now: dt.datetime) -> None:
    """Oneself, as long as the booking lives and the occasion is not over. Nothing needed leaves no row."""
    with transaction.atomic():
        fresh, occasion = lock_booking(booking)
        if by.pk != fresh.person_id:
            raise RuleBroken(_("Only the person tells what is needed."), code="not_your_booking")
        if not occasion.asks_needs:
            raise RuleBroken(_("This occasion does not ask what you need."), code="needs_not_asked")
        if fresh.state not in Booking.LIVE or now >= occasion.ends_at:
            raise RuleBroken(_("The booking is no longer live."), code="booking_not_live")
        if not needs:
            BookingNeeds.objects.filter(booking=fresh).delete()
            return
        told = {"food": needs.food.strip()[:250], "other": needs.other.strip()[:500], "written_at": now}
        told |= {"hearing_loop": needs.hearing_loop, "wheelchair": needs.wheelchair}
        BookingNeeds.objects.update_or_create(booking=fresh, defaults=told)


def read_needs(booking: Booking, *, reader: Person) -> Needs | None:
    """None for everyone but the person and the occasion's own facilitators: administrators neither."""
    is_own = reader.pk == booking.person_id
    if not is_own and not booking.occasion.facilitators.filter(pk=reader.pk).exists():
        return None
    row = BookingNeeds.objects.filter(booking=booking, booking__state__in=Booking.LIVE).first()
    return _told(row) if row is not None else Needs()


def read_needs_of_all(occasion: Occasion, *, reader: Person) -> dict[int, Needs]:
    """By booking, of those who hold a place, for one of the occasion's own facilitators; nothing for anyone else."""
    if not occasion.facilitators.filter(pk=reader.pk).exists():
        return {}
    rows = BookingNeeds.objects.filter(booking__occasion=occasion, booking__state__in=Booking.HOLDING)
    return {row.pk: _told(row) for row in rows}


def _told(row: BookingNeeds) -> Needs:
    return Needs(food=row.food, hearing_loop=row.hearing_loop, wheelchair=row.wheelchair, other=row.other)


def erase_needs(*, now: dt.datetime) -> int:
    """The nightly sweep: thirty days after the occasion, and of whoever is no longer booked. Answers how many."""
    old = BookingNeeds.objects.filter(booking__occasion__ends_at__lte=now - KEPT_FOR)
    gone = BookingNeeds.objects.exclude(booking__state__in=Booking.LIVE)
    return old.delete()[0] + gone.delete()[0]
