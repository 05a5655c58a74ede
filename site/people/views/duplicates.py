"""The list of people who may stand twice in the register, for whoever looks after it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.duplicates import possible_duplicates
from people.requests import person_of

SHOWN = 50


@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    if not person_of(request).has_perm("people.change_person"):
        raise Http404
    pairs = possible_duplicates(day=timezone.localdate())
    page = Paginator(pairs, SHOWN).get_page(request.GET.get("page"))
    return render(request, "people/duplicates.html", {"page": page, "count": len(pairs)})
