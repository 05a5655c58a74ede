"""Places that were kept on an earlier occasion, kept again on one that is copied from it."""

import datetime as dt

from courses.models import Occasion, Reservation
from courses.rules import may_lead
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
