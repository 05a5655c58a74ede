"""Who may book an occasion: hidden or open, some administrations or all, places kept for a unit."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Booking, Occasion, Reservation
from courses.queries import live_booking
from courses.rules import may_lead, refuse_unless_bookable
from courses.services.limits import Seat, note_limits, see_limits
from courses.services.offers import fill_free_places, give_up_replaced
from courses.services.places import lock_booking, lock_occasion, look_at_places
from courses.services.states import change_state, open_booking
from people.models import Person, Unit
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


def decide_who_may_book(
    occasion: Occasion, *, administrations: Iterable[Unit], is_hidden: bool, now: dt.datetime
) -> Occasion:
    """No administrations: everyone. Who holds a place keeps it; who waits and may not book is passed over."""
    chosen = list(administrations)
    if any(unit.parent_id is not None for unit in chosen):
        raise RuleBroken(_("Choose whole administrations."), code="not_an_administration")
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        kept = Reservation.objects.filter(occasion=locked, released_at=None).select_related("unit__administration")
        if chosen and any(row.unit.administration_or_self not in chosen for row in kept):
            raise RuleBroken(
                _("Places are reserved for a unit of another administration. Release them first."),
                code="reservation_outside",
            )
        locked.is_hidden = is_hidden
        locked.save(update_fields=["is_hidden"])
        locked.administrations.set(chosen)
        note_limits(locked, now=now)
        fill_free_places(locked, now=now)
        public_pages_changed()
    return locked


def reserve_places(occasion: Occasion, *, unit: Unit, places: int, until: dt.datetime, now: dt.datetime) -> Reservation:
    """Keeps free places for the unit's people until the moment; nobody who has or is offered a place loses it."""
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        if locked.state != Occasion.State.DRAFT:  # nobody can book a draft: what is kept is kept before it opens
            refuse_unless_bookable(locked, now=now)
        if not now < until <= min(locked.offers_until, locked.starts_at):
            raise RuleBroken(
                _("Keep the places until a moment from now on, and while freed places are still offered."),
                code="reservation_moment",
            )
        if locked.is_limited:
            _refuse_another_beside(locked, unit)
        fill_free_places(locked, now=now)
        free = look_at_places(locked).places.free
        if not 1 <= places <= free:
            raise RuleBroken(_free_in_words(free), code="reservation_too_large")
        reservation = Reservation.objects.create(occasion=locked, unit=unit, places=places, until=until, made_at=now)
        note_limits(locked, now=now)
        fill_free_places(locked, now=now)
        public_pages_changed()
    return reservation


def _free_in_words(free: int) -> str:
    if not free:
        return _("There is no free place to reserve.")
    says = ngettext("There is %(free)d free place to reserve.", "There are %(free)d free places to reserve.", free)
    return says % {"free": free}


def _refuse_another_beside(occasion: Occasion, unit: Unit) -> None:
    if Reservation.objects.filter(occasion=occasion, unit=unit, released_at=None).exists():
        raise RuleBroken(_("The unit already has reserved places here."), code="already_reserved")
    chosen = set(occasion.administrations.values_list("pk", flat=True))
    if chosen and unit.administration_or_self.pk not in chosen:
        raise RuleBroken(_("The occasion is not for that unit's administration."), code="reservation_outside")


def release_reservation(reservation: Reservation, *, now: dt.datetime) -> Reservation:
    """Before its moment, by hand: what nobody holds goes to the queue. Released twice is released once."""
    with transaction.atomic():
        occasion = lock_occasion(reservation.occasion_id)
        fresh = Reservation.objects.get(pk=reservation.pk)
        if fresh.released_at is None:
            fresh.released_at = now
            fresh.save(update_fields=["released_at"])
            note_limits(occasion, now=now)
            fill_free_places(occasion, now=now)
            public_pages_changed()
    return fresh


def may_name(by: Person, reservation: Reservation, *, occasion: Occasion) -> bool:
    """The unit's manager, a manager above, or whoever leads the occasion."""
    unit: Unit | None = reservation.unit
    while unit is not None:
        if unit.manager_id == by.pk:
            return True
        unit = unit.parent
    return may_lead(by, occasion)


def name_for_place(reservation: Reservation, *, person: Person, by: Person, now: dt.datetime) -> tuple[Booking, bool]:
    """The manager books one of the unit's people into a reserved place, and thereby says yes to it.

    Past the unit's own queue: the manager chooses. Whoever already holds a place keeps that one.
    """
    before = live_booking(reservation.occasion, person=person)
    with transaction.atomic():
        if before is not None:
            booking, occasion = lock_booking(before)
        else:
            occasion = lock_occasion(reservation.occasion_id)
        fresh = Reservation.objects.select_related("unit").get(pk=reservation.pk)
        if not may_name(by, fresh, occasion=occasion):
            raise RuleBroken(_("Only the unit's manager names who comes."), code="not_your_reservation")
        if before is not None and booking.state in Booking.HOLDING:
            return booking, False
        refuse_unless_bookable(occasion, now=now)
        seat = _reserved_seat(fresh, occasion, person=person, now=now)
        if before is not None:
            booking.reservation_id = seat.reservation_id
            booking.save(update_fields=["reservation"])
            change_state(booking, Booking.State.BOOKED, by=by, now=now)
            give_up_replaced(booking, by=by, now=now)
        elif look_at_places(occasion, person=person).own_booking_id is not None:
            raise RuleBroken(_("There is already a booking on that occasion."), code="already_there")
        else:
            booking = open_booking(
                occasion, person=person, state=Booking.State.BOOKED, by=by, now=now, reservation_id=seat.reservation_id
            )
        public_pages_changed()
    return booking, True


def _reserved_seat(reservation: Reservation, occasion: Occasion, *, person: Person, now: dt.datetime) -> Seat:
    limits = see_limits(occasion, people=[person.pk], now=now)
    if reservation.pk not in limits.unused or now >= reservation.until:
        raise RuleBroken(_("The places are no longer reserved."), code="reservation_released")
    if reservation.unit_id not in limits.units[person.pk] or not person.is_active:
        raise RuleBroken(_("Choose someone of your unit."), code="not_of_the_unit")
    if limits.unused[reservation.pk] < 1:
        raise RuleBroken(_("Every reserved place is taken."), code="reservation_full")
    return Seat(reservation.pk)
