"""Marks of attendance that come in a list, from a page that may have been without network when they were made."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Attendance, AttendanceChange, Booking, Session
from courses.services.attendance import Tap, lock_marked, mark_attendance
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Mark:
    tap: Tap
    booking: int
    state: str
    minutes: int | None = None
    why: str = ""
    # Of several that one press made, so that they can be undone together.
    press: uuid.UUID | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a mark. `result`: done, known (it arrived before), same (it stood so already), lost (someone has
    marked since), refused. `stands` names the mark that stands now."""

    mark: uuid.UUID
    result: str
    stands: uuid.UUID | None = None
    code: str = ""
    says: str = ""


def take_marks(session: Session, marks: Sequence[Mark], *, by: Person, now: dt.datetime) -> list[Outcome]:
    """Each mark is an act of its own: one that is refused keeps none of the others out. The answers in their order.

    Of two marks for the same person the later may be based on the earlier, also where that one changed nothing.
    """
    bookings = Booking.objects.filter(occasion=session.occasion_id).in_bulk({mark.booking for mark in marks})
    stands_for: dict[uuid.UUID, uuid.UUID | None] = {}
    outcomes = []
    for mark in marks:
        based_on = mark.tap.based_on
        if based_on in stands_for:
            mark = replace(mark, tap=replace(mark.tap, based_on=stands_for[based_on]))  # noqa: PLW2901 - the same mark
        outcome = _take(mark, bookings.get(mark.booking), session, by=by, now=now)
        if outcome.result == "same":
            stands_for[outcome.mark] = outcome.stands
        outcomes.append(outcome)
    return outcomes


def _take(mark: Mark, booking: Booking | None, session: Session, *, by: Person, now: dt.datetime) -> Outcome:
    name = mark.tap.mark
    if booking is None:
        return Outcome(name, "refused", code="not_booked", says=_("Only someone who is booked can be marked."))
    try:
        with transaction.atomic():
            lock_marked(booking)
            was_known = AttendanceChange.objects.filter(mark=name).exists()
            attendance = mark_attendance(
                booking, session, state=mark.state, minutes=mark.minutes, why=mark.why, by=by, now=now, tap=mark.tap,
                press=mark.press,
            )  # fmt: skip
    except RuleBroken as broken:
        result = "lost" if broken.code == "newer_mark" else "refused"
        stands = _last_mark(Attendance.with_taken_back.filter(booking=booking, session=session).first())
        return Outcome(name, result, stands=stands, code=broken.code, says=str(broken.sentence))
    stands = _last_mark(attendance)
    return Outcome(name, "known" if was_known else "done" if stands == name else "same", stands=stands)


def _last_mark(attendance: Attendance | None) -> uuid.UUID | None:
    last = attendance.changes.last() if attendance is not None else None
    return last.mark if last is not None else None
