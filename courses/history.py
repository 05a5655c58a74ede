"""Where a booking stands and how it came there, in words: for its page and for the API."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Booking, BookingEvent, Offer
from courses.queries import open_offer
from courses.rules import may_cancel_oneself, offers_are_made
from courses.services.limits import see_limits

S = Booking.State


@dataclass(frozen=True)
class Line:
    """One line of the history. `says` is a whole sentence, with day and time, in the reader's language."""

    at: dt.datetime
    state: str
    says: str
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """What the person can know of the own booking now.

    `position` is 1 for the first who waits, among those who may still book; None for whoever doesn't wait.
    `rule` says in a sentence how the queue works here; `moves_from` is the occasion given up when this is certain.
    """

    state: str
    position: int | None
    rule: str
    offers_until: dt.datetime
    cancel_until: dt.datetime
    may_cancel: bool
    answer_offer_by: dt.datetime | None
    decide_by: dt.datetime | None
    moves_from: int | None
    history: list[Line]


def standing_of(booking: Booking, *, now: dt.datetime) -> Standing:
    """Needs `occasion__course`; six queries at most, ten on an occasion with limits."""
    occasion = booking.occasion
    offer = open_offer(booking) if booking.state == S.OFFERED else None
    replaced = booking.replaces
    return Standing(
        state=booking.state,
        position=position_in_queue(booking, now=now) if booking.state == S.WAITING else None,
        rule=rule_of_queue(booking, now=now),
        offers_until=min(occasion.offers_until, occasion.starts_at),
        cancel_until=occasion.cancel_until,
        may_cancel=may_cancel_oneself(booking, occasion, now=now),
        answer_offer_by=offer.expires_at if offer is not None else None,
        decide_by=booking.decide_by,
        moves_from=replaced.occasion_id
        if replaced is not None and booking.state in Booking.LIVE and replaced.state in Booking.LIVE
        else None,
        history=history_of(booking),
    )


def position_in_queue(booking: Booking, *, now: dt.datetime) -> int:
    """1 for the first who waits. Whoever may no longer book the occasion is not counted."""
    waiting = Booking.objects.filter(occasion_id=booking.occasion_id, state=S.WAITING, pk__lt=booking.pk)
    if not booking.occasion.is_limited:
        return 1 + waiting.count()
    people = list(waiting.values_list("person_id", flat=True))
    limits = see_limits(booking.occasion, people=people, now=now)
    return 1 + sum(limits.may_book(person) for person in people)


def rule_of_queue(booking: Booking, *, now: dt.datetime) -> str:
    occasion = booking.occasion
    until = {"moment": _moment(min(occasion.offers_until, occasion.starts_at)), "hours": occasion.offer_hours}
    if offers_are_made(occasion, now=now):
        return (
            _(
                "A place that becomes free is offered to the first on the list, who has %(hours)d working hours to "
                "answer. Places are offered until %(moment)s; after that the facilitator gives them by hand."
            )
            % until
        )
    return _("Places were offered until %(moment)s. Now the facilitator gives them by hand.") % until


def history_of(booking: Booking) -> list[Line]:
    """The log in words, the oldest first: two queries."""
    offers = {offer.made_at: offer for offer in booking.offers.all()}
    lines = []
    before: BookingEvent | None = None
    for event in booking.events.select_related("by", "other__person", "other__occasion__course").order_by("id"):
        says = _say(event, before, offers)
        lines.append(Line(at=event.at, state=event.state, says=says, why=event.why))
        before = event
    return lines


def _say(event: BookingEvent, before: BookingEvent | None, offers: dict[dt.datetime, Offer]) -> str:
    words = {"at": _moment(event.at), "by": str(event.by or "")}
    was = before.state if before is not None else ""
    if event.state == S.OFFERED:
        offer = offers.get(event.at)
        words["until"] = _moment(offer.expires_at) if offer is not None else ""
        return _("You were offered a place %(at)s. It was held for you until %(until)s.") % words
    if event.state == S.LAPSED:
        if was == S.ASKED:
            return _("Nobody answered your request in time. It lapsed %(at)s.") % words
        return _("The offer ran out %(at)s.") % words
    if event.other is not None:
        return _say_of_two(event, words)
    return _say_plainly(event, was) % words


def _say_of_two(event: BookingEvent, words: dict[str, str]) -> str:
    other = event.other
    assert other is not None
    words |= {"name": str(other.person), "course": other.occasion.course.name}
    words["start"] = _moment(other.occasion.starts_at)
    if event.state == S.HANDED_OVER:
        return _("You handed over your place to %(name)s %(at)s.") % words
    if event.state == S.MOVED:
        return _("You moved to %(course)s, which begins %(start)s. That was %(at)s.") % words
    if other.occasion_id == event.booking.occasion_id:
        return _("%(name)s handed over the place to you %(at)s.") % words
    if event.state == S.WAITING:
        return _("You joined the waiting list %(at)s, to move here from %(course)s, %(start)s.") % words
    return _("You moved here from %(course)s, %(start)s. That was %(at)s.") % words


def _say_plainly(event: BookingEvent, was: str) -> str:
    if event.state == S.BOOKED:
        return _say_booked(was)
    if event.state == S.CANCELLED:
        return _say_cancelled(event, was)
    return {
        S.ASKED: _("You asked for a place %(at)s, and it was held for you."),
        S.WAITING: _("You joined the waiting list %(at)s."),
        S.REFUSED: _("%(by)s said no %(at)s."),
    }.get(S(event.state), "%(at)s")


def _say_booked(was: str) -> str:
    return {
        S.OFFERED.value: _("You accepted the place %(at)s."),
        S.ASKED.value: _("%(by)s approved your request %(at)s."),
        S.WAITING.value: _("%(by)s gave you the place %(at)s."),
    }.get(was) or _("You were booked %(at)s.")


def _say_cancelled(event: BookingEvent, was: str) -> str:
    if event.by_id != event.booking.person_id:
        return _("%(by)s cancelled %(at)s.") if event.by_id else _("It was cancelled %(at)s.")
    return _("You declined the place %(at)s.") if was == S.OFFERED else _("You cancelled %(at)s.")


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), _("l j F H:i"))
