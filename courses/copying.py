"""An occasion copied to another day: what its form begins with. Nothing is written here.

Days keep their distance and clocks what they show, also across the night when the clock is changed. So what comes
out are days and times on the wall: whether such a moment exists is asked when the form is sent in, as of what
anybody types.
"""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import Occasion
from courses.queries import facilitated_by
from courses.session_forms import rows_of
from people.models import Person

_KEPT = ("places", "language", "offer_hours", "asks_needs")
_MOMENTS = ("booking_closes_at", "cancel_until", "offers_until")


def may_be_copied_by(person: Person) -> QuerySet[Occasion]:
    """What the person leads, drafts too, and what anybody can see; the newest first."""
    if person.has_perm("courses.lead_any_occasion"):
        seen = Q()
    else:
        seen = Q(facilitators=person) | ~Q(state=Occasion.State.DRAFT)
    found = Occasion.objects.filter(seen).distinct()
    return found.select_related("course").prefetch_related("sessions").order_by("-starts_at", "-id")


def copied_plan(occasion: Occasion, first_day: dt.date) -> dict[str, Any]:
    """The form's first values: places, who leads, for whom, and the last moments as far ahead as they were."""
    days = first_day - timezone.localdate(occasion.starts_at)
    return (
        {name: getattr(occasion, name) for name in _KEPT}
        | {name: shifted(getattr(occasion, name), days) for name in _MOMENTS}
        | {
            "course": occasion.course_id,
            "min_places": occasion.min_places or None,
            "facilitators": list(occasion.facilitators.values_list("pk", flat=True)),
            "administrations": list(occasion.administrations.values_list("pk", flat=True)),
            "state": "hidden" if occasion.is_hidden else Occasion.State.OPEN.value,
        }
    )


def copied_sessions(occasion: Occasion, first_day: dt.date, *, by: Person) -> list[dict[str, Any]]:
    """The sessions' first values. A meeting's link lets anyone in: it goes along only for whoever leads both."""
    days = first_day - timezone.localdate(occasion.starts_at)
    shows_link = facilitated_by(by).filter(pk=occasion.pk).exists()
    rows = []
    for row in rows_of(occasion):
        del row["pk"]  # a session of its own
        rows.append(row | {"day": row["day"] + days, "link": row["link"] if shows_link else ""})
    return rows


def shifted(moment: dt.datetime, days: dt.timedelta) -> dt.datetime:
    """What the clock on the wall shows so many days later at the same time of the day: a naive moment."""
    return timezone.make_naive(moment) + days
