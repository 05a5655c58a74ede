"""Calendar entries: one per booking and session, the same UID for life, SEQUENCE rising, CANCEL at the end.

Each act writes down what the calendar is told and answers the file that tells it; the caller sends it in the same
transaction.
"""

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from courses.calendar_file import CANCEL, REQUEST, CourseDay, message_file
from courses.models import Booking, CalendarEntry, Occasion, Session
from courses.own_days import days_of
from letters.services.writing import Attachable


@dataclass(frozen=True)
class DayFile(Attachable):
    """What a calendar is told about one day."""

    day: dt.date
    is_cancelled: bool


def invite(booking: Booking, session: Session, *, now: dt.datetime) -> DayFile:
    """The session into the person's calendar, or the change of it: the sequence rises with every file written."""
    told = what_is_told(booking, session) | {"revision": session.revision, "is_cancelled": False, "told_at": now}
    entry, is_new = CalendarEntry.objects.get_or_create(
        booking=booking, session=session, defaults={"uid": uid_of(booking, session), **told}
    )
    if not is_new:
        entry.sequence += 1
        for name, value in told.items():
            setattr(entry, name, value)
        entry.save()
    return _attach(entry, booking, method=REQUEST)


def withdraw(booking: Booking, *, since: dt.datetime, now: dt.datetime) -> list[DayFile]:
    """A CANCEL for every entry of the booking, which ended at `since`, that still stands in a calendar.

    What was, stays there: a day that was over by then. One that the occasion no longer has goes in any case.
    """
    standing = booking.calendar_entries.filter(is_cancelled=False).exclude(session__ends_at__lte=since)
    standing = standing.order_by("starts_at", "id")
    return [_cancel(entry, booking, now=now) for entry in standing]


def bring_up_to_date(booking: Booking, *, now: dt.datetime) -> list[DayFile]:
    """Only what has changed since the calendar was last told: days moved or added, and days taken away."""
    entries = list(booking.calendar_entries.order_by("starts_at", "id"))
    known = {entry.session_id: entry.revision for entry in entries if not entry.is_cancelled}
    gone = [entry for entry in entries if entry.session_id is None and not entry.is_cancelled]
    behind = [session for session in _days_for(booking, known, now=now) if known.get(session.pk) != session.revision]
    return [_cancel(entry, booking, now=now) for entry in gone] + [
        invite(booking, session, now=now) for session in behind
    ]


def days_to_invite(booking: Booking, *, now: dt.datetime) -> list[Session]:
    """Whoever gets a place between the days is invited to those that are left."""
    return _days_for(booking, (), now=now)


def _days_for(booking: Booking, known: Container[int | None], *, now: dt.datetime) -> list[Session]:
    """A day that is over stays in the calendars that know it, and comes into no other."""
    return [session for session in days_of(booking) if session.ends_at > now or session.pk in known]


def is_behind(booking: Booking, *, now: dt.datetime) -> bool:
    """Whoever was never told (laid in bulk, or the first letter not yet written) is not told of a change either.

    Reads what the caller has fetched: the booking's entries, its occasion's sessions, its made-up days.
    """
    entries = list(booking.calendar_entries.all())
    told = {entry.session_id: entry.revision for entry in entries if not entry.is_cancelled}
    now_stands = {session.pk: session.revision for session in _days_for(booking, told, now=now)}
    return bool(entries) and told != now_stands


def shows_a_day_to_come(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether the calendar expects a day of it yet: also of an occasion that was put back into the past."""
    return any(not entry.is_cancelled and entry.ends_at > now for entry in booking.calendar_entries.all())


def how_often_told(booking: Booking) -> int:
    """Rises with every file that is written about the booking, whatever becomes of its days."""
    return sum(sequence + 1 for sequence in booking.calendar_entries.values_list("sequence", flat=True))


def uid_of(booking: Booking, session: Session) -> str:
    """Made from two names that never change, so never from a position in a list."""
    return uid_for(str(booking.uuid), session)


def uid_for(name: str, session: Session) -> str:
    return f"{name}-{session.uuid}@{urlsplit(settings.SITE_URL).hostname or 'stigen'}"


def what_is_told(booking: Booking, session: Session) -> dict[str, Any]:
    """In the active language."""
    return words_for(booking.occasion, session)


def words_for(occasion: Occasion, session: Session) -> dict[str, Any]:
    course = occasion.course.name
    return {
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "summary": f"{course}: {session.title}" if session.title else course,
        "location": ", ".join(part for part in (session.place, session.address) if part),
        "link": session.link,
    }


def page_of(booking: Booking) -> str:
    return f"{settings.SITE_URL}{reverse('occasion', args=[booking.occasion_id])}"


def _cancel(entry: CalendarEntry, booking: Booking, *, now: dt.datetime) -> DayFile:
    entry.sequence += 1
    entry.is_cancelled, entry.told_at = True, now
    entry.save(update_fields=["sequence", "is_cancelled", "told_at"])
    return _attach(entry, booking, method=CANCEL)


def _attach(entry: CalendarEntry, booking: Booking, *, method: str) -> DayFile:
    day = CourseDay(
        uid=entry.uid,
        sequence=entry.sequence,
        told_at=entry.told_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=entry.summary,
        location=entry.location,
        link=entry.link,
        page=page_of(booking),
    )
    date = timezone.localdate(entry.starts_at)
    return DayFile(
        name=f"{date:%Y-%m-%d}.ics",
        content_type=f"text/calendar; method={method}; charset=utf-8",
        content=message_file(day, to=booking.person, method=method),
        day=date,
        is_cancelled=method == CANCEL,
    )
