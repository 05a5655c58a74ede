"""Which days someone has missed, and where they can be made up. They read and never write."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    Exists,
    Expression,
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
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


def marks_without_presence(person: Expression, *, since: Expression) -> QuerySet[Any, Any]:
    """Those that are not too old to be told: without any, nothing is missed."""
    marks: QuerySet[Any, Any] = Attendance.objects.filter(booking__person=person, session__ends_at__gt=since)
    return marks.exclude(state=Attendance.State.PRESENT)


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
    return (
        marks_without_presence(person, since=Given("since", DateTimeField()))
        .filter(~Exists(completed), ~Exists(again), booking__made_up_days=None, booking__state=Booking.State.BOOKED)
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
    """Days without full presence, on courses neither completed nor booked anew. One query.

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
    return chances_for([missed], now=now)[0]


def chances_for(missed: Sequence[MissedDay], *, now: dt.datetime) -> list[list[Chance]]:
    """Of each of one person's missed days, where it can be made up: as many queries as for one of them."""
    if not missed:
        return []
    person = missed[0].original.person
    prefetch_related_objects([each.original.occasion for each in missed], "sessions")
    courses = {each.original.occasion.course_id for each in missed}
    open_ones = upcoming_occasions(now=now).filter(
        may_be_booked_by(person, day=timezone.localdate(now)), course__in=courses
    )
    coming = [occasion for occasion in open_ones if is_bookable(occasion, now=now)]
    found = [_days_on(coming, each) for each in missed]
    days = [session for each in found for _occasion, session in each]
    if not days:
        return [[] for _each in missed]
    first, last = min(session.starts_at for session in days), max(session.ends_at for session in days)
    others = list(appointments_of(person, first=first, last=last))
    return [[Chance(occasion, session, clashes_at([session], others)) for occasion, session in each] for each in found]


def _days_on(occasions: Iterable[Any], missed: MissedDay) -> list[tuple[Any, Session]]:
    """Of these occasions, those of the same course on another time, each with the day that makes up for it."""
    missed_on = missed.original.occasion
    others = [each for each in occasions if each.course_id == missed_on.course_id and each.pk != missed_on.pk]
    days = [(occasion, counterpart(missed.session, of=missed_on, on=occasion)) for occasion in others]
    return [(occasion, session) for occasion, session in days if session is not None]


def missed_days_of(booking: Booking, *, now: dt.datetime) -> list[MissedDay]:
    """Those of this booking that can be made up, or are."""
    return [missed for missed in missed_days(booking.person, now=now) if missed.original.pk == booking.pk]


def chances_by_hand(missed: MissedDay, *, by: Person, now: dt.datetime) -> list[Chance]:
    """Where `by` can give the day: the course's open occasions that `by` leads, until that day begins there.

    Also those that are hidden, or whose booking has closed. Four queries.
    """
    return chances_by_hand_for([missed], by=by, now=now)[0]


def chances_by_hand_for(missed: Sequence[MissedDay], *, by: Person, now: dt.datetime) -> list[list[Chance]]:
    """The same of several missed days of one booking: as many queries as for one of them."""
    if not missed:
        return []
    original = missed[0].original
    prefetch_related_objects([each.original.occasion for each in missed], "sessions")
    taken = Booking.objects.filter(person=original.person, state__in=Booking.LIVE, made_up_days=None)
    occasions: QuerySet[Any] = facilitated_by(by).filter(
        course=original.occasion.course_id, state=Occasion.State.OPEN, ends_at__gt=now
    )
    led = list(occasions.exclude(pk__in=taken.values("occasion")).order_by("starts_at", "id"))
    return [
        [Chance(occasion, session) for occasion, session in _days_on(led, each) if session.starts_at > now]
        for each in missed
    ]
