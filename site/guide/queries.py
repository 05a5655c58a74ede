"""Questions to the guide. Each says how many queries it takes."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.models import Page

from guide.keys import key_of
from guide.models import (
    AccessibilityStatementPage,
    FrontPage,
    GuidePage,
    MethodPage,
    ReadingMark,
    ReadingPage,
    StepPage,
)
from people.models import Person


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


def path_stops(locale_id: int, *, language: str | None = None) -> list[Stop]:
    """The live steps in order. One query."""
    steps = StepPage.objects.live().filter(locale_id=locale_id).order_by("number", "path")
    rows = steps.values_list("number", "title", "aim", "url_path", "translation_key", "path")
    return [
        Stop(number, title, aim, address(url_path, language=language), key, path)
        for number, title, aim, url_path, key, path in rows
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


def method_links(methods: QuerySet[MethodPage]) -> list[MethodLink]:
    """One query."""
    rows = methods.values_list(
        "title", "lead", "minutes", "people_from", "people_to", "can_be_remote", "can_be_in_room", "origin",
        "preparation", "url_path", "translation_key", "path",
    )  # fmt: skip
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


def methods_of_step(step: StepPage) -> list[MethodLink]:
    return method_links(MethodPage.objects.live().child_of(step).order_by("path"))


def methods_of_guide(guide: GuidePage) -> list[MethodLink]:
    return method_links(MethodPage.objects.live().descendant_of(guide).order_by("path"))


def related_methods(method: MethodPage) -> list[MethodLink]:
    """The methods an editor chose, live ones only, in the editor's order. One query."""
    if method.pk is None:
        return []
    chosen = MethodPage.objects.live().filter(chosen_by__page=method)
    return method_links(chosen.order_by("chosen_by__sort_order", "chosen_by__pk"))


def other_languages(page: Page) -> dict[str, str]:
    """Language → address of the page's live translations. One query."""
    rows = (
        Page.objects.live()
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


def page_to_read(key: uuid.UUID) -> ReadingPage | None:
    """The live page with that key that a reader can mark: the one in the active language if there is one."""
    pages = Page.objects.live().public().filter(translation_key=key).select_related("locale")
    chosen = sorted(pages, key=lambda page: page.locale.language_code != get_language())
    page = chosen[0].specific if chosen else None
    return page if isinstance(page, ReadingPage) and page.can_be_read else None


# --- Routing ---------------------------------------------------------------------------------------


def page_at(path: str, *, language: str) -> Page | None:
    """The live page at that address, as its own type: two queries, where Wagtail's own way takes five and more."""
    root = _remembered_places(language).get("root")
    if root is None:
        return None
    words = [word for word in path.split("/") if word]
    url_path = "/".join([root.rstrip("/"), *words, ""])
    row = Page.objects.filter(url_path=url_path, live=True).order_by().values_list("pk", "content_type_id").first()
    if row is None:
        return None
    model = ContentType.objects.get_for_id(row[1]).model_class()
    return model._default_manager.filter(pk=row[0]).order_by().first() if model else None  # noqa: SLF001


# --- Fixed places ----------------------------------------------------------------------------------

_REMEMBERED_SECONDS = 30.0
_remembered: dict[str, tuple[float, dict[str, str]]] = {}


def fixed_addresses() -> dict[str, str]:
    """What header and footer link to: "guide", "accessibility", "about", those that are there; "root" is the front
    page's path in the tree.

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


def _fixed_addresses(language: str) -> dict[str, str]:
    types = ContentType.objects.get_for_models(GuidePage, AccessibilityStatementPage, FrontPage)
    names = {
        types[GuidePage].pk: "guide",
        types[AccessibilityStatementPage].pk: "accessibility",
        types[FrontPage].pk: "root",
    }
    pages = Page.objects.live().filter(locale__language_code=language)
    about = key_of("article-service-design")
    rows = (pages.filter(content_type__in=names) | pages.filter(translation_key=about)).order_by("-path")
    places: dict[str, str] = {}
    for type_id, url_path in rows.values_list("content_type_id", "url_path"):
        name = names.get(type_id, "about")
        places[name] = url_path if name == "root" else address(url_path, language=language)
    return places


@dataclass(frozen=True)
class PublicPage:
    address: str
    changed_at: dt.datetime | None
    languages: dict[str, str]


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
