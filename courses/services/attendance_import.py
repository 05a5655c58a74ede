"""Attendance out of a file: what each line would do is shown first; then all of it is done, or nothing."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from courses.attendance_file import Cell, Entry, read_entries, state_of
from courses.attendance_queries import state_in_words
from courses.models import Attendance, AttendanceChange, Booking, Occasion
from courses.own_days import days_of
from courses.services.attendance import check_mark
from courses.services.writing_down import Written
from people.models import Person
from shared.rules import RuleBroken
from shared.table_files import Line


@dataclass(frozen=True)
class Planned:
    """One mark of the file: what stands now, what it becomes."""

    line: int
    booking: Booking
    attendance: Attendance | None
    now_stands: str
    becomes: str
    written: Written

    @property
    def is_change(self) -> bool:
        stands = (self.attendance.state, self.attendance.minutes) if self.attendance is not None else ("", None)
        return stands != (self.written.state, self.written.minutes)


@dataclass
class Reading:
    """What a file would do. Where there are `faults`, by the number of their line, it does nothing."""

    planned: list[Planned] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    without_marks: int = 0

    @property
    def changes(self) -> list[Planned]:
        return [one for one in self.planned if one.is_change]

    @property
    def same(self) -> int:
        return len(self.planned) - len(self.changes)


def read_attendance(occasion: Occasion, lines: Sequence[Line], *, now: dt.datetime) -> Reading:
    """Writes nothing. Four queries besides the sessions, however many lines."""
    prefetch_related_objects([occasion], "sessions")
    sessions = list(occasion.sessions.all())
    entries = read_entries(lines, sessions)
    on_it = _Bookings(occasion, entries)
    reading, seen = Reading(), dict[tuple[int, int], int]()
    for entry in entries:
        reading.faults += [(entry.line, says) for says in entry.faults]
        if not entry.cells:
            reading.without_marks += not entry.faults
            continue
        try:
            booking = on_it.find(entry)
        except RuleBroken as broken:
            reading.faults.append((entry.line, str(broken.sentence)))
            continue
        for cell in entry.cells:
            try:
                planned = _plan(cell, booking, on_it, seen, now=now)
            except RuleBroken as broken:
                reading.faults.append((entry.line, str(broken.sentence)))
            else:
                reading.planned.append(planned)
    reading.faults.sort()
    return reading


def read_again(occasion: Occasion, shown: Iterable[tuple[int, Written]]) -> Reading:
    """What was shown of a file, by the number of its line, beside what stands now. Who has left since is not in it."""
    on_it = _Bookings(occasion, ())
    by_pk = {booking.pk: booking for booking in on_it.by_email.values()}
    lines = [(line, by_pk[written.booking], written) for line, written in shown if written.booking in by_pk]
    return Reading([_planned(line, booking, on_it, written) for line, booking, written in lines])


def _plan(
    cell: Cell, booking: Booking, on_it: "_Bookings", seen: dict[tuple[int, int], int], *, now: dt.datetime
) -> Planned:
    first = seen.setdefault((booking.pk, cell.session.pk), cell.line)
    if first != cell.line:
        raise RuleBroken(
            _("%(name)s stands on line %(line)d already.") % {"name": booking.person, "line": first}, code="twice"
        )
    state = _read_state(cell)
    minutes = check_mark(booking, cell.session, state=state, minutes=_read_minutes(cell, state), now=now)
    if cell.session not in days_of(booking):
        raise RuleBroken(
            _("%(name)s comes to another day of the occasion.") % {"name": booking.person}, code="other_day"
        )
    _attendance, last = on_it.marks.get((booking.pk, cell.session.pk), (None, None))
    return _planned(cell.line, booking, on_it, Written(booking.pk, cell.session.pk, state, minutes, last))


def _planned(line: int, booking: Booking, on_it: "_Bookings", written: Written) -> Planned:
    attendance, _last = on_it.marks.get((booking.pk, written.session), (None, None))
    stands = state_in_words(attendance.state, attendance.minutes) if attendance is not None else _("Not marked")
    return Planned(line, booking, attendance, stands, state_in_words(written.state, written.minutes), written)


def _read_state(cell: Cell) -> str:
    if not cell.word:
        raise RuleBroken(_("There are minutes but no attendance."), code="no_word")
    state = state_of(cell.word)
    if state is None:
        raise RuleBroken(
            _("“%(word)s” is no attendance. Write Present, Absent, Excused or Left early.") % {"word": cell.word[:40]},
            code="unknown_word",
        )
    return state


def _read_minutes(cell: Cell, state: str) -> int | None:
    """Our own table tells them of everyone: all of the session's of who was present, none of who was not."""
    text = cell.minutes.removesuffix(",0").removesuffix(".0")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise RuleBroken(_("“%(minutes)s” is no number of minutes.") % {"minutes": text[:40]}, code="minutes_wrong")
    minutes = int(text) if text else None
    if state == Attendance.State.LEFT_EARLY:
        return minutes
    expected = cell.session.minutes if state in Attendance.WAS_THERE else 0
    if minutes not in {None, expected}:
        raise RuleBroken(
            _("%(minutes)d minutes do not fit “%(word)s”. Write Left early if that is what is meant.")
            % {"minutes": minutes, "word": cell.word},
            code="minutes_wrong",
        )
    return None


class _Bookings:
    """Those on the occasion, by what a file may call them, and how each is marked."""

    def __init__(self, occasion: Occasion, entries: Sequence[Entry]) -> None:
        live = Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE)
        bookings = list(live.select_related("person").prefetch_related("made_up_days").order_by("id"))
        for booking in bookings:
            booking.occasion = occasion
        self.by_id = {booking.person.employee_id: booking for booking in bookings if booking.person.employee_id}
        self.by_email = {booking.person.email.casefold(): booking for booking in bookings}
        self.marks: dict[tuple[int, int], tuple[Attendance | None, uuid.UUID]] = {}
        changes = AttendanceChange.objects.filter(attendance__booking__in=bookings).select_related("attendance")
        for change in changes.order_by("id"):
            mark = change.attendance
            self.marks[mark.booking_id, mark.session_id] = (mark if mark.state else None, change.mark)
        self.known_ids = set(
            Person.objects.filter(
                employee_id__in={entry.employee_id for entry in entries if entry.employee_id}
            ).values_list("employee_id", flat=True)
        )
        self.known_emails = set(
            Person.objects.annotate(lower=Lower("email"))
            .filter(lower__in={entry.email.casefold() for entry in entries if entry.email})
            .values_list("lower", flat=True)
        )

    def find(self, entry: Entry) -> Booking:
        by_id, by_email = self.by_id.get(entry.employee_id), self.by_email.get(entry.email.casefold())
        if entry.employee_id and entry.email and by_id != by_email:
            raise RuleBroken(
                _("The employee id %(id)s and the address %(email)s are not the same person's.")
                % {"id": entry.employee_id, "email": entry.email},
                code="two_people",
            )
        booking = by_id or by_email
        name = entry.employee_id or entry.email
        if not name:
            raise RuleBroken(_("There is neither employee id nor e-mail."), code="nobody")
        if booking is None:
            if entry.employee_id in self.known_ids or entry.email.casefold() in self.known_emails:
                raise RuleBroken(_("%(who)s is not booked on this occasion.") % {"who": name}, code="not_booked")
            raise RuleBroken(_("Nobody here is %(who)s.") % {"who": name}, code="unknown_person")
        if booking.state != Booking.State.BOOKED:
            raise RuleBroken(
                _("%(name)s has no place: %(state)s.") % {"name": booking.person, "state": booking.get_state_display()},
                code="not_booked",
            )
        return booking
