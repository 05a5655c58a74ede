"""The facilitator's pages: own occasions, who comes, the day's run sheet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.forms import MarkForm
from courses.models import Attendance, Booking, Occasion
from courses.queries import facilitated_by, roster, with_places
from courses.rules import may_lead
from courses.services.approval import may_decide
from courses.services.attendance import mark_attendance, mark_the_rest_present
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


@require_safe
@login_required
def show_roster(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    context = {"occasion": occasion, "sessions": occasion.sessions.all(), "bookings": roster(occasion)}
    return render(request, "courses/roster.html", context)


@require_safe
@login_required
def show_run_sheet(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    return render(request, "courses/run_sheet.html", _run_sheet(occasion, session_pk))


def _run_sheet(occasion: Occasion, session_pk: int) -> dict[str, Any]:
    sessions = list(occasion.sessions.all())
    session = next((session for session in sessions if session.pk == session_pk), None)
    if session is None:
        raise Http404
    people = []
    for booking in roster(occasion):
        marks = {mark.session_id: mark for mark in booking.attendances.all()}
        people.append({"booking": booking, "mark": marks.get(session.pk)})
    now = timezone.now()
    return {
        "occasion": occasion,
        "sessions": sessions,
        "session": session,
        "people": people,
        "marked": sum(1 for person in people if person["mark"]),
        "there": sum(1 for person in people if person["mark"] and person["mark"].state in {"present", "left_early"}),
        "has_come": timezone.localdate(now) >= timezone.localdate(session.starts_at),
        "choices": Attendance.State.choices,
        "length": int((session.ends_at - session.starts_at).total_seconds() // 60),
    }


@require_POST
@login_required
def mark(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """One mark, or everyone who has none as present. Back to the same person in the list."""
    occasion = led_occasion(request, pk)
    session = get_object_or_404(occasion.sessions, pk=session_pk)
    there = reverse("run_sheet", args=[pk, session_pk])
    if "all" in request.POST:
        marked = mark_the_rest_present(occasion, session, by=person_of(request), now=timezone.now())
        says = ngettext("%(count)d person is marked as present.", "%(count)d people are marked as present.", marked)
        messages.success(request, says % {"count": marked})
        return redirect(there)
    form = MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        return redirect(there)
    asked = form.cleaned_data
    booking = get_object_or_404(Booking, pk=asked["booking"], occasion=occasion)
    try:
        mark_attendance(
            booking,
            session,
            state=asked["state"],
            minutes=asked["minutes"],
            why=asked["why"],
            by=person_of(request),
            now=timezone.now(),
        )
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    return redirect(f"{there}#person-{booking.pk}")
