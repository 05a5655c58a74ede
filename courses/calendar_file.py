"""Calendar files as RFC 5545, 5546 and 7986 want them: the message about one course day, and the feed of all.

Everything is written on the wall clock of the site's time zone with its IANA name, and in the active language.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri

from people.models import Person

REQUEST = "REQUEST"
CANCEL = "CANCEL"
PUBLISH = "PUBLISH"
# How often a calendar is asked to read the feed again; most take longer whatever one asks.
REFRESH = dt.timedelta(hours=4)
# Swedish time by the rule of the European Union, as RFC 5545 writes it and every calendar reads it; held against the
# time zone database by a test. (icalendar can write it by itself, but lets summer begin an hour late.)
_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class CourseDay:
    """One block as a calendar shows it. `page` is where the reader finds the booking."""

    uid: str
    sequence: int
    told_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str
    link: str
    page: str
    # Whether the reader leads the day, rather than holds a place.
    leads: bool = False


def message_file(day: CourseDay, *, to: Person, method: str) -> bytes:
    """One VEVENT for one person: an invitation, a change of it, or its end."""
    event = _event(day)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == CANCEL else "OPAQUE")
    event.add("organizer", _address(settings.MUNICIPALITY, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    attendee = _address(str(to), to.email)
    # The place is booked already: nobody is asked to answer.
    for name, value in {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }.items():
        attendee.params[name] = vText(value)
    event.add("attendee", attendee)
    return _written(_calendar(method), [event])


def feed_file(days: Iterable[CourseDay]) -> bytes:
    """All course days of one person, to be read again and again. No ATTENDEE: nobody is invited by a feed."""
    calendar = _calendar(PUBLISH)
    name = _("Courses in %(municipality)s") % {"municipality": settings.MUNICIPALITY}
    for key in ("name", "x-wr-calname"):
        calendar.add(key, plain(name))
    calendar.add("x-wr-timezone", str(timezone.get_default_timezone()))
    refresh = vDuration(REFRESH)
    calendar.add("x-published-ttl", refresh)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh)
    return _written(calendar, _standing(days))


def days_file(days: Iterable[CourseDay]) -> bytes:
    """Some days to be taken once into the calendar one has: without a name, or it would become one beside it."""
    return _written(_calendar(PUBLISH), _standing(days))


def _standing(days: Iterable[CourseDay]) -> list[Event]:
    events = []
    for day in days:
        event = _event(day)
        event.add("status", "CONFIRMED")
        event.add("transp", "OPAQUE")
        events.append(event)
    return events


def plain(words: str) -> str:
    """No control character reaches a calendar file: a lone carriage return could begin a line of its own."""
    return _CONTROL.sub(" ", words).strip()


def _event(day: CourseDay) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("sequence", day.sequence)
    event.add("dtstamp", day.told_at.astimezone(dt.UTC))
    event.add("dtstart", _on_the_wall(day.starts_at))
    event.add("dtend", _on_the_wall(day.ends_at))
    event.add("summary", plain(day.summary))
    # Outlook shows no other field beside the title: where there is no room, the link is the place.
    if where := plain(day.location or day.link):
        event.add("location", where)
    event.add("description", _description(day))
    if day.link:
        event.add("url", vUri(plain(day.link)))
        conference = vUri(plain(day.link))
        conference.params["VALUE"] = "URI"
        conference.params["FEATURE"] = "VIDEO"
        conference.params["LABEL"] = plain(_("Take part remotely"))
        event.add("conference", conference)
    return event


def _description(day: CourseDay) -> str:
    lines = [_("Take part remotely: %(link)s") % {"link": plain(day.link)}] if day.link else []
    own = _("The occasion in Stigen: %(link)s") if day.leads else _("Your booking in Stigen: %(link)s")
    return "\n".join([*lines, own % {"link": day.page}])


def _on_the_wall(moment: dt.datetime) -> dt.datetime:
    """The hour that the clocks show twice means its first time in a calendar file: the second is written in UTC."""
    local = moment.astimezone(timezone.get_default_timezone())
    return moment.astimezone(dt.UTC) if local.fold else local


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Stigen//Kurser//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _written(calendar: Calendar, events: list[Event]) -> bytes:
    calendar.add_component(Timezone.from_ical(_ZONE.format(name=timezone.get_default_timezone())))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{plain(email)}")
    address.params["CN"] = vText(plain(name))
    return address
