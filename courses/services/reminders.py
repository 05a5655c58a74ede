"""Reminders: two working days before the occasion begins, and before a later day that stands far off."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from courses.models import Booking, Occasion, Session
from courses.own_days import days_of
from courses.working_hours import working_days_before
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered

WORKING_DAYS_BEFORE = 2
# A day that follows within this time is covered by the reminder of the day before it.
_SAME_RUN = dt.timedelta(days=4)
# No run of days off is so long that two working days before lies further ahead.
_HORIZON = dt.timedelta(days=14)


def write_reminders(*, now: dt.datetime) -> int:
    """Writes the reminders whose time has come; one per booking and session, however often it is run.

    Someone who booked after the reminder's moment has just been told, and gets none.
    """
    written = 0
    occasions = Occasion.objects.filter(
        state=Occasion.State.OPEN, sessions__starts_at__gt=now, sessions__starts_at__lte=now + _HORIZON
    ).distinct()
    for occasion in occasions.select_related("course").prefetch_related("sessions"):
        for session in occasion.sessions.all():
            remind_at = working_days_before(session.starts_at, WORKING_DAYS_BEFORE)
            if remind_at <= now < session.starts_at:
                written += _remind(occasion, session, remind_at=remind_at, now=now)
    return written


def sessions_to_remind_of(days: Iterable[Session]) -> list[Session]:
    """Of the days that someone comes to: the first, and each that stands far from the one before."""
    chosen: list[Session] = []
    previous: Session | None = None
    for session in days:
        if previous is None or session.starts_at - previous.starts_at > _SAME_RUN:
            chosen.append(session)
        previous = session
    return chosen


def _remind(occasion: Occasion, session: Session, *, remind_at: dt.datetime, now: dt.datetime) -> int:
    bookings = (
        Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED)
        .exclude(events__state=Booking.State.BOOKED, events__at__gt=remind_at)
        .select_related("person")
        .prefetch_related("made_up_days")
    )
    by_key = {f"reminder:{booking.uuid}:{session.uuid}": booking for booking in bookings}
    written = set(Letter.objects.filter(key__in=by_key).values_list("key", flat=True))
    count = 0
    for key, booking in by_key.items():
        booking.occasion = occasion
        own = days_of(booking)
        if key not in written and session in sessions_to_remind_of(own):
            coming = [other for other in own if other.starts_at >= session.starts_at]
            _write_reminder(booking, coming, key=key, now=now)
            count += 1
    return count


def _write_reminder(booking: Booking, coming: list[Session], *, key: str, now: dt.datetime) -> None:
    occasion = booking.occasion
    letter = render_letter(
        "courses/letters/reminder",
        {
            "booking": booking,
            "occasion": occasion,
            "course": occasion.course,
            "sessions": coming,
            "day": timezone.localtime(coming[0].starts_at),
        },
        person=booking.person,
    )
    write_rendered(letter, key=key, kind="reminder", person=booking.person, now=now)
