"""Calendar files: one entry per booking and session, the same UID for life, SEQUENCE rising, CANCEL at the end."""

import datetime as dt
import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from courses.models import Booking, CalendarEntry, Session
from letters.services.writing import Attachable

REQUEST = "REQUEST"
CANCEL = "CANCEL"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def invite(booking: Booking, session: Session, *, now: dt.datetime) -> Attachable:
    """The session into the person's calendar, or the change of it: the sequence rises with every file written."""
    entry, is_new = CalendarEntry.objects.get_or_create(
        booking=booking,
        session=session,
        defaults={"uid": uid_of(booking, session), "revision": session.revision},
    )
    if not is_new:
        entry.sequence += 1
        entry.revision = session.revision
        entry.is_cancelled = False
        entry.save(update_fields=["sequence", "revision", "is_cancelled"])
    return _attach(entry, booking, session, method=REQUEST, now=now)


def withdraw(booking: Booking, *, now: dt.datetime) -> list[Attachable]:
    """A CANCEL for every entry of the booking that still stands in a calendar."""
    parts = []
    for entry in booking.calendar_entries.filter(is_cancelled=False).select_related("session").order_by("session"):
        entry.sequence += 1
        entry.is_cancelled = True
        entry.save(update_fields=["sequence", "is_cancelled"])
        parts.append(_attach(entry, booking, entry.session, method=CANCEL, now=now))
    return parts


def uid_of(booking: Booking, session: Session) -> str:
    """Made from two names that never change, so never from a position in a list."""
    return f"{booking.uuid}-{session.uuid}@{urlsplit(settings.SITE_URL).hostname or 'stigen'}"


def plain(words: str) -> str:
    """No control character reaches a calendar file: a lone carriage return could begin a line of its own."""
    return _CONTROL.sub(" ", words).strip()


def _attach(entry: CalendarEntry, booking: Booking, session: Session, *, method: str, now: dt.datetime) -> Attachable:
    day = timezone.localdate(session.starts_at)
    return Attachable(
        f"{day:%Y-%m-%d}.ics",
        f"text/calendar; method={method}; charset=utf-8",
        calendar_file(entry, booking, session, method=method, now=now),
    )


def calendar_file(entry: CalendarEntry, booking: Booking, session: Session, *, method: str, now: dt.datetime) -> bytes:
    """One VEVENT, as RFC 5546 wants it of a message, in the active language."""
    here = timezone.get_default_timezone()
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", session.starts_at.astimezone(here))
    event.add("dtend", session.ends_at.astimezone(here))
    event.add("summary", plain(_title(booking, session)))
    event.add("location", plain(_place(session)))
    event.add("description", plain(_("Your booking in Stigen: %(link)s") % {"link": f"{settings.SITE_URL}/min-sida/"}))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == CANCEL else "OPAQUE")
    event.add("organizer", _address(settings.MUNICIPALITY, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    attendee = _address(str(booking.person), booking.person.email)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)

    calendar = Calendar()
    calendar.add("prodid", "-//Stigen//Kurser//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    year = session.starts_at.year
    calendar.add_missing_timezones(first_date=dt.date(year - 1, 1, 1), last_date=dt.date(year + 1, 1, 1))
    return calendar.to_ical()


def _title(booking: Booking, session: Session) -> str:
    course = booking.occasion.course.name
    return f"{course}: {session.title}" if session.title else course


def _place(session: Session) -> str:
    return ", ".join(part for part in (session.place, session.address, session.link) if part)


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{plain(email)}")
    address.params["CN"] = vText(plain(name))
    return address
