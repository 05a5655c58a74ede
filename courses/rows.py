"""A coming or past occasion as a line of a list: all that the line shows, so that the same line is rendered once."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from courses.models import Occasion
from courses.queries import places_of
from courses.rules import Places


@dataclass(frozen=True, slots=True)
class Day:
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    starts_at: dt.datetime
    language: str
    # None of a cancelled occasion: nobody can have a place there.
    places: Places | None
    sessions: tuple[Day, ...]


def row_of(occasion: Any) -> Row:
    """Of an occasion that came through `with_places`. Reads `sessions`: fetch them beforehand where there are many."""
    days = tuple(Day(session.starts_at, session.ends_at, session.place) for session in occasion.sessions.all())
    places = None if occasion.state == Occasion.State.CANCELLED else places_of(occasion)
    return Row(occasion.pk, occasion.starts_at, occasion.language, places, days)
