"""Questions about a page's place among the others: the way down to it, its parts, what stands beside it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, IntegerField, Q, TextField
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from guide.closed import Closed, is_open
from guide.models import ArticlePage, CasePage, GlossaryPage, TermPage
from guide.queries import CaseLink, TermLink, address, open_pages, terms_below
from shared.ready import Given, Ready, among
from shared.sorting import swedish_sort_key

# Root and front page: what every page stands below.
_ABOVE_ALL = 2


@dataclass(frozen=True)
class Crumb:
    title: str
    url: str


_ABOVE = Ready(
    lambda: (
        Page.objects.live()
        .filter(among("path", "paths", kind=CharField()))
        .order_by("depth")
        .values_list("title", "url_path")
    )
)


def trail_of(page: Page) -> list[Crumb]:
    """The pages between the front page and this one, from above. One query, none for what stands right below it."""
    if not page.path or page.depth <= _ABOVE_ALL + 1:
        return []
    step = page.steplen
    paths = [page.path[:end] for end in range((_ABOVE_ALL + 1) * step, len(page.path), step)]
    return [Crumb(title, address(url_path)) for title, url_path in _ABOVE.ask(paths=paths)]


@dataclass(frozen=True)
class Part:
    """An article that is one of several."""

    number: int
    title: str
    lead: str
    minutes: int
    url: str
    key: uuid.UUID


@dataclass(frozen=True)
class Series:
    """An article in parts, seen from the whole (`here` is None) or from one of the parts."""

    title: str
    url: str
    parts: list[Part]
    here: Part | None = None

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def previous(self) -> Part | None:
        return self.parts[self.here.number - 2] if self.here and self.here.number > 1 else None

    @property
    def next(self) -> Part | None:
        return self.parts[self.here.number] if self.here and self.here.number < len(self.parts) else None


_FAMILY = Ready(
    lambda: (
        ArticlePage.objects.live()
        .filter(
            Q(path=Given("above", CharField()))
            | Q(path__startswith=Given("above", CharField()), depth=Given("beside", IntegerField()))
            | Q(path__startswith=Given("path", CharField()), depth=Given("below", IntegerField())),
            is_open(),
        )
        .order_by("path")
        .values_list("path", "depth", "title", "lead", "minutes_to_read", "url_path", "translation_key")
    )
)


def series_of(article: ArticlePage, closed: Closed) -> Series | None:
    """The series that the article holds, or else is a part of. One query."""
    if not article.path:
        return None
    above = article.path[: -article.steplen]
    depth = article.depth
    rows = _FAMILY.ask(above=above, path=article.path, beside=depth, below=depth + 1, closed=closed.patterns)
    below = [row for row in rows if row[1] == depth + 1]
    if below:
        return Series(article.title, address(article.url_path), _parts(below))
    whole = next((row for row in rows if row[0] == above), None)
    if whole is None:
        return None
    parts = _parts([row for row in rows if row[1] == depth])
    here = next((part for part in parts if part.key == article.translation_key), None)
    return Series(whole[2], address(whole[5]), parts, here)


def _parts(rows: list[tuple[Any, ...]]) -> list[Part]:
    return [
        Part(number, title, lead, minutes or 0, address(url_path), key)
        for number, (_path, _depth, title, lead, minutes, url_path, key) in enumerate(rows, start=1)
    ]


@dataclass(frozen=True)
class Letter:
    """The terms that begin with a letter, as Swedes sort."""

    letter: str
    terms: list[TermLink]


def letters_of(glossary: GlossaryPage, closed: Closed) -> list[Letter]:
    """One query."""
    return [Letter(letter, list(terms)) for letter, terms in groupby(terms_below(glossary, closed), _initial)]


def _initial(term: TermLink) -> str:
    first = next((sign for sign in term.title if sign.isalnum()), "#").upper()
    # É stands among E, but Å, Ä and Ö are letters of their own.
    return first if first in "ÅÄÖ" else swedish_sort_key(first)[:1].upper() or first


MORE_CASES = 3
_BESIDE = Ready(
    lambda: (
        CasePage.objects.live()
        .filter(is_open(), path__startswith=Given("above", CharField()))
        .exclude(url_path=Given("url_path", TextField()))
        .order_by(F("happened_on").desc(nulls_last=True), "path")
        .values_list("title", "lead", "administration", "happened_on", "url_path")[:MORE_CASES]
    )
)


def cases_beside(case: CasePage, closed: Closed) -> list[CaseLink]:
    """The newest others. One query."""
    if not case.path:
        return []
    rows = _BESIDE.ask(above=case.path[: -case.steplen], url_path=case.url_path, closed=closed.patterns)
    return [CaseLink(title, lead, whose, when, address(url_path)) for title, lead, whose, when, url_path in rows]


MOST_MENTIONS = 8


def mentions_of(term: TermPage, closed: Closed) -> list[Crumb]:
    """The pages in the term's language whose texts link to it, in the order of the tree. One query."""
    if term.pk is None:
        return []
    pages = ContentType.objects.get_for_model(Page)
    linking = ReferenceIndex.objects.filter(
        base_content_type=pages, to_content_type=pages, to_object_id=str(term.pk)
    ).values(number=Cast("object_id", IntegerField()))
    pages = open_pages(Page.objects.live(), closed)
    rows = pages.filter(pk__in=linking, locale_id=term.locale_id).order_by("path")
    return [
        Crumb(title, address(url_path)) for title, url_path in rows.values_list("title", "url_path")[:MOST_MENTIONS]
    ]


def terms_around(term: TermPage, closed: Closed) -> tuple[TermLink | None, TermLink | None]:
    """The terms before and after it in the alphabet. One query."""
    if not term.path:
        return None, None
    siblings = terms_below(GlossaryPage(path=term.path[: -term.steplen]), closed)
    place = next((place for place, each in enumerate(siblings) if each.slug == term.slug), None)
    if place is None:
        return None, None
    before = siblings[place - 1] if place else None
    return before, siblings[place + 1] if place + 1 < len(siblings) else None


@dataclass(frozen=True)
class NewCase:
    key: uuid.UUID
    title: str
    lead: str
    administration: str
    url: str
    published_at: dt.datetime | None
    changed_at: dt.datetime | None


def newest_cases(language: str, *, limit: int) -> list[NewCase]:
    """What the feed tells: public cases, the latest published first. One query."""
    rows = (
        CasePage.objects.live()
        .public()
        .filter(locale__language_code=language)
        .order_by("-first_published_at", "path")
        .values_list("translation_key", "title", "lead", "administration", "url_path", "first_published_at",
                     "last_published_at")[:limit]
    )  # fmt: skip
    return [
        NewCase(key, title, lead, whose, address(url_path, language=language), published, changed)
        for key, title, lead, whose, url_path, published, changed in rows
    ]


def beside(page: Page, closed: Closed) -> dict[str, Any]:
    """What stands beside a page of that type, by the names that its template uses. One query, two for a term."""
    match page:
        case GlossaryPage():
            return {"letters": letters_of(page, closed)}
        case TermPage():
            return {"mentions": mentions_of(page, closed), "neighbours": terms_around(page, closed)}
        case ArticlePage():
            return {"series": series_of(page, closed)}
        case CasePage():
            return {"cases": cases_beside(page, closed)}
    return {}
