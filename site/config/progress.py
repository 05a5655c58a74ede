"""What programmes ask of rooms that courses do not know: which pages of the guide someone has read."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from uuid import UUID

from django.conf import settings
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
from journeys.queries import notes_added_by
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


# Contributing is adding a note to a journey, whichever: read off the log of its operations.
CONTRIBUTED = Record(notes_added_by, lambda _item: reverse("journeys"))


def parts_to_read(_programme: Programme | None) -> Iterable[Part]:
    """The guide's steps, methods and articles, each once for all languages."""
    for kind in (StepPage, MethodPage, ArticlePage):
        pages = kind.objects.live()
        english = dict(pages.filter(locale__language_code="en").values_list("translation_key", "title"))
        own = pages.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path")
        for key, title in own.values_list("translation_key", "title"):
            yield Part("read", str(key), f"Läs {title}", f"Read {english.get(key, title)}")


def parts_to_contribute(_programme: Programme | None) -> Iterable[Part]:
    yield Part("contribute", "", "Bidra till en användarresa", "Contribute to a user journey")
