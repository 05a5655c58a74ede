"""What the guide's templates need beside the page itself, and the reader's own mark."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.views import serve as serve_page

from guide import queries
from guide.case_journeys import journey_of
from guide.closed import NOTHING, Closed, closed_to, remember_closed
from guide.front import front_parts
from guide.library import library, read_filters
from guide.models import (
    ArticlePage,
    CasePage,
    CasesPage,
    FrontPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingPage,
    StepPage,
)
from guide.progress import ticked_lines
from guide.site_map import whole_site_map
from guide.surroundings import beside, trail_of
from shared.public_pages import keep_for_everyone


def data_for(page: ReadingPage, request: HttpRequest | None) -> dict[str, Any]:
    """The page's surroundings. Signed-in readers get their own marks; everyone else gets the same."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    closed = closed_to(request)
    data: dict[str, Any] = {"person": person, "trail": trail_of(page), **beside(page, closed)}
    if isinstance(page, CasesPage):
        return data | {"cases": queries.cases_below(page, closed)}
    if not isinstance(page, (FrontPage, GuidePage, StepPage, MethodPage, ArticlePage, CasePage, LibraryPage)):
        return data
    read = queries.read_keys(person) if person else set()
    data["read_keys"] = read
    data["is_read"] = page.translation_key in read
    if isinstance(page, CasePage):
        data["journey"] = journey_of(page, reader=person)
    if isinstance(page, (ArticlePage, CasePage)):
        return data
    if isinstance(page, LibraryPage):
        stops = queries.path_stops(page.locale_id, closed=closed)
        asked = read_filters(request.GET if request else MultiValueDict(), stops)
        return data | {"library": library(queries.methods_in_language(page.locale_id, closed), stops, asked)}
    stops = queries.path_stops(page.locale_id, closed=closed)
    data["stops"] = stops
    data["done"] = [stop.number for stop in stops if stop.key in read] if person else None
    if isinstance(page, FrontPage):
        data["parts"] = front_parts(person, now=timezone.now())
        data["styles"] = list(dict.fromkeys(sheet for part in data["parts"] for sheet in part.styles))
    elif isinstance(page, GuidePage):
        methods = queries.methods_of_guide(page, closed)
        data["steps"] = [(stop, [each for each in methods if each.path.startswith(stop.path)]) for stop in stops]
    else:
        data |= _on_the_path(page, stops, closed)
        if person and isinstance(page, StepPage):
            data["ticked"] = ticked_lines(person, page.translation_key)
    return data


def _on_the_path(page: StepPage | MethodPage, stops: list[queries.Stop], closed: Closed) -> dict[str, Any]:
    here = next((place for place, stop in enumerate(stops) if page.path.startswith(stop.path)), None)
    data: dict[str, Any] = {"step": stops[here] if here is not None else None}
    if isinstance(page, MethodPage):
        data["related"] = queries.related_methods(page, closed)
    else:
        data["methods"] = queries.methods_of_step(page, closed)
        data["previous"] = stops[here - 1] if here else None
        data["next"] = stops[here + 1] if here is not None and here + 1 < len(stops) else None
    return data


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own serving, with the page found by its whole address at once."""
    page = queries.page_at(path, language=get_language() or settings.LANGUAGE_CODE)
    if page is not None:
        if not page.is_anything_restricted:
            remember_closed(request, NOTHING)
        queries.name_translations(page, closed_to(request))
        # Where Wagtail looks first, before it walks the tree.
        request._wagtail_route_for_request = page.route(request, [])  # type: ignore[attr-defined]  # noqa: SLF001 - Wagtail's own place for it
    response = serve_page(request, path)
    if isinstance(page, LibraryPage) and request.headers.get("HX-Request"):
        # The address that the reader may share: without the filters that choose nothing.
        used = urlencode([(name, value) for name, values in request.GET.lists() for value in values if value])
        response["HX-Push-Url"] = f"{request.path}?{used}" if used else request.path
    return response


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    data = {"pages": whole_site_map(), "site": settings.SITE_URL}
    response = render(request, "guide/sitemap.xml", data, content_type="application/xml")
    keep_for_everyone(response)
    return response
