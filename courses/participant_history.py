"""What has happened to the bookings of an occasion, told about others: for whoever leads it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.history import Line
from courses.models import Booking, BookingEvent, Offer

S = Booking.State


def histories_of(bookings: Iterable[Booking]) -> dict[int, list[Line]]:
    """The log of each in words, the oldest first, by booking: two queries, however many."""
    pks = [booking.pk for booking in bookings]
    offers = {(offer.booking_id, offer.made_at): offer for offer in Offer.objects.filter(booking__in=pks)}
    events = BookingEvent.objects.filter(booking__in=pks).select_related(
        "booking", "by", "other__person", "other__occasion__course"
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    was: dict[int, str] = {}
    for event in events.order_by("id"):
        says = _say(event, was.get(event.booking_id, ""), offers.get((event.booking_id, event.at)))
        lines[event.booking_id].append(Line(at=event.at, state=event.state, says=says, why=event.why))
        was[event.booking_id] = event.state
    return lines


def _say(event: BookingEvent, was: str, offer: Offer | None) -> str:
    words = {"at": _moment(event.at), "by": str(event.by or "")}
    if event.other is not None:
        return _say_of_two(event, words)
    if event.state == S.OFFERED:
        words["until"] = _moment(offer.expires_at) if offer is not None else ""
        return _("Was offered a place %(at)s, held until %(until)s.") % words
    if event.state == S.BOOKED:
        return _say_booked(event, was) % words
    if event.state == S.CANCELLED:
        return _say_cancelled(event, was) % words
    if event.state == S.LAPSED and was == S.ASKED:
        return _("Nobody answered the request in time. It lapsed %(at)s.") % words
    return {
        S.ASKED: _("Asked for a place %(at)s."),
        S.WAITING: _("Joined the waiting list %(at)s."),
        S.LAPSED: _("The offer ran out %(at)s."),
        S.REFUSED: _("%(by)s said no %(at)s."),
    }.get(S(event.state), "%(at)s") % words


def _say_booked(event: BookingEvent, was: str) -> str:
    if was == S.OFFERED:
        return _("Accepted the place %(at)s.")
    if was == S.ASKED:
        return _("%(by)s approved the request %(at)s.")
    if event.by_id is not None and event.by_id != event.booking.person_id:
        return _("%(by)s gave the place %(at)s.")
    return _("Booked %(at)s.")


def _say_cancelled(event: BookingEvent, was: str) -> str:
    if event.by_id == event.booking.person_id:
        return _("Declined the place %(at)s.") if was == S.OFFERED else _("Cancelled %(at)s.")
    return _("%(by)s cancelled %(at)s.") if event.by_id else _("It was cancelled %(at)s.")


def _say_of_two(event: BookingEvent, words: dict[str, str]) -> str:
    other = event.other
    assert other is not None
    words |= {"name": str(other.person), "course": other.occasion.course.name}
    words["start"] = _moment(other.occasion.starts_at)
    if event.state == S.HANDED_OVER:
        return _("Handed the place over to %(name)s %(at)s.") % words
    if event.state == S.MOVED:
        return _("Moved to %(course)s, which begins %(start)s. That was %(at)s.") % words
    if other.occasion_id == event.booking.occasion_id:
        return _("Got the place from %(name)s %(at)s.") % words
    if event.state == S.WAITING:
        return _("Joined the waiting list %(at)s, to move here from %(course)s, %(start)s.") % words
    return _("Moved here from %(course)s, %(start)s. That was %(at)s.") % words


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), _("l j F H:i"))
