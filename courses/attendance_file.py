"""Attendance as it stands in a file: which column is what, which word means what, which day is meant."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import Attendance, Session
from courses.participants_table import headings_of
from shared.rules import RuleBroken
from shared.table_files import Line

S = Attendance.State
_LANGUAGES = ("sv", "en")
# Beside the words that our own tables write.
_WORDS = {
    "här": S.PRESENT, "ja": S.PRESENT, "x": S.PRESENT, "1": S.PRESENT, "here": S.PRESENT, "yes": S.PRESENT,
    "frånvarande": S.ABSENT, "nej": S.ABSENT, "0": S.ABSENT, "no": S.ABSENT,
    "giltig frånvaro": S.EXCUSED, "anmäld": S.EXCUSED, "avvek": S.LEFT_EARLY,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?(?:\s+(\d{1,2})[.:](\d{2}))?")
_DAY_IN_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2})[.:](\d{2})(?::\d{2})?)?")


@dataclass(frozen=True)
class Cell:
    """One mark as it stands in the file. `minutes` is as written."""

    line: int
    session: Session
    word: str
    minutes: str


@dataclass(frozen=True)
class Entry:
    """One line: who it is about, and what it says of which sessions."""

    line: int
    employee_id: str
    email: str
    cells: tuple[Cell, ...]
    faults: tuple[str, ...] = ()


@dataclass
class _Columns:
    employee_id: int | None = None
    email: int | None = None
    day: int | None = None
    # A column for each session, or one for the session that the day names.
    marks: dict[int | None, int] = field(default_factory=dict)
    minutes: dict[int | None, int] = field(default_factory=dict)


def read_entries(lines: Sequence[Line], sessions: Sequence[Session]) -> list[Entry]:
    """Our own table of participants, or a plain one: who, attendance, minutes, and a day where there are several.

    Raises RuleBroken where the headings do not tell what is what.
    """
    columns = _read_headings(lines[0], sessions)
    return [_read_line(line, columns, sessions) for line in lines[1:]]


def state_of(word: str) -> str | None:
    """In Swedish, English, or as the API says it."""
    return _words().get(_plain(word))


def _read_headings(line: Line, sessions: Sequence[Session]) -> _Columns:
    columns, known = _Columns(), _known_headings(sessions)
    for index, heading in enumerate(line.cells):
        kind, session = known.get(_plain(heading), ("", None))
        if kind in {"employee_id", "email", "day"}:
            setattr(columns, kind, index)
        elif kind:
            getattr(columns, kind)[session] = index
        elif (named := _with_a_day(heading)) is not None:
            kind, day = named
            getattr(columns, kind)[find_session(day, sessions).pk] = index
    if columns.employee_id is None and columns.email is None:
        raise RuleBroken(
            _("The first line must name a column Employee id or E-mail, so that we know who is who."), code="no_people"
        )
    if not columns.marks:
        raise RuleBroken(_("The first line must name a column Attendance."), code="no_marks")
    if None in columns.marks and columns.day is None and len(sessions) > 1:
        raise RuleBroken(
            _("The occasion has several days: name a column Day, or write the day after Attendance."), code="which_day"
        )
    return columns


def _known_headings(sessions: Sequence[Session]) -> dict[str, tuple[str, int | None]]:
    known: dict[str, tuple[str, int | None]] = {}
    for language in _LANGUAGES:
        with translation.override(language):
            known |= {
                _plain(_("Employee id")): ("employee_id", None),
                _plain(_("E-mail")): ("email", None),
                _plain(_("Day")): ("day", None),
                _plain(_("Attendance")): ("marks", None),
                _plain(_("Minutes present")): ("minutes", None),
            }
            for session in sessions:
                marks, minutes = headings_of(session)
                known |= {_plain(marks): ("marks", session.pk), _plain(minutes): ("minutes", session.pk)}
    return (
        known
        | {"minuter": ("minutes", None), "minutes": ("minutes", None), "datum": ("day", None)}
        | dict.fromkeys(("anställningsnummer", "anställnings-id", "anställningsid"), ("employee_id", None))
    )


def _with_a_day(heading: str) -> tuple[str, str] | None:
    """ "Närvaro 2027-03-02" names a day of its own."""
    for language in _LANGUAGES:
        with translation.override(language):
            for kind, words in (("marks", _("Attendance")), ("minutes", _("Minutes present"))):
                rest = _plain(heading).removeprefix(_plain(words))
                if rest != _plain(heading) and rest.strip():
                    return kind, rest.strip()
    return None


def _read_line(line: Line, columns: _Columns, sessions: Sequence[Session]) -> Entry:
    def at(index: int | None) -> str:
        return line.cells[index] if index is not None and index < len(line.cells) else ""

    by_pk = {session.pk: session for session in sessions}
    cells, faults = [], []
    for pk, index in columns.marks.items():
        word, minutes = at(index), at(columns.minutes.get(pk))
        if not word and not minutes:
            continue
        try:
            session = by_pk[pk] if pk is not None else find_session(at(columns.day), sessions)
        except RuleBroken as broken:
            faults.append(str(broken.sentence))
            continue
        cells.append(Cell(line.number, session, word, minutes))
    return Entry(line.number, at(columns.employee_id), at(columns.email), tuple(cells), tuple(faults))


def find_session(day: str, sessions: Sequence[Session]) -> Session:
    """The only session where no day is named; else the one of that day, and of that time if it is told."""
    if not day and len(sessions) == 1:
        return sessions[0]
    wanted = _read_day(_plain(day))
    if wanted is None:
        raise RuleBroken(_("“%(day)s” is no day. Write it as 2027-03-02.") % {"day": day[:40]}, code="no_day")
    year, month, of_month, time = wanted
    fitting = []
    for session in sessions:
        starts = timezone.localtime(session.starts_at)
        same_day = (starts.month, starts.day) == (month, of_month) and year in {None, starts.year}
        if same_day and time in {None, starts.time().replace(second=0, microsecond=0)}:
            fitting.append(session)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RuleBroken(_("There are several sessions on %(day)s: write the time too.") % {"day": day}, code="which")
    raise RuleBroken(_("The occasion has no session on %(day)s.") % {"day": day[:40]}, code="other_session")


def _read_day(text: str) -> tuple[int | None, int, int, dt.time | None] | None:
    if found := _DAY_IN_NUMBERS.fullmatch(text):
        year, month, day, hour, minute = found.groups()
        number = int(month)
    elif found := _DAY_IN_WORDS.fullmatch(text):
        day, name, year, hour, minute = found.groups()
        name = {"may": "maj", "oct": "okt"}.get(name, name)
        if name not in _MONTHS:
            return None
        number = _MONTHS.index(name) + 1
    else:
        return None
    time = dt.time(int(hour), int(minute)) if hour and int(hour) < 24 and int(minute) < 60 else None
    return (int(year) if year else None, number, int(day), time)


def _words() -> dict[str, str]:
    words: dict[str, str] = dict(_WORDS) | {state.value: state.value for state in S}
    for language in _LANGUAGES:
        with translation.override(language):
            words |= {_plain(str(state.label)): state.value for state in S}
    return words


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
