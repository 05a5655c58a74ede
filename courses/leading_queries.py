"""What waits for someone who leads occasions. They read and never write."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import Attendance, Booking, Occasion, Session
from courses.own_days import comes_to
from courses.queries import facilitated_by
from people.models import Person

# What was never filled in for longer than this nobody remembers well enough to fill in.
_LOOKS_BACK = dt.timedelta(days=60)


def days_to_fill_in(person: Person, *, now: dt.datetime) -> QuerySet[Session]:
    """Days of the last two months that have been and where someone is not marked, the newest first. One query.

    Each has `unmarked`: how many had a place that day and have no mark.
    """
    day = OuterRef(OuterRef("pk"))
    marked = Attendance.objects.filter(booking=OuterRef("pk"), session=day)
    unmarked = (
        Booking.objects.filter(comes_to(day), ~Exists(marked), occasion=OuterRef("occasion"))
        .filter(state=Booking.State.BOOKED)
        .order_by()
        .values("occasion")
        .annotate(n=Count("pk"))
        .values("n")
    )
    led = facilitated_by(person).filter(state=Occasion.State.OPEN).order_by().values("pk")
    return (
        Session.objects.filter(occasion__in=led, ends_at__lte=now, ends_at__gt=now - _LOOKS_BACK)
        .annotate(unmarked=Coalesce(Subquery(unmarked), 0))
        .filter(unmarked__gt=0)
        .select_related("occasion__course")
        .order_by("-starts_at", "-id")[:10]
    )
