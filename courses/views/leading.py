"""The facilitator's pages: own occasions, who comes, the day's run sheet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import Booking, Occasion
from courses.queries import facilitated_by, with_places
from courses.rules import may_lead
from courses.services.approval import may_decide
from courses.services.booking import cancel_booking, give_place
from people.requests import person_of
from shared.rules import RuleBroken


def led_occasion(request: HttpRequest, pk: int) -> Occasion:
    """The occasion, for whoever leads it; for everyone else it does not exist."""
    occasion = get_object_or_404(
        with_places(Occasion.objects.all()).select_related("course").prefetch_related("sessions"), pk=pk
    )
    if not may_lead(person_of(request), occasion):
        raise Http404
    return occasion


@require_safe
@login_required
def list_facilitated(request: HttpRequest) -> HttpResponse:
    if not person_of(request).has_perm("courses.take_attendance"):
        raise Http404
    now = timezone.now()
    occasions = facilitated_by(person_of(request))
    context = {
        "coming": list(occasions.filter(ends_at__gte=now).order_by("starts_at", "id")[:100]),
        "past": list(occasions.filter(ends_at__lt=now).order_by("-starts_at", "-id")[:20]),
        "today": timezone.localdate(now),
        "now": now,
    }
    return render(request, "courses/facilitated.html", context)


@require_safe
@login_required
def show_participants(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    live = list(Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE).select_related("person"))
    now = timezone.now()
    asked = [booking for booking in live if booking.state == Booking.State.ASKED]
    context = {
        "occasion": occasion,
        "booked": sorted((b for b in live if b.state == Booking.State.BOOKED), key=lambda b: b.person.sort_key),
        "asked": asked,
        "queue": [b for b in live if b.state in {Booking.State.OFFERED, Booking.State.WAITING}],
        "now": now,
    }
    for booking in asked:
        booking.occasion = occasion
    context["decides"] = {booking.pk for booking in asked if may_decide(person_of(request), booking, now=now)}
    return render(request, "courses/participants.html", context)


@require_POST
@login_required
def change_participant(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    booking = get_object_or_404(Booking, pk=booking_pk, occasion=occasion)
    act = give_place if request.POST.get("act") == "give" else cancel_booking
    try:
        act(booking, by=person_of(request), now=timezone.now(), why=request.POST.get("why", "").replace("\0", "")[:250])
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("Done. A letter tells the person."))
    return redirect("participants", pk=pk)
