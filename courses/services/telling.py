"""Letters about bookings, written from rows that are still to be told, by the workers.

A booking writes its line of the log and is done; setting a calendar file takes longer than booking a place. Each
line is told in its own transaction with its letter, and a letter's key holds the line's id: stopped in the middle
it goes on, run twice at once it tells once.
"""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from typst import TypstError

from courses.history import rule_of_queue
from courses.models import Booking, BookingEvent, Certificate, Completion, Occasion, Offer
from courses.own_days import days_left_of, days_of
from courses.queries import approver_of, decider_for, position_in_queue
from courses.rules import is_bookable, is_past_cancelling
from courses.services.calendar import (
    DayFile,
    bring_up_to_date,
    days_to_invite,
    how_often_told,
    invite,
    is_behind,
    shows_a_day_to_come,
    withdraw,
)
from courses.services.certificates import attach, issue_certificate
from courses.services.leading_letters import tell_leaders
from courses.services.messaging import write_messages
from courses.services.offer_links import offer_link
from courses.services.reservation_letters import tell_managers
from letters.services.rendering import render_letter, write_rendered
from people.models import Person

log = logging.getLogger(__name__)

# A mark made by mistake is corrected within minutes: congratulations wait that long.
COMPLETION_RESTS = dt.timedelta(minutes=15)
# What takes the days out of the calendar again.
ENDS = frozenset({"cancelled", "refused", "lapsed", "not_answered", "moved", "handed_over"})
_BATCH = 200


def tell_news(*, now: dt.datetime) -> int:
    """Writes every letter that is due about bookings, moved sessions and completions; answers how many."""
    return (
        _tell_events(now)
        + _tell_changes(now)
        + _tell_completions(now)
        + tell_managers(now=now)
        + write_messages(now=now)
        + tell_leaders(now=now)
    )


def _tell_events(now: dt.datetime) -> int:
    told = 0
    for pk in BookingEvent.objects.filter(to_tell=True).order_by("id").values_list("pk", flat=True)[:_BATCH]:
        with transaction.atomic():
            event = (
                BookingEvent.objects.select_related(
                    "booking__person", "booking__occasion__course", "by", "other__person", "other__occasion__course"
                )
                .select_for_update(of=("self",), no_key=True, skip_locked=True)
                .filter(pk=pk, to_tell=True)
                .first()
            )
            if event is None:
                continue
            told += _tell_event(event, now=now)
            event.to_tell = False
            event.save(update_fields=["to_tell"])
    return told


_KINDS = {
    Booking.State.ASKED: "asked",
    Booking.State.BOOKED: "booked",
    Booking.State.WAITING: "waiting",
    Booking.State.OFFERED: "offered",
    Booking.State.CANCELLED: "cancelled",
    Booking.State.MOVED: "moved",
    Booking.State.HANDED_OVER: "handed_over",
    Booking.State.LAPSED: "lapsed",
    Booking.State.REFUSED: "refused",
}


def _tell_event(event: BookingEvent, *, now: dt.datetime) -> int:
    booking = event.booking
    kind = _KINDS[Booking.State(event.state)]
    context: dict[str, Any] = {"event": event}
    if kind == "waiting":
        if booking.state != Booking.State.WAITING:
            return 0  # has moved on; the next line of the log tells of it
        context["position"] = position_in_queue(booking, now=now)
        with translation.override(booking.person.language):
            context["rule"] = rule_of_queue(booking, now=now)
    if kind == "offered":
        context["offer"] = booking.offers.filter(made_at=event.at).first()
        if context["offer"] is None or context["offer"].answer != Offer.Answer.OPEN:
            return 0  # answered before the letter was written: nobody needs the question
        with translation.override(booking.person.language):
            context["answer_link"] = offer_link(context["offer"])
    context |= _what_was_left(kind, event)
    told = 0
    if event.state in {Booking.State.ASKED, Booking.State.LAPSED}:
        context["decided_by"] = decider_for(booking.person_id, day=timezone.localdate(event.at))
    if kind == "waiting" and _was_before(event) == Booking.State.OFFERED:
        kind = "offer_ended"
        context["offer"] = booking.offers.filter(answer=Offer.Answer.LAPSED, answered_at=event.at).first()
    if kind == "lapsed" and _was_before(event) == Booking.State.ASKED:
        kind = "not_answered"
        told += _tell_deciders("silent", event, now=now)
    if kind == "asked" and booking.state == Booking.State.ASKED:
        told += _tell_deciders("to_decide", event, now=now)
    if event.other is not None and event.other.person_id != booking.person_id and kind in {"booked", "asked"}:
        kind = "received"
    return told + _write(booking, kind, key=f"{kind}:{booking.uuid}:{event.pk}", context=context, now=now)


def _what_was_left(kind: str, event: BookingEvent) -> dict[str, Any]:
    """What a letter about an end must tell apart: a place is lost otherwise than a place in the queue."""
    if kind == "cancelled":
        return {"was": _was_before(event)}
    if kind == "moved" and event.other is not None:
        return {"new_sessions": days_of(event.other)}
    return {}


def _was_before(event: BookingEvent) -> str:
    """What the booking was until this line of its log."""
    earlier = BookingEvent.objects.filter(booking=event.booking_id, pk__lt=event.pk).order_by("-pk")
    return earlier.values_list("state", flat=True).first() or ""


def _tell_deciders(kind: str, event: BookingEvent, *, now: dt.datetime) -> int:
    """The manager, or where none is known whoever leads the occasion: asked to decide, or told that time ran out."""
    booking = event.booking
    manager = approver_of(booking.person, day=timezone.localdate(event.at))
    deciders = [manager] if manager is not None else list(booking.occasion.facilitators.order_by("pk"))
    context = {"event": event, "is_manager": manager is not None}
    return sum(
        _write(booking, kind, key=f"{kind}:{booking.uuid}:{event.pk}:{person.pk}", context=context, now=now, to=person)
        for person in deciders
    )


def _write(
    booking: Booking, kind: str, *, key: str, context: dict[str, Any], now: dt.datetime, to: Person | None = None
) -> bool:
    """One letter in the person's language, with the calendar files that belong to its news.

    `to` is someone else who is told about the booking: nothing goes into that person's calendar.
    """
    occasion = booking.occasion
    sessions = days_of(booking)
    person = to or booking.person
    days: list[DayFile] = []
    with translation.override(person.language):
        if to is None and (kind == "booked" or (kind == "received" and context["event"].state == "booked")):
            sessions = days_left_of(booking, since=now)
            days = [invite(booking, session, now=now) for session in days_to_invite(booking, now=now)]
        elif kind == "changed":
            days = bring_up_to_date(booking, now=now)
            key = f"{key}:{how_often_told(booking)}"
        elif to is None and kind in ENDS:
            ended_at = context["event"].at
            sessions, days = days_left_of(booking, since=ended_at), withdraw(booking, since=ended_at, now=now)
    parts = [attach(context["certificate"])] if kind == "completed" else days[:1]
    letter = render_letter(
        f"courses/letters/{kind}",
        {
            "booking": booking,
            "occasion": occasion,
            "course": occasion.course,
            "sessions": sessions,
            "files": len(days),
            "is_past_cancelling": is_past_cancelling(occasion, now=now),
            "is_bookable": is_bookable(occasion, now=now),
            "has_begun": now >= occasion.starts_at,
            "is_off": occasion.state == Occasion.State.CANCELLED,
            **context,
        },
        person=person,
    )
    _letter, is_new = write_rendered(letter, key=key, kind=kind, person=person, attachments=parts, now=now)
    if is_new:
        _write_further_days(booking, days, key=key, now=now)
    return is_new


def _write_further_days(booking: Booking, days: list[DayFile], *, key: str, now: dt.datetime) -> None:
    """A letter for each further day: mail programs take one invitation of a letter, and leave others to be opened."""
    for number, file in enumerate(days[1:], start=2):
        context = {"course": booking.occasion.course, "booking": booking, "file": file}
        letter = render_letter("courses/letters/calendar_day", context, person=booking.person)
        write_rendered(
            letter, key=f"{key}:day{number}", kind="calendar_day", person=booking.person, attachments=[file], now=now
        )


def _tell_changes(now: dt.datetime) -> int:
    """Sessions that were moved, added or taken away: everyone's calendar follows."""
    told = 0
    for pk in Occasion.objects.filter(to_tell=True).values_list("pk", flat=True):
        with transaction.atomic():
            occasion = Occasion.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
            if occasion is None or not occasion.to_tell:
                continue
            bookings = (
                Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED)
                .select_related("person", "occasion__course")
                .prefetch_related("calendar_entries", "occasion__sessions", "made_up_days")
            )
            for booking in bookings:
                if (now < occasion.ends_at or shows_a_day_to_come(booking, now=now)) and is_behind(booking, now=now):
                    told += _write(booking, "changed", key=f"changed:{booking.uuid}", context={}, now=now)
            occasion.to_tell = False
            occasion.save(update_fields=["to_tell"])
    return told


def _tell_completions(now: dt.datetime) -> int:
    told = 0
    rested = now - COMPLETION_RESTS
    for pk in Completion.objects.filter(to_tell=True, recorded_at__lte=rested).values_list("pk", flat=True)[:_BATCH]:
        try:
            told += _tell_completion(pk, now=now)
        except TypstError:
            # One that can't be set holds up nobody else's, and is tried again.
            log.exception("The certificate of completion %s could not be set.", pk)
    return told


def _tell_completion(pk: int, *, now: dt.datetime) -> bool:
    """The certificate and the letter that carries it, in one breath."""
    with transaction.atomic():
        completion = (
            Completion.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            .select_related("booking__person", "booking__occasion__course")
            .filter(pk=pk, to_tell=True)
            .first()
        )
        if completion is None:
            return False
        is_new = False
        certificate = issue_certificate(completion, now=now)
        if certificate is not None and completion.booking is not None:
            # Completed again after a correction is news again.
            again = Certificate.objects.filter(completion=completion).exclude(pk=certificate.pk).exists()
            key = f"completed:{completion.booking.uuid}" + (f":{certificate.number}" if again else "")
            context = {"completion": completion, "certificate": certificate}
            is_new = _write(completion.booking, "completed", key=key, context=context, now=now)
        completion.to_tell = False
        completion.save(update_fields=["to_tell"])
    return is_new
