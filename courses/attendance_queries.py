"""Who comes to a course day, how each is marked, and how the marks came there. They read and never write."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Attendance, AttendanceChange, Booking, MadeUpDay, Occasion, PresenceClaim, Session
from courses.queries import roster
from people.models import Person

_SOURCES: dict[str, Any] = {
    AttendanceChange.Source.CODE: gettext_lazy("The person had said so by the room's code."),
    AttendanceChange.Source.PAPER: gettext_lazy("Typed in from paper."),
    AttendanceChange.Source.FILE: gettext_lazy("Read from a file."),
}
# A device sends within seconds where it has a network.
_AT_ONCE = dt.timedelta(minutes=2)
# A press that was a slip is seen at once, and nobody has yet been written to about what it made (COMPLETION_RESTS).
UNDO_WITHIN = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    """One person on the list of a day."""

    booking: Booking
    # None also where the mark was taken back; `changes` then tells of it.
    attendance: Attendance | None
    changes: list[AttendanceChange]
    made_up_elsewhere: MadeUpDay | None = None
    # What the person needs in the room, in words; filled in for the occasion's own facilitators alone.
    needs: tuple[str, ...] = ()
    # When the person said, by the room's code, to be there; None where nobody did or a mark has been made since.
    claimed_at: dt.datetime | None = None

    @property
    def note(self) -> str:
        """That the person makes up for another day here, or for this one elsewhere."""
        if self.made_up_elsewhere is not None and self.made_up_elsewhere.instead is not None:
            return _("Makes up for it %(day)s") % {"day": _day(self.made_up_elsewhere.instead)}
        here = next(iter(self.booking.made_up_days.all()), None)
        return _("Makes up for %(day)s") % {"day": _day(here.missed)} if here is not None else ""

    @property
    def state(self) -> str:
        return self.attendance.state if self.attendance is not None else ""

    @property
    def last_mark(self) -> str:
        return str(self.changes[-1].mark) if self.changes else ""

    @property
    def says(self) -> str:
        """ "Närvarande · 22 nov 09.04 · Frida Fors"."""
        if self.attendance is None:
            return _("Not marked")
        parts = [state_in_words(self.attendance.state, self.attendance.minutes)]
        parts.append(_moment(self.attendance.marked_at))
        if self.changes and self.changes[-1].by is not None:
            parts.append(str(self.changes[-1].by))
        return " · ".join(parts)

    @property
    def claim(self) -> str:
        """ "Säger sig vara här, 08.57"."""
        if self.claimed_at is None:
            return ""
        clock = date_format(timezone.localtime(self.claimed_at), _("H:i"))
        return _("Says to be here, %(time)s") % {"time": clock}

    @property
    def log(self) -> list[str]:
        """Every mark and correction, the newest first: who, when, from what to what, why."""
        return [_say_change(change) for change in reversed(self.changes)]


def lines_of(occasion: Occasion, session: Session) -> list[Line]:
    """Those who have a place, in Swedish order. Six queries, however many come and whatever was corrected."""
    changes = AttendanceChange.objects.select_related("by").order_by("id")
    marks = Attendance.with_taken_back.filter(session=session).prefetch_related(Prefetch("changes", changes))
    lines = []
    here = MadeUpDay.objects.filter(instead=session).select_related("missed")
    elsewhere = MadeUpDay.objects.filter(missed=session, booking__state__in=Booking.LIVE).select_related("instead")
    fetched = (
        Prefetch("attendances", marks), Prefetch("made_up_days", here), Prefetch("days_made_up", elsewhere),
        Prefetch("claims", PresenceClaim.objects.filter(session=session)),
    )  # fmt: skip
    for booking in roster(occasion, session).prefetch_related(None).prefetch_related(*fetched):
        attendance = next(iter(booking.attendances.all()), None)
        changes_of_it = list(attendance.changes.all()) if attendance is not None else []
        if attendance is not None and not attendance.state:
            attendance = None
        made_up = next(iter(booking.days_made_up.all()), None)
        claimed_at = _unsettled(next(iter(booking.claims.all()), None), changes_of_it)
        lines.append(Line(booking, attendance, changes_of_it, made_up, claimed_at=claimed_at))
    return lines


def _unsettled(claim: PresenceClaim | None, changes: list[AttendanceChange]) -> dt.datetime | None:
    """Not settled by a mark that was taken back."""
    is_settled = claim is not None and changes and changes[-1].after and changes[-1].at >= claim.claimed_at
    return None if claim is None or is_settled else claim.claimed_at


@dataclass(frozen=True)
class PressToUndo:
    """A press that marked the rest as present: how many of its marks nobody has touched, and until when it can be
    undone."""

    press: uuid.UUID
    count: int
    until: dt.datetime

    @property
    def says(self) -> str:
        told = ngettext(
            "You marked the rest as present: %(count)d person. You can undo it until %(time)s.",
            "You marked the rest as present: %(count)d people. You can undo it until %(time)s.",
            self.count,
        )
        return told % {"count": self.count, "time": date_format(timezone.localtime(self.until), _("H:i"))}


def press_to_undo(lines: Sequence[Line], *, by: Person, now: dt.datetime) -> PressToUndo | None:
    """The last press by this person of which marks still stand, while it can be undone. Asks the lines alone."""
    last = [line.changes[-1] for line in lines if line.changes]
    stand = [change for change in last if change.press and change.after and change.by_id == by.pk]
    press = max(stand, key=lambda change: change.pk).press if stand else None
    if press is None:
        return None
    until = min(change.at for line in lines for change in line.changes if change.press == press) + UNDO_WITHIN
    return PressToUndo(press, sum(1 for change in stand if change.press == press), until) if now < until else None


def state_in_words(state: str, minutes: int | None) -> str:
    words = capfirst(str(Attendance.State(state).label))
    if minutes is None:
        return words
    return f"{words}, {ngettext('%(count)d minute', '%(count)d minutes', minutes) % {'count': minutes}}"


def _say_change(change: AttendanceChange) -> str:
    words = {
        "at": _moment(change.at),
        "who": change.by or _("Someone"),
        "before": Attendance.State(change.before).label if change.before else "",
        "after": state_in_words(change.after, change.minutes).lower() if change.after else "",
    }
    if not change.after:
        return _("%(at)s: %(who)s undid “Mark the rest as present”. The mark “%(before)s” was taken back.") % words
    if not change.before:
        says = _("%(at)s: %(who)s marked %(after)s.") % words
    elif change.before == change.after:
        says = _("%(at)s: %(who)s corrected to %(after)s.") % words
    else:
        says = _("%(at)s: %(who)s changed from %(before)s to %(after)s.") % words
    if change.tapped_at is not None and change.at - change.tapped_at > _AT_ONCE:
        says += " " + _("It was tapped %(at)s and waited for the network.") % {"at": _moment(change.tapped_at)}
    if change.press:
        says += " " + _("With “Mark the rest as present”.")
    if change.source:
        says += f" {_SOURCES[change.source]}"
    if change.why:
        says += " " + _("Why: %(why)s") % {"why": change.why}
    return says


def _day(session: Session) -> str:
    return date_format(timezone.localtime(session.starts_at), _("j F Y"))


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), _("j M H:i"))
