"""A reader's marks."""

import datetime as dt

from guide.models import ReadingMark, ReadingPage
from people.models import Person


def mark_read(page: ReadingPage, *, person: Person, now: dt.datetime) -> None:
    """The first mark stands: reading a page again does not change when it was read."""
    ReadingMark.objects.bulk_create(
        [ReadingMark(person=person, translation_key=page.translation_key, read_at=now)], ignore_conflicts=True
    )


def mark_unread(page: ReadingPage, *, person: Person) -> None:
    ReadingMark.objects.filter(person=person, translation_key=page.translation_key).delete()
