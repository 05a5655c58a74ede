"""Judging those again for whom the course came to ask for less: a task it no longer waits for, a day taken away.

Nobody marks anything then, so nothing else would look. What is to be looked at is a row, and the clock's work: there
may be many. Whoever has completed the course is left alone: what is changed later takes nothing back.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from courses.models import Attendance, Booking, Completion, HandIn, Occasion, Task
from courses.services.attendance import lock_marked
from courses.services.completion import judge_completion

_AT_A_TIME = 500


def judge_occasion_later(occasion: Occasion) -> None:
    _judge_later(_without_completion().filter(occasion=occasion))


def judge_who_waited_later(task: Task, *, since: dt.datetime) -> None:
    """Those who had not handed it in. `since` is from when on occasions waited for it."""
    done = HandIn.objects.filter(task=task, person=OuterRef("person"), handed_in_at__isnull=False)
    waited = _without_completion().filter(occasion__course=task.course_id, occasion__starts_at__gte=since)
    _judge_later(waited.filter(~Exists(done)))


def judge_due(*, now: dt.datetime) -> int:
    """The sweep, each booking in its own transaction. Answers how many have completed the course thereby."""
    count = 0
    due = Booking.objects.filter(to_judge=True).order_by("pk").values_list("pk", flat=True)
    for pk in list(due[:_AT_A_TIME]):
        with transaction.atomic():
            booking = lock_marked(Booking(pk=pk))
            if _without_completion().filter(pk=pk).exists() and judge_completion(booking, now=now) is not None:
                count += 1
            Booking.objects.filter(pk=pk).update(to_judge=False)
    return count


def _without_completion() -> QuerySet[Booking]:
    """Of people who have been marked. A booking that makes up for a day of another completes nothing by itself."""
    marks = Attendance.objects.filter(booking=OuterRef("pk"))
    completions = Completion.objects.filter(booking=OuterRef("pk"), withdrawn_at=None)
    booked = Booking.objects.filter(state=Booking.State.BOOKED, made_up_days=None)
    return booked.filter(Exists(marks), ~Exists(completions))


def _judge_later(bookings: QuerySet[Booking]) -> None:
    with transaction.atomic():
        # In the order in which everyone else locks them.
        keys = bookings.values("pk")
        locked = Booking.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        Booking.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).update(to_judge=True)
