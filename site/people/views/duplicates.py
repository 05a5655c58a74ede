"""The list of people who may stand twice in the register, for whoever looks after it; and who were told apart."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.duplicates import pairs_told_apart, possible_duplicates
from people.models import Person, ToldApart
from people.requests import person_of
from people.services.duplicates import take_back, tell_apart
from shared.rules import RuleBroken

SHOWN = 25


def _refuse_others(request: HttpRequest) -> Person:
    person = person_of(request)
    if not person.has_perm("people.change_person"):
        raise Http404
    return person


@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    pairs = possible_duplicates(day=timezone.localdate())
    page = Paginator(pairs, SHOWN).get_page(request.GET.get("page"))
    told = pairs_told_apart().filter(taken_back_at=None).count()
    return render(request, "people/duplicates.html", {"page": page, "count": len(pairs), "told": told})


@require_POST
@login_required
def apart(request: HttpRequest) -> HttpResponse:
    by = _refuse_others(request)
    one, other = _person(request, "first"), _person(request, "second")
    try:
        tell_apart(one, other, by=by, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("%(one)s and %(other)s are put aside: two people.") % {"one": one, "other": other})
    page = request.POST.get("page", "")
    where = f"?page={int(page)}" if page.isascii() and page.isdigit() and len(page) < 6 else ""
    return redirect(reverse("duplicates") + where)


@require_safe
@login_required
def show_apart(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    page = Paginator(pairs_told_apart(), SHOWN).get_page(request.GET.get("page"))
    return render(request, "people/told_apart.html", {"page": page})


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    by = _refuse_others(request)
    told = get_object_or_404(ToldApart.objects.select_related("first", "second"), pk=pk)
    if take_back(told, by=by, now=timezone.now()):
        messages.success(
            request,
            _("Taken back. %(one)s and %(other)s may be one person again.") % {"one": told.first, "other": told.second},
        )
    else:
        messages.info(request, _("Somebody has taken it back already."))
    return redirect("told_apart")


def _person(request: HttpRequest, name: str) -> Person:
    wanted = request.POST.get(name, "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise Http404
    return get_object_or_404(Person, pk=int(wanted))
