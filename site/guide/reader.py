"""What a reader does with a page: marks it as read, ticks its checklist.

Each act works by an ordinary form. Sent by guide/reading.js it answers with the part of the page that changed.
"""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guide import queries
from guide.models import ReadingPage, StepPage
from guide.progress import ticked_lines
from guide.services import reading
from people.requests import person_of


def wants_part(request: HttpRequest) -> bool:
    """Whether our script asks, which puts the answer into the page it stands on."""
    return request.headers.get("X-Requested-With") == "fetch"


def address_of(page: ReadingPage) -> str:
    return queries.address(page.url_path, language=page.locale.language_code)


@never_cache
@login_required
@require_POST
def mark_read(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    page = queries.page_to_read(key, request)
    if page is None:
        raise Http404
    is_read = request.POST.get("read") != "no"
    if is_read:
        reading.mark_read(page, person=person_of(request), now=timezone.now())
        sentence = _("Marked as read.")
    else:
        reading.mark_unread(page, person=person_of(request))
        sentence = _("The page is no longer marked as read.")
    if wants_part(request):
        data = {"person": request.user, "is_read": is_read}
        return render(request, "guide/parts/reading_mark.html", {"page": page, "data": data, "said": sentence})
    messages.success(request, sentence)
    return redirect(address_of(page))


@never_cache
@login_required
@require_POST
def tick(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """`shown` names the lines that the form speaks of, `ticked` those of them that are done."""
    step = queries.page_to_read(key, request)
    if not isinstance(step, StepPage):
        raise Http404
    shown, ticked = (_uuids(request.POST.getlist(name)) for name in ("shown", "ticked"))
    known = reading.tick_lines(
        step, person=person_of(request), ticked=ticked & shown, unticked=shown - ticked, now=timezone.now()
    )
    if not known:
        raise Http404
    if wants_part(request):
        data = {"person": request.user, "ticked": ticked_lines(person_of(request), step.translation_key)}
        return render(request, "guide/parts/checklist.html", {"page": step, "data": data, "said": _("Saved.")})
    messages.success(request, _("Your checklist is saved."))
    return redirect(f"{address_of(step)}#results")


def _uuids(texts: list[str]) -> set[uuid.UUID]:
    found = set()
    for text in texts[:200]:
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return found
