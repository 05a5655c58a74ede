"""What stands on this site already: pages by their stable ids, and what they may be called outside."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Revision

from guide.keys import key_of
from guide.models import PageName, ReadingPage
from guide.services.folder.media import name_files
from guide.services.folder.names import Names
from guide.services.folder.shapes import SHAPE_OF
from guide.services.folder.standing import Key


@dataclass
class Stock:
    """Every page of the guide, by stable id and language."""

    pages: dict[Key, ReadingPage] = field(default_factory=dict)
    # Those that anyone may be led to.
    public: set[int] = field(default_factory=set)
    # Those whose latest version an editor wrote.
    by_editors: set[int] = field(default_factory=set)

    def is_edited(self, page: ReadingPage) -> bool:
        """Whether an editor has the last word: the latest version is theirs, or a draft, or they took the page down."""
        return page.pk in self.by_editors or page.has_unpublished_changes or not page.live


def take_stock(ids: Iterable[str] = ()) -> Stock:
    """`ids` are stable ids that a folder speaks of, by which pages may be known here that have no name yet."""
    stored = {row.translation_key: row.stable_id for row in PageName.objects.all()}
    known = {key_of(stable_id): stable_id for stable_id in ids} | stored
    languages = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    stock = Stock()
    for page in Page.objects.filter(depth__gt=1).order_by("path").specific():
        if type(page) in SHAPE_OF:
            stable_id = known.get(page.translation_key) or str(page.translation_key)
            stock.pages[stable_id, languages[page.locale_id]] = page
    stock.public = set(Page.objects.live().public().values_list("pk", flat=True))
    latest = Revision.objects.filter(pk__in=[page.latest_revision_id for page in stock.pages.values()])
    authored = set(latest.filter(user__isnull=False).values_list("pk", flat=True))
    stock.by_editors = {page.pk for page in stock.pages.values() if page.latest_revision_id in authored}
    return stock


def names_of(stock: Stock, *, up: str = "") -> Names:
    """What texts may point at: public pages, and every file."""
    names = Names(up=up, languages=tuple(code for code, _name in settings.LANGUAGES))
    for (stable_id, language), page in stock.pages.items():
        if page.pk in stock.public:
            names.add_page(page.pk, stable_id, language)
    name_files(names, images=get_image_model().objects.all(), documents=get_document_model().objects.all())
    return names
