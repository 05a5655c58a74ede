"""How many unique people are trained.

The rule, in one place: a person is counted once, in the unit of the main employment on the day asked about, and is
*trained* when a completion of the course on or before that day stands: it has not been withdrawn, or only after the
report of that day was closed (`insight.closing`). What a closed report said is held in rows, so that an employment of
the past that is corrected later changes the people behind the figure and not the figure.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.models import Course
from insight.closing import closes_at, is_closed
from insight.figures import Figure, Headcount
from insight.models import ClosedFigure, Goal
from people.models import Person, Unit

# One pass over those employed that day and one over the course's completions; everything a page shows comes of it:
# figures per unit of the report, the whole, and the days on which those counted were first trained.
_HEADCOUNT = """
WITH counted AS (
    SELECT {unit} AS unit_id, trained.first_on
    FROM people_employment AS employment
    JOIN people_unit AS unit ON unit.id = employment.unit_id
    LEFT JOIN (
        SELECT person_id, min(completed_on) AS first_on
        FROM courses_completion
        WHERE course_id = %(course)s AND completed_on <= %(on)s AND {stands}
        GROUP BY person_id
    ) AS trained ON trained.person_id = employment.person_id
    WHERE employment.is_main AND employment.starts_on <= %(on)s
        AND (employment.ends_on IS NULL OR employment.ends_on >= %(on)s)
        {within}
), summed AS (
    SELECT unit_id, first_on, count(*) AS employees, count(first_on) AS trained
    FROM counted
    GROUP BY GROUPING SETS ((unit_id), (first_on))
)
SELECT summed.unit_id, unit.name, unit.sort_key, summed.first_on, summed.employees, summed.trained
FROM summed LEFT JOIN people_unit AS unit ON unit.id = summed.unit_id
ORDER BY unit.sort_key, unit.id, summed.first_on
"""
_PER_ADMINISTRATION = {"unit": "coalesce(unit.administration_id, unit.id)", "within": ""}
_PER_UNIT = {"unit": "unit.id", "within": "AND unit.id = ANY(%(units)s)"}

_STANDS_NOW = "withdrawn_at IS NULL"
_STOOD_WHEN_CLOSED = "recorded_at < %(closes)s AND (withdrawn_at IS NULL OR withdrawn_at >= %(closes)s)"

_BELOW = """
WITH RECURSIVE below AS (
    SELECT id FROM people_unit WHERE manager_id = %s
    UNION
    SELECT unit.id FROM people_unit AS unit JOIN below ON unit.parent_id = below.id
)
SELECT id FROM below ORDER BY id
"""


def headcount(
    course: Course, on: dt.date | None = None, *, units: Sequence[int] | None = None, now: dt.datetime | None = None
) -> Headcount:
    """Per administration, in Swedish order, and the whole; with `units`, per unit and only among those.

    `on` is today, and `now` this moment, when not given.

    One query, whatever the size, and one more for what a closed report said. Nothing is hidden here:
    `rules.hide_small_groups` does that.
    """
    now = now or timezone.now()
    on = on or timezone.localdate(now)
    shape = _PER_ADMINISTRATION if units is None else _PER_UNIT
    shape = shape | {"stands": _STOOD_WHEN_CLOSED if is_closed(on, now=now) else _STANDS_NOW}
    asked: dict[str, Any] = {"course": course.pk, "on": on, "units": list(units or ()), "closes": closes_at(on)}
    with connection.cursor() as cursor:
        cursor.execute(_HEADCOUNT.format(**shape), asked)
        found = cursor.fetchall()
    rows, grows = [], []
    for unit, name, sort_key, first_on, employees, trained in found:
        if unit is not None:
            rows.append(Figure(unit, name, sort_key, employees, trained))
        elif first_on is not None:
            grows.append((first_on, trained))
    held = held_figures(course, on) if units is None and is_closed(on, now=now) else []
    if held:
        rows = [Figure(each.unit_id, each.unit.name, each.unit.sort_key, each.employees, each.trained) for each in held]
    whole = Figure(None, "", "", sum(row.employees or 0 for row in rows), sum(row.trained or 0 for row in rows))
    return Headcount(course, on, rows, whole, grows, frozen_at=held[0].closed_at if held else None)


def held_figures(course: Course, on: dt.date) -> list[ClosedFigure]:
    """What the report of that day said when it was closed, in Swedish order; nothing where it was never closed."""
    held = ClosedFigure.objects.filter(course=course, on=on).select_related("unit")
    return list(held.order_by("unit__sort_key", "unit_id"))


def held_count(course: Course, on: dt.date, *, trained: bool, administration: Unit | None = None) -> int | None:
    """How many a closed report counted as trained, or as not; None where the day was never closed."""
    held = [each for each in held_figures(course, on) if administration in (None, each.unit)]
    if not held:
        return None
    return sum(each.trained if trained else each.employees - each.trained for each in held)


def goal_of(course: Course) -> Goal | None:
    """The goal that is to be reached last."""
    return Goal.objects.filter(course=course).order_by("-reach_by", "-id").first()


def units_managed_by(person: Person) -> list[int]:
    """The units that the person manages and all below them."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [person.pk])
        return [row[0] for row in cursor.fetchall()]


def courses_with_figures() -> list[Course]:
    """Every course in Swedish order, those with a goal first: the first is what is shown when nobody chose."""
    has_goal = Exists(Goal.objects.filter(course=OuterRef("pk")))
    return list(Course.objects.alias(has_goal=has_goal).order_by("-has_goal", "-days", "sort_key", "id"))
