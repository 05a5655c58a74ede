"""A place changes hands without going to the queue: moved to another occasion, or handed over to a colleague."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Booking, Occasion
from courses.rules import may_cancel_oneself, may_lead, only_makes_up, refuse_unless_bookable, state_with_a_place
from courses.services.booking import seat_for_newcomer
from courses.services.limits import refuse_unless_for, see_limits
from courses.services.offers import fill_free_places, give_up_replaced
from courses.services.places import lock_booking, lock_occasions, look_at_places, occasions_of
from courses.services.states import change_state, open_booking
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken

S = Booking.State


def move_booking(
    booking: Booking, *, to: Occasion, by: Person, now: dt.datetime, wait: bool = False, why: str = ""
) -> Booking:
    """The booking on the other occasion. The old place is kept until the new one is certain.

    With a free place there, both change in one transaction: the old booking is *moved* and its place goes to its
    queue. Full there: raises `occasion_full` and nothing has changed; with `wait` the person queues there and keeps
    the old place, which is given up when an offer is accepted (and, where the manager decides, approved). Whoever is
    already approved for the course stays approved. Oneself until the last moment to cancel; after it whoever leads
    the old occasion, with a reason. The same click twice is one move.
    """
    with transaction.atomic():
        locked = lock_occasions(*occasions_of(booking), to.pk)
        old, _occasion = lock_booking(booking)
        there = locked[to.pk]
        already = _moved_there(old, there)
        if already is not None:
            return already
        _refuse_unless_may_move(old, by=by, now=now, why=why)
        if old.occasion_id == there.pk:
            raise RuleBroken(_("You already have a place there."), code="same_occasion")
        refuse_unless_bookable(there, now=now)
        look = look_at_places(there, person=old.person, and_reserved=False)
        if look.own_booking_id is not None:
            raise RuleBroken(_("There is already a booking on that occasion."), code="already_there")
        seat = seat_for_newcomer(there, look, person=old.person, now=now)
        if seat is not None:
            state = state_with_a_place(there.course, instead_of=old)
        elif wait:
            state = S.WAITING
        else:
            raise RuleBroken(
                _("Every place there is taken. The old place is kept; you can join the waiting list there meanwhile."),
                code="occasion_full",
            )
        new = open_booking(
            there, person=old.person, state=state, by=by, now=now, why=why, replaces=old, other=old,
            reservation_id=seat.reservation_id if seat is not None else None,
        )  # fmt: skip
        if state == S.ASKED and old.state == S.ASKED:
            # A request is nothing certain: it is not kept beside another.
            change_state(old, S.MOVED, by=by, now=now, why=why, other=new)
            fill_free_places(old.occasion, now=now)
        give_up_replaced(new, by=by, now=now)
        public_pages_changed()
    return new


def _moved_there(old: Booking, there: Occasion) -> Booking | None:
    """What an earlier click made: the booking there that took this one's place, or waits to."""
    made = old.replaced_by.filter(occasion=there, state__in=Booking.LIVE).select_related("person").first()
    if made is not None:
        made.occasion = there
    return made


def _refuse_if_made_up(old: Booking) -> None:
    if only_makes_up(old):
        raise RuleBroken(
            _("The place is for a day that is made up. Cancel it and choose another day instead."), code="made_up_day"
        )


def _refuse_unless_may_move(old: Booking, *, by: Person, now: dt.datetime, why: str) -> None:
    _refuse_if_made_up(old)
    if old.state not in Booking.LIVE:
        raise RuleBroken(_("The booking is no longer live."), code="booking_not_live")
    if old.state not in {S.ASKED, S.BOOKED}:
        raise RuleBroken(
            _("There is no place to move yet. Leave the list and book the other one."), code="no_place_yet"
        )
    if old.replaced_by.filter(state__in=Booking.LIVE).exists():
        raise RuleBroken(_("You already wait to move to another occasion. Leave that list first."), code="move_pending")
    if by.pk == old.person_id and may_cancel_oneself(old, old.occasion, now=now):
        return
    if not may_lead(by, old.occasion):
        raise RuleBroken(
            _("It is too late to move here. Contact the facilitator, who can move you."), code="too_late_to_move"
        )
    if not why.strip():
        raise RuleBroken(_("Say why the booking is moved."), code="reason_needed")
    if old.attendances.exists():
        raise RuleBroken(_("Attendance is already marked for this booking."), code="attendance_marked")


def hand_over_place(booking: Booking, *, to: Person, by: Person, now: dt.datetime) -> Booking:
    """The colleague's booking: the place goes from hand to hand and never to the queue.

    Until the last moment to cancel. The colleague is told and may cancel; where a manager decides, the colleague's
    manager decides anew, and a no lets the place go to the queue. The same click twice is one hand-over.
    """
    with transaction.atomic():
        old, occasion = lock_booking(booking)
        already = _handed_to(old, to)
        if already is not None:
            return already
        _refuse_unless_may_hand_over(old, to=to, by=by, now=now)
        if look_at_places(occasion, person=to, and_reserved=False).own_booking_id is not None:
            raise RuleBroken(_("Your colleague already has a booking here."), code="already_there")
        _refuse_unless_for_colleague(old, to, now=now)
        # Out before in, under the lock: nobody sees the place free, and it is never counted twice.
        gone = change_state(old, S.HANDED_OVER, by=by, now=now)
        new = open_booking(
            occasion, person=to, state=state_with_a_place(occasion.course), by=by, now=now, other=old,
            reservation_id=old.reservation_id,
        )  # fmt: skip
        gone.other = new
        gone.save(update_fields=["other"])
        public_pages_changed()
    return new


def _handed_to(old: Booking, to: Person) -> Booking | None:
    if old.state != S.HANDED_OVER:
        return None
    line = old.events.filter(state=S.HANDED_OVER, other__person=to).select_related("other__person").first()
    if line is None or line.other is None:
        return None
    line.other.occasion = old.occasion
    return line.other


def _refuse_unless_may_hand_over(old: Booking, *, to: Person, by: Person, now: dt.datetime) -> None:
    _refuse_if_made_up(old)
    if old.state != S.BOOKED:
        raise RuleBroken(_("Only someone who is booked has a place to hand over."), code="no_place_yet")
    if by.pk != old.person_id or not may_cancel_oneself(old, old.occasion, now=now):
        raise RuleBroken(
            _("It is too late to hand over the place. Contact the facilitator."), code="too_late_to_hand_over"
        )
    if to.pk == old.person_id or not to.is_active:
        raise RuleBroken(_("Choose a colleague to hand the place over to."), code="no_such_colleague")
    if now >= old.occasion.starts_at:
        raise RuleBroken(_("The occasion has already started."), code="occasion_started")


def _refuse_unless_for_colleague(old: Booking, to: Person, *, now: dt.datetime) -> None:
    """A reserved place stays within its unit, and an occasion for some administrations stays theirs."""
    if not old.occasion.is_limited:
        return
    limits = see_limits(old.occasion, people=[to.pk], now=now)
    refuse_unless_for(limits, to)
    unit = limits.unit_of.get(old.reservation_id) if old.reservation_id else None
    if unit is not None and unit not in limits.units[to.pk]:
        raise RuleBroken(_("The place is reserved for your unit. Choose someone there."), code="reserved_for_unit")
