"""Writes a large municipality with COPY: 100,000 employees, 1,000,000 bookings with their logs and completions.

Run inside the site (`manage.py shell` is not needed): `python script/benches/big_data.py`. Into a database of its own,
prepared and otherwise empty; the keys of foreign rows hold by construction, so they are not checked row by row.
"""

import datetime as dt
import random
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import django

django.setup()

from django.db import connection

EMPLOYEES = 100_000
BOOKINGS = 1_000_000
SEATS = 25
OCCASIONS = BOOKINGS // SEATS
COURSES = 20
ADMINISTRATIONS, DEPARTMENTS, UNITS = 12, 8, 12
DAYS = 3650
TODAY = dt.datetime.now(dt.UTC).date()
FIRST = TODAY - dt.timedelta(days=DAYS + 30)

Line = tuple[Any, ...]


def main() -> None:
    began = time.monotonic()
    chance = random.Random("stort")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET session_replication_role = replica")
        for table, columns, lines in _tables(chance):
            _copy(cursor, table, columns, lines)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    print(f"{time.monotonic() - began:.1f}")


def _copy(cursor: Any, table: str, columns: str, lines: Iterable[Line]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        some: list[str] = []
        for line in lines:
            some.append("\t".join([r"\N" if value is None else str(value) for value in line]))
            if len(some) == 5000:
                copy.write("\n".join(some) + "\n")
                some = []
        if some:
            copy.write("\n".join(some) + "\n")
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _tables(chance: random.Random) -> Iterator[tuple[str, str, Iterable[Line]]]:
    yield "people_unit", "id, code, name, parent_id, administration_id, starts_on", _units()
    yield (
        "people_person",
        (
            "id, password, is_superuser, employee_id, email, given_name, family_name, language, is_active, is_staff, "
            "date_joined"
        ),
        _people(),
    )
    yield "people_employment", "person_id, unit_id, title, starts_on, ends_on, is_main", _employments(chance)
    yield (
        "courses_course",
        (
            "id, slug, title, title_en, outcome, outcome_en, audience, audience_en, hours, days, completion_rule, "
            "share_needed, needs_approval, is_listed"
        ),
        (
            (n, f"kurs-{n}", f"Kurs {n}", "", "", "", "", "", 14, 2, "every_session", 100, False, True)
            for n in _to(COURSES)
        ),
    )
    yield "insight_goal", "course_id, people, share, reach_by", [(1, 20_000, 30, f"{TODAY.year}-12-31")]
    yield (
        "courses_occasion",
        (
            "id, course_id, state, places, booking_closes_at, cancel_until, offers_until, offer_hours, language, "
            "starts_at, ends_at"
        ),
        _occasions(),
    )
    yield "courses_session", "occasion_id, uuid, title, starts_at, ends_at, place, address, link", _sessions(chance)
    yield "courses_booking", "id, occasion_id, person_id, uuid, state, created_at", _bookings(chance)
    yield "courses_bookingevent", "booking_id, state, at, by_id, why", _events()
    yield (
        "courses_completion",
        "person_id, course_id, completed_on, unit_id, booking_id, recorded_at, withdrawn_at",
        _completions(),
    )


def _to(last: int) -> range:
    return range(1, last + 1)


def _units() -> Iterator[Line]:
    number = 0
    for top in _to(ADMINISTRATIONS):
        number += 1
        administration = number
        yield number, f"F{top}", f"Förvaltning {top}", None, None, "2000-01-01"
        for part in _to(DEPARTMENTS):
            number += 1
            department = number
            yield number, f"F{top}-{part}", f"Avdelning {top}.{part}", administration, administration, "2000-01-01"
            for unit in _to(UNITS):
                number += 1
                yield number, f"F{top}-{part}-{unit}", f"Enhet {unit}", department, administration, "2000-01-01"


UNIT_COUNT = ADMINISTRATIONS * (1 + DEPARTMENTS * (1 + UNITS))


def _unit_of(person: int) -> int:
    return person * 7919 % UNIT_COUNT + 1


def _people() -> Iterator[Line]:
    for n in _to(EMPLOYEES):
        yield (
            n, "!", False, f"B{n:06}", f"person{n}@skarvik.example", f"Förnamn{n % 997}", f"Efternamn{n % 4999}", "sv",
            True, False, "2020-01-01",
        )  # fmt: skip


def _employments(chance: random.Random) -> Iterator[Line]:
    """One in ten has moved once, one in fifty has a second employment beside."""
    for n in _to(EMPLOYEES):
        began = FIRST - dt.timedelta(days=chance.randint(1, 4000))
        if n % 10 == 0:
            moved = FIRST + dt.timedelta(days=chance.randint(1, DAYS))
            yield n, _unit_of(n + 1), "", began, moved - dt.timedelta(days=1), True
            began = moved
        yield n, _unit_of(n), "", began, None, True
        if n % 50 == 0:
            yield n, _unit_of(n + 2), "", began, None, False


def _day(occasion: int) -> dt.date:
    """Evenly over ten years, the last of them some weeks ahead."""
    return FIRST + dt.timedelta(days=occasion * (DAYS + 60) // OCCASIONS)


def _occasions() -> Iterator[Line]:
    for n in _to(OCCASIONS):
        day = _day(n)
        start, end = f"{day} 08:00+00", f"{day + dt.timedelta(days=1)} 15:00+00"
        yield n, n % COURSES + 1, "open", SEATS, start, start, start, 8, "sv", start, end


def _sessions(chance: random.Random) -> Iterator[Line]:
    for n in _to(OCCASIONS):
        for later in (0, 1):
            day = _day(n) + dt.timedelta(days=later)
            name = uuid.UUID(int=chance.getrandbits(128), version=4)
            yield n, name, "", f"{day} 08:00+00", f"{day} 15:00+00", "Salen", "", ""


def _person_of(booking: int) -> int:
    """A stride without a common factor: nobody twice on one occasion. Each round over all begins elsewhere."""
    return (booking * 7_368_787 + (booking - 1) // EMPLOYEES * 12_347) % EMPLOYEES + 1


def _booked_on(occasion: int) -> str:
    return f"{_day(occasion) - dt.timedelta(days=30)} 09:00+00"


def _bookings(chance: random.Random) -> Iterator[Line]:
    for n in _to(BOOKINGS):
        occasion = (n - 1) // SEATS + 1
        name = uuid.UUID(int=chance.getrandbits(128), version=4)
        yield n, occasion, _person_of(n), name, "cancelled" if n % 12 == 0 else "booked", _booked_on(occasion)


def _events() -> Iterator[Line]:
    for n in _to(BOOKINGS):
        at = _booked_on((n - 1) // SEATS + 1)
        yield n, "booked", at, _person_of(n), ""
        if n % 12 == 0:
            yield n, "cancelled", at, _person_of(n), ""


def _completions() -> Iterator[Line]:
    """Nine of ten who were booked; one in five hundred withdrawn."""
    for n in _to(BOOKINGS):
        occasion = (n - 1) // SEATS + 1
        day = _day(occasion) + dt.timedelta(days=1)
        if n % 12 == 0 or n % 10 == 3 or day >= TODAY:
            continue
        person = _person_of(n)
        recorded = f"{day} 15:10+00"
        yield person, occasion % COURSES + 1, day, _unit_of(person), n, recorded, recorded if n % 500 == 1 else None


if __name__ == "__main__":
    main()
