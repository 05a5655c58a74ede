"""Questions to the guide. Each says how many queries it takes."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, IntegerField, OuterRef, QuerySet, TextField
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from guide.closed import ANYTHING_RESTRICTED, NOTHING, Closed, closed_to, closed_to_person, is_open
from guide.keys import key_of
from guide.models import (
    AccessibilityStatementPage,
    CasePage,
    CasesPage,
    FrontPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingMark,
    ReadingPage,
    StepPage,
    TermPage,
)
from people.models import Person
from shared.ready import Given, Ready
from shared.sorting import swedish_sort_key


def address(url_path: str, *, language: str | None = None) -> str:
    """Where a page is read. The same as Wagtail's `page.url` with our one site, without asking anything."""
    rest = url_path.split("/", 2)[2]
    language = language or get_language() or settings.LANGUAGE_CODE
    return f"/{rest}" if language == settings.LANGUAGE_CODE else f"/{language}/{rest}"


@dataclass(frozen=True)
class Stop:
    """A step as a stop on the path: what `{% path_picture %}` and lists of steps need."""

    number: int
    name: str
    text: str
    url: str
    key: uuid.UUID
    path: str


_STOPS = Ready(
    lambda: (
        StepPage.objects.live()
        .filter(is_open(), locale=Given("locale_id", IntegerField()))
        .order_by("number", "path")
        .values_list("number", "title", "aim", "url_path", "translation_key", "path")
    )
)


def _patterns(closed: Closed | None) -> list[str]:
    """Of what is closed to the reader; to a stranger where nobody is named, which takes a query more."""
    return (closed_to_person(None) if closed is None else closed).patterns


def path_stops(locale_id: int, *, language: str | None = None, closed: Closed | None = None) -> list[Stop]:
    """The live steps in order. One query."""
    return [
        Stop(number, title, aim, address(url_path, language=language), key, path)
        for number, title, aim, url_path, key, path in _STOPS.ask(locale_id=locale_id, closed=_patterns(closed))
    ]


@dataclass(frozen=True)
class MethodLink:
    """A method in a list."""

    title: str
    lead: str
    minutes: int
    people_from: int
    people_to: int | None
    can_be_remote: bool
    can_be_in_room: bool
    is_own: bool
    needs_preparation: bool
    url: str
    key: uuid.UUID
    path: str


_METHOD_FIELDS = (
    "title", "lead", "minutes", "people_from", "people_to", "can_be_remote", "can_be_in_room", "origin",
    "preparation", "url_path", "translation_key", "path",
)  # fmt: skip


def _in_the_tree() -> QuerySet[MethodPage, Any]:
    return (
        MethodPage.objects.live()
        .filter(is_open(), path__startswith=Given("path", CharField()))
        .order_by("path")
        .values_list(*_METHOD_FIELDS)
    )


def _chosen() -> QuerySet[MethodPage, Any]:
    chosen = MethodPage.objects.live().filter(is_open(), chosen_by__page=Given("page_id", IntegerField()))
    return chosen.order_by("chosen_by__sort_order", "chosen_by__pk").values_list(*_METHOD_FIELDS)


_METHODS_BELOW, _METHODS_CHOSEN = Ready(_in_the_tree), Ready(_chosen)


def _method_links(rows: Iterable[tuple[Any, ...]]) -> list[MethodLink]:
    return [
        MethodLink(
            title=title, lead=lead, minutes=minutes, people_from=people_from, people_to=people_to,
            can_be_remote=remote, can_be_in_room=in_room, is_own=origin == MethodPage.Origin.OWN,
            needs_preparation=bool(preparation), url=address(url_path), key=key, path=path,
        )
        for (
            title, lead, minutes, people_from, people_to, remote, in_room, origin, preparation, url_path, key, path,
        ) in rows
    ]  # fmt: skip


def methods_of_step(step: StepPage, closed: Closed | None = None) -> list[MethodLink]:
    """One query. A method stands nowhere but right below a step."""
    return _method_links(_METHODS_BELOW.ask(path=step.path, closed=_patterns(closed))) if step.path else []


def methods_of_guide(guide: GuidePage, closed: Closed | None = None) -> list[MethodLink]:
    """One query."""
    return _method_links(_METHODS_BELOW.ask(path=guide.path, closed=_patterns(closed))) if guide.path else []


def related_methods(method: MethodPage, closed: Closed | None = None) -> list[MethodLink]:
    """The methods an editor chose, live ones only, in the editor's order. One query."""
    if method.pk is None:
        return []
    return _method_links(_METHODS_CHOSEN.ask(page_id=method.pk, closed=_patterns(closed)))


def methods_in_language(locale_id: int, closed: Closed | None = None) -> list[MethodLink]:
    """Every method of the library, in the order of the path. One query."""
    methods = open_pages(MethodPage.objects.live(), closed).filter(locale_id=locale_id)
    return _method_links(methods.order_by("path").values_list(*_METHOD_FIELDS))


def open_pages(pages: QuerySet[Any, Any], closed: Closed | None) -> QuerySet[Any, Any]:
    """Those of the pages that the reader may see; a stranger where nobody is named."""
    return pages.filter((closed_to_person(None) if closed is None else closed).q)


@dataclass(frozen=True)
class CaseLink:
    """A story in a list."""

    title: str
    lead: str
    administration: str
    happened_on: dt.date | None
    url: str


def cases_below(cases: CasesPage, closed: Closed | None = None) -> list[CaseLink]:
    """The newest first. One query."""
    rows = (
        open_pages(CasePage.objects.live(), closed)
        .filter(path__startswith=cases.path)
        .order_by(F("happened_on").desc(nulls_last=True), "path")
        .values_list("title", "lead", "administration", "happened_on", "url_path")
    )
    return [CaseLink(title, lead, whose, when, address(url_path)) for title, lead, whose, when, url_path in rows]


@dataclass(frozen=True)
class TermLink:
    title: str
    explanation: str
    url: str
    slug: str
    also_called: str


def terms_below(glossary: GlossaryPage, closed: Closed | None = None) -> list[TermLink]:
    """As Swedes sort. One query."""
    rows = open_pages(TermPage.objects.live(), closed).filter(path__startswith=glossary.path)
    terms = [
        TermLink(title, explanation, address(url_path), slug, also_called)
        for title, explanation, url_path, slug, also_called in rows.values_list(
            "title", "explanation", "url_path", "slug", "also_called"
        )
    ]
    return sorted(terms, key=lambda term: swedish_sort_key(term.title))


def other_languages(page: Page, closed: Closed | None = None) -> dict[str, str]:
    """Language → address of the page's live translations. One query."""
    rows = (
        open_pages(Page.objects.live(), closed)
        .filter(translation_key=page.translation_key)
        .exclude(pk=page.pk)
        .values_list("locale__language_code", "url_path")
    )
    return {language: address(url_path, language=language) for language, url_path in rows}


# --- Reading ---------------------------------------------------------------------------------------


def read_keys(person: Person) -> set[uuid.UUID]:
    """The translation keys of the pages the person has marked as read. One query."""
    return set(ReadingMark.objects.filter(person=person).values_list("translation_key", flat=True))


def has_read(person: Person, keys: Iterable[uuid.UUID | str]) -> set[uuid.UUID]:
    """Those of `keys` that the person has read: what a programme's items of the kind "read" ask. One query."""
    wanted = [uuid.UUID(str(key)) for key in keys]
    return set(
        ReadingMark.objects.filter(person=person, translation_key__in=wanted).values_list("translation_key", flat=True)
    )


def page_to_read(key: uuid.UUID, request: HttpRequest) -> ReadingPage | None:
    """The live page with that key that this reader can mark: the one in the active language if there is one.

    Who reads is found out only where something is restricted.
    """
    pages = list(
        Page.objects.live().filter(translation_key=key).annotate(**ANYTHING_RESTRICTED).select_related("locale")
    )
    closed = closed_to(request) if any(page.is_anything_restricted for page in pages) else NOTHING
    open_ones = [page for page in pages if not closed.holds(page.path)]
    chosen = sorted(open_ones, key=lambda page: page.locale.language_code != get_language())
    page = chosen[0].specific if chosen else None
    return page if isinstance(page, ReadingPage) and page.can_be_read else None


# --- Routing ---------------------------------------------------------------------------------------


# What an address led to the last time. A hint: the page itself is asked each time, and must have both the address and
# the type.
_types_at: dict[str, type[Page]] = {}
_TYPES_REMEMBERED = 2_000


def page_at(path: str, *, language: str) -> Page | None:
    """The live page at that address as its own type, with its translations: one query, two the first time.

    Wagtail's own way takes five and more.
    """
    root = _remembered_places(language).get("root")
    if root is None:
        return None
    words = [word for word in path.split("/") if word]
    url_path = "/".join([root.rstrip("/"), *words, ""])
    model = _types_at.get(url_path)
    page = _live_page(model, url_path) if model else None
    if page is None:
        row = Page.objects.filter(url_path=url_path, live=True).order_by().values_list("content_type_id").first()
        model = ContentType.objects.get_for_id(row[0]).model_class() if row else None
        page = _live_page(model, url_path) if model else None
        if model and page:
            if len(_types_at) >= _TYPES_REMEMBERED:
                _types_at.clear()
            _types_at[url_path] = model
    return page


_URL_PATH = Given("url_path", TextField())


@cache
def _live_pages(model: type[Page]) -> Ready:
    translations = (
        Page.objects.live()
        .filter(translation_key=OuterRef("translation_key"))
        .exclude(pk=OuterRef("pk"))
        .order_by("pk")
        .values_list(JSONObject(language="locale__language_code", url_path="url_path", path="path"))
    )
    pages = model._default_manager.filter(url_path=_URL_PATH, live=True).order_by()
    return Ready(lambda: pages.annotate(**ANYTHING_RESTRICTED, translations=ArraySubquery(translations))[:1])


def _live_page(model: type[Page], url_path: str) -> Page | None:
    for page in _live_pages(model).ask(url_path=url_path):  # type: ignore[arg-type]  # a class is hashable
        return page
    return None


def name_translations(page: Page, closed: Closed) -> None:
    """Lets a page that `page_at` found say where its translations are, those that the reader may see. No query."""
    page.other_languages = {
        each["language"]: address(each["url_path"], language=each["language"])
        for each in page.translations
        if not closed.holds(each["path"])
    }


# --- Fixed places ----------------------------------------------------------------------------------

_REMEMBERED_SECONDS = 30.0
_remembered: dict[str, tuple[float, dict[str, str]]] = {}


def fixed_addresses() -> dict[str, str]:
    """What header and footer link to, those that are there: "guide", "library", "cases", "glossary", "introduction",
    "about", "accessibility"; "root" is the front page's path in the tree.

    Remembered for half a minute in each process: every page of the site asks, and the answer changes once a year.
    """
    return _remembered_places(get_language() or settings.LANGUAGE_CODE)


def _remembered_places(language: str) -> dict[str, str]:
    known = _remembered.get(language)
    if known and time.monotonic() < known[0]:
        return known[1]
    addresses = _fixed_addresses(language)
    if addresses:
        _remembered[language] = (time.monotonic() + _REMEMBERED_SECONDS, addresses)
    return addresses


def forget_fixed_addresses() -> None:
    _remembered.clear()


_FIXED_TYPES: dict[type[Page], str] = {
    FrontPage: "root",
    GuidePage: "guide",
    LibraryPage: "library",
    CasesPage: "cases",
    GlossaryPage: "glossary",
    AccessibilityStatementPage: "accessibility",
}
_FIXED_ARTICLES = {key_of("article-service-design"): "about", key_of("article-first-day"): "introduction"}


def _fixed_addresses(language: str) -> dict[str, str]:
    types = ContentType.objects.get_for_models(*_FIXED_TYPES)
    names = {types[model].pk: name for model, name in _FIXED_TYPES.items()}
    pages = Page.objects.live().filter(locale__language_code=language)
    rows = (pages.filter(content_type__in=names) | pages.filter(translation_key__in=_FIXED_ARTICLES)).order_by("-path")
    places: dict[str, str] = {}
    for type_id, key, url_path in rows.values_list("content_type_id", "translation_key", "url_path"):
        name = names.get(type_id) or _FIXED_ARTICLES[key]
        places[name] = url_path if name == "root" else address(url_path, language=language)
    return places


@dataclass(frozen=True)
class PublicPage:
    address: str
    changed_at: dt.datetime | None
    languages: dict[str, str]

    @property
    def default(self) -> str:
        """Where a reader of another language is led."""
        return self.languages.get(settings.LANGUAGE_CODE, self.address)


def public_pages() -> list[PublicPage]:
    """Every live page that everyone may see, for the site map. Two queries."""
    rows = list(
        Page.objects.live()
        .public()
        .filter(depth__gt=1)
        .order_by("path")
        .values_list("translation_key", "locale__language_code", "url_path", "last_published_at")
    )
    languages: dict[uuid.UUID, dict[str, str]] = {}
    for key, language, url_path, _changed in rows:
        languages.setdefault(key, {})[language] = address(url_path, language=language)
    return [
        PublicPage(address(url_path, language=language), changed, languages[key])
        for key, language, url_path, changed in rows
    ]
