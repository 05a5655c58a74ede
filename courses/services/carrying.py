"""An occasion like an earlier one: with its agenda, and the places that were kept on it kept again."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from courses.models import Course, Occasion, Reservation
from courses.rules import may_lead
from courses.services.agenda import copy_agenda
from courses.services.occasions import OccasionPlan, SessionPlan
from courses.services.planning import Circle, create_with_circle
from courses.services.reservations import reserve_places
from people.models import Person
from shared.rules import RuleBroken


def kept_on(earlier: Occasion, *, by: Person) -> list[Reservation]:
    """Of each unit the last one, also when its moment is over; nothing for who does not lead the earlier one."""
    if not may_lead(by, earlier):
        return []
    rows = Reservation.objects.filter(occasion=earlier).select_related("unit").order_by("unit__sort_key", "id")
    return list({row.unit_id: row for row in rows}.values())


def keep_again(earlier: Occasion, *, to: Occasion, by: Person, now: dt.datetime) -> list[Reservation]:
    """As many places for the same units, until as long before the start as then; those that did not fit are answered.

    One that a rule refuses (no longer so many places, another administration) keeps none of the others out.
    """
    refused = []
    for row in kept_on(earlier, by=by):
        until = min(row.until + (to.starts_at - earlier.starts_at), to.offers_until, to.starts_at)
        try:
            reserve_places(to, unit=row.unit, places=row.places, until=until, now=now)
        except RuleBroken:
            refused.append(row)
    return refused


def create_like(
    earlier: Occasion,
    course: Course,
    *,
    plan: OccasionPlan,
    sessions: Sequence[SessionPlan],
    circle: Circle,
    keeps_places: bool,
    by: Person,
    now: dt.datetime,
) -> tuple[Occasion, list[Reservation]]:
    """The new occasion with everything that comes from the earlier one, and the reservations that did not fit."""
    with transaction.atomic():
        occasion = create_with_circle(course, plan=plan, sessions=sessions, circle=circle, by=by, now=now)
        copy_agenda(earlier, to=occasion)
        refused = keep_again(earlier, to=occasion, by=by, now=now) if keeps_places else []
    return occasion, refused
