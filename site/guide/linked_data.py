"""What machines read of a page: schema.org's words (JSON-LD). Pure: everything it tells is handed to it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from guide.models import (
    AccessibilityStatementPage,
    ArticlePage,
    CasePage,
    CasesPage,
    FrontPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingPage,
    StepPage,
    TermPage,
)

Thing = dict[str, Any]


def describe_page(
    page: ReadingPage, surroundings: dict[str, Any], *, url: str, language: str, picture: str
) -> list[Thing]:
    """The page as things of schema.org: what it is, and the way down to it. Addresses are whole ones."""
    thing: Thing = {
        "@id": url,
        "url": url,
        "name": page.title,
        "description": page.description,
        "inLanguage": language,
        **_words_of(page, surroundings, url=url, picture=picture),
    }
    trail = [(crumb.title, settings.SITE_URL + crumb.url) for crumb in surroundings.get("trail", [])]
    return [thing, *([breadcrumbs([*trail, (page.title, url)])] if trail else [])]


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Thing:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def publisher() -> Thing:
    return {"@type": "GovernmentOrganization", "name": settings.MUNICIPALITY, "url": f"{settings.SITE_URL}/"}


def minutes_as_duration(minutes: int) -> str:
    """ISO 8601: 90 minutes are PT1H30M."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def _words_of(page: ReadingPage, surroundings: dict[str, Any], *, url: str, picture: str) -> Thing:
    words: Thing = {"@type": "WebPage"}
    match page:
        case MethodPage():
            words = _how_to(page, picture)
        case StepPage() | ArticlePage() | CasePage():
            words = _article(page, surroundings, url, picture)
        case TermPage():
            words = _defined_term(page, surroundings)
        case GlossaryPage():
            words = _term_set(surroundings, url)
        case FrontPage():
            words = {"@type": "WebSite", "publisher": publisher(), "image": picture}
        case GuidePage() | LibraryPage() | CasesPage():
            words = {"@type": "CollectionPage", "hasPart": _parts_of(page, surroundings)}
        case AccessibilityStatementPage():
            words |= {"dateModified": page.reviewed_on.isoformat(), "publisher": publisher()}
    return words


def _how_to(page: MethodPage, picture: str) -> Thing:
    steps = [
        {
            "@type": "HowToStep",
            "position": place,
            "name": block.value["title"],
            "text": plain(block.value["text"].source),
            "timeRequired": minutes_as_duration(block.value["minutes"]),
        }
        for place, block in enumerate(page.steps, start=1)
    ]
    thing: Thing = {
        "@type": "HowTo",
        "image": picture,
        "totalTime": minutes_as_duration(page.minutes),
        "step": steps,
        "author": publisher(),
        **_dates(page),
    }
    if page.material:
        thing["supply"] = [{"@type": "HowToSupply", "name": line.value} for line in page.material]
    return thing


def _article(page: StepPage | ArticlePage | CasePage, surroundings: dict[str, Any], url: str, picture: str) -> Thing:
    thing: Thing = {
        "@type": "Article",
        "headline": page.title[:110],
        "image": picture,
        "author": publisher(),
        "publisher": publisher(),
        "mainEntityOfPage": url,
        **_dates(page),
    }
    series = surroundings.get("series")
    if isinstance(page, CasePage):
        thing["about"] = {"@type": "GovernmentOrganization", "name": page.administration}
        if page.happened_on:
            thing["temporalCoverage"] = page.happened_on.isoformat()
    elif isinstance(page, StepPage):
        thing["position"] = page.number
    elif series is not None and series.here is None:
        thing["timeRequired"] = minutes_as_duration(series.minutes)
        thing["hasPart"] = [_link(part.title, part.url) for part in series.parts]
    else:
        if page.minutes_to_read:
            thing["timeRequired"] = minutes_as_duration(page.minutes_to_read)
        if series is not None:
            thing["isPartOf"] = _link(series.title, series.url)
    return thing


def _defined_term(page: TermPage, surroundings: dict[str, Any]) -> Thing:
    thing: Thing = {"@type": "DefinedTerm", "description": page.explanation, "termCode": page.slug}
    also = [word.strip() for word in page.also_called.split(",") if word.strip()]
    if also:
        thing["alternateName"] = also
    trail = surroundings.get("trail")
    if trail:
        set_url = settings.SITE_URL + trail[-1].url
        thing["inDefinedTermSet"] = {"@type": "DefinedTermSet", "@id": set_url, "name": trail[-1].title, "url": set_url}
    return thing


def _term_set(surroundings: dict[str, Any], url: str) -> Thing:
    terms = [term for letter in surroundings.get("letters", []) for term in letter.terms]
    return {
        "@type": "DefinedTermSet",
        "hasDefinedTerm": [
            {
                "@type": "DefinedTerm",
                "@id": settings.SITE_URL + term.url,
                "url": settings.SITE_URL + term.url,
                "name": term.title,
                "description": term.explanation,
                "inDefinedTermSet": url,
            }
            for term in terms
        ],
    }


def _parts_of(page: ReadingPage, surroundings: dict[str, Any]) -> list[Thing]:
    if isinstance(page, GuidePage):
        return [_link(stop.name, stop.url) for stop in surroundings.get("stops", [])]
    if isinstance(page, LibraryPage):
        links: Iterable[Any] = [row.method for row in surroundings["library"].rows]
    else:
        links = surroundings.get("cases", [])
    return [_link(each.title, each.url) for each in links]


def _link(name: str, url: str) -> Thing:
    whole = settings.SITE_URL + url
    return {"@type": "WebPage", "@id": whole, "url": whole, "name": name}


def _dates(page: ReadingPage) -> Thing:
    dates: dict[str, dt.datetime | None] = {
        "datePublished": page.first_published_at,
        "dateModified": page.last_published_at or page.first_published_at,
    }
    return {name: moment.isoformat(timespec="seconds") for name, moment in dates.items() if moment}


def plain(html: str) -> str:
    """The words of a text, those of different paragraphs kept apart."""
    return " ".join(strip_tags(html.replace("<", " <")).split())
