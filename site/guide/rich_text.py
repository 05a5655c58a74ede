"""Links between pages in what editors write."""

from typing import Any

from django.utils import translation
from django.utils.html import format_html
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from guide.queries import address
from shared.ready import Ready, among

_WITH_TRANSLATIONS = Ready(
    lambda: (
        Page.objects.live()
        .filter(translation_key__in=Page.objects.filter(among("pk", "pks")).values("translation_key"))
        .order_by("pk")
        .values_list("pk", "translation_key", "locale__language_code", "url_path")
    )
)


class OnePageLinkHandler(PageLinkHandler):
    """Expands all links of a text with one query, where Wagtail's own asks several times for each.

    As Wagtail's, it leads to the page in the reader's language if there is one; unlike it, a link to a page that
    is not published is no link at all.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        rows = _WITH_TRANSLATIONS.ask(pks=sorted(wanted)) if wanted else []
        keys: dict[int, Any] = {}
        places: dict[tuple[Any, str], str] = {}
        own: dict[int, str] = {}
        for pk, key, language, url_path in rows:
            keys[pk] = key
            own[pk] = places[key, language] = address(url_path, language=language)
        reader = translation.get_language() or ""
        return [cls._open(int(attrs.get("id") or 0), keys, places, own, reader) for attrs in attrs_list]

    @staticmethod
    def _open(
        pk: int, keys: dict[int, Any], places: dict[tuple[Any, str], str], own: dict[int, str], reader: str
    ) -> str:
        place = places.get((keys.get(pk), reader)) or own.get(pk)
        return format_html('<a href="{}">', place) if place else "<a>"
