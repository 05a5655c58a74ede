"""Questions about courses, occasions, bookings. They read; how many queries each takes is tested."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.models import Booking, Completion, Interest, Occasion, Offer, Reservation, Session
from courses.own_days import comes_to, days_of
from courses.rules import Places
from courses.services.limits import see_limits
from people.models import Employment, Person, Unit
from people.queries import nearest_reports, units_below, without_manager

# What `with_places` adds to a row, out of the type checker's sight: read here and nowhere else.
_COUNTED = attrgetter("held", "waiting", "reserved")


def with_places(occasions: QuerySet[Occasion]) -> QuerySet[Any]:
    """Adds `held`, `waiting` and `reserved`, counted beside the row (a join would multiply them).

    `reserved` is what units have kept and nobody holds; only an occasion with limits is asked for it.
    """

    def count(states: Iterable[str]) -> Any:
        of_occasion = Booking.objects.filter(occasion=OuterRef("pk"), state__in=list(states)).order_by()
        return Coalesce(Subquery(of_occasion.values("occasion").annotate(n=Count("pk")).values("n")), 0)

    return occasions.annotate(
        held=count(Booking.HOLDING),
        waiting=count([Booking.State.WAITING]),
        reserved=Case(
            When(is_limited=True, then=Coalesce(Subquery(_RESERVED), 0)), default=0, output_field=IntegerField()
        ),
    )


_USED = (
    Booking.objects.filter(reservation=OuterRef("pk"), state__in=Booking.HOLDING)
    .order_by()
    .values("reservation")
    .annotate(n=Count("pk"))
    .values("n")
)
_RESERVED = (
    Reservation.objects.filter(occasion=OuterRef("pk"), released_at=None)
    .order_by()
    .values("occasion")
    .annotate(n=Sum(Greatest(F("places") - Coalesce(Subquery(_USED), 0), 0)))
    .values("n")
)


def places_of(occasion: Occasion) -> Places:
    """From what `with_places` counted."""
    held, waiting, reserved = _COUNTED(occasion)
    return Places(places=occasion.places, held=held, waiting=waiting, reserved=reserved)


def upcoming_occasions(*, now: dt.datetime | Expression) -> QuerySet[Occasion]:
    """Open and not yet started, in order of start, with course, sessions and counts: 2 queries, however many."""
    return (
        with_places(Occasion.objects.filter(state=Occasion.State.OPEN, starts_at__gt=now))
        .filter(course__is_listed=True, is_hidden=False)
        .select_related("course")
        .prefetch_related("sessions")
        .order_by("starts_at", "id")
    )


def next_occasions(*, now: dt.datetime, limit: int = 3) -> list[Any]:
    """The next occasions, as they start: what the front page shows."""
    return list(upcoming_occasions(now=now)[:limit])


def may_be_booked_by(person: Person | Expression, *, day: dt.date | Expression) -> Q:
    """Occasions for everyone, or for an administration in which the person is employed that day."""
    own = Employment.objects.on(day).filter(person=person)
    tops = own.values_list(Coalesce("unit__administration_id", "unit_id"))
    theirs = Occasion.administrations.through.objects.filter(unit_id__in=tops).values("occasion_id")
    return Q(is_limited=False) | Q(administrations=None) | Q(pk__in=theirs)


def unit_on(person: Person, *, day: dt.date) -> Unit | None:
    """The unit of the person's main employment that day."""
    employment = (
        Employment.objects.on(day).filter(person=person, is_main=True).select_related("unit__administration").first()
    )
    return employment.unit if employment is not None else None


def approver_of(person: Person, *, day: dt.date) -> Person | None:
    """The nearest manager up the tree who is not the person and may log in; None when nobody is known."""
    unit = unit_on(person, day=day)
    while unit is not None:
        if unit.manager is not None and unit.manager_id != person.pk and unit.manager.is_active:
            return unit.manager
        unit = unit.parent
    return None


# Who says yes or no to a request: the person's manager, or where none is known whoever leads the occasion.
MANAGER, FACILITATOR = "manager", "facilitator"


def decider_for(person: int, *, day: dt.date) -> str:
    """Which of the two `approver_of` finds. One query."""
    return FACILITATOR if without_manager([person], day=day) else MANAGER


def live_booking(occasion: Occasion, *, person: Person) -> Booking | None:
    return Booking.objects.filter(occasion=occasion, person=person, state__in=Booking.LIVE).first()


def position_in_queue(booking: Booking, *, now: dt.datetime) -> int:
    """1 for the first who waits. Whoever may no longer book the occasion is not counted."""
    waiting = Booking.objects.filter(occasion_id=booking.occasion_id, state=Booking.State.WAITING, pk__lt=booking.pk)
    if not booking.occasion.is_limited:
        return 1 + waiting.count()
    people = list(waiting.values_list("person_id", flat=True))
    limits = see_limits(booking.occasion, people=people, now=now)
    return 1 + sum(limits.may_book(person) for person in people)


def positions_in_queue(occasion: Occasion, waiting: Sequence[Booking], *, now: dt.datetime) -> dict[int, int]:
    """By booking, of all who wait there in order of id: the number that `position_in_queue` tells each of them.

    No query; four on an occasion with limits, however many wait.
    """
    people = [booking.person_id for booking in waiting]
    limits = see_limits(occasion, people=people, now=now) if waiting and occasion.is_limited else None
    positions, number = {}, 1
    for booking in waiting:
        positions[booking.pk] = number
        number += limits is None or limits.may_book(booking.person_id)
    return positions


def open_offer(booking: Booking) -> Offer | None:
    return booking.offers.filter(answer=Offer.Answer.OPEN).first()


def bookings_of(person: Person) -> QuerySet[Booking]:
    """All of them, the newest first."""
    return (
        Booking.objects.filter(person=person)
        .select_related("occasion__course")
        .prefetch_related("occasion__sessions", "made_up_days")
        .order_by("-id")
    )


def requests_to_decide(manager: Person, *, day: dt.date) -> list[Booking]:
    """What waits for this manager's yes or no: of those for whom `approver_of` is the manager. One query."""
    asked = (
        Booking.objects.filter(state=Booking.State.ASKED, person_id__in=nearest_reports(manager, day=day))
        .select_related("person", "occasion__course")
        .order_by("occasion__starts_at", "id")
    )
    return list(asked)


def requests_for(person: Person, *, day: dt.date) -> QuerySet[Booking]:
    """All that waits for this person's yes or no: of the nearest reports; and on the occasions that the person leads,
    of those who have no manager. Two queries beside its own."""
    asked = Booking.objects.filter(state=Booking.State.ASKED).exclude(person=person)
    mine = Q(person_id__in=nearest_reports(person, day=day))
    if person.has_perm("courses.take_attendance"):
        led = asked if person.has_perm("courses.lead_any_occasion") else asked.filter(occasion__facilitators=person)
        alone = without_manager(led.values_list("person_id", flat=True), day=day)
        mine |= Q(pk__in=led.order_by().values("pk"), person_id__in=alone)
    return asked.filter(mine).select_related("person", "occasion__course").order_by("occasion__starts_at", "id")


def reservations_to_name(manager: Person, *, now: dt.datetime) -> list[Any]:
    """Places kept for the manager's units and those below, whose people can still be named, each with `used`."""
    managed = list(Unit.objects.filter(manager=manager).values_list("pk", flat=True))
    if not managed:
        return []
    held = Count("bookings", filter=Q(bookings__state__in=Booking.HOLDING))
    kept = Reservation.objects.filter(unit__in=units_below(managed), released_at=None, until__gt=now)
    open_ones = kept.filter(occasion__state=Occasion.State.OPEN, occasion__booking_closes_at__gt=now)
    return list(open_ones.annotate(used=held).select_related("unit", "occasion__course").order_by("until", "id"))


def roster(occasion: Occasion, session: Session) -> QuerySet[Booking]:
    """Who comes to that session, in Swedish order, with attendance."""
    return (
        Booking.objects.filter(comes_to(session), occasion=occasion, state=Booking.State.BOOKED)
        .select_related("person")
        .prefetch_related("attendances")
        .order_by("person__sort_key", "id")
    )


def open_interests(person: Person | Expression) -> QuerySet[Interest]:
    """The courses the person wants to be told of, the newest first."""
    return Interest.objects.filter(person=person, ended_at=None).select_related("course").order_by("-id")


def completions_of(person: Person | Expression) -> QuerySet[Completion]:
    return Completion.objects.filter(person=person, withdrawn_at=None).select_related("course")


def facilitated_by(person: Person) -> QuerySet[Occasion]:
    occasions = Occasion.objects.all()
    if not person.has_perm("courses.lead_any_occasion"):
        occasions = occasions.filter(facilitators=person)
    return with_places(occasions).select_related("course").prefetch_related("sessions")


@dataclass(frozen=True)
class NextThing:
    """What a person should see first. `kind`: offer, session, asked or waiting."""

    kind: str
    booking: Booking
    session: Session | None = None
    offer: Offer | None = None
    position: int | None = None
    # Of what is asked for: who decides.
    decided_by: str = ""


def next_thing(bookings: Sequence[Booking], *, now: dt.datetime) -> NextThing | None:
    """Of the live bookings: an offer to answer first, then the next session, then what one waits for."""
    for booking in bookings:
        if booking.state == Booking.State.OFFERED:
            offer = next((offer for offer in booking.offers.all() if offer.answer == Offer.Answer.OPEN), None)
            return NextThing("offer", booking, offer=offer)
    coming = [
        (session.starts_at, booking.pk, session, booking)
        for booking in bookings
        if booking.state == Booking.State.BOOKED
        for session in days_of(booking)
        if session.ends_at > now
    ]
    if coming:
        _starts, _pk, session, booking = min(coming, key=lambda one: one[:2])
        return NextThing("session", booking, session=session)
    for booking in bookings:
        if booking.state == Booking.State.ASKED:
            decider = decider_for(booking.person_id, day=timezone.localdate(now))
            return NextThing("asked", booking, decided_by=decider)
    for booking in bookings:
        return NextThing("waiting", booking, position=position_in_queue(booking, now=now))
    return None


def next_led_session(person: Person, *, now: dt.datetime) -> Session | None:
    """The session that a facilitator leads today or next."""
    return (
        Session.objects.filter(occasion__facilitators=person, occasion__state=Occasion.State.OPEN, ends_at__gt=now)
        .select_related("occasion__course")
        .order_by("starts_at", "id")
        .first()
    )


@dataclass(frozen=True)
class Clash:
    """Two sessions at the same time. `leads` tells whether the person leads the other one or is to attend it."""

    here: Session
    other: Session
    leads: bool


def appointments_of(person: Person, *, first: dt.datetime, last: dt.datetime) -> QuerySet[Any]:
    """Sessions between two moments that the person leads (`is_led`) or comes to; a waiting list is none.

    Whoever makes up for a missed day comes to that day alone.
    """
    held = Booking.objects.filter(person=person, state__in=Booking.HOLDING, occasion=OuterRef("occasion"))
    comes = Exists(held.filter(made_up_days=None)) | Exists(held.filter(made_up_days__instead=OuterRef("pk")))
    led = Occasion.facilitators.through.objects.filter(person=person).values("occasion")
    return (
        Session.objects.filter(comes | Q(occasion__in=led), starts_at__lt=last, ends_at__gt=first)
        .filter(occasion__state=Occasion.State.OPEN)
        .annotate(is_led=Q(occasion__in=led))
        .select_related("occasion__course")
        .order_by("starts_at", "id")
    )


def clashes_between(occasion: Occasion, others: Iterable[Any]) -> list[Clash]:
    """Of what `appointments_of` found: what happens at the times of this occasion."""
    return clashes_at(occasion.sessions.all(), others)


def clashes_at(sessions: Iterable[Session], others: Iterable[Any]) -> list[Clash]:
    """What happens elsewhere at the times of these sessions. Those that touch do not clash."""
    sessions = list(sessions)
    return [
        Clash(here=session, other=other, leads=other.is_led)
        for other in others
        for session in sessions
        if other.occasion_id != session.occasion_id
        and other.starts_at < session.ends_at
        and session.starts_at < other.ends_at
    ]


def clashes_of(person: Person, occasion: Occasion) -> list[Clash]:
    """What else the person has at the occasion's times, in order of time; a warning and no refusal. One query."""
    return clashes_between(occasion, appointments_of(person, first=occasion.starts_at, last=occasion.ends_at))
