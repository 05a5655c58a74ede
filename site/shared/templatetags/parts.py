"""The recurring parts of a page: icons, links of the navigation, the language switch and the picture of the path."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

OWN_NAMES = {"sv": "Svenska", "en": "English"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (script/vendor lists them). Silent to screen readers unless it is given a label."""
    source = static("vendor/aksel-icons/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, source, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', source, name)


@register.simple_tag(takes_context=True)
def nav_link(context: Mapping[str, Any], url: str, label: str) -> SafeString:
    """One item of the navigation, marked when the page is it or stands below it."""
    path = getattr(context.get("request"), "path", "")
    current = "page" if path == url else "true" if len(url) > 1 and path.startswith(url) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a class="site-nav__link" href="{}"{}>{}</a></li>', url, mark, label)


@register.inclusion_tag("parts/language_switch.html", takes_context=True)
def language_switch(context: Mapping[str, Any]) -> dict[str, Any]:
    """Links to this page in the other languages; to their front page where this page has no translation."""
    request = context.get("request")
    if request is None:
        return {"languages": []}
    page = context.get("page")
    translations = _translations_of(page) if hasattr(page, "get_translations") else None
    languages = []
    for code, _name in settings.LANGUAGES:
        if code == get_language():
            continue
        if translations is None:
            url = translate_url(request.path, code)
        else:
            url = translations.get(code) or translate_url(
                "/" if get_language() == "sv" else f"/{get_language()}/", code
            )
        languages.append({"code": code, "name": OWN_NAMES[code], "url": url})
    return {"languages": languages}


def _translations_of(page: Any) -> dict[str, str]:
    return {
        other.locale.language_code: other.url
        for other in page.get_translations(inclusive=False).live().select_related("locale")
    }
