"""The shapes of the figures: plain values, made by queries, weighed by rules, drawn by pictures."""

import datetime as dt
from dataclasses import dataclass, field, replace

from courses.models import Course
from insight.models import Goal

# The orders in which rows can be asked for.
BY_NAME, BY_SHARE = "name", "share"


@dataclass(frozen=True)
class Figure:
    """How many of a group are trained. None means hidden: the group is too small to show."""

    unit: int | None
    name: str
    sort_key: str
    employees: int | None
    trained: int | None

    @property
    def not_trained(self) -> int | None:
        return None if self.trained is None or self.employees is None else self.employees - self.trained

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when hidden, or when there is nobody."""
        if self.trained is None or not self.employees:
            return None
        return self.trained / self.employees

    @property
    def per_cent(self) -> float | None:
        return None if self.share is None else 100 * self.share

    @property
    def is_hidden(self) -> bool:
        return self.trained is None

    def hiding(self, *, employees: bool, trained: bool) -> "Figure":
        return replace(
            self,
            employees=None if employees else self.employees,
            trained=None if trained or employees else self.trained,
        )


@dataclass(frozen=True)
class Headcount:
    """The figures of one course on one day; `grows` says on which days those counted were first trained."""

    course: Course
    on: dt.date
    rows: list[Figure]
    whole: Figure
    grows: list[tuple[dt.date, int]] = field(default_factory=list)
    goal: Goal | None = None
    # When these figures were frozen; None while they are counted afresh.
    frozen_at: dt.datetime | None = None

    @property
    def passed_on(self) -> dt.date | None:
        """The day when the goal was first reached by those counted here."""
        reached = 0
        for day, people in self.grows:
            reached += people
            if self.goal and reached >= self.goal.people:
                return day
        return None
