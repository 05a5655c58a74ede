"""What has happened to a booking, in words: one walk through its log, told to the person or about the person."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Booking, BookingEvent, Offer

S = Booking.State
Voice = Mapping[str, str | Promise]


@dataclass(frozen=True)
class Line:
    """One line of the history. `says` is a whole sentence, with day and time, in the reader's language."""

    at: dt.datetime
    state: str
    says: str
    why: str = ""


TO_THE_PERSON: Voice = {
    "asked": _("You asked for a place %(at)s, and it was held for you."),
    "waiting": _("You joined the waiting list %(at)s."),
    "booked": _("You were booked %(at)s."),
    "accepted": _("You accepted the place %(at)s."),
    "approved": _("%(by)s approved your request %(at)s."),
    "given": _("%(by)s gave you the place %(at)s."),
    "refused": _("%(by)s said no %(at)s."),
    "offered": _("You were offered a place %(at)s. It was held for you until %(until)s."),
    "offered now": _("You were offered a place %(at)s. It is held for you until %(until)s."),
    "ran out": _("The offer ran out %(at)s."),
    "ran out and waits": _(
        "The offer ran out %(at)s, when no more places were offered. You kept your place in the queue."
    ),
    "not answered": _("Nobody answered your request in time. It lapsed %(at)s."),
    "cancelled": _("You cancelled %(at)s."),
    "declined": _("You declined the place %(at)s."),
    "cancelled by": _("%(by)s cancelled %(at)s."),
    "cancelled by itself": _("It was cancelled %(at)s."),
    "left": _("You left the waiting list %(at)s."),
    "taken off by": _("%(by)s took you off the waiting list %(at)s."),
    "taken off": _("You were taken off the waiting list %(at)s."),
    "taken back": _("You took back your request %(at)s."),
    "ended by": _("%(by)s ended your request %(at)s."),
    "ended": _("Your request was ended %(at)s."),
    "handed over": _("You handed over your place to %(name)s %(at)s."),
    "received": _("%(name)s handed over the place to you %(at)s."),
    "moved": _("You moved %(at)s to %(course)s, which begins %(start)s."),
    "moved here": _("You moved here %(at)s from %(course)s, %(start)s."),
    "waits to move here": _("You joined the waiting list %(at)s, to move here from %(course)s, %(start)s."),
}
ABOUT_THE_PERSON: Voice = {
    "asked": _("Asked for a place %(at)s."),
    "waiting": _("Joined the waiting list %(at)s."),
    "booked": _("Booked %(at)s."),
    "accepted": _("Accepted the place %(at)s."),
    "approved": _("%(by)s approved the request %(at)s."),
    "given": _("%(by)s gave the place %(at)s."),
    "refused": _("%(by)s said no %(at)s."),
    "offered": _("Was offered a place %(at)s, held until %(until)s."),
    "offered now": _("Is offered a place since %(at)s, held until %(until)s."),
    "ran out": _("The offer ran out %(at)s."),
    "ran out and waits": _("The offer ran out %(at)s, when no more places were offered. Waits again."),
    "not answered": _("Nobody answered the request in time. It lapsed %(at)s."),
    "cancelled": _("Cancelled %(at)s."),
    "declined": _("Declined the place %(at)s."),
    "cancelled by": _("%(by)s cancelled %(at)s."),
    "cancelled by itself": _("It was cancelled %(at)s."),
    "left": _("Left the waiting list %(at)s."),
    "taken off by": _("Taken off the waiting list by %(by)s %(at)s."),
    "taken off": _("Taken off the waiting list %(at)s."),
    "taken back": _("Took back the request %(at)s."),
    "ended by": _("%(by)s ended the request %(at)s."),
    "ended": _("The request was ended %(at)s."),
    "handed over": _("Handed the place over to %(name)s %(at)s."),
    "received": _("Got the place from %(name)s %(at)s."),
    "moved": _("Moved %(at)s to %(course)s, which begins %(start)s."),
    "moved here": _("Moved here %(at)s from %(course)s, %(start)s."),
    "waits to move here": _("Joined the waiting list %(at)s, to move here from %(course)s, %(start)s."),
}

# One state in the database, four things to leave: what is cancelled is what there was before. In each the word for
# oneself, for another and for the clock.
_ENDINGS: dict[str, tuple[str, str, str]] = {
    S.WAITING: ("left", "taken off by", "taken off"),
    S.OFFERED: ("declined", "taken off by", "taken off"),
    S.ASKED: ("taken back", "ended by", "ended"),
}
_IN_SHORT: dict[str, str | Promise] = {
    S.WAITING: _("no longer on the waiting list"),
    S.OFFERED: _("no longer on the waiting list"),
    S.ASKED: _("request ended"),
}


def state_in_words(booking: Booking, *, was: str) -> str:
    """The state for a label; `was` is what the booking was before it."""
    if booking.state == S.CANCELLED and was in _IN_SHORT:
        return str(_IN_SHORT[was])
    return str(booking.get_state_display())


def before_the_last(history: Sequence[Line]) -> str:
    """What a booking was before the last line of its log; "" where there is only one."""
    return history[-2].state if len(history) > 1 else ""


def histories_of(bookings: Iterable[Booking], voice: Voice = ABOUT_THE_PERSON) -> dict[int, list[Line]]:
    """The log of each in words, the oldest first, by booking: two queries, however many."""
    pks = [booking.pk for booking in bookings]
    offers = {(offer.booking_id, offer.made_at): offer for offer in Offer.objects.filter(booking__in=pks)}
    events = BookingEvent.objects.filter(booking__in=pks).select_related(
        "booking", "by", "other__person", "other__occasion__course"
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    was: dict[int, str] = {}
    for event in events.order_by("id"):
        offer = offers.get((event.booking_id, event.at))
        what = _what_happened(event, was.get(event.booking_id, ""))
        if what == S.OFFERED and offer is not None and offer.answer == Offer.Answer.OPEN:
            what = "offered now"
        says = str(voice[what]) % _words(event, offer)
        lines[event.booking_id].append(Line(at=event.at, state=event.state, says=says, why=event.why))
        was[event.booking_id] = event.state
    return lines


def _what_happened(event: BookingEvent, was: str) -> str:
    if event.other is not None:
        return _between_two(event, event.other)
    is_by_another = event.by_id is not None and event.by_id != event.booking.person_id
    if event.state == S.BOOKED:
        known = {S.OFFERED.value: "accepted", S.ASKED.value: "approved"}
        return known.get(was) or ("given" if is_by_another else "booked")
    if event.state == S.CANCELLED:
        by_oneself, by_another, by_itself = _ENDINGS.get(was, ("cancelled", "cancelled by", "cancelled by itself"))
        return by_itself if event.by_id is None else by_another if is_by_another else by_oneself
    if event.state == S.LAPSED:
        return "not answered" if was == S.ASKED else "ran out"
    return "ran out and waits" if (was, event.state) == (S.OFFERED, S.WAITING) else str(event.state)


def _between_two(event: BookingEvent, other: Booking) -> str:
    if event.state == S.HANDED_OVER:
        return "handed over"
    if event.state == S.MOVED:
        return "moved"
    if other.occasion_id == event.booking.occasion_id:
        return "received"
    return "waits to move here" if event.state == S.WAITING else "moved here"


def _words(event: BookingEvent, offer: Offer | None) -> dict[str, str]:
    words = {"at": in_words(event.at), "by": str(event.by or ""), "until": ""}
    if offer is not None:
        words["until"] = in_words(offer.expires_at)
    if event.other is not None:
        words |= {"name": str(event.other.person), "course": event.other.occasion.course.name}
        words["start"] = date_format(timezone.localtime(event.other.occasion.starts_at), str(_("j F Y")))
    return words


def in_words(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), str(_("l j F H:i")))
