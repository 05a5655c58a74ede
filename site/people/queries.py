"""What is known about people."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

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


_UNITS_DOWNWARD = """
    WITH RECURSIVE downward AS (
        SELECT id FROM people_unit WHERE id = ANY(%s)
        UNION
        SELECT u.id FROM downward JOIN people_unit u ON u.parent_id = downward.id
    )
    SELECT id FROM downward ORDER BY id
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
