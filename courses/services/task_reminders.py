"""A reminder some working days before a task is due, to those who have not handed it in."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.models import Booking, HandIn, MadeUpDay, Occasion, Session, Task
from courses.task_queries import tasks_of_occasion
from courses.working_hours import working_days_before
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered

WORKING_DAYS_BEFORE = 3
# No run of days off is so long that three working days before lies further ahead.
_HORIZON = dt.timedelta(days=15)


def write_task_reminders(*, now: dt.datetime) -> int:
    """Writes the reminders whose time has come: one per booking and task, however often it is run and however often
    the day is moved. Not before the day before is over: then the task is told of in the room."""
    written = 0
    occasions = Occasion.objects.filter(
        Exists(Task.objects.filter(course=OuterRef("course"))),
        state=Occasion.State.OPEN,
        sessions__starts_at__gt=now,
        sessions__starts_at__lte=now + _HORIZON,
    ).distinct()
    for occasion in occasions.select_related("course").prefetch_related("sessions"):
        for task, due in tasks_of_occasion(occasion):
            if remind_at(occasion, due) <= now < due.starts_at:
                written += _remind(occasion, task, due, now=now)
    return written


def remind_at(occasion: Occasion, due: Session) -> dt.datetime:
    before = [session.ends_at for session in occasion.sessions.all() if session.starts_at < due.starts_at]
    return max([working_days_before(due.starts_at, WORKING_DAYS_BEFORE), *before[-1:]])


def _remind(occasion: Occasion, task: Task, due: Session, *, now: dt.datetime) -> int:
    handed_in = HandIn.objects.filter(task=task, person=OuterRef("person"), handed_in_at__isnull=False)
    other_days = MadeUpDay.objects.filter(booking=OuterRef("pk")).exclude(instead=due)
    bookings = Booking.objects.filter(
        ~Exists(handed_in), ~Exists(other_days), occasion=occasion, state=Booking.State.BOOKED
    ).select_related("person")
    by_key = {f"task_reminder:{task.pk}:{booking.uuid}": booking for booking in bookings}
    written = set(Letter.objects.filter(key__in=by_key).values_list("key", flat=True))
    count = 0
    for key, booking in by_key.items():
        if key not in written:
            context = {"task": task, "course": occasion.course, "due": timezone.localtime(due.starts_at)}
            letter = render_letter("courses/letters/task_reminder", context, person=booking.person)
            count += write_rendered(letter, key=key, kind="task_reminder", person=booking.person, now=now)[1]
    return count
