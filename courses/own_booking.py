"""One's own booking as its page shows it: where it stands, what can be done about it, and how it came there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from courses.history import Standing, standing_of
from courses.invitation import seat_seen_for
from courses.models import Booking, Occasion, Offer
from courses.queries import (
    Clash,
    appointments_of,
    clashes_between,
    may_be_booked_by,
    open_offer,
    upcoming_occasions,
    with_places,
)
from courses.rules import (
    is_bookable,
    is_past_cancelling,
    may_hand_over,
    may_move_oneself,
    needs_the_facilitator,
    offers_are_made,
)
from courses.services.late_changes import has_asked_facilitators
from courses.services.needs import Needs, read_needs
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class OwnBooking:
    """`may_move` tells what the rules allow, `has_elsewhere` whether there is any occasion to move to; `moving_to` is
    the booking that waits to take this one's place, `kept_meanwhile` the one that is kept until this is certain."""

    booking: Booking
    standing: Standing
    offer: Offer | None
    may_move: bool
    has_elsewhere: bool
    may_hand_over: bool
    needs_the_facilitator: bool
    has_asked: bool
    needs: Needs | None
    moving_to: Booking | None
    kept_meanwhile: Booking | None
    # Where the booking has ended: "book" or "wait", what a click on the occasion does now; "" where it is closed.
    way_back: str
    # Who gets the place that is given up: "first" of those who wait, one of them "by hand", or "" where nobody waits.
    place_goes: str

    @property
    def is_live(self) -> bool:
        return self.booking.state in Booking.LIVE


def own_bookings(person: Person) -> QuerySet[Booking]:
    """The person's, each with what its page needs."""
    return (
        Booking.objects.filter(person=person)
        .select_related("occasion__course", "replaces__occasion")
        .prefetch_related("occasion__sessions", "occasion__facilitators", "made_up_days")
    )


def look_at(booking: Booking, *, now: dt.datetime) -> OwnBooking:
    """A booking out of `own_bookings`; nine queries at most, thirteen on an occasion with limits."""
    occasion, is_live = booking.occasion, booking.state in Booking.LIVE
    late = needs_the_facilitator(booking, occasion, now=now)
    waits = booking.replaced_by.filter(state__in=Booking.LIVE).select_related("occasion").first() if is_live else None
    kept = booking.replaces
    may_move = waits is None and may_move_oneself(booking, occasion, now=now)
    asks = occasion.asks_needs and is_live and now < occasion.ends_at
    return OwnBooking(
        booking=booking,
        standing=standing_of(booking, now=now),
        offer=open_offer(booking) if booking.state == Booking.State.OFFERED else None,
        may_move=may_move,
        has_elsewhere=may_move and _open_elsewhere(booking, now=now).exists(),
        may_hand_over=may_hand_over(booking, occasion, now=now),
        needs_the_facilitator=late,
        has_asked=late and has_asked_facilitators(booking),
        needs=read_needs(booking, reader=booking.person) if asks else None,
        moving_to=waits,
        kept_meanwhile=kept if kept is not None and is_live and kept.state in Booking.LIVE else None,
        way_back="" if is_live else _way_back(booking, now=now),
        place_goes=_place_goes(occasion, now=now) if is_live else "",
    )


def _place_goes(occasion: Occasion, *, now: dt.datetime) -> str:
    if not Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).exists():
        return ""
    return "first" if offers_are_made(occasion, now=now) else "by hand"


def _way_back(booking: Booking, *, now: dt.datetime) -> str:
    if not is_bookable(booking.occasion, now=now):
        return ""
    occasion = with_places(Occasion.objects.filter(pk=booking.occasion_id)).select_related("course").get()
    try:
        return "book" if seat_seen_for(booking.person, occasion, now=now) is not None else "wait"
    except RuleBroken:
        return ""


@dataclass(frozen=True)
class Choice:
    occasion: Any  # with the counts of `with_places`
    clashes: list[Clash]
    # Whether a click moves, or waits: a place that is kept for the person's own unit counts.
    has_place: bool
    # Nothing can be undone there on one's own: known before the click.
    is_final: bool


def choices_to_move_to(booking: Booking, *, now: dt.datetime) -> list[Choice]:
    """The other occasions of the course that the person may book, in order of start.

    At most seven queries, and five for each occasion with limits.
    """
    person, old = booking.person, booking.occasion
    occasions = list(_open_elsewhere(booking, now=now)[:30])
    if not occasions:
        return []
    first, last = min(each.starts_at for each in occasions), max(each.ends_at for each in occasions)
    # The place that is given up clashes with nothing.
    elsewhere = list(appointments_of(person, first=first, last=last).exclude(occasion=old))
    return [
        Choice(
            each,
            clashes_between(each, elsewhere),
            has_place=seat_seen_for(person, each, now=now) is not None,
            is_final=is_past_cancelling(each, now=now),
        )
        for each in occasions
    ]


def _open_elsewhere(booking: Booking, *, now: dt.datetime) -> QuerySet[Occasion]:
    person, old = booking.person, booking.occasion
    return (
        upcoming_occasions(now=now)
        .filter(may_be_booked_by(person, day=timezone.localdate(now)), course=old.course_id, booking_closes_at__gt=now)
        .exclude(pk=old.pk)
        .exclude(pk__in=Booking.objects.filter(person=person, state__in=Booking.LIVE).values("occasion"))
        .exclude(pk__in=Occasion.objects.filter(facilitators=person).values("pk"))
        .distinct()
    )
