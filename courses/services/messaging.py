"""Messages from whoever leads an occasion: to those booked, to those who wait, to those who were missing.

The act writes the message and its receivers, and is done. Letters are written from the receivers by the workers:
each in its own transaction, with a key of message and person, so that stopped in the middle it goes on.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Attendance, Booking, MessageReceiver, Occasion, OccasionMessage, Session
from courses.own_days import comes_to, days_of
from courses.queries import live_booking
from courses.rules import may_lead
from letters.services.rendering import Rendered, render_letter, write_rendered
from people.models import Person
from shared.rules import RuleBroken

Circle = OccasionMessage.Circle
_BATCH = 200


@dataclass(frozen=True)
class Address:
    """To whom: `session` is the day of those who were missing, and None for every other circle."""

    circle: str
    session: Session | None = None


def addresses_of(occasion: Occasion, *, now: dt.datetime) -> list[Address]:
    """Whom one can write to now: those missing on a day once the day has begun."""
    begun = [session for session in occasion.sessions.all() if session.starts_at <= now]
    return [Address(Circle.BOOKED), Address(Circle.WAITING), *(Address(Circle.MISSING, each) for each in begun)]


def receivers_of(occasion: Occasion, address: Address) -> QuerySet[Person]:
    """In Swedish order. Missing is absent or not marked; whoever is excused, or comes to another day, is not."""
    bookings = Booking.objects.filter(occasion=occasion)
    if address.circle == Circle.WAITING:
        bookings = bookings.filter(state__in=[Booking.State.WAITING, Booking.State.OFFERED])
    else:
        bookings = bookings.filter(state=Booking.State.BOOKED)
    if address.circle == Circle.MISSING:
        assert address.session is not None
        there = Attendance.objects.filter(booking=OuterRef("pk"), session=address.session)
        bookings = bookings.filter(comes_to(address.session), ~Exists(there.filter(~Q(state=Attendance.State.ABSENT))))
    people = Person.objects.filter(pk__in=bookings.values("person"), is_active=True)
    return people.order_by("sort_key", "id")


def send_message(
    occasion: Occasion,
    *,
    key: uuid.UUID,
    to: Address,
    subject: str,
    text: str,
    by: Person,
    now: dt.datetime,
    shown: int | None = None,
) -> tuple[OccasionMessage, bool]:
    """The message with this key, and whether this call sent it: the same form twice is one message.

    `shown` is how many the writer was told that it goes to; `list_changed` if they are more or fewer by now.
    """
    if not may_lead(by, occasion):
        raise RuleBroken(_("Only whoever leads the occasion writes to its people."), code="not_your_occasion")
    if not subject.strip() or not text.strip():
        raise RuleBroken(_("Write a subject and a text."), code="nothing_written")
    with transaction.atomic():
        message, is_new = OccasionMessage.objects.get_or_create(
            key=key,
            defaults={
                "occasion": occasion,
                "circle": to.circle,
                "session": to.session,
                "subject": subject.strip(),
                "text": text.strip(),
                "by": by,
                "at": now,
            },
        )
        if not is_new:
            if (message.occasion_id, message.by_id) != (occasion.pk, by.pk):
                raise RuleBroken(_("This form belongs to another message. Write a new one."), code="message_elsewhere")
            return message, False
        people = list(receivers_of(occasion, to))
        if not people:
            raise RuleBroken(_("There is nobody to write to there."), code="nobody_there")
        if shown is not None and shown != len(people):
            raise RuleBroken(
                _("The list has changed since you looked. Look again before you send."), code="list_changed"
            )
        MessageReceiver.objects.bulk_create(MessageReceiver(message=message, person=person) for person in people)
    return message, True


def write_messages(*, now: dt.datetime) -> int:
    """The sweep: a letter for each receiver who has none; answers how many it wrote."""
    written = 0
    due = MessageReceiver.objects.filter(to_tell=True).order_by("id")
    for pk in due.values_list("pk", flat=True)[:_BATCH]:
        with transaction.atomic():
            receiver = (
                MessageReceiver.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .select_related("person", "message__by", "message__occasion__course")
                .filter(pk=pk, to_tell=True)
                .first()
            )
            if receiver is not None:
                written += _write(receiver, now=now)
    return written


def _write(receiver: MessageReceiver, *, now: dt.datetime) -> bool:
    message, person = receiver.message, receiver.person
    letter = letter_of(message, person=person)
    key = f"message:{message.key}:{person.pk}"
    receiver.letter, is_new = write_rendered(letter, key=key, kind="message", person=person, now=now)
    receiver.to_tell = False
    receiver.save(update_fields=["letter", "to_tell"])
    return is_new


def letter_of(message: OccasionMessage, *, person: Person) -> Rendered:
    """As it will read; also for a message that is not sent yet."""
    occasion = message.occasion
    booking = live_booking(occasion, person=person)
    sessions = days_of(booking) if booking is not None else list(occasion.sessions.all())
    context = {
        "message": message,
        "occasion": occasion,
        "course": occasion.course,
        "sessions": sessions,
        "day": timezone.localtime(sessions[0].starts_at if sessions else occasion.starts_at),
    }
    return render_letter("courses/letters/message", context, person=person)
