"""Planning a workshop, joining it by its code, and closing it."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from journeys.models import Journey
from people.models import Person
from shared.rules import RuleBroken
from shared.spoken_codes import SIGNS
from workshops.models import AgendaItem, Participant, Workshop
from workshops.queries import digest_of
from workshops.rules import CODE_LENGTH

MOST_PARTICIPANTS = 200


def plan_workshop(
    journey: Journey,
    *,
    title: str,
    starts_at: dt.datetime,
    agenda: Sequence[tuple[str, int]],
    by: Person,
) -> Workshop:
    """A workshop with its agenda – what and for how many minutes – and a code to join it by."""
    if not agenda:
        raise RuleBroken(_("Write at least one item on the agenda."), code="agenda_empty")
    with transaction.atomic():
        workshop = _insert_with_code(journey=journey, title=title, starts_at=starts_at, facilitator=by)
        AgendaItem.objects.bulk_create(
            AgendaItem(workshop=workshop, position=position, title=what, minutes=minutes)
            for position, (what, minutes) in enumerate(agenda, start=1)
        )
    return workshop


def join_workshop(
    workshop: Workshop, *, person: Person | None, now: dt.datetime, guest_name: str = "", guest_key: str = ""
) -> Participant:
    """Take part: an employee as oneself, a guest by a name and the key of their browser. Joining twice is once."""
    with transaction.atomic():
        # A closing workshop and the last place are looked at under the same lock.
        workshop = Workshop.objects.select_for_update().get(pk=workshop.pk)
        who = {"person": person} if person is not None else {"guest_digest": digest_of(guest_key)}
        known = workshop.participants.filter(**who).first()
        if known is not None:
            return known
        if workshop.closed_at is not None:
            raise RuleBroken(_("The workshop is closed."), code="workshop_closed")
        if workshop.participants.count() >= MOST_PARTICIPANTS:
            raise RuleBroken(_("The workshop is full."), code="workshop_full")
        if person is None and not guest_name.strip():
            raise RuleBroken(_("Write your name."), code="name_missing")
        name = "" if person is not None else guest_name.strip()
        return Participant.objects.create(workshop=workshop, guest_name=name, joined_at=now, **who)


def close_workshop(workshop: Workshop, *, now: dt.datetime) -> None:
    """Nobody joins any more; who joined still sees the agenda. Closing it again changes nothing."""
    Workshop.objects.filter(pk=workshop.pk, closed_at__isnull=True).update(closed_at=now)
    workshop.refresh_from_db()


def new_guest_key() -> str:
    return secrets.token_urlsafe(24)


def _insert_with_code(**fields: object) -> Workshop:
    for _try in range(20):
        code = "".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH))
        try:
            with transaction.atomic():
                return Workshop.objects.create(join_code=code, **fields)
        except IntegrityError:
            if not Workshop.objects.filter(join_code=code).exists():
                raise
    raise RuleBroken(_("No free code was found. Try again."), code="no_code")
