"""What pages tell machines: data for search engines, and where the page is in other languages."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shared.translated_addresses import address_in

register = template.Library()

# As Django's json_script: nothing of the text can end the script or begin another.
_HARMLESS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_TERRITORIES = {"sv": "sv_SE", "en": "en_GB"}


def linked_data(things: list[dict[str, Any]]) -> SafeString:
    """Things of schema.org as JSON-LD. A block of data: browsers run nothing of it, and the policy allows it."""
    if not things:
        return mark_safe("")
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False).translate(_HARMLESS)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - harmless now


@register.simple_tag(name="linked_data")
def linked_data_tag(things: list[dict[str, Any]]) -> SafeString:
    return linked_data(things)


@register.simple_tag
def site_picture() -> str:
    """The whole address of the picture that stands for the site where a page is shared: the path, 1200 × 630."""
    return settings.SITE_URL + static("theme/social.png")


@register.simple_tag
def territory(language: str) -> str:
    """As Open Graph names languages: sv_SE."""
    return _TERRITORIES.get(language, language)


@register.simple_tag(takes_context=True)
def addresses_here(context: Mapping[str, Any]) -> dict[str, Any]:
    """The addresses of a page that stands at the same place in every language: those that no editor moves."""
    path = context["request"].path
    every = {code: address_in(code, path) for code, _name in settings.LANGUAGES}
    return addresses_of(every.get(get_language() or settings.LANGUAGE_CODE, path), every)


def addresses_of(own: str, every: Mapping[str, str]) -> dict[str, Any]:
    """What `parts/machines.html` needs. `own`: the one true path; `every`: the path in each language that has one."""
    return {
        "own": settings.SITE_URL + own,
        "own_path": own,
        "site": settings.SITE_URL,
        "language": get_language() or settings.LANGUAGE_CODE,
        "all": every,
        "default": every.get(settings.LANGUAGE_CODE, own),
    }
