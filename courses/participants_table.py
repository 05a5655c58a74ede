"""Participants and attendance of an occasion as a table."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.models import Attendance, Occasion, Session
from courses.paper_queries import Participant, participants
from shared.tables import Cell, Table


def participants_table(occasion: Occasion) -> Table:
    """Headings first; two columns for each session."""
    sessions = list(occasion.sessions.all())
    return [_headings(sessions), *(_cells(each, sessions) for each in participants(occasion))]


def headings_of(session: Session) -> tuple[str, str]:
    """Attendance and minutes of one session. A file with them is read by `courses.attendance_file` too."""
    day = date_format(timezone.localtime(session.starts_at), _("j M H:i"))
    return _("Attendance %(day)s") % {"day": day}, _("Minutes present %(day)s") % {"day": day}


def _headings(sessions: list[Session]) -> list[Cell]:
    days: list[Cell] = [heading for session in sessions for heading in headings_of(session)]
    return [
        _("Employee id"), _("Family name"), _("Given name"), _("E-mail"), _("Unit"), _("Administration"),
        _("Booking"), _("Asked for"), *days, _("Completed"),
    ]  # fmt: skip


def _cells(one: Participant, sessions: list[Session]) -> list[Cell]:
    person, unit = one.booking.person, one.employment.unit if one.employment else None
    marks: list[Cell] = []
    for session in sessions:
        mark = one.marks.get(session.pk)
        marks += [capfirst(str(mark.get_state_display())) if mark else "", _minutes(mark, session)]
    return [
        person.employee_id or "",
        person.family_name,
        person.given_name,
        person.email,
        unit.name if unit else "",
        unit.administration_or_self.name if unit else "",
        capfirst(str(one.booking.get_state_display())),
        one.booking.created_at,
        *marks,
        one.completion.completed_on if one.completion else None,
    ]


def _minutes(mark: Attendance | None, session: Session) -> int | None:
    """How long someone was there; nothing where nobody has marked."""
    if mark is None:
        return None
    if mark.state == Attendance.State.PRESENT:
        return session.minutes
    return mark.minutes or 0
