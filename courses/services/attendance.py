"""Who was there: marked, corrected, logged; and what follows from it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.attendance_queries import UNDO_WITHIN
from courses.models import Attendance, AttendanceChange, Booking, MadeUpDay, Occasion, PresenceClaim, Session
from courses.own_days import comes_to, days_of
from courses.services.completion import judge_completion
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Tap:
    """A mark as a page made it. The same `mark` sent twice is one.

    `based_on` is the last mark that the page knew of, None where it knew of none: what someone else has marked since
    is not overwritten. `at` is when it was tapped, by the device's own clock.
    """

    mark: uuid.UUID
    based_on: uuid.UUID | None
    at: dt.datetime | None = None


@dataclass(frozen=True)
class TakenBack:
    """How many marks an undo took back, and how many of the press it left, since they were changed meanwhile."""

    count: int
    left: int


def mark_attendance(
    booking: Booking,
    session: Session,
    *,
    state: str,
    by: Person,
    now: dt.datetime,
    minutes: int | None = None,
    why: str = "",
    tap: Tap | None = None,
    source: str = "",
    press: uuid.UUID | None = None,
) -> Attendance:
    """The same mark again changes nothing; another is a correction, and the log says from what to what.

    `minutes` is how long someone was there who left early. Presence can be marked from the morning of the day;
    that someone will be absent can be known before. Raises `newer_mark` where someone has marked since the `tap` was
    made; without a tap whatever stands is corrected. Once the day is over a correction says `why` (`why_missing`).
    `press` is kept where nobody had marked before: what undoing it takes back.
    """
    with transaction.atomic():
        fresh = lock_marked(booking)
        attendance = Attendance.with_taken_back.filter(booking=fresh, session=session).first()
        if tap is not None and _is_known(tap, attendance):
            assert attendance is not None
            return attendance
        minutes = check_mark(fresh, session, state=state, minutes=minutes, now=now)
        if fresh.state != Booking.State.BOOKED:
            raise RuleBroken(_("Only someone who is booked can be marked."), code="not_booked")
        if session not in days_of(fresh):
            raise RuleBroken(_("The person comes to another day of the occasion."), code="other_day")
        if attendance is not None and (attendance.state, attendance.minutes) == (state, minutes):
            return attendance
        if tap is not None:
            _refuse_if_newer(tap, attendance, booking=fresh)
        before = attendance.state if attendance is not None else ""
        if before and not why.strip() and asks_why(session, at=_made_at(tap, now=now)):
            raise RuleBroken(_("The day is over. Write why the mark is changed."), code="why_missing")
        return _write_mark(
            attendance, fresh, session, state=state, minutes=minutes, by=by, now=now, why=why, tap=tap, source=source,
            press=None if before else press,
        )  # fmt: skip


def asks_why(session: Session, *, at: dt.datetime) -> bool:
    """On the day a slip of the finger is mended by the next tap; what is changed after it has a reason."""
    return timezone.localdate(at) > timezone.localdate(session.ends_at)


def _made_at(tap: Tap | None, *, now: dt.datetime) -> dt.datetime:
    """By the device's clock, where it is not ahead: what was tapped in the room may arrive the day after."""
    return min(tap.at, now) if tap is not None and tap.at is not None else now


def lock_marked(booking: Booking) -> Booking:
    """Marks of one booking come one after the other; whoever books or cancels elsewhere waits for none of them."""
    return next(each for each in _lock([booking.pk]) if each.pk == booking.pk)


def lock_all_marked(bookings: Iterable[int]) -> None:
    """Of many at once: in the order in which everyone else locks them."""
    _lock(bookings)


def _lock(bookings: Iterable[int]) -> list[Booking]:
    """And those that they make up a day for, which are judged too: always in the order of their ids."""
    asked = list(bookings)
    originals = MadeUpDay.objects.filter(booking__in=asked).values("original")
    rows = Booking.objects.filter(Q(pk__in=asked) | Q(pk__in=originals)).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _write_mark(
    attendance: Attendance | None,
    booking: Booking,
    session: Session,
    *,
    state: str,
    minutes: int | None,
    by: Person,
    now: dt.datetime,
    why: str = "",
    tap: Tap | None = None,
    source: str = "",
    press: uuid.UUID | None,
) -> Attendance:
    before = attendance.state if attendance is not None else ""
    if attendance is None:
        attendance = Attendance(booking=booking, session=session)
    attendance.state, attendance.minutes = state, minutes
    attendance.marked_by, attendance.marked_at = by, now
    attendance.save()
    if not source and state in Attendance.WAS_THERE and _says_to_be_there(booking, session, tap=tap, now=now):
        source = AttendanceChange.Source.CODE
    tapped: dict[str, Any] = (
        {} if tap is None else {"mark": tap.mark, "tapped_at": min(tap.at, now) if tap.at else None}
    )
    AttendanceChange.objects.create(
        attendance=attendance, before=before, after=state, minutes=minutes,
        by=by, at=now, why=why[:250], source=source, press=press, **tapped,
    )  # fmt: skip
    judge_completion(booking, now=now)
    return attendance


def _says_to_be_there(booking: Booking, session: Session, *, tap: Tap | None, now: dt.datetime) -> bool:
    """Whether the mark confirms what the person said by the room's code, before it was made."""
    made_at = _made_at(tap, now=now)
    return PresenceClaim.objects.filter(booking=booking, session=session, claimed_at__lte=made_at).exists()


def _is_known(tap: Tap, attendance: Attendance | None) -> bool:
    """Whether this very mark has arrived before; another booking's mark has no business here."""
    known = AttendanceChange.objects.filter(mark=tap.mark).first()
    if known is None:
        return False
    if attendance is None or known.attendance_id != attendance.pk:
        raise RuleBroken(_("The mark belongs to someone else's line."), code="mark_elsewhere")
    return True


def _refuse_if_newer(tap: Tap, attendance: Attendance | None, *, booking: Booking) -> None:
    """What was taken back stands in nobody's way: there is no mark that could be overwritten."""
    last = attendance.changes.select_related("by").last() if attendance is not None else None
    if attendance is None or not attendance.state or last is None or last.mark == tap.based_on:
        return
    raise RuleBroken(
        _("%(who)s has marked %(name)s as %(state)s meanwhile, %(at)s.")
        % {
            "who": last.by or _("Someone"),
            "name": booking.person,
            "state": attendance.get_state_display(),
            "at": date_format(timezone.localtime(last.at), _("j M H:i")),
        },
        code="newer_mark",
    )


def check_mark(booking: Booking, session: Session, *, state: str, minutes: int | None, now: dt.datetime) -> int | None:
    """The minutes that belong to the mark; raises RuleBroken where nobody could be marked so."""
    if session.occasion_id != booking.occasion_id:
        raise RuleBroken(_("The session belongs to another occasion."), code="other_occasion")
    if state not in Attendance.State.values:
        raise RuleBroken(_("There is no such mark."), code="no_such_mark")
    if state in Attendance.WAS_THERE and timezone.localdate(now) < timezone.localdate(session.starts_at):
        raise RuleBroken(_("The day has not come yet."), code="session_not_started")
    if state != Attendance.State.LEFT_EARLY:
        return None
    if minutes is None or not 0 <= minutes <= session.minutes:
        raise RuleBroken(
            _("Say how many minutes: between 0 and %(length)d.") % {"length": session.minutes}, code="minutes_needed"
        )
    return minutes


def mark_the_rest_present(occasion: Occasion, session: Session, *, by: Person, now: dt.datetime) -> int:
    """Everyone booked who has no mark yet; answers how many. A mark that stands is left as it is."""
    marked = Attendance.objects.filter(booking=OuterRef("pk"), session=session)
    booked = Booking.objects.filter(comes_to(session), occasion=occasion, state=Booking.State.BOOKED)
    unmarked = booked.filter(~Exists(marked)).order_by("id")
    press = uuid.uuid4()
    with transaction.atomic():
        lock_all_marked(unmarked.values_list("pk", flat=True))
        # Asked once they are locked: whoever was marked meanwhile is no longer among them.
        bookings = list(unmarked)
        for booking in bookings:
            mark_attendance(booking, session, state=Attendance.State.PRESENT, by=by, now=now, press=press)
    return len(bookings)


def take_back_the_rest(session: Session, *, press: uuid.UUID, by: Person, now: dt.datetime) -> TakenBack:
    """Undoes a press: whom it marked and nobody has marked since has no mark again. The same undo twice is one.

    The log keeps the mark, and says that it was taken back. Raises `too_late_to_undo` where there is something left to
    take back and the press is too old.
    """
    made = AttendanceChange.objects.filter(press=press, attendance__session=session)
    with transaction.atomic():
        bookings = set(made.values_list("attendance__booking", flat=True))
        lock_all_marked(bookings)
        of_them = AttendanceChange.objects.filter(attendance__session=session, attendance__booking__in=bookings)
        last = of_them.select_related("attendance__booking").order_by("attendance", "-id").distinct("attendance")
        already = [change for change in last if change.press == press and not change.after]
        stand = [change.attendance for change in last if change.press == press and change.after]
        # Of whoever has no place any more nothing is corrected.
        stand = [mark for mark in stand if mark.booking.state == Booking.State.BOOKED]
        if stand and made.filter(at__lte=now - UNDO_WITHIN).exists():
            raise RuleBroken(
                _("It could be undone for %(minutes)d minutes. Correct the marks one by one instead.")
                % {"minutes": UNDO_WITHIN // dt.timedelta(minutes=1)},
                code="too_late_to_undo",
            )
        for mark in sorted(stand, key=lambda mark: mark.booking_id):
            _write_mark(mark, mark.booking, session, state="", minutes=None, by=by, now=now, press=press)
    return TakenBack(len(stand), len(last) - len(stand) - len(already))
