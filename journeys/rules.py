"""What a journey accepts, and who may read and change it. Reads, never writes."""

import unicodedata
from typing import Any

from django.db.models import Expression, Q, QuerySet
from django.utils.translation import gettext as _

from journeys.models import Journey, JourneyMember
from people.models import Person
from shared.rules import RuleBroken

MOST_OPERATIONS = 200  # in one request
MOST_BYTES = 1_000_000  # of one request
LONGEST_TITLE = 160
LONGEST_TEXT = 2000
MOST_ROWS = {"phase": 40, "step": 200, "lane": 40, "note": 5000}  # of one journey, removed ones too
WRITERS = (JourneyMember.Role.EDITOR, JourneyMember.Role.OWNER)


def readable(person: Person | Expression) -> QuerySet[Journey]:
    """The journeys that `person` may read: the own ones and those open to everyone who is logged in."""
    mine = JourneyMember.objects.filter(person=person).values("journey_id")
    return Journey.objects.filter(Q(visibility=Journey.Visibility.EVERYONE) | Q(pk__in=mine))


def role_of(person: Person, journey: Journey) -> str | None:
    """The role of `person` in `journey`: "owner", "editor", "reader", or None where it is closed to them."""
    role = JourneyMember.objects.filter(journey=journey, person=person).values_list("role", flat=True).first()
    if role is None and journey.visibility == Journey.Visibility.EVERYONE:
        return str(JourneyMember.Role.READER)
    return role


def may_change(role: str | None) -> bool:
    return role in WRITERS


def may_make_journeys(person: Person) -> bool:
    return person.has_perm("journeys.add_journey")


def clean_text(value: Any, *, longest: int, lines: bool, may_be_empty: bool = False) -> str:
    """`value` as it may be stored: trimmed, line ends as one character; refused where it is no readable text."""
    if not isinstance(value, str):
        raise RuleBroken(_("This must be text."), code="text_invalid")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    allowed = "\n\t" if lines else "\t"
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in text):
        raise RuleBroken(_("The text holds characters that can't be shown."), code="text_invalid")
    if len(text) > longest:
        raise RuleBroken(
            _("The text is %(length)d characters; there is room for %(longest)d.")
            % {"length": len(text), "longest": longest},
            code="text_too_long",
        )
    if not text and not may_be_empty:
        raise RuleBroken(_("Write something first."), code="text_empty")
    return text
