"""Where a course asks for it, the manager says yes or no; the place is held meanwhile, but not for ever."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Booking
from courses.queries import approver_of
from courses.rules import may_lead
from courses.services.offers import fill_free_places, give_up_replaced
from courses.services.places import lock_booking, lock_occasion
from courses.services.states import change_state
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


def may_decide(person: Person, booking: Booking, *, now: dt.datetime) -> bool:
    """The manager of the person's unit; where there is none, whoever leads the occasion."""
    if person.pk == booking.person_id:
        return False
    approver = approver_of(booking.person, day=timezone.localdate(now))
    return approver == person if approver is not None else may_lead(person, booking.occasion)


def approve_request(booking: Booking, *, by: Person, now: dt.datetime) -> Booking:
    """As long as the place is still held, a late yes is a yes: the sweep and the answer meet at the lock."""
    with transaction.atomic():
        fresh, occasion = lock_booking(booking)
        if fresh.state == Booking.State.BOOKED:
            return fresh
        _refuse_unless_asked(fresh)
        if now >= occasion.ends_at:
            raise RuleBroken(_("The occasion is over."), code="occasion_started")
        change_state(fresh, Booking.State.BOOKED, by=by, now=now)
        give_up_replaced(fresh, by=by, now=now)
        public_pages_changed()
    return fresh


def refuse_request(booking: Booking, *, by: Person, now: dt.datetime, why: str) -> Booking:
    """The reason goes into the log and into the letter."""
    with transaction.atomic():
        fresh, occasion = lock_booking(booking)
        if fresh.state == Booking.State.REFUSED:
            return fresh
        _refuse_unless_asked(fresh)
        if not why.strip():
            raise RuleBroken(_("Say why, so that the person knows."), code="reason_needed")
        change_state(fresh, Booking.State.REFUSED, by=by, now=now, why=why)
        fill_free_places(occasion, now=now)
        public_pages_changed()
    return fresh


def _refuse_unless_asked(booking: Booking) -> None:
    if booking.state != Booking.State.ASKED:
        raise RuleBroken(_("The request is already answered."), code="request_answered")


def lapse_requests(*, now: dt.datetime) -> int:
    """The sweep: requests that nobody answered in time lapse, and their places go on. Answers how many.

    Each occasion is its own transaction.
    """
    silent = Booking.objects.filter(
        Q(decide_by__lte=now) | Q(occasion__starts_at__lte=now), state=Booking.State.ASKED
    ).order_by("id")
    lapsed = 0
    for occasion_id in sorted(set(silent.values_list("occasion_id", flat=True))):
        with transaction.atomic():
            occasion = lock_occasion(occasion_id)
            for booking in silent.filter(occasion=occasion):
                booking.occasion = occasion
                change_state(booking, Booking.State.LAPSED, by=None, now=now)
                lapsed += 1
            fill_free_places(occasion, now=now)
            public_pages_changed()
    return lapsed
