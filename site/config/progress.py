"""What programmes ask of rooms that courses do not know: which pages of the guide someone has read."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import ProgrammeItem
from courses.progress import Step
from guide.closed import ANYTHING_RESTRICTED, closed_if_any
from guide.models import ReadingMark
from people.models import Person


def read_pages(person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
    """An item's `key` is the page's translation key: read in one language is read."""
    keys = {item.key: item.pk for item in items if _is_uuid(item.key)}
    marks = ReadingMark.objects.filter(person=person, translation_key__in=keys)
    read = {str(key) for key in marks.values_list("translation_key", flat=True)}
    known: dict[str, tuple[str, str]] = {}
    live = Page.objects.live().filter(translation_key__in=keys).annotate(**ANYTHING_RESTRICTED)
    pages = live.select_related("locale")
    closed = closed_if_any(pages, person)
    open_ones = [page for page in pages if not closed.holds(page.path)]
    for page in sorted(open_ones, key=lambda page: page.locale.language_code == get_language()):
        known[str(page.translation_key)] = (page.url or "", _("Read %(page)s") % {"page": page.title})
    return {pk: Step(key in read, *known.get(key, ())) for key, pk in keys.items()}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
