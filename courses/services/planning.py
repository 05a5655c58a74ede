"""Everything that a facilitator plans about an occasion, in one breath: all of it, or nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course, Occasion
from courses.services.leading_letters import follow_own_act, knows_before
from courses.services.needs import ask_for_needs
from courses.services.occasions import OccasionPlan, SessionPlan, change_occasion, create_occasion
from courses.services.places import lock_occasion
from courses.services.reservations import decide_who_may_book
from people.models import Person, Unit
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Circle:
    """Who leads, for whom, and what those who book are asked. No administrations: everyone."""

    facilitators: Sequence[Person]
    administrations: Sequence[Unit] = ()
    is_hidden: bool = False
    asks_needs: bool = False


def create_with_circle(
    course: Course,
    *,
    plan: OccasionPlan,
    sessions: Sequence[SessionPlan],
    circle: Circle,
    by: Person,
    now: dt.datetime,
) -> Occasion:
    _refuse_without_a_leader(circle)
    with transaction.atomic():
        occasion = create_occasion(course, plan=plan, sessions=sessions, facilitators=circle.facilitators)
        occasion = _set_circle(occasion, circle, now=now)
        _tell_leaders(occasion)
        follow_own_act(occasion, by=by, now=now)
    return occasion


def change_with_circle(
    occasion: Occasion,
    *,
    plan: OccasionPlan,
    sessions: Sequence[SessionPlan],
    circle: Circle,
    by: Person,
    now: dt.datetime,
) -> Occasion:
    """Places that become free by the one change are never offered by the limits, or the count, of before the other."""
    _refuse_without_a_leader(circle)
    with transaction.atomic():
        knows = knows_before(lock_occasion(occasion.pk), by=by, now=now)
        before = _what_leaders_know(occasion)
        if plan.places >= occasion.places:
            occasion = _set_circle(occasion, circle, now=now)
            occasion = change_occasion(occasion, plan=plan, sessions=sessions, now=now)
        else:
            occasion = change_occasion(occasion, plan=plan, sessions=sessions, now=now)
            occasion = _set_circle(occasion, circle, now=now)
        occasion.facilitators.set(circle.facilitators)
        if _what_leaders_know(occasion) != before:
            _tell_leaders(occasion)
            if knows:
                follow_own_act(occasion, by=by, now=now)
    return occasion


def _what_leaders_know(occasion: Occasion) -> tuple[Any, ...]:
    known = Occasion.objects.filter(pk=occasion.pk)
    return (
        known.values_list("state", flat=True).get(),
        set(known.values_list("facilitators", flat=True)),
        set(known.values_list("sessions", "sessions__revision")),
    )


def _tell_leaders(occasion: Occasion) -> None:
    """The workers find out what is news to whom; whoever acts knows it."""
    occasion.leaders_to_tell = True
    occasion.save(update_fields=["leaders_to_tell"])


def _refuse_without_a_leader(circle: Circle) -> None:
    if not circle.facilitators:
        raise RuleBroken(_("Somebody must lead the occasion."), code="no_facilitator")


def _set_circle(occasion: Occasion, circle: Circle, *, now: dt.datetime) -> Occasion:
    """Only what is different: the queue is judged by when the limits changed."""
    before = set(occasion.administrations.values_list("pk", flat=True))
    if before != {unit.pk for unit in circle.administrations} or occasion.is_hidden != circle.is_hidden:
        occasion = decide_who_may_book(
            occasion, administrations=circle.administrations, is_hidden=circle.is_hidden, now=now
        )
    if occasion.asks_needs != circle.asks_needs:
        occasion = ask_for_needs(occasion, asks=circle.asks_needs)
    return occasion
