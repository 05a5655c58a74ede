"""Who in the whole register may be one person twice: shown to an administrator, changed by nobody here.

What makes a pair likely is said by `Likeness.is_likely`; what is asked of the database only finds who to compare.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, TextField, Value, Window
from django.db.models.functions import Lower, NullIf, StrIndex, Substr

from people.models import Employment, Person, ToldApart, Unit
from people.queries import LettersOfAddress, Likeness, account_of, compare, letters_of, pair_of, told_apart


@dataclass(frozen=True)
class Pair:
    """`likeness.person` is the second; units are where each is mainly employed that day."""

    first: Person
    likeness: Likeness
    units: tuple[Unit | None, Unit | None]


def possible_duplicates(*, day: dt.date) -> list[Pair]:
    """Pairs of active people who are likely to be one and have not been told apart, those of one unit first.

    Three queries in all, however many people.
    """
    alike = list(_worth_comparing(day))
    held = Employment.objects.on(day).filter(person__in=[person.pk for person in alike], is_main=True)
    units = {employment.person_id: employment.unit for employment in held.select_related("unit")}
    unit_ids = {person: unit.pk for person, unit in units.items()}
    two = told_apart([person.pk for person in alike])
    pairs: dict[tuple[int, int], Pair] = {}
    for group in _groups(alike):
        for first, second in itertools.combinations(group, 2):
            likeness, key = compare(first, second, unit_ids), pair_of(first.pk, second.pk)
            if likeness.is_likely and key not in two:
                pairs.setdefault(key, Pair(first, likeness, (units.get(first.pk), units.get(second.pk))))
    return sorted(pairs.values(), key=_order)


def pairs_told_apart() -> Any:
    """All that was ever said, the newest first: also what was taken back."""
    return ToldApart.objects.select_related("first", "second", "by", "taken_back_by")


def _worth_comparing(day: dt.date) -> Any:
    """Those who share a name or an address's letters with someone of their unit, an account's name with anyone, or
    a name with someone whom HR does not know. Counted beside each row, so that a big register is read once."""
    held = Employment.objects.on(day).filter(person=OuterRef("pk"), is_main=True)
    people = Person.objects.filter(is_active=True).annotate(
        works_in=Subquery(held.values("unit")[:1]),
        written_as=NullIf(LettersOfAddress("email"), Value("", output_field=TextField())),
        account=Substr(Lower("email"), 1, StrIndex("email", Value("@")) - 1, output_field=TextField()),
    )
    counted = people.annotate(
        of_name_here=Window(Count("works_in"), partition_by=[F("works_in"), F("sort_key")]),
        of_letters_here=Window(Count("works_in"), partition_by=[F("works_in"), F("written_as")]),
        of_account=Window(Count("pk"), partition_by=[F("account")]),
        of_name=Window(Count("pk"), partition_by=[F("sort_key")]),
        of_name_unknown=Window(Count("pk", filter=Q(employee_id=None)), partition_by=[F("sort_key")]),
    )
    return counted.filter(
        Q(of_name_here__gt=1) | Q(of_letters_here__gt=1) | Q(of_account__gt=1) | Q(of_name__gt=1, of_name_unknown__gt=0)
    ).order_by("sort_key", "id")


def _order(pair: Pair) -> tuple[bool, str, int, int]:
    return (not pair.likeness.has_same_unit, pair.first.sort_key, pair.first.pk, pair.likeness.person.pk)


def _groups(people: Iterable[Person]) -> list[list[Person]]:
    """Those who share a name, the letters of an address, or an account's name; each in the order of the list."""
    by_sign: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        signs = [("name", person.sort_key), ("account", account_of(person.email))]
        if letters := letters_of(person.email):
            signs.append(("letters", letters))
        for sign in signs:
            by_sign.setdefault(sign, []).append(person)
    return [group for group in by_sign.values() if len(group) > 1]
