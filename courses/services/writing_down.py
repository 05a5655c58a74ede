"""Many marks at once, typed in from paper or read from a file: all of them, or none."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Booking, Occasion, Session
from courses.services.attendance import Tap, lock_all_marked, mark_attendance
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Written:
    """A mark as someone wrote it, and the last mark that the page had shown of it."""

    booking: int
    session: int
    state: str
    minutes: int | None = None
    based_on: uuid.UUID | None = None


class NotWritten(Exception):  # noqa: N818 - what the page says, no fault of the program
    """Nothing was written: `sentences` says why, by the number of the mark in the list."""

    def __init__(self, sentences: dict[int, str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


def write_down(
    occasion: Occasion, marks: Sequence[Written], *, by: Person, now: dt.datetime, source: str, why: str = ""
) -> int:
    """Answers how many it changed; raises NotWritten, with a sentence for each mark that a rule refuses.

    `why` is the reason of every correction among them.
    """
    bookings = Booking.objects.filter(occasion=occasion).in_bulk({mark.booking for mark in marks})
    sessions = Session.objects.filter(occasion=occasion).in_bulk({mark.session for mark in marks})
    sentences: dict[int, str] = {}
    changed = 0
    with transaction.atomic():
        lock_all_marked(bookings)
        for number, mark in enumerate(marks):
            tap = Tap(uuid.uuid4(), mark.based_on)
            if mark.session not in sessions:
                sentences[number] = _("The course day is no longer part of the occasion.")
                continue
            try:
                with transaction.atomic():
                    attendance = mark_attendance(
                        bookings[mark.booking], sessions[mark.session], state=mark.state, minutes=mark.minutes,
                        by=by, now=now, tap=tap, source=source, why=why,
                    )  # fmt: skip
            except RuleBroken as broken:
                sentences[number] = str(broken.sentence)
            else:
                changed += attendance.marked_at == now and attendance.marked_by_id == by.pk
        if sentences:
            transaction.set_rollback(True)
    if sentences:
        raise NotWritten(sentences)
    return changed
