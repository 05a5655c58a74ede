"""Invitations: a letter from whoever leads to someone who could come. Each person once for each occasion."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Occasion
from courses.participant_queries import eligible_for, invitation_key
from courses.rules import is_bookable, may_lead
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from shared.rules import RuleBroken

MOST_AT_ONCE = 100


def invite_people(occasion: Occasion, *, people: Iterable[int], by: Person, now: dt.datetime) -> int:
    """Answers how many letters were written: whoever was invited before, or can't come any more, gets none."""
    if not may_lead(by, occasion):
        raise RuleBroken(_("Only whoever leads the occasion invites to it."), code="not_your_occasion")
    if not is_bookable(occasion, now=now):
        raise RuleBroken(_("The occasion is not open for booking."), code="occasion_not_open")
    asked = set(people)
    if not asked:
        raise RuleBroken(_("Tick whom to invite."), code="nobody_chosen")
    if len(asked) > MOST_AT_ONCE:
        raise RuleBroken(_("Invite at most %(most)d at a time.") % {"most": MOST_AT_ONCE}, code="too_many")
    written = 0
    with transaction.atomic():
        for person in eligible_for(occasion, day=now.date()).filter(pk__in=asked):
            written += _write(occasion, person, by=by, now=now)
    return written


def _write(occasion: Occasion, person: Person, *, by: Person, now: dt.datetime) -> bool:
    context = {
        "by": by,
        "occasion": occasion,
        "course": occasion.course,
        "sessions": list(occasion.sessions.all()),
    }
    letter = render_letter("courses/letters/invited", context, person=person)
    key = invitation_key(occasion, person.pk)
    _letter, is_new = write_rendered(letter, key=key, kind="invited", person=person, now=now)
    return is_new
