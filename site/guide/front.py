"""The front page's parts: small things that higher rooms show there, registered by config/composition.py.

A room that wants a part writes a source in its `queries.py` (or `front.py`) and a template of its own:

    # courses/front.py
    def next_occasion_part(person: Person | None, now: datetime) -> FrontPart | None:
        occasion = next_occasion(now=now)
        return FrontPart("courses/parts/next_occasion.html", {"occasion": occasion}) if occasion else None

    # config/composition.py
    register_front_part("next occasion", next_occasion_part, audience="everyone", order=10)

The template sees its own data as `part.data` (`{{ part.data.occasion }}`), beside the page's context
(`request`, `user`, `page`), begins with an `<h2>`, and says what to do first when it is empty.

audience="everyone": shown to those who are not logged in, with `person` None. It must look the same to all of
    them, since the page is kept ready-made: whatever changes it calls `shared.public_pages.public_pages_changed()`.
audience="person": shown to who is logged in. Return None to show nothing (not a facilitator, nothing today).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from people.models import Person

Audience = Literal["everyone", "person"]


@dataclass(frozen=True)
class FrontPart:
    template: str
    data: dict[str, Any] = field(default_factory=dict)
    # "main" stands in the wide column, "side" beside it.
    place: Literal["main", "side"] = "main"
    # Stylesheets that the part needs, as `{% static %}` names them.
    styles: tuple[str, ...] = ()


Source = Callable[[Person | None, dt.datetime], FrontPart | None]


@dataclass(frozen=True)
class _Registered:
    source: Source
    audience: Audience
    order: int


_parts: dict[str, _Registered] = {}


def register_front_part(name: str, source: Source, *, audience: Audience, order: int = 100) -> None:
    """Put a part on the front page; the same name again replaces it. Low `order` comes first."""
    _parts[name] = _Registered(source, audience, order)


def forget_front_part(name: str) -> None:
    """For tests."""
    _parts.pop(name, None)


def front_parts(person: Person | None, *, now: dt.datetime) -> list[FrontPart]:
    """The parts that have something to show, in order."""
    audience = "everyone" if person is None else "person"
    chosen = sorted(
        (part for part in _parts.values() if part.audience == audience), key=lambda registered: registered.order
    )
    return [part for registered in chosen if (part := registered.source(person, now)) is not None]
