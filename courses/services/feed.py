"""The address at which a person's calendar reads the course days by itself: made, renewed, turned off, read."""

import datetime as dt
import hashlib
import re
import secrets

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.calendar_file import CourseDay, feed_file
from courses.models import Booking, BookingEvent, CalendarEntry, CalendarFeed
from courses.own_days import days_of
from courses.services.calendar import page_of, uid_of, what_is_told
from courses.services.leading_letters import led_days
from people.models import Person
from shared.rules import RuleBroken

# A calendar reads a few times a day; a person with five devices who presses "update" is far below this.
MOST_READS_A_MINUTE = 30
_SECRET = re.compile(r"[A-Za-z0-9_-]{40,64}")
# What was so long ago that nobody looks for it in a calendar.
REACHES_BACK = dt.timedelta(days=366)


def make_feed(person: Person, *, now: dt.datetime) -> CalendarFeed:
    """The person's address; the one there is if there is one."""
    try:
        with transaction.atomic():
            feed, _new = CalendarFeed.objects.get_or_create(
                person=person, defaults={"secret": secrets.token_urlsafe(32), "made_at": now}
            )
    except IntegrityError:  # two clicks at once
        feed = CalendarFeed.objects.get(person=person)
    return feed


def path_of(feed: CalendarFeed) -> str:
    """In no language: calendars keep it for years."""
    return f"/kalender/{feed.secret}.ics"


def renew_feed(person: Person, *, now: dt.datetime) -> CalendarFeed:
    """A new address; the old one answers nobody from now on."""
    with transaction.atomic():
        turn_off_feed(person)
        return make_feed(person, now=now)


def turn_off_feed(person: Person) -> None:
    CalendarFeed.objects.filter(person=person).delete()


def find_feed(secret: str) -> CalendarFeed | None:
    """None for an address that never was, that was turned off, or whose person may no longer log in."""
    if not _SECRET.fullmatch(secret):
        return None
    return CalendarFeed.objects.select_related("person").filter(secret=secret, person__is_active=True).first()


def read_feed(feed: CalendarFeed, *, now: dt.datetime) -> tuple[bytes, str, dt.datetime]:
    """The file, its mark and since when it reads so. Raises `too_many_reads`. Written only when something changed."""
    _refuse_too_many(feed)
    with translation.override(feed.person.language):
        content = feed_file(course_days(feed.person, now=now))
    digest, today = hashlib.sha256(content).hexdigest(), timezone.localdate(now)
    if (feed.digest, feed.last_read_on) != (digest, today):
        if feed.digest != digest or feed.changed_at is None:
            feed.digest, feed.changed_at = digest, now.replace(microsecond=0)
        feed.last_read_on = today
        CalendarFeed.objects.filter(pk=feed.pk).update(
            digest=feed.digest, changed_at=feed.changed_at, last_read_on=today
        )
    return content, digest, feed.changed_at or now


def course_days(person: Person, *, now: dt.datetime) -> list[CourseDay]:
    """Every session the person has a place on, or leads, by the same names as in the letters; and those that were
    over when the place was given up.

    6 queries, however many; 8 for whoever leads.
    """
    bookings = (
        Booking.objects.filter(person=person, state=Booking.State.BOOKED, occasion__ends_at__gt=now - REACHES_BACK)
        .select_related("occasion__course")
        .prefetch_related("occasion__sessions", "calendar_entries", "made_up_days")
        .order_by("occasion__starts_at", "id")
    )
    days = []
    for booking in bookings:
        told = {entry.session_id: entry for entry in booking.calendar_entries.all()}
        for session in days_of(booking):
            entry = told.get(session.pk)
            days.append(
                CourseDay(
                    uid=entry.uid if entry else uid_of(booking, session),
                    sequence=entry.sequence if entry else 0,
                    told_at=entry.told_at if entry else booking.created_at,
                    page=page_of(booking),
                    **what_is_told(booking, session),
                )
            )
    return days + _days_that_were(person, after=now - REACHES_BACK) + led_days(person, after=now - REACHES_BACK)


def _days_that_were(person: Person, *, after: dt.datetime) -> list[CourseDay]:
    """Of bookings that have ended since: a day that was over by then stays, as it does in the calendar that was told
    of it by letter."""
    ended = BookingEvent.objects.filter(booking=OuterRef("booking")).order_by("-id").values("at")[:1]
    stays = (
        CalendarEntry.objects.filter(booking__person=person, is_cancelled=False, ends_at__gt=after)
        .exclude(booking__state__in=Booking.LIVE)
        .filter(session__ends_at__lte=Subquery(ended))
        .select_related("booking")
        .order_by("starts_at", "id")
    )
    return [
        CourseDay(
            uid=entry.uid, sequence=entry.sequence, told_at=entry.told_at, page=page_of(entry.booking),
            starts_at=entry.starts_at, ends_at=entry.ends_at, summary=entry.summary, location=entry.location,
            link=entry.link,
        )
        for entry in stays
    ]  # fmt: skip


def _refuse_too_many(feed: CalendarFeed) -> None:
    counter = f"calendar-feed:{feed.pk}:{feed.secret[:8]}"
    cache.add(counter, 0, timeout=60)
    try:
        reads = cache.incr(counter)
    except ValueError:  # ran out between the two
        return
    if reads > MOST_READS_A_MINUTE:
        raise RuleBroken(_("The calendar is read too often."), code="too_many_reads")
