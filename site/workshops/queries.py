"""What is known about workshops."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from people.models import Person
from workshops.models import AgendaItem, Participant, Workshop


@dataclass(frozen=True)
class Planned:
    """One item of the agenda with the time it is planned for. `moment` is "past", "now" or "later"."""

    item: AgendaItem
    starts_at: dt.datetime
    ends_at: dt.datetime
    moment: str


def time_plan(workshop: Workshop, *, now: dt.datetime) -> list[Planned]:
    """The agenda laid out from the workshop's start, item after item."""
    plan, starts_at = [], workshop.starts_at
    for item in workshop.agenda.all():
        ends_at = starts_at + dt.timedelta(minutes=item.minutes)
        moment = "later" if now < starts_at else "now" if now < ends_at else "past"
        plan.append(Planned(item, starts_at, ends_at, moment))
        starts_at = ends_at
    return plan


def workshops_of(person: Person) -> QuerySet[Workshop]:
    """Those the person leads or has joined, the latest first."""
    mine = Q(facilitator=person) | Q(participants__person=person)
    found = Workshop.objects.filter(pk__in=Workshop.objects.filter(mine).values("pk"))
    return (
        found.select_related("journey", "facilitator")
        .annotate(joined=Count("participants"))
        .order_by("-starts_at", "id")
    )


def participant_of(workshop: Workshop, *, person: Person | None, guest_key: str = "") -> Participant | None:
    """How someone takes part: an employee by who they are, a guest by the key in their browser."""
    if person is not None:
        return workshop.participants.filter(person=person).first()
    return workshop.participants.filter(guest_digest=digest_of(guest_key)).first() if guest_key else None


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
