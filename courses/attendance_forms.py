"""Attendance typed in from the list on paper, all of it at once; and a file to read it from."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.attendance_queries import Line
from courses.models import Attendance, Occasion, Session
from courses.services.attendance import asks_why
from courses.services.attendance_import import Reading
from courses.services.writing_down import Written
from people.models import Person
from shared.table_files import MOST_BYTES

_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")
_SALT = "courses.attendance_file"
_AN_HOUR = 3600
LONGEST_WHY = 250


@dataclass
class Row:
    """One line of the list as it is shown: what stands or was typed, and what is wrong with it."""

    line: Line
    state: str
    left: str
    based_on: str
    error: str = ""


class PaperSheet:
    """The rows of the day's list. What was typed is kept; a row left as it was changes nothing."""

    def __init__(self, session: Session, lines: Sequence[Line], data: Mapping[str, Any] | None = None) -> None:
        self.session = session
        # One reason for all that is corrected, asked once the day is over and someone is marked.
        self.asks_why = asks_why(session, at=timezone.now()) and any(line.attendance for line in lines)
        self.why = "" if data is None else data.get("why", "").replace("\0", "").strip()[:LONGEST_WHY]
        self.why_error = ""
        self.rows = [_as_it_stands(line) if data is None else _as_typed(line, data) for line in lines]

    def marks(self) -> list[tuple[Row, Written]]:
        """What was typed that is another than what stands. Rows that can't be read have their error set."""
        found = []
        for row in self.rows:
            row.error = _wrong_with(row, self.session)
            if row.error or not row.state:
                continue
            is_early = row.state == Attendance.State.LEFT_EARLY
            minutes = minutes_until(row.left, self.session) if is_early else None
            based_on = _as_uuid(row.based_on)
            if (row.state, minutes) in (_stands(row.line.attendance), _was_shown(row.line, based_on)):
                continue
            found.append((row, Written(row.line.booking.pk, self.session.pk, row.state, minutes, based_on)))
        if self.asks_why and not self.why and any(row.line.attendance for row, _written in found):
            self.why_error = _("The day is over. Write why the mark is changed.")
        return found

    @property
    def errors(self) -> list[Row]:
        return [row for row in self.rows if row.error]


def _wrong_with(row: Row, session: Session) -> str:
    """What was written beside the choices is never dropped without a word."""
    if row.state == Attendance.State.LEFT_EARLY:
        if minutes_until(row.left, session) is None:
            return _("Write when the person left, for instance 14.30, or the minutes.")
    elif row.left.strip() and row.left != _as_it_stands(row.line).left:
        return _("There is a time, but “Left early” is not chosen. Choose it, or empty the field.")
    return ""


def _stands(attendance: Attendance | None) -> tuple[str, int | None] | None:
    return (attendance.state, attendance.minutes) if attendance is not None else None


def _was_shown(line: Line, based_on: uuid.UUID | None) -> tuple[str, int | None] | None:
    """How the person stood when the page was made: a row left so takes nothing back that was marked since."""
    return next(((change.after, change.minutes) for change in line.changes if change.mark == based_on), None)


def minutes_until(text: str, session: Session) -> int | None:
    """Of "14.30" the minutes since the session began, of "150" itself; None where it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 5:
        return int(text)
    clock = _CLOCK.fullmatch(text)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return None
    starts = timezone.localtime(session.starts_at)
    left = starts.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    return int((left - starts) / dt.timedelta(minutes=1))


def _as_it_stands(line: Line) -> Row:
    left = line.attendance.minutes if line.attendance is not None else None
    return Row(line, line.state, "" if left is None else str(left), line.last_mark)


def _as_typed(line: Line, data: Mapping[str, Any]) -> Row:
    pk = line.booking.pk
    state = data.get(f"state-{pk}", "")
    known = state if state in Attendance.State.values else ""
    return Row(line, known, data.get(f"left-{pk}", "").replace("\0", "")[:20], data.get(f"based-{pk}", ""))


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class AttendanceFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File with attendance"),
        help_text=gettext_lazy("Excel (.xlsx) or CSV, at most 2 MB. You see what it does before anything is saved."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty."),
        },
    )  # fmt: skip

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Take away what is not needed in it."))
        return bytes(sent.read())


def seal(reading: Reading, *, occasion: Occasion, by: Person) -> str:
    """What was shown goes along with the page, signed: nothing of the file is kept on the server."""
    marks = [
        [
            one.line, one.written.booking, one.written.session, one.written.state, one.written.minutes,
            _hex(one.written.based_on),
        ]
        for one in reading.changes
    ]  # fmt: skip
    return signing.dumps([occasion.pk, by.pk, marks], salt=_SALT, compress=True)


def unseal(sealed: str, *, occasion: Occasion, by: Person) -> list[tuple[int, Written]] | None:
    """Each mark with its line. None where it was not shown to this person for this occasion within the last hour."""
    try:
        pk, person, marks = signing.loads(sealed, salt=_SALT, max_age=_AN_HOUR)
    except (signing.BadSignature, ValueError):
        return None
    if (pk, person) != (occasion.pk, by.pk):
        return None
    return [
        (line, Written(booking, session, state, minutes, uuid.UUID(hex=based_on) if based_on else None))
        for line, booking, session, state, minutes, based_on in marks
    ]


def _hex(mark: uuid.UUID | None) -> str:
    return mark.hex if mark is not None else ""
