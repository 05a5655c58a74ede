"""The occasion's lock, and what is seen under it.

Booking is what 500 people do at once, and everyone behind the lock waits for what is done under it. So the three
statements of a booking are written out here and in `states`: the ORM takes several times as long to compose them
as PostgreSQL to answer.
"""

from dataclasses import dataclass
from functools import cache

from django.db import connection

from courses.models import Booking, Course, Occasion
from courses.rules import Places
from courses.services.limits import open_reservations
from people.models import Person
from shared.rows import columns_of, split_rows


@cache
def _lock_statement() -> str:
    return (
        f"SELECT {columns_of(Occasion, 'o')}, {columns_of(Course, 'c')} "  # noqa: S608 - names come from the models
        "FROM courses_occasion o JOIN courses_course c ON c.id = o.course_id WHERE o.id = %s FOR NO KEY UPDATE OF o"
    )


def lock_occasion(pk: int) -> Occasion:
    """Everything that makes a place scarcer or freer passes here first, and looks only afterwards.

    NO KEY UPDATE: letters, attendance and reading are not stopped, only others who count places.
    """
    with connection.cursor() as cursor:
        cursor.execute(_lock_statement(), [pk])
        row = cursor.fetchone()
    if row is None:
        raise Occasion.DoesNotExist
    occasion, course = split_rows(row, Occasion, Course)
    occasion.course = course
    return occasion


def lock_occasions(*pks: int) -> dict[int, Occasion]:
    """Several locks, always in the order of their ids: two who lock the same ones never wait for each other."""
    return {pk: lock_occasion(pk) for pk in sorted(set(pks))}


def occasions_of(booking: Booking) -> list[int]:
    """The occasion of a booking, and that of the booking it replaces: both places change hands at once.

    Which one it replaces is set when it is made and never changes, so it can be read before any lock.
    """
    if not booking.replaces_id:
        return [booking.occasion_id]
    replaced = Booking.objects.filter(pk=booking.replaces_id).values_list("occasion_id", flat=True)
    return [booking.occasion_id, *replaced]


def lock_booking(booking: Booking) -> tuple[Booking, Occasion]:
    """The lock of every occasion concerned, then the booking as it is now.

    The booking's own row is locked last: whoever takes attendance locks nothing else.
    """
    locked = lock_occasions(*occasions_of(booking))
    rows = Booking.objects.select_related("person").select_for_update(of=("self",), no_key=True)
    fresh = rows.get(pk=booking.pk)
    fresh.occasion = locked[fresh.occasion_id]
    if fresh.replaces_id:
        fresh.replaces = rows.get(pk=fresh.replaces_id)
        fresh.replaces.occasion = locked[fresh.replaces.occasion_id]
    return fresh, fresh.occasion


@dataclass(frozen=True)
class Look:
    places: Places
    own_booking_id: int | None


def look_at_places(occasion: Occasion, *, person: Person | None = None, and_reserved: bool = True) -> Look:
    """One query: what is held, who waits, and whether the person already has a live booking.

    A second one where units keep places, unless the caller looks at those by itself (`and_reserved`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state <> %s), count(*) FILTER (WHERE state = %s), "
            "max(id) FILTER (WHERE person_id = %s) FROM courses_booking WHERE occasion_id = %s AND state = ANY(%s)",
            [*[Booking.State.WAITING.value] * 2, person.pk if person else None, occasion.pk, _LIVE],
        )
        held, waiting, own = cursor.fetchone()
    reserved = _reserved_and_unused(occasion) if occasion.is_limited and and_reserved else 0
    return Look(
        places=Places(places=occasion.places, held=held, waiting=waiting, reserved=reserved), own_booking_id=own
    )


def _reserved_and_unused(occasion: Occasion) -> int:
    return sum(max(row.places - row.used, 0) for row in open_reservations(occasion))


_LIVE = [state.value for state in Booking.LIVE]
assert set(Booking.LIVE) - set(Booking.HOLDING) == {Booking.State.WAITING}
