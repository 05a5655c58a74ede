"""What anyone may see: the catalogue, a course, an occasion."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from courses.catalogue import Catalogue
from courses.invitation import invitation_to
from courses.linked_data import describe_course
from courses.models import Booking, Course, Interest, Occasion
from courses.queries import (
    completions_of,
    decider_for,
    live_booking,
    open_offer,
    places_of,
    position_in_queue,
    upcoming_occasions,
    with_places,
)
from courses.rules import is_bookable, is_past_cancelling, may_lead
from shared.public_pages import keep_for_everyone, kept_part


@require_safe
def show_catalogue(request: HttpRequest) -> HttpResponse:
    if not request.GET:
        shown, query = kept_part("catalogue", lambda: _list(Catalogue({}, now=timezone.now()))), ""
    else:
        search = Catalogue(request.GET, now=timezone.now())
        shown, query = _list(search), search.query
    response = render(request, "courses/catalogue.html", {"list": shown})
    if request.headers.get("HX-Request"):
        response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return _same_for_all_strangers(request, response)


def _list(search: Catalogue) -> SafeString:
    return render_to_string("courses/parts/catalogue_list.html", {"search": search})


@require_safe
def show_course(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    course = get_object_or_404(Course, slug=slug)
    occasions = list(upcoming_occasions(now=now).filter(course=course))
    context: dict[str, Any] = {
        "course": course,
        "occasions": occasions,
        "linked_data": describe_course(course, occasions),
        "has_places": any(places_of(occasion).left and is_bookable(occasion, now=now) for occasion in occasions),
        "now": now,
    }
    if request.user.is_authenticated:
        context["completion"] = completions_of(request.user).filter(course=course).first()
        if course.needs_approval:
            context["decided_by"] = decider_for(request.user.pk, day=timezone.localdate(now))
        context["interest"] = Interest.objects.filter(course=course, person=request.user, ended_at=None).first()
    return _same_for_all_strangers(request, render(request, "courses/course.html", context))


@require_safe
def show_occasion(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    occasion = get_object_or_404(
        with_places(Occasion.objects.all()).select_related("course").prefetch_related("sessions", "facilitators"), pk=pk
    )
    leads = may_lead(request.user, occasion)
    if occasion.state == Occasion.State.DRAFT and not leads:
        raise Http404
    is_open = is_bookable(occasion, now=now)
    own = _own_standing(request, occasion, now, is_open=is_open)
    context = {
        "occasion": occasion,
        "course": occasion.course,
        "sessions": list(occasion.sessions.all()),
        "is_bookable": is_open,
        "is_past_cancelling": is_past_cancelling(occasion, now=now),
        "only_for": list(occasion.administrations.order_by("sort_key")) if occasion.is_limited else [],
        "leads": leads,
        "now": now,
        # A meeting's link lets anyone in: it is for those who have a place.
        "shows_links": leads or ("booking" in own and own["booking"].state == Booking.State.BOOKED),
        **own,
    }
    return render(request, "courses/occasion.html", context)


def _own_standing(request: HttpRequest, occasion: Occasion, now: dt.datetime, *, is_open: bool) -> dict[str, Any]:
    """The reader's booking on the occasion, or what to know before booking one."""
    if not request.user.is_authenticated:
        return {}
    booking = live_booking(occasion, person=request.user)
    if booking is None:
        return {"invitation": invitation_to(occasion, person=request.user, now=now)} if is_open else {}
    booking.occasion = occasion
    return {
        "booking": booking,
        "offer": open_offer(booking) if booking.state == Booking.State.OFFERED else None,
        "position": position_in_queue(booking, now=now) if booking.state == Booking.State.WAITING else None,
        "decided_by": decider_for(booking.person_id, day=timezone.localdate(now))
        if booking.state == Booking.State.ASKED
        else "",
    }


def _same_for_all_strangers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not request.user.is_authenticated:
        keep_for_everyone(response)
    return response
