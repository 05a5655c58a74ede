"""The latest migrations on a filled database: back and forth with rows in every table that they touch.

In one transaction, which PostgreSQL takes back with everything in it.
"""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from courses.models import AgendaItem, Booking, BookingEvent, LeaderEntry, Occasion
from courses.services.booking import book_place, cancel_booking
from courses.services.telling import tell_news

pytestmark = pytest.mark.long

BEFORE = ("courses", "0021_leaders_entries_are_held_alike")
# What the migrations after that touch, and the columns that they add.
TABLES = {
    "courses_leaderentry": ["is_held"],
    "courses_booking": ["to_judge"],
    "courses_bookingevent": [],
    "courses_agendaitem": ["document_id", "file_hash"],
}


def rows(*, as_before):
    found = {}
    with connection.cursor() as cursor:
        for table, added in TABLES.items():
            left_out = added if as_before else []
            cursor.execute(
                f"SELECT (to_jsonb(row) - %s::text[])::text FROM {table} row ORDER BY id",
                [left_out],
            )
            found[table] = [line for (line,) in cursor.fetchall()]
    return found


def migrate(*targets):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL changes no table that still has some to look at
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


@pytest.fixture
def filled(occasion, cast, now):
    booking, _created = book_place(occasion, person=cast.employee, now=now)
    other, _created = book_place(occasion, person=cast.colleague, now=now)
    cancel_booking(other, by=cast.colleague, now=now)
    Occasion.objects.update(leaders_to_tell=True)
    tell_news(now=now)
    AgendaItem.objects.create(session=occasion.sessions.first(), starts_after=0, what="Kaffe")
    return booking


def test_they_keep_every_row_back_and_forth_and_fill_what_they_add(filled):
    before, whole = rows(as_before=True), rows(as_before=False)
    assert all(before.values())
    migrate(BEFORE)
    assert rows(as_before=False) == before
    migrate()
    assert rows(as_before=False) == whole
    assert not Booking.objects.filter(to_judge=True).exists()
    assert not LeaderEntry.objects.filter(is_held=False).exists()
    assert AgendaItem.objects.get().file_hash == ""
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        BookingEvent.objects.update(why="Annat")
