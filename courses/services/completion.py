"""Who thereby completed the course: judged anew after every mark."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from courses.models import Attendance, Booking, Completion, Course, MadeUpDay, Session
from courses.queries import unit_on
from courses.services.certificates import withdraw_certificates
from courses.services.programme_certificates import withdraw_programmes
from courses.task_queries import done_tasks, is_required, tasks_of_occasion


def judge_completion(booking: Booking, *, now: dt.datetime) -> Completion | None:
    """The booking's completion as its attendance now stands, by the course's rule; None when there is none.

    A booking that makes up for a day of another completes nothing by itself: the other one is judged. Completed on
    the day of the last session that counts, in the unit of that day. A correction withdraws a completion and never
    deletes it. The caller holds the lock of the booking and of those it makes up for.
    """
    originals = list(
        Booking.objects.filter(pk__in=MadeUpDay.objects.filter(booking=booking).values("original")).order_by("pk")
    )
    completion = None
    for each in originals or [booking]:
        completion = _settle(each, now=now)
    return completion


def _settle(booking: Booking, *, now: dt.datetime) -> Completion | None:
    course, completed_on = _judge(booking)
    completion = Completion.objects.filter(booking=booking).first()
    if completed_on is None:
        if completion is not None and completion.withdrawn_at is None:
            completion.withdrawn_at = now
            completion.save(update_fields=["withdrawn_at"])
            withdraw_certificates(completion, now=now)
            withdraw_programmes(completion, now=now)
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


@dataclass(frozen=True)
class _Day:
    """What counts for one session of the occasion: the own mark, or that of the day on which it was made up."""

    is_marked: bool
    is_present: bool
    minutes: float
    ends_at: dt.datetime


def _judge(booking: Booking) -> tuple[Course, dt.date | None]:
    """The day on which the course was completed, or None."""
    course = booking.occasion.course
    sessions = list(booking.occasion.sessions.all())
    if not sessions or booking.state != Booking.State.BOOKED:
        return course, None
    marks = {mark.session_id: mark for mark in booking.attendances.all()}
    made_up = _made_up(booking)
    days = [_best(session, marks.get(session.pk), made_up.get(session.pk, [])) for session in sessions]
    if course.completion_rule == Course.CompletionRule.EVERY_SESSION:
        is_complete = all(day.is_present for day in days)
    else:
        whole = sum(_length(session) for session in sessions)
        # Nobody is trained before the last session has been marked, however long the first ones were.
        is_complete = days[-1].is_marked and sum(day.minutes for day in days) * 100 >= whole * course.share_needed
    handed_in = _handed_in(booking) if is_complete else None
    if handed_in is None:
        return course, None
    return course, timezone.localdate(max([*(day.ends_at for day in days), *handed_in]))


def _handed_in(booking: Booking) -> list[dt.datetime] | None:
    """When the tasks that the course waits for were handed in; None where one is not."""
    carried = tasks_of_occasion(booking.occasion)
    required = [task.pk for task, _due in carried if is_required(task, starts_at=booking.occasion.starts_at)]
    if not required:
        return []
    done = done_tasks(booking.person, required)
    return list(done.values()) if len(done) == len(required) else None


def _made_up(booking: Booking) -> dict[int, list[Attendance]]:
    """By missed session, the marks of the days that make up for it."""
    found: dict[int, list[Attendance]] = {}
    days = MadeUpDay.objects.filter(
        original=booking, booking__state=Booking.State.BOOKED, instead__isnull=False
    ).values_list("missed_id", "booking_id", "instead_id")
    for missed, other, instead in days:
        marks = Attendance.objects.filter(booking=other, session=instead).select_related("session")
        found.setdefault(missed, []).extend(marks)
    return found


def _best(session: Session, own: Attendance | None, made_up: list[Attendance]) -> _Day:
    """The own mark where nothing made it better. Being there longer elsewhere is no more than the whole of this day."""
    length = _length(session)
    best = _Day(own is not None, _is_present(own), _minutes_there(own, length), session.ends_at)
    for mark in made_up:
        minutes = min(_minutes_there(mark, _length(mark.session)), length)
        if _is_present(mark):
            minutes = length
        if (_is_present(mark), minutes) > (best.is_present, best.minutes):
            best = _Day(is_marked=True, is_present=_is_present(mark), minutes=minutes, ends_at=mark.session.ends_at)
    return best


def _length(session: Session) -> float:
    return (session.ends_at - session.starts_at).total_seconds() / 60


def _is_present(mark: Attendance | None) -> bool:
    return mark is not None and mark.state == Attendance.State.PRESENT


def _minutes_there(mark: Attendance | None, length: float) -> float:
    if mark is None:
        return 0
    if mark.state == Attendance.State.PRESENT:
        return length
    return float(mark.minutes or 0) if mark.state == Attendance.State.LEFT_EARLY else 0
