"""What is known about people."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Func, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from people.models import ApiToken, Employment, Person, Unit


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
    """Why two people of the register may be one. Namesakes alone are none: a municipality has many."""

    person: Person
    has_same_name: bool
    has_same_unit: bool
    has_like_address: bool


def who_else(people: Sequence[Person], *, day: dt.date) -> dict[int, list[Likeness]]:
    """Of each person, who in the register may be the same: two signs, or one beside another of those asked about.

    Two queries, however many. Signs: the same name; the same unit that day; the same letters before the @.
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
            if sign.has_same_name + sign.has_same_unit + sign.has_like_address > 1 or other.pk in asked:
                likenesses.setdefault(person.pk, []).append(sign)
    return likenesses


def compare(person: Person, other: Person, units: dict[int, int]) -> Likeness:
    return Likeness(
        other,
        has_same_name=person.sort_key == other.sort_key,
        has_same_unit=units.get(person.pk) is not None and units.get(person.pk) == units.get(other.pk),
        has_like_address=letters_of(person.email) == letters_of(other.email) != "",
    )


def letters_of(address: str) -> str:
    """Of "elin.ek2@skarvik.example": "elinek". What is too short to say anything: nothing."""
    letters = re.sub("[^a-z]", "", address.lower().partition("@")[0])
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
        SELECT e.person_id, u.parent_id, u.manager_id
        FROM people_employment e JOIN people_unit u ON u.id = e.unit_id
        WHERE e.is_main AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on >= %s)
        AND COALESCE(u.administration_id, u.id) IN (
            SELECT COALESCE(administration_id, id) FROM people_unit WHERE manager_id = %s
        )
        UNION
        SELECT upward.person_id, u.parent_id, u.manager_id
        FROM upward JOIN people_unit u ON u.id = upward.parent_id
        WHERE upward.manager_id IS NULL OR upward.manager_id = upward.person_id
    )
    SELECT person_id FROM upward WHERE manager_id = %s AND person_id <> %s
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
