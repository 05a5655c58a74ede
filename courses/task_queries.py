"""Which tasks someone has, until when, and how far they have come. They read and never write."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Exists,
    Expression,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce

from courses.models import Booking, HandIn, Occasion, Programme, ProgrammeItem, Session, Task
from people.models import Person
from shared.ready import Given, Ready

# What has been due for longer is told no more, unless it is handed in.
TOLD_FOR = dt.timedelta(days=180)
_ADDED = attrgetter("booking_pk", "occasion_pk", "starts", "was_handed_in", "was_changed", "was_read", "has_draft")


@dataclass(frozen=True)
class OwnTask:
    """One person's task on one booking. `due_at` is None for a task of a programme: it may take its time."""

    task: Task
    booking: int | None
    due_at: dt.datetime | None
    # When the day before it was due ends: from then on it is what to do next.
    opens_at: dt.datetime | None
    handed_in_at: dt.datetime | None
    changed_at: dt.datetime | None
    read_at: dt.datetime | None
    has_draft: bool

    @property
    def is_done(self) -> bool:
        return self.handed_in_at is not None

    @property
    def was_late(self) -> bool:
        return self.handed_in_at is not None and self.due_at is not None and self.handed_in_at > self.due_at


def due_session(task: Task, sessions: Sequence[Any]) -> Any | None:
    """The session before which it is handed in: the last one, where the occasion has fewer days. Of anything in order
    of time, for instance the moments when the sessions begin."""
    return sessions[min(task.due_day, len(sessions)) - 1] if sessions else None


def is_carried(task: Task, *, due_at: dt.datetime | None) -> bool:
    """Whether an occasion carries the task that is due there at that moment."""
    return due_at is not None and task.made_at <= due_at and (task.ended_at is None or task.ended_at > due_at)


def is_required(task: Task, *, starts_at: dt.datetime) -> bool:
    return task.required_since is not None and task.required_since <= starts_at


def tasks_of_occasion(occasion: Occasion) -> list[tuple[Task, Session]]:
    """What the occasion carries, each with the session before which it is due. Reads `sessions`: one query beside."""
    sessions = list(occasion.sessions.all())
    found = []
    for task in Task.objects.filter(course=occasion.course_id):
        session = due_session(task, sessions)
        if session is not None and is_carried(task, due_at=session.starts_at):
            found.append((task, session))
    return found


def task_rows(person: Person | Expression, *, since: dt.datetime | Expression, **which: Any) -> QuerySet[Any]:
    """What `own_tasks` reads: a task once for each occasion the person has a place on."""
    starts = ArraySubquery(
        Session.objects.filter(occasion=OuterRef("course__occasions__pk"))
        .order_by("starts_at", "id")
        .values("starts_at")
    )
    return (
        Task.objects.filter(
            course__occasions__bookings__person=person,
            course__occasions__bookings__state=Booking.State.BOOKED,
            course__occasions__state=Occasion.State.OPEN,
            course__occasions__ends_at__gt=since,
            **which,
        )
        .annotate(own=FilteredRelation("hand_ins", condition=Q(hand_ins__person=person)))
        .annotate(
            booking_pk=F("course__occasions__bookings__pk"),
            occasion_pk=F("course__occasions__pk"),
            starts=starts,
            was_handed_in=F("own__handed_in_at"),
            was_changed=F("own__changed_at"),
            was_read=F("own__read_at"),
            has_draft=Q(own__isnull=False, own__handed_in_at=None),
        )
        .select_related("course")
    )


_ROWS = Ready(lambda: task_rows(Given("person", BigIntegerField()), since=Given("since", DateTimeField())))


def own_tasks(person: Person, *, now: dt.datetime, **which: Any) -> list[OwnTask]:
    """The tasks of the courses the person has a place on or has been on, the first due first; each task once, as it
    stands on the booking with the latest day. One query. `which` chooses among the tasks.
    """
    since = now - TOLD_FOR
    rows = task_rows(person, since=since, **which) if which else _ROWS.ask(person=person.pk, since=since)
    latest: dict[int, OwnTask] = {}
    for row in rows:
        own = _read(row)
        if own is not None and (row.pk not in latest or (own.due_at or now) > (latest[row.pk].due_at or now)):
            latest[row.pk] = own
    return sorted(latest.values(), key=lambda own: (own.due_at or now, own.task.pk))


def tasks_of_booking(booking: Booking, *, now: dt.datetime) -> list[OwnTask]:
    """Those that its page tells of: of someone who is booked."""
    if booking.state != Booking.State.BOOKED:
        return []
    return own_tasks(booking.person, now=now, course=booking.occasion.course_id)


def tasks_to_tell(person: Person, *, now: dt.datetime) -> list[OwnTask]:
    """What stands on Min sida: what is to be done by now, and what was handed in until its day has come."""
    return [
        own
        for own in own_tasks(person, now=now)
        if (own.is_done and own.due_at is not None and now < own.due_at)
        or (not own.is_done and (own.opens_at is None or now >= own.opens_at))
    ]


def _read(row: Any) -> OwnTask | None:
    booking, _occasion, starts, handed_in_at, changed_at, read_at, has_draft = _ADDED(row)
    due_at = due_session(row, starts)
    if handed_in_at is None and not is_carried(row, due_at=due_at):
        return None
    before = [each for each in starts if due_at is not None and each < due_at]
    return OwnTask(row, booking, due_at, before[-1] if before else None, handed_in_at, changed_at, read_at, has_draft)


def own_task(person: Person, task: Task, *, now: dt.datetime) -> OwnTask | None:
    """None where the task is not the person's: then it does not exist for them."""
    if task.course_id is not None:
        own = next(iter(own_tasks(person, now=now, pk=task.pk)), None) or _handed_in_before(person, task)
        return own or (_of_hand_in(task, None) if _is_on_a_path(task) else None)
    own = _handed_in_before(person, task)
    return own or (_of_hand_in(task, None) if _is_on_a_path(task) else None)


def _is_on_a_path(task: Task) -> bool:
    """Then everyone may read what it asks for: a course's is done when there is a place on the course."""
    return ProgrammeItem.objects.filter(task=task, programme__is_open=True).exists()


def _handed_in_before(person: Person, task: Task) -> OwnTask | None:
    """What someone handed in stays theirs to see, also when the place is given up."""
    hand_in = HandIn.objects.filter(task=task, person=person).first()
    return _of_hand_in(task, hand_in) if hand_in is not None else None


def _of_hand_in(task: Task, hand_in: HandIn | None) -> OwnTask:
    own = OwnTask(task, None, None, None, None, None, None, has_draft=False)
    if hand_in is None:
        return own
    return replace(
        own, handed_in_at=hand_in.handed_in_at, changed_at=hand_in.changed_at, read_at=hand_in.read_at,
        has_draft=hand_in.handed_in_at is None,
    )  # fmt: skip


def hand_in_of(person: Person, task: Task) -> HandIn | None:
    return HandIn.objects.filter(task=task, person=person).select_related("read_by").prefetch_related("pieces").first()


def readers_of(hand_in: HandIn) -> Q:
    """Occasions by whose own facilitators the hand-in may be read: where the person has a place now."""
    return Q(course=hand_in.task.course_id, bookings__person=hand_in.person_id, bookings__state=Booking.State.BOOKED)


def may_read(person: Person, hand_in: HandIn) -> bool:
    """Oneself; and what is handed in, those who lead an occasion that the person comes to, or who are named to read
    what is handed in along the learning path. Administrators neither."""
    if person.pk == hand_in.person_id:
        return True
    if hand_in.handed_in_at is None:
        return False
    if hand_in.task.programme_id is not None:
        named = Programme.objects.filter(pk=hand_in.task.programme_id, readers=person)
        return looks_after_paths(person) and named.exists()
    if not person.has_perm("courses.take_attendance"):
        return False
    return Occasion.objects.filter(readers_of(hand_in), facilitators=person).exists()


def looks_after_paths(person: Person) -> bool:
    return person.has_perm("courses.change_programme")


def leads_itself(person: Person, occasion: Occasion) -> bool:
    """Whoever leads by being named at the occasion, not by a right to lead any."""
    return person.has_perm("courses.take_attendance") and occasion.facilitators.filter(pk=person.pk).exists()


@dataclass(frozen=True)
class Handed:
    """One person of an occasion, with what they handed in, None where nothing is."""

    person: Person
    booking: Booking
    hand_in: HandIn | None


def handed_in_on(occasion: Occasion, task: Task) -> list[Handed]:
    """Everyone who is booked, in Swedish order; whose days are only made up here too. 3 queries."""
    bookings = (
        Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED)
        .select_related("person")
        .order_by("person__sort_key", "id")
    )
    done = HandIn.objects.filter(
        Exists(bookings.filter(person=OuterRef("person")).order_by()), task=task, handed_in_at__isnull=False
    )
    by_person = {each.person_id: each for each in done.select_related("task", "read_by").prefetch_related("pieces")}
    return [Handed(booking.person, booking, by_person.get(booking.person_id)) for booking in bookings]


def every_hand_in_on(occasion: Occasion, **which: Any) -> QuerySet[HandIn]:
    """What those who are booked have handed in, task by task in Swedish order, for a list that pages it. `which`
    chooses among them."""
    booked = Booking.objects.filter(occasion=occasion, person=OuterRef("person"), state=Booking.State.BOOKED)
    done = HandIn.objects.filter(
        Exists(booked), task__course=occasion.course_id, handed_in_at__isnull=False, **which
    ).order_by("task__due_day", "task_id", "person__sort_key", "id")
    return done.select_related("task", "person").prefetch_related("pieces")


@dataclass(frozen=True)
class Count:
    """How many of those who come have handed in a task, and how many of those are not read yet."""

    task: Task
    due: Session
    people: int
    handed_in: int
    unread: int

    @property
    def missing(self) -> int:
        return self.people - self.handed_in


def counts_of(occasion: Occasion, *, reader: Person, session: Session | None = None) -> list[Count]:
    """Of every task of the occasion, or of those due before that session, for its own facilitators. One query, and
    three more where there are any."""
    found = [(task, due) for task, due in tasks_of_occasion(occasion) if session is None or due.pk == session.pk]
    if not found or not leads_itself(reader, occasion):
        return []
    people = set(
        Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED).values_list("person_id", flat=True)
    )
    done = HandIn.objects.filter(task__in=[task for task, _due in found], handed_in_at__isnull=False, person__in=people)
    # What is erased is read no more.
    rows = list(done.values_list("task_id", Coalesce("read_at", "erased_at")))
    return [
        Count(
            task, due, len(people), sum(1 for pk, _over in rows if pk == task.pk),
            sum(1 for pk, over in rows if pk == task.pk and over is None),
        )
        for task, due in found
    ]  # fmt: skip


def done_tasks(person: Person, tasks: Iterable[int]) -> dict[int, dt.datetime]:
    """When each was handed in; those that are not are left out. One query."""
    rows = HandIn.objects.filter(person=person, task__in=set(tasks), handed_in_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("task_id", "handed_in_at") if at is not None}
