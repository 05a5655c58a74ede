"""Figures as shapes: numbers that an SVG in a template draws as they are. No drawing here, no figures there."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from insight.figures import Figure, Headcount

WIDTH, HEIGHT = 960, 340
# On a phone the wide picture would be a thumb high: there it is drawn nearly square.
NARROW = {"width": 480, "height": 360}
LEFT, RIGHT, TOP, BOTTOM = 64, 84, 24, 40
# The length of a bar's scale. Whole numbers all through: a decimal comma would break the drawing.
SCALE = 1000


@dataclass(frozen=True)
class Tick:
    at: int
    label: str


@dataclass(frozen=True)
class Curve:
    """The people trained over time. `points` are the same figures for the table: the last day of a month, how many."""

    points: list[tuple[dt.date, int]]
    line: str
    area: str
    ticks_up: list[Tick]
    ticks_along: list[Tick]
    last: tuple[int, int]
    goal_at: int | None
    passed: tuple[int, int] | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM


def month_ends(grows: Sequence[tuple[dt.date, int]], *, until: dt.date) -> list[tuple[dt.date, int]]:
    """How many were trained at the end of each month, from the month before the first to the day `until`."""
    if not grows:
        return []
    points, reached, place = [], 0, 0
    day = grows[0][0].replace(day=1) - dt.timedelta(days=1)
    while True:
        while place < len(grows) and grows[place][0] <= day:
            reached += grows[place][1]
            place += 1
        points.append((day, reached))
        if day >= until:
            return points
        day = min(_end_of_month(day + dt.timedelta(days=1)), until)


def _end_of_month(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def draw_curve(
    report: Headcount, points: list[tuple[dt.date, int]], *, width: int = WIDTH, height: int = HEIGHT
) -> Curve | None:
    """None where there is too little to draw."""
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    goal = report.goal.people if report.goal else 0
    top = _round_up(max(points[-1][1], goal, 1))
    days = (last - first).days

    def x(day: dt.date) -> int:
        return round(LEFT + (width - LEFT - RIGHT) * (day - first).days / days)

    def y(people: float) -> int:
        return round(height - BOTTOM - (height - TOP - BOTTOM) * people / top)

    corners = [(x(day), y(people)) for day, people in points]
    line = "M" + " L".join(f"{across} {down}" for across, down in corners)
    passed = report.passed_on
    years = [dt.date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    return Curve(
        points=points,
        line=line,
        area=f"{line} L{corners[-1][0]} {y(0)} L{corners[0][0]} {y(0)} Z",
        ticks_up=[Tick(y(top * part / 4), str(round(top * part / 4))) for part in range(5)],
        ticks_along=[Tick(x(day), str(day.year)) for day in years],
        last=corners[-1],
        goal_at=y(goal) if goal else None,
        passed=(x(passed), y(goal)) if passed and first <= passed else None,
        width=width,
        height=height,
    )


def _round_up(people: int) -> int:
    """To a top whose quarters are round numbers: 412 becomes 600, 90 becomes 100."""
    quarter = max(people * 1.05 / 4, 1)
    power = 10 ** math.floor(math.log10(quarter))
    return 4 * math.ceil(next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if step * power >= quarter))


@dataclass(frozen=True)
class Bar:
    figure: Figure
    # In thousandths of the scale; None for a hidden figure.
    length: int | None
    reaches_goal: bool


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    # Where the goal's line stands on the scale.
    goal_at: int | None
    goal: int | None


def draw_bars(report: Headcount, rows: Sequence[Figure]) -> Bars:
    """On one scale, from nothing to a little past the longest bar or the goal."""
    goal = report.goal.share if report.goal else None
    longest = max([row.per_cent or 0.0 for row in rows] + [float(goal or 0)], default=0) or 100.0
    scale = min(100.0, math.ceil(longest * 1.08 / 5) * 5)
    return Bars(
        bars=[
            Bar(
                figure=row,
                length=None if row.per_cent is None else round(SCALE * row.per_cent / scale),
                reaches_goal=goal is not None and row.per_cent is not None and row.per_cent >= goal,
            )
            for row in rows
        ],
        goal_at=round(SCALE * goal / scale) if goal else None,
        goal=goal,
    )
