"""A reader's marks."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from guide.models import LineTick, ReadingMark, ReadingPage, ReadingPlace, StepPage
from guide.progress import lines_of
from people.models import Person


def mark_read(page: ReadingPage, *, person: Person, now: dt.datetime) -> None:
    """The first mark stands: reading a page again does not change when it was read."""
    ReadingMark.objects.bulk_create(
        [ReadingMark(person=person, translation_key=page.translation_key, read_at=now)], ignore_conflicts=True
    )


def mark_unread(page: ReadingPage, *, person: Person) -> None:
    ReadingMark.objects.filter(person=person, translation_key=page.translation_key).delete()


@transaction.atomic
def tick_lines(
    step: StepPage, *, person: Person, ticked: Iterable[UUID], unticked: Iterable[UUID], now: dt.datetime
) -> int:
    """Say how lines of the step's checklist stand; lines that aren't named stay as they are.

    Answers how many of the named lines the page has: others are left alone. Saying the same twice changes nothing.
    """
    known = set(lines_of(step))
    on, off = known.intersection(ticked), known.intersection(unticked)
    LineTick.objects.bulk_create(
        [LineTick(person=person, translation_key=step.translation_key, line=line, ticked_at=now) for line in on],
        ignore_conflicts=True,
    )
    LineTick.objects.filter(person=person, translation_key=step.translation_key, line__in=off - on).delete()
    return len(on | off)


def note_opened(page: ReadingPage, *, person: Person, now: dt.datetime) -> None:
    """Remember where the reader is: one row a person, one question to the database."""
    ReadingPlace.objects.bulk_create(
        [ReadingPlace(person=person, translation_key=page.translation_key, opened_at=now)],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["translation_key", "opened_at"],
    )
