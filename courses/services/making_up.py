"""A missed day is made up on another occasion: a place there, for that day alone."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from courses.making_up_queries import counterpart
from courses.models import Attendance, Booking, Completion, MadeUpDay, Occasion, Session
from courses.rules import may_lead, refuse_unless_bookable
from courses.services.booking import place_by_hand, seat_for_newcomer
from courses.services.limits import Seat
from courses.services.places import Look, lock_occasion, look_at_places
from courses.services.states import open_booking
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


def make_up_day(
    original: Booking,
    missed: Session,
    *,
    on: Occasion,
    by: Person,
    now: dt.datetime,
    wait: bool = False,
    why: str = "",
) -> Booking:
    """The place on the other occasion, for the day there that is the same part of the course.

    It is a place like any other: the same queue, limits and moments. Two missed days of one booking that are made up
    on the same occasion share one place. Oneself; or whoever leads the other occasion, with a reason, until that day
    begins. The same click twice is one place. Nobody is asked to approve a course that was approved.
    """
    with transaction.atomic():
        there = lock_occasion(on.pk)
        old = lock_original(original)
        made_up = _already(old, missed)
        if made_up is not None:
            if made_up.occasion_id == there.pk:
                return made_up
            raise RuleBroken(_("The day is already made up on another occasion."), code="already_made_up")
        instead = _day_there(old, missed, there)
        is_by_hand = _refuse_unless_may(old, instead, there, by=by, now=now, why=why)
        booking = _place(old, there, by=by, now=now, wait=wait, why=why, is_by_hand=is_by_hand)
        MadeUpDay.objects.create(booking=booking, original=old, missed=missed, instead=instead, made_at=now)
        public_pages_changed()
    return booking


def lock_original(booking: Booking) -> Booking:
    """Two clicks for two occasions come one after the other, and so do a click and a mark."""
    return Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)


def _already(old: Booking, missed: Session) -> Booking | None:
    day = (
        MadeUpDay.objects.filter(original=old, missed=missed, booking__state__in=Booking.LIVE)
        .select_related("booking__occasion__course")
        .first()
    )
    return day.booking if day is not None else None


def _day_there(old: Booking, missed: Session, there: Occasion) -> Session:
    """Raises RuleBroken where the day was not missed, or is not given there."""
    mark = Attendance.objects.filter(booking=old, session=missed).first()
    is_missed = mark is not None and mark.state != Attendance.State.PRESENT and old.state == Booking.State.BOOKED
    if not is_missed or old.made_up_days.exists():
        raise RuleBroken(_("Only a day that is marked as missed can be made up."), code="not_missed")
    if Completion.objects.filter(person=old.person_id, course=there.course_id, withdrawn_at=None).exists():
        raise RuleBroken(_("The course is already completed."), code="already_completed")
    instead = counterpart(missed, of=old.occasion, on=there)
    if old.occasion.course_id != there.course_id or old.occasion_id == there.pk or instead is None:
        raise RuleBroken(_("That day is not given on that occasion."), code="no_such_day")
    return instead


def _refuse_unless_may(
    old: Booking, instead: Session, there: Occasion, *, by: Person, now: dt.datetime, why: str
) -> bool:
    """Whether it is done by hand, by whoever leads the other occasion."""
    if by.pk == old.person_id:
        refuse_unless_bookable(there, now=now)
        return False
    if not may_lead(by, there):
        raise RuleBroken(_("Only the person, or whoever leads the occasion, books the day."), code="not_your_booking")
    if not why.strip():
        raise RuleBroken(_("Say why the place is given by hand."), code="reason_needed")
    if there.state != Occasion.State.OPEN or now >= instead.starts_at:
        raise RuleBroken(_("The occasion is not open for booking."), code="occasion_not_open")
    return True


def _place(
    old: Booking, there: Occasion, *, by: Person, now: dt.datetime, wait: bool, why: str, is_by_hand: bool
) -> Booking:
    look = look_at_places(there, person=old.person)
    if look.own_booking_id is not None:
        own = Booking.objects.get(pk=look.own_booking_id)
        if not own.made_up_days.exists():
            raise RuleBroken(_("There is already a booking on that occasion."), code="already_there")
        there.to_tell = True  # one more day for the calendar
        there.save(update_fields=["to_tell"])
        own.occasion = there
        return own
    seat = _seat(old, there, look, now=now, is_by_hand=is_by_hand)
    if seat is None and not wait:
        raise RuleBroken(_("Every place is taken. You can join the waiting list."), code="occasion_full")
    return open_booking(
        there, person=old.person, state=Booking.State.BOOKED if seat is not None else Booking.State.WAITING, by=by,
        now=now, why=why, reservation_id=seat.reservation_id if seat is not None else None,
    )  # fmt: skip


def _seat(old: Booking, there: Occasion, look: Look, *, now: dt.datetime, is_by_hand: bool) -> Seat | None:
    if is_by_hand:
        return place_by_hand(there, person=old.person, now=now)
    return seat_for_newcomer(there, look, person=old.person, now=now)
