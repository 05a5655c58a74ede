"""After the last moment to cancel: a word to those who lead the occasion, who can cancel or move by hand."""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Booking, LateWord
from courses.own_days import days_of
from courses.rules import needs_the_facilitator
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from shared.rules import RuleBroken

# Each reaches everyone who leads; more than this is better said by telephone.
MOST_MESSAGES = 5


def ask_facilitators(booking: Booking, *, by: Person, why: str, now: dt.datetime) -> int:
    """Writes to all who lead the occasion, with the reason; answers how many. The same words twice are one letter.

    The booking stays as it is: only the facilitator changes it now, and keeps a reason in its log.
    """
    words, occasion = why.strip(), booking.occasion
    if by.pk != booking.person_id or not needs_the_facilitator(booking, occasion, now=now):
        raise RuleBroken(_("You can change the booking yourself."), code="not_needed")
    if not words:
        raise RuleBroken(_("Write what has happened, so that the facilitator can help you."), code="reason_needed")
    leaders = list(occasion.facilitators.filter(is_active=True).order_by("pk"))
    if not leaders:
        raise RuleBroken(_("Nobody leads this occasion yet."), code="nobody_leads")
    said = hashlib.sha256(words.encode()).hexdigest()[:16]
    if said not in _said_before(booking) and len(_said_before(booking)) >= MOST_MESSAGES:
        raise RuleBroken(_("You have written several times. Call the facilitator instead."), code="too_many_messages")
    with transaction.atomic():
        if said not in _said_before(booking):
            LateWord.objects.create(booking=booking, words=words, at=now)
        return sum(_write(booking, to=leader, words=words, said=said, now=now) for leader in leaders)


def last_word(booking: Booking) -> LateWord | None:
    """For whoever leads: what the person wrote last, which is a reason to begin with."""
    return booking.late_words.last()


def has_asked_facilitators(booking: Booking) -> bool:
    return bool(_said_before(booking))


def _said_before(booking: Booking) -> set[str]:
    keys = Letter.objects.filter(key__startswith=_key(booking)).values_list("key", flat=True)
    return {key.split(":")[2] for key in keys}


def _key(booking: Booking) -> str:
    return f"late_change:{booking.uuid}:"


def _write(booking: Booking, *, to: Person, words: str, said: str, now: dt.datetime) -> bool:
    occasion = booking.occasion
    letter = render_letter(
        "courses/letters/late_change",
        {
            "booking": booking,
            "occasion": occasion,
            "course": occasion.course,
            "sessions": days_of(booking),
            "words": words,
        },
        person=to,
    )
    key = f"{_key(booking)}{said}:{to.pk}"
    _letter, is_new = write_rendered(letter, key=key, kind="late_change", person=to, now=now)
    return is_new
