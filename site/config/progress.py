"""What programmes ask of rooms that courses do not know: which pages of the guide someone has read."""

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import ProgrammeItem
from courses.progress import Source, Step
from guide.closed import ANYTHING_RESTRICTED, closed_if_any
from guide.models import ReadingMark
from guide.progress import StepProgress
from people.models import Person


def read_pages(person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
    """An item's `key` is the page's translation key: read in one language is read."""
    marks = ReadingMark.objects.filter(person=person, translation_key__in=_pages_of(items))
    return read_among(marks.values_list("translation_key", flat=True))(person, items)


def read_among(read: Iterable[UUID], *, steps: Iterable[StepProgress] = ()) -> Source:
    """For whoever knows the keys of the pages the person has read: asks for the pages alone, but for the `steps`."""
    known = {str(step.key): (step.url, _("Read %(page)s") % {"page": step.name}) for step in steps}
    return partial(_read_among, {str(key) for key in read}, known)


def _pages_of(items: Sequence[ProgrammeItem]) -> dict[str, int]:
    return {item.key: item.pk for item in items if _is_uuid(item.key)}


def _read_among(
    read: set[str], known: dict[str, tuple[str, str]], person: Person, items: Sequence[ProgrammeItem]
) -> dict[int, Step]:
    keys = _pages_of(items)
    unknown = keys.keys() - known.keys()
    found = known | _find_pages(unknown, person) if unknown else known
    return {pk: Step(key in read, *found.get(key, ())) for key, pk in keys.items()}


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
