"""What programmes ask of rooms that courses do not know: which pages of the guide someone has read."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import Programme, ProgrammeItem
from courses.programme_parts import Part
from courses.progress import Record, Source, Step
from guide.closed import ANYTHING_RESTRICTED, closed_if_any
from guide.models import ArticlePage, MethodPage, ReadingMark, StepPage
from guide.progress import StepProgress
from journeys.models import Journey
from journeys.queries import notes_added_by
from journeys.rules import readable
from people.models import Person


def read_pages(person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
    """An item's `key` is the page's translation key: read in one language is read."""
    marks = ReadingMark.objects.filter(person=person, translation_key__in=_pages_of(items))
    return read_among(dict(marks.values_list("translation_key", "read_at")))(person, items)


def read_among(read: Mapping[UUID, dt.datetime], *, steps: Iterable[StepProgress] = ()) -> Source:
    """For whoever knows which pages the person has read, and when: asks for the pages, not for the `steps`."""
    known = {str(step.key): (step.url, _("Read %(page)s") % {"page": step.name}) for step in steps}
    return partial(_read_among, {str(key): at for key, at in read.items()}, known)


def _pages_of(items: Sequence[ProgrammeItem]) -> dict[str, int]:
    return {item.key: item.pk for item in items if _is_uuid(item.key)}


def _read_among(
    read: dict[str, dt.datetime], known: dict[str, tuple[str, str]], person: Person, items: Sequence[ProgrammeItem]
) -> dict[int, Step]:
    keys = _pages_of(items)
    unknown = keys.keys() - known.keys()
    found = known | _find_pages(unknown, person) if unknown else known
    steps = {}
    for key, pk in keys.items():
        url, title = found.get(key, ("", ""))
        steps[pk] = Step(key in read, url, title, done_on=timezone.localdate(read[key]) if key in read else None)
    return steps


def _find_pages(keys: Iterable[str], person: Person) -> dict[str, tuple[str, str]]:
    known: dict[str, tuple[str, str]] = {}
    live = Page.objects.live().filter(translation_key__in=keys).annotate(**ANYTHING_RESTRICTED)
    pages = live.select_related("locale")
    closed = closed_if_any(pages, person)
    open_ones = [page for page in pages if not closed.holds(page.path)]
    for page in sorted(open_ones, key=lambda page: page.locale.language_code == get_language()):
        known[str(page.translation_key)] = (page.url or "", _("Read %(page)s") % {"page": page.title})
    return known


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _contributions(person: Any) -> QuerySet[Any, Any]:
    """Contributing is adding a note: to the journey that the item's `key` names, or to any. As text, since the keys
    of other kinds of items are no numbers."""
    named = OuterRef("key")
    return notes_added_by(person).alias(of=Cast("journey", CharField())).filter(Exact(named, Value("")) | Q(of=named))


def _about_journeys(person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
    """Which journey, and its page, for those who may read it; others are told neither. One query
    at most."""
    keys = {item.pk: int(item.key) for item in items if item.key.isdecimal()}
    titles = dict(readable(person).filter(pk__in=keys.values()).values_list("pk", "title")) if keys else {}
    return {pk: _about_journey(key, titles.get(key)) for pk, key in keys.items()}


def _about_journey(key: int, title: str | None) -> Step:
    if title is None:
        return Step(is_done=False, title=_("Contribute to a user journey that is not open to you"), is_closed=True)
    return Step(
        is_done=False, url=reverse("journey", args=[key]), title=_("Contribute to %(journey)s") % {"journey": title}
    )


CONTRIBUTED = Record(_contributions, lambda _item: reverse("journeys"), about=_about_journeys)


def parts_to_read(_programme: Programme | None) -> Iterable[Part]:
    """The guide's steps, methods and articles, each once for all languages."""
    for kind in (StepPage, MethodPage, ArticlePage):
        pages = kind.objects.live()
        english = dict(pages.filter(locale__language_code="en").values_list("translation_key", "title"))
        own = pages.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path")
        for key, title in own.values_list("translation_key", "title"):
            yield Part("read", str(key), f"Läs {title}", f"Read {english.get(key, title)}")


def parts_to_contribute(_programme: Programme | None) -> Iterable[Part]:
    """Any journey, or one of those that go on and that everyone may read: its name is then no secret."""
    yield Part("contribute", "", "Bidra till en användarresa", "Contribute to a user journey")
    going_on = Journey.objects.filter(visibility=Journey.Visibility.EVERYONE).exclude(state=Journey.State.DONE)
    for pk, title in going_on.order_by("sort_key", "id").values_list("pk", "title"):
        yield Part("contribute", str(pk), f"Bidra till {title}", f"Contribute to {title}")
