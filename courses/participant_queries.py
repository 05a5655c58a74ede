"""Questions about the people on an occasion and those who could be there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from courses.models import Attendance, Booking, Completion, Interest, Occasion
from letters.models import Letter
from people.models import Employment, Person, Unit


def units_on(people: Iterable[int], *, day: dt.date) -> dict[int, Unit]:
    """The unit of each one's main employment that day."""
    held = Employment.objects.on(day).filter(person__in=list(people), is_main=True).select_related("unit")
    return {employment.person_id: employment.unit for employment in held}


def absences_before(occasion: Occasion, people: Sequence[int], *, now: dt.datetime) -> dict[int, list[Occasion]]:
    """Where each was absent without having cancelled: every mark says absent, and none excused. The newest first."""
    marks = Attendance.objects.filter(booking=OuterRef("pk"))
    absent = (
        Booking.objects.filter(
            Exists(marks.filter(state=Attendance.State.ABSENT)),
            ~Exists(marks.exclude(state=Attendance.State.ABSENT)),
            person__in=people,
            state=Booking.State.BOOKED,
            occasion__ends_at__lte=now,
        )
        .exclude(occasion=occasion)
        .select_related("occasion__course")
        .order_by("-occasion__starts_at", "-id")
    )
    found: dict[int, list[Occasion]] = defaultdict(list)
    for booking in absent:
        found[booking.person_id].append(booking.occasion)
    return found


def eligible_for(occasion: Occasion, *, day: dt.date) -> QuerySet[Any]:
    """Who could come: employed that day, in the administrations it is for, not trained, and with no booking ahead.

    In Swedish order, each with `interested_since`. Whoever leads it is left out.
    """
    employed = Employment.objects.on(day)
    tops = list(occasion.administrations.values_list("pk", flat=True))
    if tops:
        employed = employed.filter(Q(unit__in=tops) | Q(unit__administration__in=tops))
    mine = {"person": OuterRef("pk")}
    done = Completion.objects.filter(**mine, course=occasion.course_id, withdrawn_at=None)
    ahead = Booking.objects.filter(
        **mine, occasion__course=occasion.course_id, occasion__ends_at__gte=occasion.starts_at, state__in=Booking.LIVE
    )
    interest = Interest.objects.filter(**mine, course=occasion.course_id, ended_at=None)
    people = Person.objects.filter(~Exists(done), ~Exists(ahead), is_active=True, pk__in=employed.values("person"))
    people = people.exclude(pk__in=occasion.facilitators.values("pk"))
    return people.annotate(interested_since=Subquery(interest.values("since")[:1])).order_by("sort_key", "id")


def in_unit(people: QuerySet[Any], unit: Unit, *, day: dt.date) -> QuerySet[Any]:
    below = Employment.objects.on(day).filter(Q(unit=unit) | Q(unit__administration=unit) | Q(unit__parent=unit))
    return people.filter(pk__in=below.values("person"))


def invitation_key(occasion: Occasion, person_pk: int) -> str:
    return f"invited:{occasion.pk}:{person_pk}"


def invited_at(occasion: Occasion, people: Iterable[int]) -> dict[int, dt.datetime]:
    """When each was invited to the occasion by a letter."""
    keys = {invitation_key(occasion, pk): pk for pk in people}
    written = Letter.objects.filter(key__in=keys).values_list("key", "written_at")
    return {keys[key]: at for key, at in written}
