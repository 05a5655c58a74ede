"""A missed day that whoever leads gives somebody on another occasion, past the list and past the closing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.making_up_queries import Chance, MissedDay, chances_by_hand, missed_days_of
from courses.models import Booking
from courses.services.making_up import make_up_day
from courses.views.leading import led_occasion
from people.models import Person
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def give_missed_day(request: HttpRequest, pk: int, booking_pk: int, session_pk: int) -> HttpResponse:
    missed = _missed_day(request, pk, booking_pk, session_pk)
    chances = [] if missed.made_up else chances_by_hand(missed, by=person_of(request), now=timezone.now())
    context: dict[str, Any] = {"missed": missed, "person": missed.original.person, "chances": chances}
    if request.method == "POST" and not missed.made_up:
        asked = {name: request.POST.get(name, "").replace("\0", "")[:250] for name in ("occasion", "why")}
        try:
            _give(missed, chances, by=person_of(request), **asked)
        except RuleBroken as broken:
            context |= asked | {"error": broken.sentence, "at_why": broken.code == "reason_needed"}
        else:
            says = _("%(person)s has a place that day and gets a letter.")
            messages.success(request, says % {"person": missed.original.person})
            return redirect("change_participant", pk, booking_pk)
    return render(request, "courses/give_missed_day.html", context, status=422 if "error" in context else 200)


def _give(missed: MissedDay, chances: list[Chance], *, occasion: str, why: str, by: Person) -> None:
    there = next((each.occasion for each in chances if str(each.occasion.pk) == occasion), None)
    if there is None:
        raise RuleBroken(_("Choose a day."), code="nothing_chosen")
    make_up_day(missed.original, missed.session, on=there, by=by, now=timezone.now(), why=why)


def _missed_day(request: HttpRequest, pk: int, booking_pk: int, session_pk: int) -> MissedDay:
    """One that is no longer missed does not exist."""
    occasion = led_occasion(request, pk)
    booking = get_object_or_404(Booking.objects.select_related("person"), pk=booking_pk, occasion=occasion)
    for missed in missed_days_of(booking, now=timezone.now()):
        if missed.session.pk == session_pk:
            return missed
    raise Http404
