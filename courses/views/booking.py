"""Acts on one's own booking. Each is a POST that can be sent twice and acts once."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Booking, Occasion, Offer
from courses.queries import FACILITATOR, decider_for
from courses.services.booking import book_place
from courses.services.offers import accept_offer, decline_offer
from people.requests import person_of
from shared.rules import RuleBroken

SAYS = {
    Booking.State.BOOKED: gettext_lazy("You have a place. A letter with the days for your calendar is on its way."),
    Booking.State.WAITING: gettext_lazy("You are on the waiting list. We write to you when a place is free."),
    Booking.State.OFFERED: gettext_lazy("A place is free for you. Answer the offer to get it."),
}


def says(booking: Booking, *, now: dt.datetime) -> str:
    """What whoever has booked, or said yes to an offer, is told at the top of the next page."""
    if booking.state != Booking.State.ASKED:
        return str(SAYS[Booking.State(booking.state)])
    if decider_for(booking.person_id, day=timezone.localdate(now)) == FACILITATOR:
        return _("The facilitator decides. The place is held for you meanwhile.")
    return _("Your manager decides. The place is held for you meanwhile.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET is someone who comes back from the log-in: shows the occasion, where the button is.

    Where the occasion asks what people need, that is the next page; a place is booked by then all the same.
    """
    if request.method != "POST":
        return redirect("occasion", pk=pk)
    try:
        booking, created = book_place(
            Occasion(pk=pk), person=person_of(request), now=timezone.now(), wait=bool(request.POST.get("wait"))
        )
    except Occasion.DoesNotExist:
        raise Http404 from None
    except RuleBroken as broken:
        if broken.code == "occasion_not_open":
            raise Http404 from None
        messages.error(request, broken.sentence)
    else:
        if created:
            messages.success(request, says(booking, now=timezone.now()))
        asks = created and booking.occasion.asks_needs
        return redirect("booking_needs" if asks else "booking", pk=booking.pk)
    return redirect("occasion", pk=pk)


@require_POST
@login_required
def answer_offer(request: HttpRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(Offer.objects.select_related("booking"), pk=pk, booking__person=person_of(request))
    act = accept_offer if request.POST.get("answer") == "accept" else decline_offer
    try:
        booking = act(offer, by=person_of(request), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        if booking.state in Booking.LIVE:
            messages.success(request, says(booking, now=timezone.now()))
        else:
            messages.success(request, _("You said no to the place. It goes to the next on the list."))
    return redirect(back_to(request, reverse("booking", args=[offer.booking_id])))


def back_to(request: HttpRequest, otherwise: str) -> str:
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()) else otherwise
