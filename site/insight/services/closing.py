"""Closing the reports of days gone by: what they said of each administration is written down and stays."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from insight.closing import DAYS_TO_CLOSE, is_closed
from insight.models import ClosedFigure
from insight.queries import courses_with_figures, headcount

# Where nothing has been closed yet: so many days back. What lies before is counted afresh, as ever.
FIRST_DAYS = 7


def close_reports(*, now: dt.datetime) -> int:
    """Write down every day that closed since the last time, and answer how many. Running it again changes nothing."""
    closed = 0
    for on in _days_to_close(now):
        with transaction.atomic():
            for course in courses_with_figures():
                report = headcount(course, on, now=now)
                rows = [
                    ClosedFigure(
                        on=on,
                        course=course,
                        unit_id=row.unit or 0,  # no row of an administration lacks it, nor is one hidden here
                        employees=row.employees or 0,
                        trained=row.trained or 0,
                        closed_at=now,
                    )
                    for row in report.rows
                ]
                # Two sweeps at once write the same day once.
                ClosedFigure.objects.bulk_create(rows, ignore_conflicts=True)
        closed += 1
    return closed


def _days_to_close(now: dt.datetime) -> list[dt.date]:
    latest = timezone.localdate(now) - dt.timedelta(days=DAYS_TO_CLOSE)
    while not is_closed(latest, now=now):
        latest -= dt.timedelta(days=1)
    last = ClosedFigure.objects.aggregate(last=Max("on"))["last"]
    first = last + dt.timedelta(days=1) if last else latest - dt.timedelta(days=FIRST_DAYS - 1)
    return [first + dt.timedelta(days=number) for number in range((latest - first).days + 1)]
