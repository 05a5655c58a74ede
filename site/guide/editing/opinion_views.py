"""Readers' opinions, for editors: per page, per month, in their own words, and as a file."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guide import opinion_queries as queries
from guide.models import PageOpinion
from guide.services.opinions import remove_sentence
from shared.tables import CSV, as_csv

PER_PAGE = 50


@require_safe
def opinions_report(request: HttpRequest) -> HttpResponse:
    _check(request, "guide.view_pageopinion")
    key = _key(request.GET.get("page", ""))
    if request.GET.get("export") == "csv":
        return _export(key)
    said = Paginator(queries.sentences_about(key), PER_PAGE).get_page(request.GET.get("p"))
    titles = dict(queries.pages_with_opinions())
    data: dict[str, Any] = {
        "page_title": _("Readers' opinions"),
        "header_icon": "comment",
        "figures": queries.figures_per_page(day=timezone.localdate(), key=key),
        "said": [(opinion, titles.get(opinion.translation_key, "")) for opinion in said],
        "pages": said,
        "choices": [(str(each), title) for each, title in titles.items()],
        "chosen": str(key or ""),
        "may_remove": request.user.has_perm("guide.change_pageopinion"),
        "middle": queries.BAR,
        "height": 2 * queries.BAR,
        "width": 12 * queries.MONTHS,
    }
    return render(request, "guide/editing/opinions.html", data)


@require_POST
def opinion_remove_words(request: HttpRequest, pk: int) -> HttpResponse:
    _check(request, "guide.change_pageopinion")
    remove_sentence(get_object_or_404(PageOpinion, pk=pk))
    messages.success(request, _("The words are gone. The answer itself is still counted."))
    about = _key(request.POST.get("page", ""))
    return redirect(f"{reverse('guide_opinions')}?page={about}" if about else reverse("guide_opinions"))


def _check(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def _key(text: str) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _export(key: uuid.UUID | None) -> HttpResponse:
    """Every answer, a row each."""
    titles = dict(queries.pages_with_opinions())
    answers = PageOpinion.objects.filter(translation_key=key) if key else PageOpinion.objects.all()
    heading = [_("Day"), _("Page"), _("Language"), _("Helped"), _("In the reader's words")]
    rows = [
        [
            each.given_on, titles.get(each.translation_key, ""), each.language,
            _("Yes") if each.is_helpful else _("No"), each.sentence,
        ]
        for each in answers.iterator()
    ]  # fmt: skip
    name = f"omdomen-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        as_csv([heading, *rows]), content_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
