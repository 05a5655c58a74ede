"""What is known about people."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Func, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from people.models import ApiToken, Employment, Person, ToldApart, Unit


def working_tokens(person: Person, *, now: dt.datetime) -> QuerySet[ApiToken]:
    """The person's keys to the API that open something now, newest first."""
    return person.api_keys.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


def with_right(right: str) -> QuerySet[Person]:
    """Who may log in and has the right ("courses.take_attendance") by a role, in Swedish order."""
    room, _dot, codename = right.partition(".")
    by_role = Person.objects.filter(
        groups__permissions__codename=codename, groups__permissions__content_type__app_label=room, is_active=True
    )
    return by_role.distinct().order_by("sort_key", "id")


def units_of(people: Iterable[int], *, day: dt.date) -> dict[int, frozenset[int]]:
    """Of each person, every unit that the person is in that day: the employments' units and all above them.

    One query, however many people and however deep the tree. Someone without an employment that day is in none.
    """
    asked = list(people)
    with connection.cursor() as cursor:
        cursor.execute(_UNITS_UPWARD, [asked, day, day])
        found = {person: frozenset(units) for person, units in cursor.fetchall()}
    return {person: found.get(person, frozenset()) for person in asked}


def units_below(units: Iterable[int]) -> list[int]:
    """The units themselves and all below them, however deep: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS_DOWNWARD, [list(units)])
        return [pk for (pk,) in cursor.fetchall()]


def people_of(unit: Unit, *, day: dt.date) -> QuerySet[Person]:
    """Who works in the unit, or in one below it, that day, in Swedish order."""
    employed = Employment.objects.on(day).filter(unit__in=units_below([unit.pk]))
    return Person.objects.filter(pk__in=employed.values("person"), is_active=True).order_by("sort_key", "id")


def manager_of(unit: Unit) -> Person | None:
    """The unit's manager, or the nearest one above; None when nobody is known."""
    above: Unit | None = unit
    while above is not None:
        if above.manager is not None and above.manager.is_active:
            return above.manager
        above = above.parent
    return None


@dataclass(frozen=True)
class Likeness:
    """Why two people of the register may be one."""

    person: Person
    has_same_name: bool
    has_same_unit: bool
    has_like_address: bool
    # The same before the @, figures and all, in two domains.
    has_same_account: bool
    # HR has a number for the one of them alone.
    is_known_once: bool

    @property
    def is_likely(self) -> bool:
        """Two signs that say something beside each other (docs/decisions/0066).

        Addresses are made from names, so a namesake's is like by itself: it says something only under another name.
        """
        if self.has_same_name:
            return self.has_same_unit or self.is_known_once or self.has_same_account
        return self.has_same_account or (self.has_like_address and self.has_same_unit)


def who_else(people: Sequence[Person], *, day: dt.date) -> dict[int, list[Likeness]]:
    """Of each person, who in the register may be the same: what is likely, or one sign beside another asked about.

    Three queries, however many. Whoever has been told apart from the person is not named.
    """
    asked = {person.pk for person in people}
    named = {person.sort_key for person in people}
    written = {letters_of(person.email) for person in people} - {""}
    found = Person.objects.filter(is_active=True).annotate(written_as=LettersOfAddress("email"))
    alike = list(found.filter(Q(sort_key__in=named) | Q(written_as__in=written)).order_by("id"))
    concerned = asked | {other.pk for other in alike}
    units = dict(
        Employment.objects.on(day).filter(person__in=concerned, is_main=True).values_list("person_id", "unit_id")
    )
    two = told_apart(concerned)
    by_sign: dict[tuple[str, str], list[Any]] = {}
    for other in alike:
        by_sign.setdefault(("name", other.sort_key), []).append(other)
        by_sign.setdefault(("letters", letters_of(other.email)), []).append(other)
    likenesses: dict[int, list[Likeness]] = {}
    for person in people:
        letters = letters_of(person.email)
        others = by_sign.get(("name", person.sort_key), []) + (by_sign.get(("letters", letters), []) if letters else [])
        for other in {each.pk: each for each in others if each.pk != person.pk}.values():
            sign = compare(person, other, units)
            if (sign.is_likely or other.pk in asked) and pair_of(person.pk, other.pk) not in two:
                likenesses.setdefault(person.pk, []).append(sign)
    return likenesses


def told_apart(people: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs among these that somebody has looked at and found to be two people."""
    asked = list(people)
    rows = ToldApart.objects.filter(taken_back_at=None, first__in=asked, second__in=asked)
    return set(rows.order_by().values_list("first_id", "second_id"))


def pair_of(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def compare(person: Person, other: Person, units: dict[int, int]) -> Likeness:
    return Likeness(
        other,
        has_same_name=person.sort_key == other.sort_key,
        has_same_unit=units.get(person.pk) is not None and units.get(person.pk) == units.get(other.pk),
        has_like_address=letters_of(person.email) == letters_of(other.email) != "",
        has_same_account=account_of(person.email) == account_of(other.email) and letters_of(person.email) != "",
        is_known_once=(person.employee_id is None) != (other.employee_id is None),
    )


def account_of(address: str) -> str:
    """Of "Elin.Ek2@skarvik.example": "elin.ek2"."""
    return address.lower().partition("@")[0]


def letters_of(address: str) -> str:
    """Of "elin.ek2@skarvik.example": "elinek". What is too short to say anything: nothing."""
    letters = re.sub("[^a-z]", "", account_of(address))
    return letters if len(letters) > 4 else ""


class LettersOfAddress(Func):
    template = "regexp_replace(split_part(lower(%(expressions)s), '@', 1), '[^a-z]', '', 'g')"
    output_field = TextField()


_UNITS_DOWNWARD = """
    WITH RECURSIVE downward AS (
        SELECT id FROM people_unit WHERE id = ANY(%s)
        UNION
        SELECT u.id FROM downward JOIN people_unit u ON u.parent_id = downward.id
    )
    SELECT id FROM downward ORDER BY id
"""


def nearest_reports(manager: Person, *, day: dt.date) -> RawSQL:
    """The ids of those whose nearest manager up the tree, other than themselves, this person is that day.

    For `person_id__in=`: climbs from every main employment of the manager's administrations until a manager is met.
    """
    return RawSQL(_NEAREST_REPORTS, [day, day, manager.pk, manager.pk, manager.pk])  # noqa: S611 - no words from outside


_NEAREST_REPORTS = """
    WITH RECURSIVE upward AS (
        SELECT e.person_id, u.parent_id, m.id AS manager_id
        FROM people_employment e JOIN people_unit u ON u.id = e.unit_id
        LEFT JOIN people_person m ON m.id = u.manager_id AND m.is_active
        WHERE e.is_main AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on >= %s)
        AND COALESCE(u.administration_id, u.id) IN (
            SELECT COALESCE(administration_id, id) FROM people_unit WHERE manager_id = %s
        )
        UNION
        SELECT upward.person_id, u.parent_id, m.id
        FROM upward JOIN people_unit u ON u.id = upward.parent_id
        LEFT JOIN people_person m ON m.id = u.manager_id AND m.is_active
        WHERE upward.manager_id IS NULL OR upward.manager_id = upward.person_id
    )
    SELECT person_id FROM upward WHERE manager_id = %s AND person_id <> %s
"""


def without_manager(people: Iterable[int], *, day: dt.date) -> set[int]:
    """Of these people, those for whom climbing the tree from the main employment meets no manager but themselves."""
    asked = set(people)
    with connection.cursor() as cursor:
        cursor.execute(_WITH_MANAGER, [list(asked), day, day])
        return asked - {pk for (pk,) in cursor.fetchall()}


_WITH_MANAGER = """
    WITH RECURSIVE upward AS (
        SELECT e.person_id, u.parent_id, m.id AS manager_id
        FROM people_employment e JOIN people_unit u ON u.id = e.unit_id
        LEFT JOIN people_person m ON m.id = u.manager_id AND m.is_active
        WHERE e.is_main AND e.person_id = ANY(%s) AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on >= %s)
        UNION
        SELECT upward.person_id, u.parent_id, m.id
        FROM upward JOIN people_unit u ON u.id = upward.parent_id
        LEFT JOIN people_person m ON m.id = u.manager_id AND m.is_active
        WHERE upward.manager_id IS NULL OR upward.manager_id = upward.person_id
    )
    SELECT person_id FROM upward WHERE manager_id <> person_id
"""

_UNITS_UPWARD = """
    WITH RECURSIVE upward AS (
        SELECT e.person_id, u.id, u.parent_id
        FROM people_employment e JOIN people_unit u ON u.id = e.unit_id
        WHERE e.person_id = ANY(%s) AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on >= %s)
        UNION
        SELECT upward.person_id, u.id, u.parent_id FROM upward JOIN people_unit u ON u.id = upward.parent_id
    )
    SELECT person_id, array_agg(id) FROM upward GROUP BY person_id
"""
