"""What there is in the database, read past the models and services."""

from django.db import connection

from people.models import Person


def make_someone(name):
    """Nobody logs in here: a password would take longer to hash than a step to take."""
    return Person.objects.create(email=f"{name}@skarvik.example".replace(" ", "."), given_name=name)


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


# Whole rows: what no assertion names must be as it was too. Of what never changes, or is large, that it is there.
KEPT = {
    f"courses_{table}": "row::text"
    for table in (
        "booking", "bookingevent", "offer", "occasion", "session", "reservation", "madeupday", "bookingneeds",
        "attendance", "attendancechange", "completion", "calendarentry", "occasion_administrations", "leaderentry",
        "occasion_facilitators", "roomcode", "presenceclaim", "task", "handin", "handinpiece", "interest",
    )
} | {"courses_certificate": "concat(number, superseded_at, withdrawn_at)", "letters_letter": "key"}  # fmt: skip
EVERYTHING = " UNION ALL ".join(f"SELECT '{table}', {what} FROM {table} row" for table, what in KEPT.items())


def everything():
    return sorted(rows(EVERYTHING))
