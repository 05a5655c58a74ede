""" "Did the page help you?": asked at the end of every page to read, of everyone.

The question stands on pages that are kept ready-made for all readers, so its form carries no token. A token guards
what a logged-in person may do from being done by another site in their name; here nobody acts in their name. That
the answer comes from our own page is seen by the headers that every browser sets and no page can (docs/decisions).
Where a browser sets none of them, the reader is shown the question on a page of its own, with a token.
"""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from guide.models import PageOpinion, ReadingPage
from guide.models.opinions import LONGEST_SENTENCE
from guide.queries import page_to_read
from guide.reader import address_of, wants_part
from guide.services.opinions import give_opinion, say_more
from shared.rules import RuleBroken

# The right to put words to an answer lasts as long as someone may sit and write.
_ANSWERS = signing.TimestampSigner(salt="guide.opinions")
_LASTS = 60 * 60 * 2


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    page = _page(request, key)
    if page is None:
        raise Http404
    if request.method != "POST":
        return _show(request, page, answer=_answer_of(request.GET.get("svar", ""), page))
    if not _comes_from_us(request):
        return redirect("opinion", key=key)
    if request.POST.get("helpful") not in {"yes", "no"}:
        return _show(request, page, status=400)
    return _take_answer(request, page)


def _page(request: HttpRequest, key: uuid.UUID) -> ReadingPage | None:
    page = page_to_read(key, request)
    # The log names the person as far as the request has found out who it is: an answer is nobody's.
    vars(request).pop("_cached_user", None)
    return page


def _take_answer(request: HttpRequest, page: ReadingPage) -> HttpResponse:
    if request.POST.get("website"):  # no reader sees that field
        return _show(request, page, is_done=True)
    try:
        given = give_opinion(
            page,
            is_helpful=request.POST["helpful"] == "yes",
            language=get_language() or "",
            address=_address(request),
            browser=request.headers.get("User-Agent", "")[:300],
            once=_uuid(request.POST.get("once", "")),
            now=timezone.now(),
        )
    except RuleBroken as broken:
        return _show(request, page, trouble=broken.sentence, is_done=True, status=429)
    if wants_part(request):
        return _show(request, page, answer=given)
    return redirect(f"{reverse('opinion', args=[page.translation_key])}?svar={_ANSWERS.sign(str(given.once))}")


@csrf_exempt
@never_cache
@require_POST
def opinion_words(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The signature says that it is the reader's own answer, just given: that is the whole right."""
    page = _page(request, key)
    answer = _answer_of(request.POST.get("answer", ""), page) if page else None
    if page is None or answer is None:
        raise Http404
    sentence = request.POST.get("sentence", "")
    try:
        if not request.POST.get("website"):
            say_more(answer.once, sentence=sentence)
    except RuleBroken as broken:
        return _show(request, page, answer=answer, trouble=broken.sentence, sentence=sentence, status=422)
    return _show(request, page, is_done=True)


def _show(
    request: HttpRequest,
    page: ReadingPage,
    *,
    answer: PageOpinion | None = None,
    trouble: str = "",
    sentence: str = "",
    is_done: bool = False,
    status: int = 200,
) -> HttpResponse:
    data: dict[str, Any] = {
        "page": page, "back": address_of(page), "answer": answer, "trouble": trouble, "sentence": sentence,
        "is_done": is_done, "longest": LONGEST_SENTENCE, "token": _ANSWERS.sign(str(answer.once)) if answer else "",
    }  # fmt: skip
    if wants_part(request):
        return render(request, "guide/parts/opinion.html", data)  # with any status: the script shows what is said
    response = render(request, "guide/opinion.html", data, status=status)
    # The page's head greets who is logged in; the log must not say who answered.
    request.__dict__.pop("_cached_user", None)
    return response


def _answer_of(signed: str, page: ReadingPage) -> PageOpinion | None:
    try:
        once = _ANSWERS.unsign(signed, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return PageOpinion.objects.filter(once=once, translation_key=page.translation_key).first()


class _Token(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]  # the reason itself, not a page
        return reason


def _comes_from_us(request: HttpRequest) -> bool:
    """Every browser of today says where a form was sent from, and no page can make it say otherwise."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    came_from = request.headers.get("Origin") or request.headers.get("Referer")
    if came_from:
        return urlsplit(came_from).netloc == request.get_host()
    check = _Token(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is None


def _no_view() -> HttpResponse:
    """What Django's check of tokens wants to look at."""
    return HttpResponse()


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
