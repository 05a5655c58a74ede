"""Which days someone has missed, and where they can be made up. They read and never write."""

import datetime as dt
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import BigIntegerField, Count, DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from courses.models import Attendance, Booking, Completion, MadeUpDay, Occasion, Session
from courses.queries import Clash, appointments_of, clashes_at, facilitated_by, may_be_booked_by, upcoming_occasions
from courses.rules import is_bookable
from people.models import Person
from shared.ready import Given, Ready

# What was missed longer ago is told no more: then the course is better taken anew.
TOLD_FOR = dt.timedelta(days=366)


@dataclass(frozen=True)
class MadeUp:
    """The place, or the place in the queue, that is taken for a missed day."""

    booking: int
    occasion: int
    state: str
    starts_at: dt.datetime


@dataclass(frozen=True)
class MissedDay:
    """`number` is 1 for the first day of the occasion."""

    original: Booking
    session: Session
    number: int
    mark: Attendance
    made_up: MadeUp | None


@dataclass(frozen=True)
class Chance:
    """An occasion on which the day can be made up, with its places counted, and the session that does it."""

    occasion: Any
    session: Session
    # What else the person has at that time; told to the person alone.
    clashes: list[Clash] = field(default_factory=list)


# What the question below adds to a mark, out of the type checker's sight.
_ADDED = attrgetter("number", "made_up")


def _missed() -> QuerySet[Any, Any]:
    person, course = Given("person", BigIntegerField()), OuterRef("booking__occasion__course")
    # A place for a made-up day alone is not taking the course anew.
    again = Booking.objects.filter(
        person=person, occasion__course=course, state__in=Booking.LIVE, made_up_days=None,
        occasion__starts_at__gt=OuterRef("booking__occasion__starts_at"),
    )  # fmt: skip
    completed = Completion.objects.filter(person=person, course=course, withdrawn_at=None)
    until = Session.objects.filter(
        occasion=OuterRef("booking__occasion"), starts_at__lte=OuterRef("session__starts_at")
    )
    made_up = MadeUpDay.objects.filter(
        original=OuterRef("booking"), missed=OuterRef("session"), booking__state__in=Booking.LIVE, instead__isnull=False
    ).order_by("-id")
    taken = JSONObject(
        booking="booking_id", occasion="booking__occasion_id", state="booking__state", starts_at="instead__starts_at"
    )
    marks: QuerySet[Any, Any] = Attendance.objects.filter(
        ~Exists(completed), ~Exists(again), booking__made_up_days=None
    )
    return (
        marks.filter(
            booking__person=person,
            booking__state=Booking.State.BOOKED,
            session__ends_at__gt=Given("since", DateTimeField()),
        )
        .exclude(state=Attendance.State.PRESENT)
        .select_related("session", "booking__occasion__course", "booking__person")
        .annotate(
            number=Subquery(until.order_by().values("occasion").annotate(n=Count("pk")).values("n")),
            # As one object: PostgreSQL plans each question inside the question anew at every asking.
            made_up=Subquery(made_up.values(known=taken)[:1]),
        )
        .order_by("session__starts_at", "id")
    )


_MISSED = Ready(_missed)


def missed_days(person: Person, *, now: dt.datetime) -> list[MissedDay]:
    """Days without full presence, on courses neither completed nor booked anew. One query, however many there are.

    A day that nobody has marked is not known to be missed.
    """
    return [_read(mark) for mark in _MISSED.ask(person=person.pk, since=now - TOLD_FOR)]


def _read(mark: Attendance) -> MissedDay:
    number, taken = _ADDED(mark)
    made_up = MadeUp(**taken | {"starts_at": dt.datetime.fromisoformat(taken["starts_at"])}) if taken else None
    return MissedDay(mark.booking, mark.session, number, mark, made_up)


def counterpart(missed: Session, *, of: Occasion, on: Occasion) -> Session | None:
    """The day of the other occasion that is the same part of the course: the first for the first, and so on.

    None where the occasions have different numbers of days, and nobody can tell which is which.
    """
    own, there = list(of.sessions.all()), list(on.sessions.all())
    return there[own.index(missed)] if len(own) == len(there) and missed in own else None


def chances_to_make_up(missed: MissedDay, *, now: dt.datetime) -> list[Chance]:
    """The coming occasions of the course, as they start: 3 queries and those of the list."""
    original = missed.original
    open_ones = upcoming_occasions(now=now).filter(
        may_be_booked_by(original.person, day=timezone.localdate(now)), course=original.occasion.course_id
    )
    days = [
        (occasion, session)
        for occasion in open_ones.exclude(pk=original.occasion_id)
        for session in [counterpart(missed.session, of=original.occasion, on=occasion)]
        if session is not None and is_bookable(occasion, now=now)
    ]
    if not days:
        return []
    first, last = min(session.starts_at for _o, session in days), max(session.ends_at for _o, session in days)
    others = list(appointments_of(original.person, first=first, last=last))
    return [Chance(occasion, session, clashes_at([session], others)) for occasion, session in days]


def missed_days_of(booking: Booking, *, now: dt.datetime) -> list[MissedDay]:
    """Those of this booking that can be made up, or are."""
    return [missed for missed in missed_days(booking.person, now=now) if missed.original.pk == booking.pk]


def chances_by_hand(missed: MissedDay, *, by: Person, now: dt.datetime) -> list[Chance]:
    """Where `by` can give the day: the course's open occasions that `by` leads, until that day begins there.

    Also those that are hidden, or whose booking has closed. Four queries.
    """
    original = missed.original
    taken = Booking.objects.filter(person=original.person, state__in=Booking.LIVE, made_up_days=None)
    occasions: QuerySet[Any] = facilitated_by(by).filter(
        course=original.occasion.course_id, state=Occasion.State.OPEN, ends_at__gt=now
    )
    found = []
    for occasion in occasions.exclude(pk__in=taken.values("occasion")).order_by("starts_at", "id"):
        session = counterpart(missed.session, of=original.occasion, on=occasion)
        if session is not None and session.starts_at > now and occasion.pk != original.occasion_id:
            found.append(Chance(occasion, session))
    return found
