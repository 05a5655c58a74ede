"""How templates reach the guide's data, in a page as in an editor's preview of it."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.images.models import AbstractImage

from guide.closed import closed_to
from guide.linked_data import describe_page
from guide.queries import address, other_languages
from guide.rich_text import open_links
from guide.surroundings import Part, Series
from guide.views import data_for
from shared.templatetags.machines import addresses_of, linked_data, site_picture

register = template.Library()

SHARED_PICTURE = {"width": 1200, "height": 630}


@register.simple_tag(takes_context=True)
def page_data(context: Mapping[str, Any]) -> dict[str, Any]:
    """What `guide.views.data_for` says about the page; asked once however many blocks use it."""
    page = context["page"]
    if not hasattr(page, "surroundings"):
        request = context.get("request")
        page.surroundings = data_for(page, request)
        page.surroundings["explains_terms"] = open_links(page, closed_to(request))
    return page.surroundings


@register.simple_tag(takes_context=True)
def page_addresses(context: Mapping[str, Any]) -> dict[str, Any]:
    """The page's one true address, and the addresses of its translations (`hreflang`)."""
    page = context["page"]
    if not hasattr(page, "other_languages"):
        page.other_languages = other_languages(page, closed_to(context.get("request"))) if page.pk else {}
    own = address(page.url_path) if page.url_path else "/"
    return addresses_of(own, {get_language() or settings.LANGUAGE_CODE: own, **page.other_languages})


@register.simple_tag(takes_context=True)
def shared_picture(context: Mapping[str, Any]) -> dict[str, Any] | None:
    """The page's first picture, as it is shown where the page is shared; None where it has none."""
    page = context["page"]
    if not hasattr(page, "shared_picture"):
        image = next(_images_of(page), None)
        page.shared_picture = _cut(image) if image else None
    return page.shared_picture


def _images_of(page: Any) -> Iterator[AbstractImage]:
    for child in getattr(page, "body", ()):
        if child.block_type == "image" and child.value:
            yield child.value


def _cut(image: AbstractImage) -> dict[str, Any]:
    width, height = SHARED_PICTURE["width"], SHARED_PICTURE["height"]
    cut = image.get_rendition(f"fill-{width}x{height}|format-jpeg")
    alt = getattr(image, "contextual_alt_text", None) or image.title
    return {"url": settings.SITE_URL + cut.url, "width": cut.width, "height": cut.height, "alt": alt}


@register.simple_tag(takes_context=True)
def page_linked_data(context: Mapping[str, Any]) -> SafeString:
    picture = shared_picture(context)
    things = describe_page(
        context["page"],
        page_data(context),
        url=page_addresses(context)["own"],
        language=get_language() or settings.LANGUAGE_CODE,
        picture=picture["url"] if picture else site_picture(),
    )
    return linked_data(things)


@register.filter
def breakable_people(method: Any) -> str:
    """3–8, 3+ or 4: how many can take part."""
    if method.people_to is None:
        return f"{method.people_from}+"
    return (
        str(method.people_from)
        if method.people_from == method.people_to
        else f"{method.people_from}–{method.people_to}"
    )


@register.simple_tag
def method_facts(method: Any) -> SafeString:
    """How long and how many, as every list of methods says it: dozens in a page, of a few kinds."""
    return _method_facts(method.minutes, breakable_people(method), get_language())


@lru_cache(2_000)
def _method_facts(minutes: int, people: str, _language: str | None) -> SafeString:
    return render_to_string("guide/parts/method_facts.html", {"minutes": minutes, "people": people})


@register.filter
def first_unread(series: Series, read_keys: Collection[UUID]) -> Part | None:
    """The part to begin or to go on with."""
    return next((part for part in series.parts if part.key not in read_keys), None)


@register.filter
def count_read(series: Series, read_keys: Collection[UUID]) -> int:
    return sum(part.key in read_keys for part in series.parts)


@register.filter
def telephone(text: str) -> str:
    """A number as a telephone takes it: +46 999 100 00 → +4699910000."""
    return "".join(sign for sign in text if sign.isdecimal() or sign == "+")
