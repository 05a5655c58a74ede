"""When a report is closed: from then on it says the same for ever (docs/decisions/0030)."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

DAYS_TO_CLOSE = 31


def closes_at(on: dt.date) -> dt.datetime:
    """The moment after which nothing that is recorded or withdrawn changes the report of the day."""
    return timezone.make_aware(dt.datetime.combine(on + dt.timedelta(days=DAYS_TO_CLOSE + 1), dt.time()))


def is_closed(on: dt.date, *, now: dt.datetime) -> bool:
    return now >= closes_at(on)


def standing(on: dt.date, *, now: dt.datetime) -> Q:
    """The completions that stand in the report of the day; until it is closed, those that stand now."""
    if not is_closed(on, now=now):
        return Q(withdrawn_at=None)
    closes = closes_at(on)
    return Q(recorded_at__lt=closes) & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=closes))
