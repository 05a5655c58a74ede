"""The manager's page: who asks for a place, yes or no."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import Booking
from courses.queries import requests_to_decide, reservations_to_name
from courses.services.approval import approve_request, may_decide, refuse_request
from people.requests import person_of
from people.roles import is_manager
from shared.rules import RuleBroken


@require_safe
@login_required
def list_requests(request: HttpRequest) -> HttpResponse:
    if not is_manager(person_of(request)):
        raise Http404
    return _show(request)


def _show(request: HttpRequest, *, wrong: dict[str, Any] | None = None) -> HttpResponse:
    """`wrong`: which request could not be answered so, why not, and what was typed."""
    manager = person_of(request)
    requests = requests_to_decide(manager, day=timezone.localdate())
    prefetch_related_objects(requests, "occasion__sessions", "made_up_days")
    context = {
        "requests": requests,
        "reservations": reservations_to_name(manager, now=timezone.now()),
        "wrong": wrong,
    }
    return render(request, "courses/requests.html", context, status=422 if wrong else 200)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    booking = get_object_or_404(Booking.objects.select_related("person", "occasion__course"), pk=pk)
    now, why = timezone.now(), request.POST.get("why", "").replace("\0", "")[:250]
    if not may_decide(person_of(request), booking, now=now):
        raise Http404
    try:
        if request.POST.get("answer") == "approve":
            approve_request(booking, by=person_of(request), now=now)
            messages.success(request, _("%(person)s has a place.") % {"person": booking.person})
        else:
            refuse_request(booking, by=person_of(request), now=now, why=why)
            messages.success(request, _("You said no to %(person)s.") % {"person": booking.person})
    except RuleBroken as broken:
        if broken.code == "reason_needed" and is_manager(person_of(request)):
            return _show(request, wrong={"booking": booking.pk, "sentence": broken.sentence, "why": why})
        messages.error(request, broken.sentence)
    if is_manager(person_of(request)):
        return redirect("requests")
    return redirect("participants", pk=booking.occasion_id)
