"""Who may see which figures, and which figures are too small to show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from insight.figures import Figure
from insight.queries import units_managed_by
from people.models import Person

SMALLEST_GROUP = 5

VIEW_HEADCOUNT = "insight.view_headcount"
VIEW_PEOPLE = "insight.view_people"


@dataclass(frozen=True)
class Sight:
    """What one reader may see: the whole municipality, or some units only; small groups and people, or not."""

    sees_everything: bool = False
    sees_people: bool = False
    units: tuple[int, ...] = ()

    @property
    def sees_anything(self) -> bool:
        return self.sees_everything or bool(self.units)


def sight_of(reader: Person | AnonymousUser) -> Sight:
    """HR sees all; who has the right to the figures sees all but small groups; a manager the own units."""
    if not isinstance(reader, Person):
        return Sight()
    if reader.has_perm(VIEW_HEADCOUNT):
        return Sight(sees_everything=True, sees_people=reader.has_perm(VIEW_PEOPLE))
    return Sight(units=tuple(units_managed_by(reader)))


def hide_small_groups(rows: Sequence[Figure], whole: Figure) -> tuple[list[Figure], Figure]:
    """The same figures with those of small groups hidden, and no more hidden than keeps them so.

    A group is small when it is one to four people: the employees, the trained among them, or those who are not.
    One hidden figure alone could be found by subtracting the others from the whole, so the next smallest goes with
    it, and one more as long as the hidden ones together are a small group. Where no row is left, the whole goes too.
    """
    employees, whole_employees = _choose_hidden([[row.employees or 0] for row in rows], set())
    trained, whole_trained = _choose_hidden([_groups(row) for row in rows], employees)
    shown = [row.hiding(employees=place in employees, trained=place in trained) for place, row in enumerate(rows)]
    return shown, whole.hiding(
        employees=whole_employees or _is_small(whole.employees or 0),
        trained=whole_trained or any(map(_is_small, _groups(whole))),
    )


def _groups(figure: Figure) -> list[int]:
    employees, trained = figure.employees or 0, figure.trained or 0
    return [employees, trained, employees - trained]


def _is_small(people: int) -> bool:
    return 0 < people < SMALLEST_GROUP


def _choose_hidden(groups: Sequence[Sequence[int]], already: set[int]) -> tuple[set[int], bool]:
    """The places to hide, and whether the whole must be hidden too because no row is left to hide behind."""
    hidden = already | {place for place, row in enumerate(groups) if any(map(_is_small, row))}
    rest = sorted(set(range(len(groups))) - hidden, key=lambda place: (min(groups[place]), max(groups[place])))

    def can_be_found() -> bool:
        together = [sum(people) for people in zip(*(groups[place] for place in hidden), strict=True)]
        return bool(hidden) and (len(hidden) == 1 or min(together) < SMALLEST_GROUP)

    while rest and can_be_found():
        hidden.add(rest.pop(0))
    return hidden, can_be_found()


def thin_out(points: Sequence[tuple[object, int]]) -> list[tuple[object, int]]:
    """A growing curve without the steps that would show a small group."""
    kept: list[tuple[object, int]] = []
    for when, people in points:
        if not _is_small(people - (kept[-1][1] if kept else 0)):
            kept.append((when, people))
    return kept
