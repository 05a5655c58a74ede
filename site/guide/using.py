"""A method in the room: on paper, and on the big screen.

Whoever may read the page may have its documents; to everyone else they are not there.
"""

import uuid
from collections.abc import Callable
from typing import TypeVar

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from guide import queries
from guide.closed import closed_to
from guide.models import MethodPage, StepPage
from guide.paper.cards import booklet_data, card_data
from guide.paper.pages import page_in_language, whole_methods_of_step
from guide.paper.sheets import fields_of, sheets_data
from guide.queries import Stop
from guide.services.keeping import Recipe, fetch_document
from shared.public_pages import keep_for_everyone

FOLDER = "site/guide/paper"
Printable = TypeVar("Printable", StepPage, MethodPage)


def _page_or_404(model: type[Printable], key: uuid.UUID, request: HttpRequest) -> Printable:
    """The live page in the language of the address. Two queries."""
    page = page_in_language(model, key, language=get_language() or "")
    if page is None or closed_to(request).holds(page.path):
        raise Http404
    return page


def _answer(request: HttpRequest, recipe: Recipe, *, name: str) -> HttpResponse:
    mark = f'W/"{recipe.key[:32]}"'
    if mark in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(fetch_document(recipe, now=timezone.now()), content_type="application/pdf")
        file = f"{_file_name(name)}.pdf"
        response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=file) or "inline"
    response["ETag"] = mark
    # Asked for again each time: a text that was changed, or a page that was closed, is so at once.
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _file_name(name: str) -> str:
    """Kept as it is written, but for what no file system takes."""
    return " ".join("".join(each if each.isprintable() and each not in '/\\:*?"<>|' else " " for each in name).split())[
        :120
    ]


# The browser's own reader shows a PDF as an object of the page.
_shown_by_the_browser = csp_update({"object-src": ["'self'"]})


def _document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    return require_safe(_shown_by_the_browser(view))


@_document
def card(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    method = _page_or_404(MethodPage, key, request)
    data = card_data(method, _stops(method, request), language=method.locale.language_code)
    return _answer(
        request, Recipe(f"{FOLDER}/card.typ", data), name=_("Method card – %(title)s") % {"title": method.title}
    )


@_document
def booklet(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    step = _page_or_404(StepPage, key, request)
    closed = closed_to(request)
    methods = [method for method in whole_methods_of_step(step) if not closed.holds(method.path)]
    data = booklet_data(step, methods, _stops(step, request), language=step.locale.language_code)
    name = _("Step %(number)s, %(title)s – booklet") % {"number": step.number, "title": step.title}
    return _answer(request, Recipe(f"{FOLDER}/booklet.typ", data), name=name)


@_document
def worksheet(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    method = _method_with_sheets(request, key)
    data = sheets_data(method, _stops(method, request), language=method.locale.language_code, wall=False)
    name = _("Worksheets – %(title)s") % {"title": method.title}
    return _answer(request, Recipe(f"{FOLDER}/sheets.typ", data, fields_of(data)), name=name)


@_document
def wall_sheet(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    method = _method_with_sheets(request, key)
    data = sheets_data(method, _stops(method, request), language=method.locale.language_code, wall=True)
    name = _("Worksheets for the wall, A3 – %(title)s") % {"title": method.title}
    return _answer(request, Recipe(f"{FOLDER}/sheets.typ", data), name=name)


def _method_with_sheets(request: HttpRequest, key: uuid.UUID) -> MethodPage:
    method = _page_or_404(MethodPage, key, request)
    if not method.worksheets:
        raise Http404
    return method


def _stops(page: Page, request: HttpRequest) -> list[Stop]:
    return queries.path_stops(page.locale_id, language=page.locale.language_code, closed=closed_to(request))


@require_safe
def present(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One step of the exercise at a time, and a last picture when all are done. `?steg=2` begins at the second."""
    method = _page_or_404(MethodPage, key, request)
    slides = list(enumerate(method.steps, start=1))
    last = len(slides) + 1
    asked = request.GET.get("steg", "")
    here = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    stop = next((stop for stop in _stops(method, request) if method.path.startswith(stop.path)), None)
    data = {
        "page": method, "step": stop, "slides": slides, "here": here, "count": len(slides), "last": last,
        "method_url": queries.address(method.url_path, language=method.locale.language_code),
    }  # fmt: skip
    response = render(request, "guide/present.html", data)
    keep_for_everyone(response)
    return response
