"""The search page: a plain GET, the same for everyone."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guide.search.asking import MOST_LETTERS, ON_A_PAGE, Answer, answer
from guide.search.sources import Text, kinds

# A page number longer than this is no number of a page.
_DIGITS = 6


@dataclass(frozen=True)
class Choice:
    """A way to narrow the results, with how many it leaves."""

    name: Text
    count: int
    url: str
    is_chosen: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").replace("\x00", " ")[:MOST_LETTERS].split())
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds() else ""
    asked_page = request.GET.get("page", "")
    page = max(1, int(asked_page)) if asked_page.isdecimal() and len(asked_page) <= _DIGITS else 1
    found = answer(text, language=get_language() or settings.LANGUAGE_CODE, kind=kind, page=page)
    context = {
        "text": text,
        "kind": kind,
        "kind_name": kinds()[kind].many if kind else "",
        "found": found,
        "hits": [(hit, kinds()[hit.kind].one) for hit in found.hits if hit.kind in kinds()],
        "first_number": (found.page - 1) * ON_A_PAGE + 1,
        "choices": _choices(text, kind, found),
        "everything_url": _url(text),
        "previous_url": _url(text, kind, found.page - 1) if found.page > 1 else "",
        "next_url": _url(text, kind, found.page + 1) if found.page < found.pages else "",
        "nearest": [(word, _url(word)) for word in found.nearest],
    }
    return render(request, "guide/search.html", context)


def _choices(text: str, chosen: str, found: Answer) -> list[Choice]:
    return [
        Choice(each.many, found.by_kind[kind], _url(text, kind), kind == chosen)
        for kind, each in kinds().items()
        if kind in found.by_kind
    ]


def _url(text: str, kind: str = "", page: int = 1) -> str:
    query = {"q": text} | ({"kind": kind} if kind else {}) | ({"page": str(page)} if page > 1 else {})
    return f"{reverse('search')}?{urlencode(query)}"
