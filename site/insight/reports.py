"""One report as one reader may see it: the question's answer, with small groups hidden where they must be."""

import datetime as dt
from dataclasses import replace

from courses.models import Course
from insight.figures import BY_SHARE, Headcount
from insight.queries import goal_of, headcount
from insight.rules import Sight, hide_small_groups


def report_for(sight: Sight, *, course: Course, on: dt.date, order: str = "") -> Headcount:
    """The highest share first when ordered so, hidden figures last; else in Swedish order."""
    report = headcount(course, on, units=None if sight.sees_everything else sight.units)
    rows, whole = report.rows, report.whole
    if not sight.sees_people:
        rows, whole = hide_small_groups(rows, whole)
    if order == BY_SHARE:
        rows = sorted(rows, key=lambda row: 1.0 if row.share is None else -row.share)
    return replace(report, rows=rows, whole=whole, goal=goal_of(course))
