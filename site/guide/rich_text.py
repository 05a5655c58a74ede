"""Links between pages in what editors write; a link to a term brings the term's explanation with it."""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.html import format_html
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.models import Page
from wagtail.rich_text import RichText, expand_db_html
from wagtail.rich_text.pages import PageLinkHandler

from guide.closed import Closed, closed_to_person, is_open
from guide.fields import BodyField
from guide.queries import address
from shared.ready import Ready, among

_WITH_TRANSLATIONS = Ready(
    lambda: (
        Page.objects.live()
        .filter(is_open(), translation_key__in=Page.objects.filter(among("pk", "pks")).values("translation_key"))
        .order_by("pk")
        .values_list("pk", "translation_key", "locale__language_code", "url_path", "title", "termpage__explanation")
    )
)


@dataclass(frozen=True)
class _Target:
    url: str
    title: str
    explanation: str | None  # of a term

    def opening_tag(self) -> str:
        """A term's link holds what `guide/terms.js` shows in place; without the script it is a link like any other."""
        if self.explanation is None:
            return format_html('<a href="{}">', self.url)
        return format_html(
            '<a class="term" href="{}" data-term="{}" data-explanation="{}">', self.url, self.title, self.explanation
        )


class OnePageLinkHandler(PageLinkHandler):
    """Expands all links of a text with one query, where Wagtail's own asks several times for each.

    As Wagtail's, it leads to the page in the reader's language if there is one; unlike it, a link to a page that
    is not published, or that the reader may not see, is no link at all: its address and the explanation of its word
    would tell what is written there.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        rows = _WITH_TRANSLATIONS.ask(pks=sorted(wanted), closed=_closed_now().patterns) if wanted else []
        keys: dict[int, Any] = {}
        in_language: dict[tuple[Any, str], _Target] = {}
        own: dict[int, _Target] = {}
        for pk, key, language, url_path, title, explanation in rows:
            keys[pk] = key
            own[pk] = in_language[key, language] = _Target(address(url_path, language=language), title, explanation)
        reader = translation.get_language() or ""

        def open_link(pk: int) -> str:
            target = in_language.get((keys.get(pk), reader)) or own.get(pk)
            return target.opening_tag() if target else "<a>"

        return [open_link(int(attrs.get("id") or 0)) for attrs in attrs_list]


# Stands in no text: what is put together with it comes apart again.
_SEAM = "\x1f"


# Wagtail hands a text to its links without saying who reads it.
_closed: ContextVar[Closed | None] = ContextVar("closed", default=None)


def _closed_now() -> Closed:
    closed = _closed.get()
    return closed_to_person(None) if closed is None else closed


def open_links(page: Page, closed: Closed | None = None) -> bool:
    """Expand the links of all the page's texts at once, in its values as they stand in memory: one query however many
    texts it has. Call it before the page is shown; the page is not to be saved afterwards.

    Answers whether any of them leads to a term.
    """
    fields = [field for field in page._meta.get_fields() if isinstance(field, BodyField)]
    texts = [text for field in fields for text in _texts_in(getattr(page, field.name))]
    linked = [text for text in texts if "linktype" in text.source]
    if linked:
        reading = _closed.set(closed)
        try:
            expanded = expand_db_html(_SEAM.join(text.source for text in linked))
        finally:
            _closed.reset(reading)
        for text, html in zip(linked, expanded.split(_SEAM), strict=True):
            text.source = html
    return any('class="term"' in text.source for text in linked)


def _texts_in(value: Any) -> Iterator[RichText]:
    if isinstance(value, RichText):
        yield value
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _texts_in(child.value)
    elif isinstance(value, ListValue):
        for child in value:
            yield from _texts_in(child)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from _texts_in(child)
