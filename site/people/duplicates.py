"""Who in the whole register may be one person twice: shown to an administrator, changed by nobody here."""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from people.models import Employment, Person, Unit
from people.queries import LettersOfAddress, Likeness, compare, letters_of


@dataclass(frozen=True)
class Pair:
    """`likeness.person` is the second; units are where each is mainly employed that day."""

    first: Person
    likeness: Likeness
    units: tuple[Unit | None, Unit | None]


def possible_duplicates(*, day: dt.date) -> list[Pair]:
    """Pairs of active people with at least two signs in common, those of one unit first. Two queries in all.

    The same name alone is none: a municipality has many namesakes.
    """
    found: Any = Person.objects.filter(is_active=True).annotate(written_as=LettersOfAddress("email"))
    names = _said_twice(found, "sort_key")
    letters = _said_twice(found.exclude(written_as=""), "written_as")
    alike = list(found.filter(Q(sort_key__in=names) | Q(written_as__in=letters)).order_by("sort_key", "id"))
    held = Employment.objects.on(day).filter(person__in=[person.pk for person in alike], is_main=True)
    units = {employment.person_id: employment.unit for employment in held.select_related("unit")}
    unit_ids = {person: unit.pk for person, unit in units.items()}
    pairs: dict[tuple[int, int], Pair] = {}
    for group in _groups(alike):
        for first, second in itertools.combinations(group, 2):
            likeness = compare(first, second, unit_ids)
            if likeness.has_same_name + likeness.has_same_unit + likeness.has_like_address > 1:
                pairs[first.pk, second.pk] = Pair(first, likeness, (units.get(first.pk), units.get(second.pk)))
    return sorted(pairs.values(), key=_order)


def _order(pair: Pair) -> tuple[bool, str, int, int]:
    """Those of one unit first: namesakes' addresses are often alike, but they seldom work together."""
    return (not pair.likeness.has_same_unit, pair.first.sort_key, pair.first.pk, pair.likeness.person.pk)


def _said_twice(people: Any, name: str) -> Any:
    return people.order_by().values(name).annotate(times=Count("pk")).filter(times__gt=1).values(name)


def _groups(people: Iterable[Person]) -> list[list[Person]]:
    """Those who share a name, and those whose addresses are written alike; each group in the order of the list."""
    by_sign: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        by_sign.setdefault(("name", person.sort_key), []).append(person)
        if letters := letters_of(person.email):
            by_sign.setdefault(("letters", letters), []).append(person)
    return [group for group in by_sign.values() if len(group) > 1]
