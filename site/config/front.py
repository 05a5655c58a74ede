"""What the rooms show on the front page: the next occasions to everyone, and to each person what is next for them."""

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, F, QuerySet

from courses.progress import progress_of
from courses.queries import live_bookings, next_led_session, next_occasions, next_thing, places_of, upcoming_occasions
from guide.front import FrontPart
from journeys.queries import my_journeys
from people.models import Person
from shared.ready import Given, Ready

SHOWN = 3
LOOKED_AT = 20
STYLES = ("courses/courses.css", "theme/my-page.css")


def _with_places() -> QuerySet[Any, Any]:
    upcoming: QuerySet[Any, Any] = upcoming_occasions(now=Given("now", DateTimeField()))
    return upcoming.filter(waiting=0, held__lt=F("places"))[:SHOWN]


_WITH_PLACES = Ready(_with_places)


def next_occasions_part(_person: Person | None, now: dt.datetime) -> FrontPart:
    """The next occasions that have places left; where all are full, the next ones as they are."""
    chosen = _WITH_PLACES.ask(now=now) or next_occasions(now=now, limit=SHOWN)
    return FrontPart("front/next_occasions.html", {"occasions": chosen}, styles=STYLES)


def next_thing_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """An offer to answer, the next course day, or a good way to begin: the same panel as on Min sida."""
    if person is None:
        return None
    first = next_thing(live_bookings(person, now=now), now=now)
    coming = [] if first else next_occasions(now=now, limit=LOOKED_AT)
    suggested = next((occasion for occasion in coming if not places_of(occasion).waiting), None)
    return FrontPart("front/next_thing.html", {"next": first, "suggested": suggested, "now": now}, styles=STYLES)


def led_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """A facilitator's next day, with its run sheet."""
    if person is None or not person.has_perm("courses.take_attendance"):
        return None
    session = next_led_session(person, now=now)
    return FrontPart("front/led.html", {"session": session}, styles=STYLES) if session else None


def paths_part(person: Person | None, _now: dt.datetime) -> FrontPart | None:
    paths = progress_of(person) if person else []
    return FrontPart("front/paths.html", {"paths": paths}, styles=STYLES) if paths else None


def journeys_part(person: Person | None, _now: dt.datetime) -> FrontPart | None:
    if person is None:
        return None
    return FrontPart("front/journeys.html", {"journeys": list(my_journeys(person)[:SHOWN])}, place="side")
