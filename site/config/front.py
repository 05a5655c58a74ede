"""What the rooms show on the front page: the next occasions to everyone, and to each person what is next for them."""

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, F, QuerySet
from django.utils import timezone

from courses.models import Session
from courses.own_queries import give_sessions, live_bookings, suggested_occasion
from courses.progress import progress_of
from courses.queries import next_led_session, next_occasions, next_thing, requests_to_decide, upcoming_occasions
from guide.front import FrontPart
from guide.progress import where_left_off
from journeys.queries import latest_journeys
from people.models import Person
from people.roles import is_manager
from shared.ready import Given, Ready

SHOWN = 3
STYLES = ("courses/courses.css",)


def _with_places() -> QuerySet[Any, Any]:
    upcoming: QuerySet[Any, Any] = upcoming_occasions(now=Given("now", DateTimeField()))
    return upcoming.filter(waiting=0, held__lt=F("places") - F("reserved")).prefetch_related(None)[:SHOWN]


_WITH_PLACES = Ready(_with_places)


def _free_occasions(now: dt.datetime) -> list[Any]:
    """The next occasions with places left, with their sessions: 2 queries, both written beforehand."""
    occasions: list[Any] = _WITH_PLACES.ask(now=now)
    give_sessions(occasions)
    return occasions


def next_occasions_part(_person: Person | None, now: dt.datetime) -> FrontPart:
    """The next occasions that have places left; where all are full, the next ones as they are."""
    chosen = _free_occasions(now) or next_occasions(now=now, limit=SHOWN)
    return FrontPart("front/next_occasions.html", {"occasions": chosen}, styles=STYLES)


def next_thing_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """An offer to answer, the next course day, or a good way to begin: the same panel as on Min sida."""
    if person is None:
        return None
    first = next_thing(live_bookings(person, now=now), now=now)
    led = None if first else _led_by(person, now)
    suggested = None if first or led else suggested_occasion(person, now=now)
    data = {"next": first, "led": led, "suggested": suggested, "now": now}
    return FrontPart("front/next_thing.html", data, styles=STYLES)


def requests_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """What waits for a manager's answer."""
    if person is None or not is_manager(person):
        return None
    requests = len(requests_to_decide(person, day=timezone.localdate(now)))
    return FrontPart("front/requests.html", {"requests": requests}) if requests else None


def led_part(person: Person | None, now: dt.datetime) -> FrontPart | None:
    """A facilitator's next day, beside something of their own that is next; alone it is the next thing itself."""
    if person is None or not next_thing(live_bookings(person, now=now), now=now):
        return None
    session = _led_by(person, now)
    return FrontPart("front/led.html", {"session": session}, styles=STYLES) if session else None


def _led_by(person: Person, now: dt.datetime) -> Session | None:
    return next_led_session(person, now=now) if person.has_perm("courses.take_attendance") else None


def paths_part(person: Person | None, _now: dt.datetime) -> FrontPart | None:
    paths = progress_of(person) if person else []
    return FrontPart("front/paths.html", {"paths": paths}, styles=STYLES) if paths else None


def journeys_part(person: Person | None, _now: dt.datetime) -> FrontPart | None:
    if person is None:
        return None
    return FrontPart("front/journeys.html", {"journeys": latest_journeys(person, most=SHOWN)}, place="side")


def left_off_part(person: Person | None, _now: dt.datetime) -> FrontPart | None:
    """The page of the guide someone was last at, and the next one that is unread."""
    left_off = where_left_off(person) if person else None
    return (
        FrontPart("guide/parts/left_off.html", {"left_off": left_off}, styles=("guide/guide.css",))
        if left_off
        else None
    )
