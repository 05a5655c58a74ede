"""The catalogue: what a reader asked for, what fits, and how many occasions each other choice would leave.

The filters work on light rows of all coming occasions (one query), so every count is exact and costs no query; only
the occasions that are shown are read whole.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, DateTimeField, F, Func, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils import dates
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Course, Session
from courses.queries import upcoming_occasions
from courses.rows import Day, Row
from courses.rules import Places
from shared.ready import Given, Ready, among
from shared.sorting import swedish_sort_key

# Where: no name of a place, as a place can't begin with a colon in the address that we make of it.
REMOTE = ":remote"
# Of each course; the rest are a click away.
SHOWN = 4
_NAMES = ("course", "month", "where", "places_left")


@dataclass(frozen=True, slots=True)
class Coming:
    """What the filters need of a coming occasion. `where`: the rooms of its days; one that has none is remote."""

    pk: int
    course: str
    month: str
    where: frozenset[str]
    places: Places
    has_places: bool


@dataclass(frozen=True)
class Choice:
    """One answer to a filter's question. `count`: how many occasions there would be, the other filters as they are."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Entry:
    """A course with the next occasions that fit. `more` is the address of all `count`, where they are not all shown."""

    course: Course
    occasions: list[Row]
    count: int
    more: str


def _coming() -> QuerySet[Any, Any]:
    rooms = Session.objects.filter(occasion=OuterRef("pk")).order_by().values("place").distinct()
    # In words already: to read some hundred moments and put them on the clock takes longer than to count the places.
    on_the_clock = Func(Value(settings.TIME_ZONE), F("starts_at"), function="timezone", output_field=DateTimeField())
    month = Func(on_the_clock, Value("YYYY-MM"), function="to_char", output_field=CharField())
    upcoming: QuerySet[Any, Any] = upcoming_occasions(now=Given("now", DateTimeField())).prefetch_related(None)
    return upcoming.select_related(None).values_list(
        "pk", "course__slug", month, ArraySubquery(rooms), "places", "held", "waiting", "reserved"
    )


_COMING = Ready(_coming)
_DAYS = Ready(
    lambda: (
        Session.objects.filter(among("occasion_id", "occasions"))
        .order_by("starts_at", "id")
        .values_list("occasion_id", "starts_at", "ends_at", "place", "occasion__starts_at", "occasion__language")
    )
)
_COURSES = Ready(lambda: Course.objects.filter(is_listed=True).order_by("sort_key"))


def coming_occasions(now: dt.datetime) -> list[Coming]:
    """In order of start. One query."""
    found = []
    for pk, course, month, rooms, *counts in _COMING.ask(now=now):
        places = Places(*counts)
        found.append(Coming(pk, course, month, _where(tuple(rooms)), places, places.left > 0))
    return found


@lru_cache(1_000)
def _where(rooms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(room or REMOTE for room in rooms)


class Catalogue:
    """What was asked for by a plain GET, and the occasions that fit. What can't be read is left out of account.

    Three queries: the courses, the coming occasions, and the days of those that are shown.
    """

    def __init__(self, asked: Any, *, now: dt.datetime) -> None:
        self._coming = coming_occasions(now)
        self._courses: list[Course] = _COURSES.ask()
        self.is_for_places_left = asked.get("places_left", "") in {"1", "true", "on"}
        having = {each.course for each in self._coming}
        self._labels: dict[str, dict[str, str]] = {
            "course": {course.slug: course.name for course in self._courses if course.slug in having},
            "month": {each.month: _month_in_words(each.month, get_language()) for each in self._coming},
            "where": {room: _("Remotely") if room == REMOTE else room for each in self._coming for room in each.where},
        }
        self._chosen = {
            name: value if (value := asked.get(name, "")) in labels else "" for name, labels in self._labels.items()
        }
        self._fits = self._fitting(_NAMES)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to choose among."""
        return bool(self._coming)

    @property
    def is_used(self) -> bool:
        return self.is_for_places_left or any(self._chosen.values())

    @property
    def found(self) -> int:
        return len(self._fits)

    @property
    def query(self) -> str:
        """The address of this choice, without what is not chosen: what a reader may share."""
        return self._query(self._chosen)

    @property
    def courses(self) -> list[Choice]:
        return sorted(self._choices("course"), key=lambda choice: swedish_sort_key(choice.label))

    @property
    def months(self) -> list[Choice]:
        return sorted(self._choices("month"), key=lambda choice: choice.value)

    @property
    def places(self) -> list[Choice]:
        """The rooms in Swedish order, and last those that are nowhere."""
        return sorted(
            self._choices("where"), key=lambda choice: (choice.value == REMOTE, swedish_sort_key(choice.label))
        )

    @property
    def with_places_left(self) -> int:
        return sum(each.has_places for each in self._fitting([name for name in _NAMES if name != "places_left"]))

    @property
    def entries(self) -> list[Entry]:
        """The courses in Swedish order: with a filter those that fit; without one, what can be booked comes first."""
        of_course: dict[str, list[Coming]] = {}
        for each in self._fits:
            of_course.setdefault(each.course, []).append(each)
        shown = {slug: found if self._chosen["course"] else found[:SHOWN] for slug, found in of_course.items()}
        rows = _read([each for found in shown.values() for each in found])
        entries = [
            Entry(
                course,
                [rows[each.pk] for each in shown.get(course.slug, []) if each.pk in rows],
                len(of_course.get(course.slug, [])),
                self._all_of(course) if len(of_course.get(course.slug, [])) > len(shown.get(course.slug, [])) else "",
            )
            for course in self._courses
            if course.slug in of_course or not self.is_used
        ]
        return sorted(entries, key=lambda entry: not entry.occasions)

    def _all_of(self, course: Course) -> str:
        """Without a filter the course's own page has them all; with one they are this list with the course chosen."""
        if not self.is_used:
            return reverse("course", args=[course.slug])
        return f"{reverse('courses')}?{self._query(self._chosen | {'course': course.slug})}"

    def _query(self, chosen: dict[str, str]) -> str:
        given = {name: value for name, value in chosen.items() if value}
        return urlencode(given | ({"places_left": "1"} if self.is_for_places_left else {}))

    def _choices(self, name: str) -> list[Choice]:
        among = self._fitting([each for each in _NAMES if each != name])
        counts = Counter(value for each in among for value in _VALUES[name](each))
        return [
            Choice(value, label, counts[value], value == self._chosen[name])
            for value, label in self._labels[name].items()
        ]

    def _fitting(self, names: Collection[str]) -> list[Coming]:
        wanted = [(_VALUES[name], self._chosen[name]) for name in names if self._chosen.get(name)]
        needs_places = self.is_for_places_left and "places_left" in names
        return [
            each
            for each in self._coming
            if all(value in values(each) for values, value in wanted) and (each.has_places or not needs_places)
        ]


def _read(chosen: Sequence[Coming]) -> dict[int, Row]:
    """The occasions as a list shows them, by their numbers. One query, none for none."""
    of_occasion: dict[int, list[Any]] = {}
    for pk, *day in _DAYS.ask(occasions=[each.pk for each in chosen]) if chosen else []:
        of_occasion.setdefault(pk, []).append(day)
    rows = {}
    for each in chosen:
        if days := of_occasion.get(each.pk):
            *_day, starts_at, language = days[0]
            rows[each.pk] = Row(each.pk, starts_at, language, each.places, tuple(Day(*day[:3]) for day in days))
    return rows


@lru_cache(500)
def _month_in_words(month: str, _language: str | None) -> str:
    year, number = month.split("-")
    return f"{dates.MONTHS[int(number)].capitalize()} {year}"


_VALUES: dict[str, Callable[[Coming], Iterable[str]]] = {
    "course": lambda each: (each.course,),
    "month": lambda each: (each.month,),
    "where": lambda each: each.where,
}
