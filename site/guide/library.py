"""The method library's filters: what a reader asked for, what fits, and how many each other choice would leave.

All methods are in memory when this begins (some dozens, one query), so every count is exact and costs no query.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guide.queries import MethodLink, Stop

Text = str | Promise
Fits = Callable[[MethodLink], bool]
# "Up to" these minutes; "longer" is more than the last.
MINUTES = (15, 30, 60)
LONGER = "longer"


@dataclass(frozen=True)
class Choice:
    """One answer to a filter's question. `count`: how many methods there would be, all other filters as they are."""

    value: str
    label: Text
    count: int
    is_chosen: bool

    @property
    def is_empty(self) -> bool:
        return not self.count and not self.is_chosen


@dataclass(frozen=True)
class Loosened:
    """A filter to let go of when nothing fits, and how many methods there are without it."""

    label: Text
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    method: MethodLink
    step: Stop | None


@dataclass(frozen=True)
class Library:
    rows: list[Row]
    total: int
    steps: list[Choice]
    minutes: list[Choice]
    where: list[Choice]
    preparation: list[Choice]
    people: str
    people_error: str
    is_filtered: bool
    loosened: list[Loosened] = field(default_factory=list)
    # The address of this choice, without what is not chosen.
    query: str = ""


@dataclass(frozen=True)
class Asked:
    """The filters as they were read: what makes no sense is left out of account."""

    steps: frozenset[str]
    minutes: str
    people: int | None
    where: str
    preparation: str
    people_written: str = ""
    people_error: str = ""


def read_filters(asked: MultiValueDict[str, str], stops: Iterable[Stop]) -> Asked:
    def one_of(name: str, values: Iterable[str]) -> str:
        value = asked.get(name, "")
        return value if value in set(values) else ""

    known = {str(stop.number) for stop in stops}
    written = asked.get("people", "").strip()[:20]
    people = int(written) if written.isascii() and written.isdecimal() and len(written) <= 3 else 0
    error = _("Write a whole number from 1 to 999.") if written and not people else ""
    return Asked(
        steps=frozenset(asked.getlist("step")) & known,
        minutes=one_of("minutes", [*map(str, MINUTES), LONGER]),
        people=people or None,
        where=one_of("where", ["room", "remote"]),
        preparation=one_of("preparation", ["none", "some"]),
        people_written=written,
        people_error=error,
    )


def library(methods: list[MethodLink], stops: list[Stop], asked: Asked) -> Library:
    of_step = {method.key: next((stop for stop in stops if method.path.startswith(stop.path)), None)
               for method in methods}  # fmt: skip
    tests = _tests(asked, of_step)
    fitting = [method for method in methods if all(test(method) for test in tests.values())]

    def left_by(name: str) -> list[MethodLink]:
        """What all filters but that one leave: among these its choices are counted."""
        others = [test for each, test in tests.items() if each != name]
        return [method for method in methods if all(test(method) for test in others)]

    def choices(
        name: str, labels: Mapping[str, Text], chosen: Iterable[str], test: Callable[[str], Fits]
    ) -> list[Choice]:
        among = left_by(name)
        return [
            Choice(value, label, sum(map(test(value), among)) if value else len(among), value in set(chosen))
            for value, label in labels.items()
        ]

    step_labels = {str(stop.number): f"{stop.number}. {stop.name}" for stop in stops}
    return Library(
        rows=[Row(method, of_step[method.key]) for method in fitting],
        total=len(methods),
        steps=choices("step", step_labels, asked.steps, lambda value: _in_steps({value}, of_step)),
        minutes=choices("minutes", MINUTE_LABELS, [asked.minutes], _takes),
        where=choices("where", WHERE_LABELS, [asked.where], _works),
        preparation=choices("preparation", PREPARATION_LABELS, [asked.preparation], _prepared),
        people=asked.people_written,
        people_error=asked.people_error,
        is_filtered=bool(tests),
        loosened=[] if fitting else _loosened(asked, step_labels, {name: len(left_by(name)) for name in tests}),
        query=_query(asked),
    )


MINUTE_LABELS: dict[str, Text] = {
    "": gettext_lazy("Any length"),
    **{str(most): format_lazy(gettext_lazy("At most {minutes} min"), minutes=most) for most in MINUTES},
    LONGER: gettext_lazy("More than an hour"),
}
WHERE_LABELS: dict[str, Text] = {
    "": gettext_lazy("Anywhere"),
    "room": gettext_lazy("In the room"),
    "remote": gettext_lazy("Remotely"),
}
PREPARATION_LABELS: dict[str, Text] = {
    "": gettext_lazy("With or without"),
    "none": gettext_lazy("Nothing to prepare"),
    "some": gettext_lazy("Needs preparation"),
}


def _tests(asked: Asked, of_step: Mapping[Any, Stop | None]) -> dict[str, Fits]:
    """Only the filters that are used."""
    tests: dict[str, Fits] = {}
    if asked.steps:
        tests["step"] = _in_steps(asked.steps, of_step)
    if asked.minutes:
        tests["minutes"] = _takes(asked.minutes)
    if asked.people:
        tests["people"] = _suits(asked.people)
    if asked.where:
        tests["where"] = _works(asked.where)
    if asked.preparation:
        tests["preparation"] = _prepared(asked.preparation)
    return tests


def _in_steps(numbers: Iterable[str], of_step: Mapping[Any, Stop | None]) -> Fits:
    wanted = set(numbers)
    return lambda method: (stop := of_step[method.key]) is not None and str(stop.number) in wanted


def _takes(minutes: str) -> Fits:
    if minutes == LONGER:
        return lambda method: method.minutes > MINUTES[-1]
    return lambda method: method.minutes <= int(minutes)


def _suits(people: int) -> Fits:
    return lambda method: method.people_from <= people and (method.people_to is None or people <= method.people_to)


def _works(where: str) -> Fits:
    return lambda method: method.can_be_in_room if where == "room" else method.can_be_remote


def _prepared(preparation: str) -> Fits:
    return lambda method: method.needs_preparation == (preparation == "some")


def _loosened(asked: Asked, steps: Mapping[str, Text], left: Mapping[str, int]) -> list[Loosened]:
    """The filters that alone stand in the way, the one that gives most first; where none does so alone, all of them."""
    labels: dict[str, Text] = {
        "step": ", ".join(str(steps[number]) for number in sorted(asked.steps)),
        "minutes": MINUTE_LABELS[asked.minutes],
        "people": ngettext("%(people)s person", "%(people)s people", asked.people or 0) % {"people": asked.people},
        "where": WHERE_LABELS[asked.where],
        "preparation": PREPARATION_LABELS[asked.preparation],
    }
    found = [Loosened(labels[name], count, _query(asked, without=name)) for name, count in left.items()]
    return sorted((each for each in found if each.count), key=lambda each: -each.count)


def _query(asked: Asked, *, without: str = "") -> str:
    query: dict[str, Any] = {
        "step": sorted(asked.steps), "minutes": asked.minutes, "people": asked.people or asked.people_written,
        "where": asked.where, "preparation": asked.preparation,
    }  # fmt: skip
    return urlencode({name: value for name, value in query.items() if value and name != without}, doseq=True)
