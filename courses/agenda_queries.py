"""What is done when, and what was left open. They read and never write."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from courses.models import AgendaItem, OpenPoint, Session


@dataclass(frozen=True)
class Moment:
    """A line of the agenda with its times on the wall."""

    item: AgendaItem
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def is_link(self) -> bool:
        return self.item.material.startswith(("https://", "http://", "/")) and self.item.material[:2] != "//"

    @property
    def material_name(self) -> str:
        kept = self.item.page or self.item.document
        return kept.title if kept is not None else self.item.material


def agenda_of(session: Session) -> list[Moment]:
    """Each line goes on until the next begins, the last until the session ends. One query.

    A line that begins after the end, because the session was made shorter, ends when it begins.
    """
    items = list(session.agenda.select_related("page", "document").order_by("starts_after", "id"))
    starts = [session.starts_at + dt.timedelta(minutes=item.starts_after) for item in items]
    return [
        Moment(item, at, max(at, until))
        for item, at, until in zip(items, starts, [*starts[1:], session.ends_at][: len(items)], strict=True)
    ]


def points_for(session: Session) -> list[OpenPoint]:
    """What was left open on this day or before and is open still; and what was noted or closed this day; the open ones
    first. One query."""
    day = timezone.localdate(session.starts_at)
    before = Q(session=None) | Q(session__starts_at__lte=session.starts_at)
    shown = Q(closed_at=None) | Q(session=session) | Q(closed_at__date=day)
    points = OpenPoint.objects.filter(before, shown, occasion=session.occasion_id)
    points = points.select_related("session", "noted_by", "closed_by")
    return list(points.order_by(F("closed_at").asc(nulls_first=True), "id"))
