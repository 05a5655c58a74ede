"""What is known about people."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from people.models import ApiToken, Person


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
