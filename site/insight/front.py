"""HR's headline figure on the front page."""

import datetime as dt

from django.utils import timezone

from guide.front import FrontPart
from insight.queries import courses_with_figures
from insight.reports import report_for
from insight.rules import VIEW_HEADCOUNT, sight_of
from people.models import Person


def headline_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """For who sees the figures of the whole municipality; nothing where no course has a goal."""
    if person is None or not person.has_perm(VIEW_HEADCOUNT):
        return None
    sight = sight_of(person)
    course = next(iter(courses_with_figures()), None)
    if course is None:
        return None
    return FrontPart(
        "insight/parts/front.html",
        {"report": report_for(sight, course=course, on=timezone.localdate(now))},
        place="side",
    )
