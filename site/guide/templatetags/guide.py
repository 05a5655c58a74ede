"""How templates reach the guide's data, in a page as in an editor's preview of it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

from guide.queries import address, other_languages
from guide.views import data_for

register = template.Library()


@register.simple_tag(takes_context=True)
def page_data(context: Mapping[str, Any]) -> dict[str, Any]:
    """What `guide.views.data_for` says about the page; asked once however many blocks use it."""
    page = context["page"]
    if not hasattr(page, "surroundings"):
        page.surroundings = data_for(page, context.get("request"))
    return page.surroundings


@register.simple_tag(takes_context=True)
def page_addresses(context: Mapping[str, Any]) -> dict[str, Any]:
    """The page's one true address, and the addresses of its translations (`hreflang`)."""
    page = context["page"]
    if not hasattr(page, "other_languages"):
        page.other_languages = other_languages(page) if page.pk else {}
    own = address(page.url_path) if page.url_path else "/"
    every = {context.get("LANGUAGE_CODE", ""): own, **page.other_languages}
    return {"own": f"{settings.SITE_URL}{own}", "site": settings.SITE_URL, "own_path": own, "all": every,
            "default": page.other_languages.get(settings.LANGUAGE_CODE, own)}  # fmt: skip


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
