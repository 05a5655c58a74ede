"""The offer as the letter's link shows it: GET shows, POST answers, without a log-in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.models import Offer
from courses.own_days import days_of
from courses.queries import decider_for
from courses.rules import is_bookable
from courses.services.offer_links import read_offer_token
from courses.services.offers import accept_offer, decline_offer
from shared.rules import RuleBroken


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The signed address is all the authority there is, so no cookie could lend it any; hence no CSRF token either."""
    offer = read_offer_token(token)
    if offer is None:
        raise Http404
    broken = _act(request, offer) if request.method == "POST" else None
    offer = read_offer_token(token)
    assert offer is not None
    now, occasion = timezone.now(), offer.booking.occasion
    context: dict[str, Any] = {
        "now": now,
        "offer": offer,
        "booking": offer.booking,
        "occasion": occasion,
        "course": occasion.course,
        "sessions": days_of(offer.booking),
        "is_open": offer.answer == Offer.Answer.OPEN and now < offer.expires_at,
        "is_bookable": is_bookable(occasion, now=now),
        "decided_by": decider_for(offer.booking.person_id, day=timezone.localdate(now)),
        "broken": broken,
    }
    return render(request, "courses/offer_by_letter.html", context, status=409 if broken else 200)


def _act(request: HttpRequest, offer: Offer) -> RuleBroken | None:
    acts = {"accept": accept_offer, "decline": decline_offer}
    act = acts.get(request.POST.get("answer", ""))
    if act is None:
        return None
    try:
        act(offer, by=offer.booking.person, now=timezone.now())
    except RuleBroken as broken:
        return broken
    return None
