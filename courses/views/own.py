"""One's own booking: its page, and what one does about it. For everyone else it does not exist."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.booking_forms import AskFacilitatorsForm, HandOverForm, NeedsForm
from courses.models import Booking, Occasion
from courses.own_booking import choices_to_move_to, look_at, own_bookings
from courses.own_days import days_of, is_today
from courses.queries import FACILITATOR, decider_for
from courses.services.booking import cancel_booking
from courses.services.handing_over import hand_over_to_address
from courses.services.late_changes import ask_facilitators
from courses.services.moving import move_booking
from courses.services.needs import read_needs, write_needs
from courses.task_queries import tasks_of_booking
from courses.views.booking import says
from people.requests import person_of
from shared.rules import RuleBroken

S = Booking.State
MOVED = {
    S.BOOKED: gettext_lazy("You have moved: this is your place now. Your old place is free for someone else."),
    S.WAITING: gettext_lazy("You are on the waiting list here. You keep your old place until you have a new one."),
    S.OFFERED: gettext_lazy("A place is free for you here. Answer the offer to get it."),
    S.ASKED: gettext_lazy("Your manager decides. You keep your old place until the new one is certain."),
}
# Whoever moves a request holds nothing meanwhile but the request.
REQUEST_WAITS = gettext_lazy("You are on the waiting list here. Your request stands until you have a place.")
ASKED_OF_FACILITATOR = gettext_lazy("The facilitator decides. You keep your old place until the new one is certain.")

CANCELLED = gettext_lazy("You are no longer booked. Someone else can have the place now.")
LEFT = gettext_lazy("Done. You neither have nor wait for a place here.")


def _own(request: HttpRequest, pk: int) -> Booking:
    booking = get_object_or_404(own_bookings(person_of(request)), pk=pk)
    booking.person = person_of(request)
    return booking


def _about(booking: Booking) -> dict[str, Any]:
    return {"booking": booking, "occasion": booking.occasion, "course": booking.occasion.course}


def _show(request: HttpRequest, booking: Booking, *, asking: AskFacilitatorsForm, status: int = 200) -> HttpResponse:
    occasion, now = booking.occasion, timezone.now()
    sessions = days_of(booking)
    context = _about(booking) | {
        "own": look_at(booking, now=now),
        "sessions": sessions,
        "is_today": booking.state == S.BOOKED and any(is_today(session, now) for session in sessions),
        "leaders": list(occasion.facilitators.all()),
        "shows_links": booking.state == S.BOOKED,
        "tasks": tasks_of_booking(booking, now=now),
        "asking": asking,
        "now": now,
    }
    return render(request, "courses/booking.html", context, status=status)


@require_safe
@never_cache
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _own(request, pk), asking=AskFacilitatorsForm())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    booking, now = _own(request, pk), timezone.now()
    if request.method == "POST":
        return _move(request, booking)
    own = look_at(booking, now=now)
    if not own.may_move:
        messages.error(request, _("This booking can't be moved here."))
        return redirect("booking", pk=pk)
    context = _about(booking) | {"own": own, "choices": choices_to_move_to(booking, now=now)}
    return render(request, "courses/move_booking.html", context)


def _move(request: HttpRequest, booking: Booking) -> HttpResponse:
    wanted = request.POST.get("occasion", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        messages.error(request, _("Choose an occasion to move to."))
        return redirect("move_booking", pk=booking.pk)
    there, wait = Occasion(pk=int(wanted)), bool(request.POST.get("wait"))
    try:
        new = move_booking(booking, to=there, by=person_of(request), now=timezone.now(), wait=wait)
    except Occasion.DoesNotExist:
        raise Http404 from None
    except RuleBroken as broken:
        if broken.code == "occasion_not_open":  # a draft is nobody's business
            raise Http404 from None
        messages.error(request, broken.sentence)
        return redirect("move_booking", pk=booking.pk)
    booking.refresh_from_db(fields=["state"])
    messages.success(request, _moved_in_words(new, old=booking, now=timezone.now()))
    return redirect("booking", pk=new.pk)


def _moved_in_words(new: Booking, *, old: Booking, now: dt.datetime) -> str:
    """`old` as it is after the move: a request that is moved leaves no place behind."""
    if old.state == S.ASKED and new.state == S.WAITING:
        return str(REQUEST_WAITS)
    if old.state == S.MOVED and new.state == S.ASKED:
        return says(new, now=now)
    is_theirs = new.state == S.ASKED and decider_for(new.person_id, day=timezone.localdate(now)) == FACILITATOR
    return str(ASKED_OF_FACILITATOR if is_theirs else MOVED[S(new.state)])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET says what is lost; cancelling can't be undone where someone waits."""
    booking, now = _own(request, pk), timezone.now()
    if request.method != "POST":
        own = look_at(booking, now=now)
        if not own.standing.may_cancel:
            return redirect("booking", pk=pk)
        return render(request, "courses/cancel_booking.html", _about(booking) | {"own": own})
    had_a_place = booking.state == S.BOOKED
    try:
        cancel_booking(booking, by=person_of(request), now=now, why=request.POST.get("why", "").replace("\0", "")[:250])
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, CANCELLED if had_a_place else LEFT)
    return redirect("booking", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    booking, form = _own(request, pk), HandOverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            theirs = hand_over_to_address(
                booking, address=form.cleaned_data["to"], by=person_of(request), now=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error("to", str(broken.sentence))
        else:
            messages.success(
                request, _("%(name)s has your place now, and is told by letter.") % {"name": theirs.person}
            )
            return redirect("booking", pk=pk)
    elif request.method != "POST" and not look_at(booking, now=timezone.now()).may_hand_over:
        messages.error(request, _("This place can't be handed over here."))
        return redirect("booking", pk=pk)
    return render(
        request, "courses/hand_over.html", _about(booking) | {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["POST"])
@login_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A word to those who lead, when it is too late to change anything oneself."""
    booking, form = _own(request, pk), AskFacilitatorsForm(request.POST)
    if form.is_valid():
        try:
            ask_facilitators(booking, by=person_of(request), why=form.cleaned_data["why"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error("why", str(broken.sentence))
        else:
            messages.success(request, _("We have written to those who lead the course. They answer you."))
            return redirect("booking", pk=pk)
    return _show(request, booking, asking=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    booking = _own(request, pk)
    if not booking.occasion.asks_needs or booking.state not in Booking.LIVE:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    told = read_needs(booking, reader=booking.person)
    form = NeedsForm(posted, told=told)
    if posted is not None and form.is_valid():
        try:
            write_needs(booking, by=person_of(request), needs=form.needs(), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
        else:
            messages.success(request, _("Saved. You can change it until the last day."))
            return redirect("booking", pk=pk)
    context = _about(booking) | {"form": form, "told": told}
    return render(request, "courses/needs.html", context, status=422 if form.errors else 200)
