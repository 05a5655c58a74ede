"""Booking a place, leaving it, and being given one by hand."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Booking, Occasion
from courses.queries import live_booking
from courses.rules import (
    may_cancel_oneself,
    may_lead,
    refuse_unless_bookable,
    state_with_a_place,
    takes_by_hand,
)
from courses.services.limits import Seat, seat_by_hand
from courses.services.offers import close_open_offer, fill_free_places, give_up_replaced, seat_past_the_queue
from courses.services.places import Look, lock_booking, lock_occasion, look_at_places
from courses.services.states import change_state, open_booking
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


def book_place(occasion: Occasion, *, person: Person, now: dt.datetime, wait: bool = False) -> tuple[Booking, bool]:
    """The person's live booking on the occasion, and whether this call made it.

    The same click twice gives the same booking. With no place left: raises RuleBroken `occasion_full`, or queues
    when `wait`. Where the manager decides, the place is held in state *asked*.
    """
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        was_limited = locked.is_limited
        look = look_at_places(locked, person=person, and_reserved=False)
        if look.own_booking_id is not None:
            own = Booking.objects.get(pk=look.own_booking_id)
            own.occasion = locked
            return own, False
        refuse_unless_bookable(locked, now=now)
        seat = seat_for_newcomer(locked, look, person=person, now=now)
        if seat is not None:
            state = state_with_a_place(locked.course)
        elif wait:
            state = Booking.State.WAITING
        else:
            raise RuleBroken(_("Every place is taken. You can join the waiting list."), code="occasion_full")
        booking = open_booking(
            locked, person=person, state=state, by=person, now=now,
            reservation_id=seat.reservation_id if seat is not None else None,
        )  # fmt: skip
        if state == Booking.State.WAITING and look.places.free and not was_limited:
            fill_free_places(locked, now=now)
            booking.refresh_from_db(fields=["state"])
        public_pages_changed()
    return booking, True


def seat_for_newcomer(occasion: Occasion, look: Look, *, person: Person, now: dt.datetime) -> Seat | None:
    """A place for someone who is not in the queue, or None. The caller holds the occasion's lock."""
    if not occasion.is_limited:
        return Seat() if look.places.left else None
    return seat_past_the_queue(occasion, person=person, now=now)


def cancel_booking(booking: Booking, *, by: Person, now: dt.datetime, why: str = "") -> Booking:
    """Leaves the place or the queue; a freed place is offered to the first who waits.

    Oneself until the last moment; after it only whoever leads the occasion, with a reason. Cancelled twice is
    cancelled once.
    """
    with transaction.atomic():
        fresh, occasion = lock_booking(booking)
        if fresh.state == Booking.State.CANCELLED:
            return fresh
        if fresh.state not in Booking.LIVE:
            raise RuleBroken(_("The booking is no longer live."), code="booking_not_live")
        _refuse_unless_may_cancel(fresh, occasion, by=by, now=now, why=why)
        close_open_offer(fresh, declined=True, now=now)
        change_state(fresh, Booking.State.CANCELLED, by=by, now=now, why=why)
        fill_free_places(occasion, now=now)
        public_pages_changed()
    return fresh


def _refuse_unless_may_cancel(booking: Booking, occasion: Occasion, *, by: Person, now: dt.datetime, why: str) -> None:
    if by.pk == booking.person_id and may_cancel_oneself(booking, occasion, now=now):
        return
    if may_lead(by, occasion):
        if not why.strip():
            raise RuleBroken(_("Say why the booking is cancelled."), code="reason_needed")
        if booking.attendances.exists():
            raise RuleBroken(_("Attendance is already marked for this booking."), code="attendance_marked")
        return
    raise RuleBroken(
        _("It is too late to cancel here. Contact the facilitator, who can cancel for you."), code="too_late_to_cancel"
    )


def give_place(booking: Booking, *, by: Person, now: dt.datetime, why: str) -> Booking:
    """A facilitator gives a free place to someone who waits, by hand: the only way once offers have ended.

    The reason stays in the log. Before `offers_until` the first who waits is offered the place by itself.
    """
    with transaction.atomic():
        fresh, occasion = lock_booking(booking)
        if fresh.state in Booking.HOLDING:
            return fresh
        _refuse_by_hand(occasion, now=now, why=why)
        if fresh.state != Booking.State.WAITING:
            raise RuleBroken(_("The booking is no longer live."), code="booking_not_live")
        fresh.reservation_id = place_by_hand(occasion, person=fresh.person, now=now).reservation_id
        fresh.save(update_fields=["reservation"])
        change_state(fresh, Booking.State.BOOKED, by=by, now=now, why=why)
        give_up_replaced(fresh, by=by, now=now)
        public_pages_changed()
    return fresh


def give_place_to(person: Person, *, on: Occasion, by: Person, now: dt.datetime, why: str) -> Booking:
    """A facilitator gives a free place to someone who is not on the list, past it and past the closing of the booking.

    The reason stays in the log. Someone who already waits there gets the place as who waits; who holds one keeps it.
    """
    waiting = live_booking(on, person=person)
    if waiting is not None:
        return give_place(waiting, by=by, now=now, why=why)
    with transaction.atomic():
        occasion = lock_occasion(on.pk)
        if look_at_places(occasion, person=person).own_booking_id is not None:
            raise RuleBroken(_("There is already a booking on that occasion."), code="already_there")
        _refuse_by_hand(occasion, now=now, why=why)
        if not person.is_active:
            raise RuleBroken(_("Choose someone who still works here."), code="no_such_colleague")
        seat = place_by_hand(occasion, person=person, now=now)
        booking = open_booking(
            occasion, person=person, state=Booking.State.BOOKED, by=by, now=now, why=why,
            reservation_id=seat.reservation_id,
        )  # fmt: skip
        public_pages_changed()
    return booking


def _refuse_by_hand(occasion: Occasion, *, now: dt.datetime, why: str) -> None:
    if not why.strip():
        raise RuleBroken(_("Say why the place is given by hand."), code="reason_needed")
    if not takes_by_hand(occasion, now=now):
        raise RuleBroken(_("The occasion is not open for booking."), code="occasion_not_open")


def place_by_hand(occasion: Occasion, *, person: Person, now: dt.datetime) -> Seat:
    if occasion.is_limited:
        seat = seat_by_hand(occasion, person=person, now=now)
    else:
        seat = Seat() if look_at_places(occasion).places.free else None
    if seat is None:
        raise RuleBroken(_("Every place is taken."), code="occasion_full")
    return seat
