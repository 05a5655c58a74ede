"""What of a page can be found: its own words, in the language it stands in."""

import html
import re
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from django.db.models import QuerySet
from wagtail.fields import StreamField
from wagtail.models import Page

from guide.markdown import to_html
from guide.models import (
    AccessibilityStatementPage,
    ArticlePage,
    CasePage,
    CasesPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingPage,
    StepPage,
    TermPage,
)
from guide.queries import address
from guide.search.sources import Findable

KINDS: dict[type[ReadingPage], str] = {
    StepPage: "step",
    MethodPage: "method",
    CasePage: "case",
    ArticlePage: "article",
    TermPage: "term",
    GuidePage: "page",
    LibraryPage: "page",
    CasesPage: "page",
    GlossaryPage: "page",
    AccessibilityStatementPage: "page",
}
# PostgreSQL takes no more than a megabyte of words for one row.
MOST_TEXT = 200_000
_TAG = re.compile(r"<[^>]*>")
# What a block keeps beside its words.
_NO_WORDS = {"id", "type", "kind"}


def pages_to_find(pks: Collection[int] | None = None) -> Iterator[Findable]:
    """The live pages that everyone may see, all or those of them; the front pages apart. Three queries and one for
    each type of page."""
    pages = _public(pks).exclude(depth=1).select_related("locale")
    steps = list(StepPage.objects.live().values_list("path", "number", "title"))
    for page in _by_type(pages):
        kind = KINDS.get(type(page))
        if kind is None:
            continue
        language = page.locale.language_code
        lead = getattr(page, page.described_by)
        yield Findable(
            key=key_of_page(page),
            language=language,
            kind=kind,
            title=page.title,
            names=page.also_called if isinstance(page, TermPage) else "",
            lead=lead,
            text=_text_of(page)[:MOST_TEXT],
            address=address(page.url_path, language=language),
            facts=_facts_of(page, steps),
            as_of=page.last_published_at,
        )


_PAGE = "page-"


def key_of_page(page: Page) -> str:
    return f"{_PAGE}{page.translation_key}"


def key_of_entry(key: str) -> uuid.UUID:
    """The translation key of the page that an entry is of."""
    return uuid.UUID(key.removeprefix(_PAGE))


def _public(pks: Collection[int] | None) -> QuerySet[Any, Any]:
    pages = Page.objects.live().public()
    return pages if pks is None else pages.filter(pk__in=pks)


def _by_type(pages: QuerySet[Any, Any]) -> Iterator[ReadingPage]:
    yield from (page for page in pages.specific() if isinstance(page, ReadingPage))


def below(page: Page) -> list[int]:
    """The page and all below it, by number. One query."""
    return list(Page.objects.filter(path__startswith=page.path).values_list("pk", flat=True))


def _facts_of(page: ReadingPage, steps: list[tuple[str, int, str]]) -> dict[str, Any]:
    if isinstance(page, StepPage):
        return {"number": page.number}
    if isinstance(page, CasePage):
        return {"administration": page.administration}
    if not isinstance(page, MethodPage):
        return {}
    facts: dict[str, Any] = {"minutes": page.minutes, "people": _people(page)}
    for path, number, name in steps:
        if page.path.startswith(path):
            facts |= {"step": number, "step_name": name}
    return facts


def _people(page: MethodPage) -> str:
    first, last = page.people_from, page.people_to
    return f"{first}+" if last is None else str(first) if first == last else f"{first}–{last}"


def _text_of(page: ReadingPage) -> str:
    """All that stands on the page beside title and lead, as a reader would read it."""
    parts: list[str] = []
    for field in page._meta.fields:
        if field.model is Page or field.name == page.described_by:
            continue
        if isinstance(field, StreamField):
            parts += _words_in(getattr(page, field.name).get_prep_value())
        elif type(field) is models.TextField or field.name == "administration":
            parts.append(getattr(page, field.name))
    # Every piece ends as a sentence does: an excerpt may run from one into the next.
    pieces = (" ".join(part.split()) for part in parts)
    return " ".join(piece if piece.endswith((".", "?", "!", "…", ":")) else f"{piece}." for piece in pieces if piece)


def _words_in(value: Any) -> Iterator[str]:
    """The words in a stored block, whatever its make."""
    if isinstance(value, str):
        yield _plain_text(value)
    elif isinstance(value, dict):
        if value.get("type") == "markdown":
            yield _plain_text(to_html(str(value.get("value", ""))))
            return
        for each, inner in value.items():
            if each not in _NO_WORDS:
                yield from _words_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words_in(inner)


def _plain_text(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text
