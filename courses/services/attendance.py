"""Who was there: marked, corrected, logged; and what follows from it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Attendance, AttendanceChange, Booking, Occasion, Session
from courses.services.completion import judge_completion
from people.models import Person
from shared.rules import RuleBroken

WAS_THERE = frozenset({Attendance.State.PRESENT, Attendance.State.LEFT_EARLY})


def mark_attendance(
    booking: Booking,
    session: Session,
    *,
    state: str,
    by: Person,
    now: dt.datetime,
    minutes: int | None = None,
    why: str = "",
) -> Attendance:
    """The same mark again changes nothing; another is a correction, and the log says from what to what.

    `minutes` is how long someone was there who left early. Presence can be marked from the morning of the day;
    that someone will be absent can be known before.
    """
    minutes = _check_mark(booking, session, state=state, minutes=minutes, now=now)
    with transaction.atomic():
        fresh = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
        if fresh.state != Booking.State.BOOKED:
            raise RuleBroken(_("Only someone who is booked can be marked."), code="not_booked")
        attendance = Attendance.objects.filter(booking=fresh, session=session).first()
        if attendance is not None and (attendance.state, attendance.minutes) == (state, minutes):
            return attendance
        before = attendance.state if attendance is not None else ""
        if attendance is None:
            attendance = Attendance(booking=fresh, session=session)
        attendance.state, attendance.minutes = state, minutes
        attendance.marked_by, attendance.marked_at = by, now
        attendance.save()
        AttendanceChange.objects.create(
            attendance=attendance, before=before, after=state, minutes=minutes, by=by, at=now, why=why[:250]
        )
        judge_completion(fresh, now=now)
    return attendance


def _check_mark(booking: Booking, session: Session, *, state: str, minutes: int | None, now: dt.datetime) -> int | None:
    if session.occasion_id != booking.occasion_id:
        raise RuleBroken(_("The session belongs to another occasion."), code="other_occasion")
    if state not in Attendance.State.values:
        raise RuleBroken(_("There is no such mark."), code="no_such_mark")
    if state in WAS_THERE and timezone.localdate(now) < timezone.localdate(session.starts_at):
        raise RuleBroken(_("The day has not come yet."), code="session_not_started")
    if state != Attendance.State.LEFT_EARLY:
        return None
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    if minutes is None or not 0 <= minutes <= length:
        raise RuleBroken(
            _("Say how many minutes: between 0 and %(length)d.") % {"length": length}, code="minutes_needed"
        )
    return minutes


def mark_the_rest_present(occasion: Occasion, session: Session, *, by: Person, now: dt.datetime) -> int:
    """Everyone booked who has no mark yet; answers how many. A mark that stands is left as it is."""
    booked = Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED)
    unmarked = list(booked.exclude(attendances__session=session).order_by("id"))
    with transaction.atomic():
        for booking in unmarked:
            mark_attendance(booking, session, state=Attendance.State.PRESENT, by=by, now=now)
    return len(unmarked)
