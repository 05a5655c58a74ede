"""The people behind a figure: who is counted, who is not, and who is left out and why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Completion, Course
from insight.closing import standing
from people.models import Employment, Person, Unit

TRAINED, NOT_TRAINED, LEFT_OUT = "trained", "not_trained", "left_out"
GROUPS = {TRAINED: _("Trained"), NOT_TRAINED: _("Not trained"), LEFT_OUT: _("Left out of the figure")}

LATE = _("Left out: the completion was recorded after the report of that day was closed.")
WITHDRAWN = _("Left out: the completion was withdrawn when the attendance was corrected.")
NOT_EMPLOYED = _("Left out: completed the course, but was not employed that day.")
NEVER_EMPLOYED = _("Left out: completed the course, but has no employment here.")
COUNTED = _("Counted: employed that day, with a completion that stands.")
WITHOUT = _("Not trained: employed that day, without a completion that stands.")

# Where one rule is true of all. Those who are left out each have their own.
RULES = {TRAINED: COUNTED, NOT_TRAINED: WITHOUT}


@dataclass(frozen=True)
class Row:
    """One person of one group. `then` is the unit of the day of completion, `that_day` of the day asked about."""

    person: Person
    completed_on: dt.date | None
    then: Unit | None
    that_day: Unit | None
    today: Unit | None
    why: str | Promise


def people_of(
    group: str, *, course: Course, on: dt.date, administration: Unit | None = None, now: dt.datetime | None = None
) -> "QuerySet[Person]":
    """The people of one group in Swedish order: `trained`, `not_trained` or `left_out`. Slice them, then `describe`."""
    employed = Employment.objects.on(on).filter(is_main=True, person=OuterRef("pk"))
    if administration is not None and group != LEFT_OUT:
        employed = employed.filter(Q(unit=administration) | Q(unit__administration=administration))
    completed = Completion.objects.filter(course=course, completed_on__lte=on, person=OuterRef("pk"))
    stands = completed.filter(standing(on, now=now or timezone.now()))
    people = Person.objects.order_by("sort_key", "pk")
    if group == TRAINED:
        return people.filter(Exists(employed), Exists(stands))
    if group == NOT_TRAINED:
        return people.filter(Exists(employed), ~Exists(stands))
    if administration is not None:
        completed = completed.filter(Q(unit=administration) | Q(unit__administration=administration))
    return people.filter(Exists(completed)).filter(~Exists(employed) | ~Exists(stands))


def describe(
    people: Iterable[Person],
    *,
    group: str,
    course: Course,
    on: dt.date,
    today: dt.date,
    now: dt.datetime | None = None,
) -> list[Row]:
    """The rows of some people: three queries, however many they are."""
    people = list(people)
    that_day, units_today = _units_on(on, people), _units_on(today, people)
    completions: dict[int, Completion] = {}
    stands = Case(When(standing(on, now=now or timezone.now()), then=True), default=False)
    found = Completion.objects.filter(course=course, completed_on__lte=on, person__in=people).annotate(stands=stands)
    # The first that stands; where none stands, the last of the others.
    for completion in found.select_related("unit__administration").order_by("stands", "completed_on", "id"):
        known = completions.get(completion.person_id)
        if known is None or not (known.stands and completion.stands):
            completions[completion.person_id] = completion
    return [
        Row(
            person=person,
            completed_on=completion.completed_on if completion else None,
            then=completion.unit if completion else None,
            that_day=that_day.get(person.pk),
            today=units_today.get(person.pk),
            why=_reason(group, completion, units_today.get(person.pk)),
        )
        for person in people
        for completion in [completions.get(person.pk)]
    ]


def _reason(group: str, completion: Completion | None, today: Unit | None) -> str | Promise:
    if group == TRAINED:
        return COUNTED
    if completion is not None and not completion.stands:
        return WITHDRAWN if completion.withdrawn_at else LATE
    if group == NOT_TRAINED:
        return WITHOUT
    return NOT_EMPLOYED if (completion and completion.unit_id) or today else NEVER_EMPLOYED


def _units_on(day: dt.date, people: list[Person]) -> dict[int, Unit]:
    rows = Employment.objects.on(day).filter(is_main=True, person__in=people)
    return {row.person_id: row.unit for row in rows.select_related("unit__administration")}
