"""What someone has and might do next: the questions of *Min sida* and the front page, asked at every showing.

They are written beforehand (`shared.ready`): Django's writing of them took most of the page's time.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.utils import timezone

from courses.models import Booking, BookingEvent, Completion, Interest, MadeUpDay, Occasion, Session
from courses.queries import bookings_of, completions_of, may_be_booked_by, open_interests, upcoming_occasions
from courses.sessions_beside import read_sessions, sessions_beside
from people.models import Person
from shared.ready import Given, Ready, among, hand_over

_PERSON = Given("person", BigIntegerField())
_NOW = Given("now", DateTimeField())


_SESSIONS = Ready(lambda: Session.objects.filter(among("occasion_id", "occasions")))


def give_sessions(occasions: Iterable[Occasion]) -> None:
    """Lets `sessions.all()` of each answer without asking. One query, none for no occasions."""
    every = list(occasions)
    of_occasion: dict[int, list[Session]] = {}
    for session in _SESSIONS.ask(occasions=list({each.pk for each in every})) if every else []:
        of_occasion.setdefault(session.occasion_id, []).append(session)
    for occasion in every:
        hand_over(occasion, "sessions", of_occasion.get(occasion.pk, []))


def _live() -> QuerySet[Any, Any]:
    mine = Booking.objects.filter(person=_PERSON, state__in=Booking.LIVE, occasion__ends_at__gt=_NOW)
    only = MadeUpDay.objects.filter(booking=OuterRef("pk")).values("instead")
    beside = {"only": ArraySubquery(only), "session_rows": sessions_beside("occasion_id")}
    return mine.select_related("occasion__course").annotate(**beside).order_by("occasion__starts_at", "id")


_LIVE = Ready(_live)


def live_bookings(person: Person, *, now: dt.datetime) -> list[Booking]:
    """What lies ahead, in order of start: one query, and one more where a place is offered."""
    bookings: list[Any] = _LIVE.ask(person=person.pk, now=now)
    for booking in bookings:
        hand_over(booking.occasion, "sessions", read_sessions(booking.session_rows))
        hand_over(booking, "made_up_days", [MadeUpDay(booking=booking, instead_id=pk) for pk in booking.only])
    offered = [booking for booking in bookings if booking.state == Booking.State.OFFERED]
    prefetch_related_objects(offered, "offers")
    return bookings


def bookings_by_time(person: Person, *, now: dt.datetime) -> QuerySet[Any, Any]:
    """All of someone's bookings, each with `time`: "ahead", the nearest first; then what is still to come without the
    person ("dropped") and what is over ("earlier"), each the latest first. `was` is what a cancelled one was before."""
    is_over = Q(occasion__ends_at__lte=now)
    ahead, dropped = Q(~is_over, state__in=Booking.LIVE), Q(~is_over)
    before = BookingEvent.objects.filter(booking=OuterRef("pk")).exclude(state=Booking.State.CANCELLED).order_by("-id")
    mine = bookings_of(person).annotate(
        time=Case(When(ahead, then=Value("ahead")), When(dropped, then=Value("dropped")), default=Value("earlier")),
        was=Subquery(before.values("state")[:1]),
    )
    in_order = Case(When(ahead, then=Value(1)), When(dropped, then=Value(2)), default=Value(3))
    nearest = Case(When(ahead, then=F("occasion__starts_at")))
    return mine.order_by(in_order, nearest.asc(nulls_last=True), "-occasion__starts_at", "-id")


def _suggested() -> QuerySet[Any, Any]:
    coming: QuerySet[Any, Any] = upcoming_occasions(now=_NOW).prefetch_related(None)
    free = coming.filter(may_be_booked_by(_PERSON, day=Given("day", DateField())), waiting=0)
    free = free.filter(held__lt=F("places") - F("reserved"))
    led = Occasion.facilitators.through.objects.filter(person=_PERSON).values("occasion_id")
    completed = Completion.objects.filter(person=_PERSON, withdrawn_at=None).values("course_id")
    new = free.exclude(pk__in=led).exclude(course_id__in=completed)
    return new.annotate(session_rows=sessions_beside("pk"))[:1]


_SUGGESTED = Ready(_suggested)


def suggested_occasion(person: Person, *, now: dt.datetime) -> Any | None:
    """What to begin with: the next occasion with a place, of a course not completed yet and not led by the person."""
    found = _SUGGESTED.ask(person=person.pk, now=now, day=timezone.localdate(now))
    for occasion in found:
        hand_over(occasion, "sessions", read_sessions(occasion.session_rows))
    return found[0] if found else None


_COMPLETIONS = Ready(lambda: completions_of(_PERSON))
_INTERESTS = Ready(lambda: open_interests(_PERSON))


def own_completions(person: Person) -> list[Completion]:
    return _COMPLETIONS.ask(person=person.pk)


def own_interests(person: Person) -> list[Interest]:
    """The courses the person wants to be told of, the newest first."""
    return _INTERESTS.ask(person=person.pk)
