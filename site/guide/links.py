"""Links between pages: a page that others link to stays, and a page may link only to what a reader can open.

Rich text and choosers hold a page's number, so a rename or a move breaks nothing. What could break is an address
written by hand, and the target's going away: both are stopped here.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.urls import Resolver404, resolve
from wagtail.models import Page, ReferenceIndex

_HREF = re.compile(r"""href=\\?["']([^"'\\]+)""")
_MARKDOWN_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_ADDRESS_FIELDS = ("external_link", "authority_link", "journey_link")


@dataclass(frozen=True)
class LinkTo:
    """`source`, a published page, links to `target`."""

    source: Page
    target: Page


def links_to(pages: Iterable[Page], *, with_children: bool = True) -> list[LinkTo]:
    """The published pages that link to one of these, or to a page below them, from the outside. Three queries."""
    places = [page.path for page in pages]
    if not places:
        return []
    inside = Q()
    for path in places:
        inside |= Q(path__startswith=path) if with_children else Q(path=path)
    targets = {str(page.pk): page for page in Page.objects.filter(inside, live=True)}
    a_page = ContentType.objects.get_for_model(Page)
    found = ReferenceIndex.objects.filter(
        base_content_type=a_page, to_content_type=a_page, to_object_id__in=targets
    ).values_list("object_id", "to_object_id")
    pairs = sorted(set(found))
    sources = {str(page.pk): page for page in Page.objects.filter(pk__in={source for source, _to in pairs}, live=True)}
    return [
        LinkTo(sources[source], targets[target])
        for source, target in pairs
        if source in sources and source not in targets
    ]


def unpublished_targets(page: Page) -> list[Page]:
    """The pages that `page`, as it is written now, links to and that no reader can open. Two queries at most."""
    a_page = ContentType.objects.get_for_model(Page).pk
    numbers = {
        int(number)
        for kind, number, _model, _content in ReferenceIndex._extract_references_from_object(page)  # noqa: SLF001 - Wagtail's public ways ask what is saved
        if kind == a_page and str(number).isdigit() and int(number) != page.pk
    }
    if not numbers:
        return []
    known = {each.pk: each for each in Page.objects.filter(pk__in=numbers)}
    # A number of a page that is gone has no title any more.
    return [
        known.get(number) or Page(title=f"#{number}") for number in sorted(numbers) if not _is_open(known.get(number))
    ]


def _is_open(page: Page | None) -> bool:
    return page is not None and page.live


def written_addresses(page: Page) -> list[str]:
    """Every address that stands in what is written on the page, in its order, each once."""
    text = json.dumps(page.serializable_data(), cls=DjangoJSONEncoder, ensure_ascii=False)
    found = [*_HREF.findall(text), *_MARKDOWN_LINK.findall(text)]
    found += [value for name in _ADDRESS_FIELDS if (value := getattr(page, name, ""))]
    return list(dict.fromkeys(found))


def external_addresses(page: Page) -> list[str]:
    return [
        address.partition("#")[0]
        for address in written_addresses(page)
        if address.startswith(("http://", "https://")) and not _is_ours(address)
    ]


def hand_written_page_links(page: Page) -> list[str]:
    """Addresses on this site written by hand that lead to a page of the guide, or nowhere: these can break."""
    return [address for address in written_addresses(page) if _may_break(address)]


def _is_ours(address: str) -> bool:
    return address == settings.SITE_URL or address.startswith(f"{settings.SITE_URL}/")


def _may_break(address: str) -> bool:
    if _is_ours(address):
        address = address.removeprefix(settings.SITE_URL) or "/"
    if not address.startswith("/") or address.startswith("//"):
        return False
    path = unquote(urlsplit(address).path)
    if path.startswith(("/media/", "/documents/", "/static/", "/api/")):
        return False
    try:
        found = resolve(path)
    except Resolver404:
        return True
    return found.url_name == "wagtail_serve" and path not in {"/", "/en/"}
