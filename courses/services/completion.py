"""Who thereby completed the course: judged anew after every mark."""

import datetime as dt

from django.utils import timezone

from courses.models import Attendance, Booking, Completion, Course
from courses.queries import unit_on
from courses.services.certificates import withdraw_certificates


def judge_completion(booking: Booking, *, now: dt.datetime) -> Completion | None:
    """The booking's completion as its attendance now stands, by the course's rule; None when there is none.

    Completed on the day of the last session, in the unit of that day. A correction withdraws a completion and
    never deletes it. The caller holds the booking's lock.
    """
    course, completed_on = _judge(booking)
    completion = Completion.objects.filter(booking=booking).first()
    if completed_on is None:
        if completion is not None and completion.withdrawn_at is None:
            completion.withdrawn_at = now
            completion.save(update_fields=["withdrawn_at"])
            withdraw_certificates(completion, now=now)
        return None
    if completion is None:
        completion = Completion(person_id=booking.person_id, course=course, booking=booking)
    elif completion.withdrawn_at is None and completion.completed_on == completed_on:
        return completion
    completion.completed_on = completed_on
    completion.unit = unit_on(booking.person, day=completed_on)
    completion.recorded_at, completion.withdrawn_at = now, None
    completion.to_tell = True
    completion.save()
    return completion


def _judge(booking: Booking) -> tuple[Course, dt.date | None]:
    """The day on which the course was completed, or None."""
    course = booking.occasion.course
    sessions = list(booking.occasion.sessions.all())
    marks = {mark.session_id: mark for mark in booking.attendances.all()}
    if course.completion_rule == Course.CompletionRule.EVERY_SESSION:
        is_complete = all(
            session.pk in marks and marks[session.pk].state == Attendance.State.PRESENT for session in sessions
        )
    else:
        whole = sum((session.ends_at - session.starts_at).total_seconds() / 60 for session in sessions)
        there = sum(
            _minutes_there(marks[session.pk], (session.ends_at - session.starts_at).total_seconds() / 60)
            for session in sessions
            if session.pk in marks
        )
        # Nobody is trained before the last session has been marked, however long the first ones were.
        is_complete = bool(sessions) and sessions[-1].pk in marks and there * 100 >= whole * course.share_needed
    return course, timezone.localdate(max(s.ends_at for s in sessions)) if sessions and is_complete else None


def _minutes_there(mark: Attendance, length: float) -> float:
    if mark.state == Attendance.State.PRESENT:
        return length
    return float(mark.minutes or 0) if mark.state == Attendance.State.LEFT_EARLY else 0
