"""The catalogue's filters: what a reader asked for, what fits, and how many each other choice would leave.

All coming occasions are in memory when this begins (two queries), so every count is exact and costs no query.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils import dates, timezone
from django.utils.translation import gettext as _

from courses.models import Occasion
from courses.queries import places_of
from shared.sorting import swedish_sort_key

# Where: no name of a place, as a place can't begin with a colon in the address that we make of it.
REMOTE = ":remote"
_NAMES = ("course", "month", "where", "places_left")


@dataclass(frozen=True)
class Choice:
    """One answer to a filter's question. `count`: how many occasions there would be, the other filters as they are."""

    value: str
    label: str
    count: int
    is_chosen: bool


class Catalogue:
    """What was asked for by a plain GET, and the occasions that fit. What can't be read is left out of account."""

    def __init__(self, asked: Any, *, occasions: Sequence[Occasion]) -> None:
        self._occasions = occasions
        self.is_for_places_left = asked.get("places_left", "") in {"1", "true", "on"}
        self._labels: dict[str, dict[str, str]] = {
            "course": {occasion.course.slug: occasion.course.name for occasion in occasions},
            "month": {month_of(occasion): _month_in_words(occasion) for occasion in occasions},
            "where": _places(occasions),
        }
        self._chosen = {
            name: value if (value := asked.get(name, "")) in labels else "" for name, labels in self._labels.items()
        }
        self.chosen = self._fitting(_NAMES)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to choose among."""
        return bool(self._occasions)

    @property
    def is_used(self) -> bool:
        return self.is_for_places_left or any(self._chosen.values())

    @property
    def query(self) -> str:
        """The address of this choice, without what is not chosen: what a reader may share."""
        chosen = {name: value for name, value in self._chosen.items() if value}
        return urlencode(chosen | ({"places_left": "1"} if self.is_for_places_left else {}))

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
        return sum(1 for each in self._fitting([name for name in _NAMES if name != "places_left"]) if _has_places(each))

    def _choices(self, name: str) -> list[Choice]:
        among = self._fitting([each for each in _NAMES if each != name])
        tests = _TESTS[name]
        return [
            Choice(value, label, sum(tests(occasion, value) for occasion in among), value == self._chosen[name])
            for value, label in self._labels[name].items()
        ]

    def _fitting(self, names: Collection[str]) -> list[Occasion]:
        wanted = {name: self._chosen[name] for name in names if self._chosen.get(name)}
        needs_places = self.is_for_places_left and "places_left" in names
        return [
            occasion
            for occasion in self._occasions
            if all(_TESTS[name](occasion, value) for name, value in wanted.items())
            and (not needs_places or _has_places(occasion))
        ]


def month_of(occasion: Occasion) -> str:
    return f"{timezone.localtime(occasion.starts_at):%Y-%m}"


def _month_in_words(occasion: Occasion) -> str:
    starts = timezone.localtime(occasion.starts_at)
    return f"{dates.MONTHS[starts.month].capitalize()} {starts.year}"


def _has_places(occasion: Occasion) -> bool:
    return bool(places_of(occasion).left)


def _where(occasion: Occasion) -> set[str]:
    """The rooms of the occasion's days; a day that has none is held remotely."""
    return {session.place or REMOTE for session in occasion.sessions.all()}


def _places(occasions: Sequence[Occasion]) -> dict[str, str]:
    found = sorted({place for occasion in occasions for place in _where(occasion)})
    return {place: _("Remotely") if place == REMOTE else place for place in found}


_TESTS: dict[str, Callable[[Occasion, str], bool]] = {
    "course": lambda occasion, slug: occasion.course.slug == slug,
    "month": lambda occasion, month: month_of(occasion) == month,
    "where": lambda occasion, place: place in _where(occasion),
}
