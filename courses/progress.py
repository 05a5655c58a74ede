"""Progress along a programme, computed from records: nothing here is ever ticked.

A kind of item is done from one moment on. Where a row of ours or of another room tells that moment (a completion, a
hand-in, a note in a journey), the kind registers the question, and it is asked beside the items in one query. Where
more is to be known (the pages of the guide), a source of its own answers. The composition registers what belongs to
rooms that courses do not know.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BigIntegerField, Case, DateTimeField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from courses.models import Completion, HandIn, Programme, ProgrammeItem
from people.models import Person
from shared.ready import Given, Ready, among

_PERSON = Given("person", BigIntegerField())


@dataclass(frozen=True)
class Step:
    """How far a person has come with one item. `title` says it in the reader's language, where the source knows it."""

    is_done: bool
    url: str = ""
    title: str = ""
    done_on: dt.date | None = None
    # Of a task, where it was asked for: "draft" before it is done, "read" after.
    state: str = ""
    # What it is about is closed to the person: `title` says so, and the item's own title is not shown.
    is_closed: bool = False


# Answers for many items of its kind at once: item's id → step. What is not answered is not done.
Source = Callable[[Person, Sequence[ProgrammeItem]], dict[int, Step]]
_sources: dict[str, Source] = {}


@dataclass(frozen=True)
class Record:
    """`moments` is the question: rows with one moment each, of the person it is handed and, by OuterRef, of the item;
    the first is when it was done. `link` is where one goes to do it. Where that and the title depend on who asks,
    `about` answers for many items at once, by id; those it leaves out keep their own title and `link`."""

    moments: Callable[[Any], QuerySet[Any, Any]]
    link: Callable[[ProgrammeItem], str]
    about: Source | None = None


_records: dict[str, Record] = {}


def register_progress_source(kind: str, source: Source) -> None:
    _sources[kind] = source


def register_progress_record(kind: str, record: Record) -> None:
    """Before the first question is asked: the questions are written once."""
    _records[kind] = record


@dataclass(frozen=True)
class ProgressItem:
    item: ProgrammeItem
    step: Step


@dataclass(frozen=True)
class Progress:
    programme: Programme
    items: list[ProgressItem]

    @property
    def done(self) -> int:
        return sum(1 for one in self.items if one.step.is_done)

    @property
    def whole(self) -> int:
        return len(self.items)

    @property
    def is_whole(self) -> bool:
        return bool(self.items) and self.done == self.whole

    @property
    def next(self) -> ProgressItem | None:
        return next((one for one in self.items if not one.step.is_done), None)


def _completions(person: Any) -> QuerySet[Any, Any]:
    own = Completion.objects.filter(person=person, course=OuterRef("course"), withdrawn_at=None)
    return own.order_by("completed_on").values_list(Cast("completed_on", DateTimeField()))


def _hand_ins(person: Any) -> QuerySet[Any, Any]:
    return HandIn.objects.filter(person=person, task=OuterRef("task")).values_list("handed_in_at")


def _course(item: ProgrammeItem) -> str:
    return reverse("course", args=[item.course.slug]) if item.course is not None else ""


register_progress_record("attend", Record(_completions, _course))
register_progress_record("task", Record(_hand_ins, lambda item: reverse("task", args=[item.task_id])))


def _items(programmes: QuerySet[Programme]) -> QuerySet[Any, Any]:
    moments = {
        f"done_{kind}": Case(
            When(kind=kind, then=Subquery(record.moments(_PERSON)[:1])), output_field=DateTimeField(null=True)
        )
        for kind, record in _records.items()
    }
    items: QuerySet[Any, Any] = ProgrammeItem.objects.filter(programme__in=programmes)
    related = items.select_related("programme", "course", "task")
    return related.annotate(**moments).order_by("programme__sort_key", "programme_id", "position")


_OF_EVERYONE = Ready(lambda: _items(Programme.objects.filter(is_for_everyone=True, is_open=True)))
_OF_SOME = Ready(lambda: _items(Programme.objects.filter(among("id", "programmes"))))
_OF_ONE = Ready(lambda: _items(Programme.objects.filter(pk=Given("programme", BigIntegerField()))))


def progress_of(person: Person, *, known: Mapping[str, Source] | None = None) -> list[Progress]:
    """Every programme on everyone's page, with what the person has done of it: one query, and one per source.

    `known` are sources of the caller's, by kind, who has asked already.
    """
    return _read(_OF_EVERYONE.ask(person=person.pk), person, {**_sources, **(known or {})})


def progress_on_each(programmes: Iterable[Programme], *, person: Person) -> list[Progress]:
    """The person's own, on each of these programmes, as they are handed over: as many queries as for one."""
    chosen = list(programmes)
    rows = _OF_SOME.ask(person=person.pk, programmes=[programme.pk for programme in chosen])
    found = {progress.programme: progress for progress in _read(rows, person, _sources)}
    return [found.get(programme, Progress(programme, [])) for programme in chosen]


def progress_on(programme: Programme, *, person: Person) -> Progress:
    """The person's own, on one programme; also before it is open, for those who make it."""
    found = _read(_OF_ONE.ask(person=person.pk, programme=programme.pk), person, _sources)
    return found[0] if found else Progress(programme, [])


def _read(rows: list[Any], person: Person, sources: Mapping[str, Source]) -> list[Progress]:
    of_programme: dict[Programme, list[ProgrammeItem]] = {}
    by_kind: dict[str, list[ProgrammeItem]] = {}
    for row in rows:
        of_programme.setdefault(row.programme, []).append(row)
        by_kind.setdefault(row.kind, []).append(row)
    steps: dict[int, Step] = {}
    for kind, items in by_kind.items():
        if kind in _records:
            steps |= _steps(person, items, _records[kind])
        elif kind in sources:
            steps |= sources[kind](person, items)
    return [
        Progress(programme, [ProgressItem(item, steps.get(item.pk, Step(is_done=False))) for item in items])
        for programme, items in of_programme.items()
    ]


def _steps(person: Person, items: Sequence[Any], record: Record) -> dict[int, Step]:
    about = record.about(person, items) if record.about is not None else {}
    steps = {}
    for item in items:
        moment: dt.datetime | None = getattr(item, f"done_{item.kind}")
        done_on = timezone.localdate(moment) if moment is not None else None
        told = about.get(item.pk) or Step(is_done=False, url=record.link(item))
        steps[item.pk] = replace(told, is_done=moment is not None, done_on=done_on)
    return steps
