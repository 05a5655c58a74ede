"""The rules of places, read aloud. They read what they are given and never write.

An occasion has `places`. A place is held by whoever is booked, asked for (the manager has not answered) or
offered. A free place belongs to the first who waits, as long as anyone waits: until `offers_until` it is offered
by itself, after that a facilitator gives it by hand. So a newcomer gets a place only when nobody waits.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Booking, Course, Occasion
from courses.working_hours import add_working_days
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Places:
    """How the places of one occasion stand at one moment."""

    places: int
    held: int
    waiting: int
    # Kept for some unit and not taken yet.
    reserved: int = 0

    @property
    def free(self) -> int:
        """Places that nobody holds and that are kept for no unit, whoever they belong to."""
        return max(self.places - self.held - self.reserved, 0)

    @property
    def has_room(self) -> bool:
        """Whether there is a place that nobody holds, kept for a unit or not: only then can one be given by hand."""
        return self.held < self.places

    @property
    def left(self) -> int:
        """Places that a newcomer can book now."""
        return 0 if self.waiting else self.free

    @property
    def taken_in_per_cent(self) -> int:
        return min(100, round(100 * (self.places - self.left) / self.places))


@dataclass(frozen=True)
class Fewest:
    """How far an occasion is from being worth holding. It is shown to whoever leads; nothing follows by itself."""

    least: int
    held: int
    # Until the booking closes; None when it has.
    days_left: int | None

    @property
    def missing(self) -> int:
        return max(self.least - self.held, 0)


def fewest_of(occasion: Occasion, *, held: int, now: dt.datetime) -> Fewest | None:
    """None where no fewest is set, or there is nothing left to decide: cancelled, begun."""
    if not occasion.min_places or occasion.state == Occasion.State.CANCELLED or now >= occasion.starts_at:
        return None
    days = (timezone.localdate(occasion.booking_closes_at) - timezone.localdate(now)).days
    return Fewest(occasion.min_places, held, days if now < occasion.booking_closes_at else None)


def refuse_unless_bookable(occasion: Occasion, *, now: dt.datetime) -> None:
    """Raises RuleBroken with one code for each reason why nobody can book the occasion now."""
    if occasion.state == Occasion.State.CANCELLED:
        raise RuleBroken(_("The occasion is cancelled."), code="occasion_cancelled")
    if occasion.state != Occasion.State.OPEN:
        raise RuleBroken(_("The occasion is not open for booking."), code="occasion_not_open")
    if now >= occasion.starts_at:
        raise RuleBroken(_("The occasion has already started."), code="occasion_started")
    if now >= occasion.booking_closes_at:
        raise RuleBroken(_("The booking has closed."), code="booking_closed")


def is_bookable(occasion: Occasion, *, now: dt.datetime) -> bool:
    return occasion.state == Occasion.State.OPEN and now < occasion.starts_at and now < occasion.booking_closes_at


def takes_by_hand(occasion: Occasion, *, now: dt.datetime) -> bool:
    """Whether whoever leads can give a place: past the closing and past the start, until the end."""
    return occasion.state == Occasion.State.OPEN and now < occasion.ends_at


def state_with_a_place(course: Course, *, instead_of: Booking | None = None) -> str:
    """What someone becomes who gets a place: booked, or asked where the manager decides.

    Whoever moves from a place on the same course is already approved for it.
    """
    if not course.needs_approval:
        return Booking.State.BOOKED
    approved = (
        instead_of is not None
        and instead_of.state == Booking.State.BOOKED
        and instead_of.occasion.course_id == course.pk
    )
    return Booking.State.BOOKED if approved else Booking.State.ASKED


def to_be_decided_by(occasion: Occasion, *, now: dt.datetime) -> dt.datetime:
    """Until when a request made now holds its place without an answer: some working days, at most until the start."""
    return min(add_working_days(now, occasion.course.approval_days), occasion.starts_at)


def offers_are_made(occasion: Occasion, *, now: dt.datetime) -> bool:
    """Whether a freed place is offered by itself: not after the cut-off, not once started, not when cancelled."""
    return occasion.state == Occasion.State.OPEN and now < occasion.offers_end_at


def may_lead(person: Person | AnonymousUser, occasion: Occasion) -> bool:
    """Facilitators of the occasion with the right to take attendance; administrators by right."""
    if not person.is_authenticated or not person.has_perm("courses.take_attendance"):
        return False
    return person.has_perm("courses.lead_any_occasion") or occasion.facilitators.filter(pk=person.pk).exists()


def may_cancel_oneself(booking: Booking, occasion: Occasion, *, now: dt.datetime) -> bool:
    """Until the last moment to cancel; whoever only waits, is offered or has asked may leave until the start."""
    last = occasion.cancel_until if booking.state == Booking.State.BOOKED else occasion.starts_at
    return booking.state in Booking.LIVE and now < last


def only_makes_up(booking: Booking) -> bool:
    """Someone who comes for missed days alone: the place is theirs for those, neither moved nor handed over."""
    return bool(booking.made_up_days.all())


def may_move_oneself(booking: Booking, occasion: Occasion, *, now: dt.datetime) -> bool:
    """A place, or a request for one, can be moved as long as it can be cancelled; who waits has nothing to move."""
    holds = booking.state in {Booking.State.BOOKED, Booking.State.ASKED} and not only_makes_up(booking)
    return holds and may_cancel_oneself(booking, occasion, now=now)


def may_hand_over(booking: Booking, occasion: Occasion, *, now: dt.datetime) -> bool:
    has_whole = booking.state == Booking.State.BOOKED and not only_makes_up(booking)
    return has_whole and now < occasion.starts_at and may_cancel_oneself(booking, occasion, now=now)


def is_past_cancelling(occasion: Occasion, *, now: dt.datetime) -> bool:
    """Whether a place here can't be cancelled, moved or handed over by whoever holds it: it goes through those who
    lead. Said before a place is taken, not only after."""
    return occasion.cancel_until <= now


def needs_the_facilitator(booking: Booking, occasion: Occasion, *, now: dt.datetime) -> bool:
    """Too late to change anything oneself, and not over yet."""
    is_late = is_past_cancelling(occasion, now=now) and now < occasion.ends_at
    return booking.state == Booking.State.BOOKED and is_late
