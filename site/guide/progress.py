"""How far a reader has come: what is ticked, where they left off, and what is next. Nothing is ever locked."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, CharField, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from wagtail.models import Page

from guide.closed import ANYTHING_RESTRICTED, NOTHING, Closed, closed_if_any
from guide.models import ArticlePage, LineTick, MethodPage, ReadingMark, ReadingPage, ReadingPlace, StepPage
from guide.queries import address, open_pages
from people.models import Person
from shared.ready import Given, Ready


def lines_of(step: StepPage) -> list[uuid.UUID]:
    """The ids of the checklist's lines."""
    return [found for line in step.results if (found := _uuid(line.id)) is not None]


def ticked_lines(person: Person, key: uuid.UUID) -> set[str]:
    """The ids of the lines that the person has ticked on that page, as the blocks write them. One query."""
    lines = LineTick.objects.filter(person=person, translation_key=key).values_list("line", flat=True)
    return {str(line) for line in lines}


@dataclass(frozen=True)
class Reading:
    """What a person has read and ticked, and where they were last, by the pages' translation keys."""

    read: dict[uuid.UUID, dt.datetime]
    ticked: dict[uuid.UUID, set[uuid.UUID]]
    opened: tuple[uuid.UUID, dt.datetime] | None

    @property
    def last_place(self) -> tuple[uuid.UUID, dt.datetime] | None:
        """The page last opened or marked."""
        known = [*self.read.items(), *([self.opened] if self.opened else [])]
        return max(known, key=lambda place: place[1]) if known else None


def _reading() -> QuerySet[Any, Any]:
    person, nowhere = Given("person", BigIntegerField()), Cast(Value(None), UUIDField())
    marks = ReadingMark.objects.filter(person=person).order_by()
    places = ReadingPlace.objects.filter(person=person).order_by()
    ticks = LineTick.objects.filter(person=person).order_by()
    return marks.values_list(Value("read"), "translation_key", "read_at", nowhere).union(
        places.values_list(Value("opened"), "translation_key", "opened_at", nowhere),
        ticks.values_list(Value("ticked"), "translation_key", "ticked_at", "line"),
        all=True,
    )


_READING = Ready(_reading)


def reading_of(person: Person) -> Reading:
    """One query, for whoever asks both where someone left off and how far the path is walked."""
    kept: dict[uuid.UUID, dt.datetime] = {}
    ticked: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    opened = None
    for kind, key, at, line in _READING.ask(person=person.pk):
        if kind == "read":
            kept[key] = at
        elif kind == "opened":
            opened = (key, at)
        else:
            ticked[key].add(line)
    return Reading(kept, ticked, opened)


@dataclass(frozen=True)
class ToRead:
    title: str
    url: str


@dataclass(frozen=True)
class LeftOff:
    """The page someone was last at, whether it is read, and the next one that is not."""

    last: ToRead
    is_read: bool
    at: dt.datetime
    next: ToRead | None


def where_left_off(
    person: Person, reading: Reading | None = None, path: "Sequence[StepProgress]" = ()
) -> LeftOff | None:
    """The page last opened or marked, in the reader's language if it is there. At most three queries, and one more
    where any page is restricted; one less after a step for whoever has the `path`."""
    reading = reading or reading_of(person)
    place = reading.last_place
    page, closed = _page_in_language(place[0], person) if place else (None, NOTHING)
    if place is None or page is None:
        return None
    following: ToRead | None
    if any(step.key == page.translation_key for step in path):
        following = _next_step(page, path)
    else:
        unread = next_unread(page, reading.read, closed)
        following = _to_read(unread) if unread else None
    return LeftOff(last=_to_read(page), is_read=page.translation_key in reading.read, at=place[1], next=following)


def _next_step(page: Page, path: "Sequence[StepProgress]") -> ToRead | None:
    """As `next_unread` has it for a step: the next unread one ahead, and after the last those before."""
    here = next(number for number, step in enumerate(path) if step.key == page.translation_key)
    around = [*path[here + 1 :], *path[:here]]
    return next((ToRead(step.name, step.url) for step in around if not step.is_read), None)


def _page_in_language(key: uuid.UUID, person: Person) -> tuple[Page | None, Closed]:
    """And what is closed to the person, for what comes after the page."""
    pages = Page.objects.live().filter(translation_key=key).annotate(**ANYTHING_RESTRICTED).select_related("locale")
    closed = closed_if_any(pages, person)
    language = get_language() or settings.LANGUAGE_CODE
    open_ones = [page for page in pages if not closed.holds(page.path)]
    chosen = sorted(open_ones, key=lambda page: page.locale.language_code != language)
    page = chosen[0] if chosen else None
    kind = page.specific_class if page else None
    return page if kind and issubclass(kind, ReadingPage) and kind.can_be_read else None, closed


def next_unread(page: Page, read: Container[uuid.UUID], closed: Closed) -> Page | None:
    """What comes after it on its way, the ways being the six steps and each run of articles.

    From an exercise the way leads back to its step, if that is unread, and then on. One query.
    """
    kind = page.specific_class or Page
    if issubclass(kind, ArticlePage):
        start = page.path if page.numchild else page.path[: -page.steplen]
        way: Any = ArticlePage.objects.filter(path__startswith=start).order_by("path")
    elif issubclass(kind, (StepPage, MethodPage)):
        way = StepPage.objects.filter(locale_id=page.locale_id).order_by("number", "path")
    else:
        return None
    stops = list(open_pages(way.live(), closed).select_related("locale"))
    own = page.path[: -page.steplen] if issubclass(kind, MethodPage) else ""
    ahead = [stop for stop in stops if stop.path > page.path or stop.path == own]
    unread = [
        stop
        for stop in [*ahead, *(stop for stop in stops if stop not in ahead)]
        if stop.translation_key not in read and stop.pk != page.pk
    ]
    return unread[0] if unread else None


def _to_read(page: Page) -> ToRead:
    return ToRead(page.title, address(page.url_path, language=page.locale.language_code))


# --- The path on Min sida ----------------------------------------------------------------------------


@dataclass(frozen=True)
class StepProgress:
    """A step as a stop of the reader's own path (what `{% path_picture %}` needs, and the checklist's count)."""

    number: int
    name: str
    text: str
    url: str
    key: uuid.UUID
    is_read: bool
    ticked: int
    lines: int


def _steps() -> QuerySet[Any, Any]:
    steps = StepPage.objects.live().filter(locale__language_code=Given("language", CharField()))
    rows = steps.annotate(**ANYTHING_RESTRICTED).order_by("number", "path")
    return rows.only("title", "number", "aim", "url_path", "path", "translation_key", "results")


_STEPS = Ready(_steps)


def path_progress(person: Person, reading: Reading | None = None) -> list[StepProgress]:
    """The six steps in the active language with what the person has read and ticked. Two queries, and one
    more where any page is restricted."""
    reading = reading or reading_of(person)
    rows = _STEPS.ask(language=get_language() or settings.LANGUAGE_CODE)
    closed = closed_if_any(rows, person)
    pages = [page for page in rows if not closed.holds(page.path)]
    if not pages:
        return []
    return [
        StepProgress(
            number=page.number,
            name=page.title,
            text=page.aim,
            url=address(page.url_path),
            key=page.translation_key,
            is_read=page.translation_key in reading.read,
            ticked=len(reading.ticked.get(page.translation_key, set()).intersection(lines := lines_of(page))),
            lines=len(lines),
        )
        for page in pages
    ]


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
