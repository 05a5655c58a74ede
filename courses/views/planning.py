"""Planning an occasion: a form with its sessions, that keeps what was typed."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.copying import copied_plan, copied_sessions, may_be_copied_by
from courses.history_words import in_words
from courses.message_forms import CancelForm
from courses.models import Booking, Occasion
from courses.planning_forms import CopyForm, OccasionForm
from courses.services.carrying import create_like, kept_on
from courses.services.occasions import cancel_occasion
from courses.services.planning import change_with_circle, create_with_circle
from courses.session_forms import bind_sessions, rows_as_typed, rows_of
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken

MOMENTS = {"booking_closes_at", "cancel_until", "offers_until"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_new(request: HttpRequest) -> HttpResponse:
    if not person_of(request).has_perm("courses.add_occasion"):
        raise Http404
    if request.method != "POST":
        return _begin(request)
    if "more" in request.POST:
        return _with_one_more(request)
    form = OccasionForm(request.POST, by=person_of(request))
    sessions = bind_sessions(request.POST)
    if form.is_valid_with(sessions):
        try:
            occasion = _create(request, form, sessions)
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            messages.success(request, _("The occasion is planned."))
            return redirect("occasion", pk=occasion.pk)
    return _show(request, {"form": form, "sessions": sessions} | _kept(request), status=422)


def _begin(request: HttpRequest) -> HttpResponse:
    """An empty form, or one filled in from an earlier occasion: `?copy=…&start=…`."""
    by = person_of(request)
    asks_to_copy = "start" in request.GET
    copy = CopyForm(request.GET if asks_to_copy else None, by=by, chosen=request.GET.get("copy", ""))
    initial: dict[str, Any] = {"course": request.GET.get("course")}
    rows: list[dict[str, Any]] = []
    if asks_to_copy and copy.is_valid():
        earlier, first_day = copy.cleaned_data["copy"], copy.cleaned_data["start"]
        initial, rows = copied_plan(earlier, first_day), copied_sessions(earlier, first_day, by=by)
    context = {
        "form": OccasionForm(by=by, initial=initial),
        "sessions": bind_sessions(None, rows=rows),
        "copy": copy,
        "copied": bool(rows),
        "copied_from": copy.cleaned_data["copy"].pk if rows else "",
        "is_copying": "copy" in request.GET,
    }
    if rows:
        context |= {"reserved": kept_on(copy.cleaned_data["copy"], by=by), "keeps": True}
    return _show(request, context)


def _with_one_more(request: HttpRequest, occasion: Occasion | None = None) -> HttpResponse:
    """The same form with what was typed, and room for one more session; nothing is read or written."""
    form = OccasionForm.as_typed(request.POST, by=person_of(request), occasion=occasion)
    sessions = bind_sessions(None, rows=rows_as_typed(request.POST), empty=1)
    return _show(request, {"form": form, "sessions": sessions, "occasion": occasion, "has_more": True} | _kept(request))


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What belongs to the occasion that the form was filled in from."""
    earlier = _copied_from(request)
    reserved = kept_on(earlier, by=person_of(request)) if earlier else []
    return {
        "copied_from": request.POST.get("copied_from", ""),
        "reserved": reserved,
        "keeps": "keep_again" in request.POST,
    }


def _create(request: HttpRequest, form: OccasionForm, sessions: Any) -> Occasion:
    """By the form; and where that was filled in from an earlier occasion, with what else belongs to a copy."""
    plan: dict[str, Any] = {"plan": form.plan(sessions), "sessions": sessions.plans(), "circle": form.circle()}
    course, by, now = form.cleaned_data["course"], person_of(request), timezone.now()
    earlier = _copied_from(request)
    if earlier is None:
        return create_with_circle(course, **plan, by=by, now=now)
    keeps = "keep_again" in request.POST
    occasion, refused = create_like(earlier, course, **plan, keeps_places=keeps, by=by, now=now)
    if refused:
        units = ", ".join(f"{row.unit} ({row.places})" for row in refused)
        messages.warning(request, _("These places could not be reserved again: %(units)s.") % {"units": units})
    return occasion


def _copied_from(request: HttpRequest) -> Occasion | None:
    wanted = request.POST.get("copied_from", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return None
    return may_be_copied_by(person_of(request)).filter(pk=int(wanted)).first()


def _show(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "courses/plan.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = planned_by(request, pk)
    if request.method == "POST" and "more" in request.POST:
        return _with_one_more(request, occasion)
    form = OccasionForm(request.POST or None, by=person_of(request), occasion=occasion)
    sessions = bind_sessions(request.POST or None, rows=rows_of(occasion))
    began = occasion.starts_at
    if request.method == "POST" and form.is_valid_with(sessions):
        try:
            change_with_circle(
                occasion,
                plan=form.plan(sessions),
                sessions=sessions.plans(),
                circle=form.circle(),
                by=person_of(request),
                now=timezone.now(),
            )
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            messages.success(request, _("The occasion is changed. Those who are booked are told if a day has moved."))
            _say_what_stays(request, form, has_moved=min(each.starts_at for each in sessions.plans()) != began)
            return redirect("occasion", pk=pk)
    context = {
        "form": form,
        "sessions": sessions,
        "occasion": occasion,
        "may_be_cancelled": not _why_not_cancelled(occasion, now=timezone.now()),
    }
    return _show(request, context, status=422 if request.method == "POST" else 200)


def _say_what_stays(request: HttpRequest, form: OccasionForm, *, has_moved: bool) -> None:
    """Booking and cancelling keep the last moments that were set. Who moved the first day and left them may not have
    meant to."""
    if not has_moved or MOMENTS & set(form.changed_data):
        return
    moments = {name: in_words(form.cleaned_data[name]) for name in ("booking_closes_at", "cancel_until")}
    messages.warning(
        request,
        _(
            "The last moments stand as they were: booking closes on %(booking_closes_at)s, and the last moment to "
            "cancel is %(cancel_until)s. Change them too if they should follow the first day."
        )
        % moments,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """One text to everyone who is booked or waits; the page tells how many that is."""
    occasion, by = planned_by(request, pk), person_of(request)
    form = CancelForm(request.POST or None)
    live = Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE).count()
    if request.method == "POST" and form.is_valid():
        try:
            cancel_occasion(occasion, by=by, now=timezone.now(), why=form.cleaned_data["why"])
        except RuleBroken as broken:
            form.add_error("why", broken.sentence)
        else:
            told = _("The occasion is cancelled. Everyone who was booked or waited gets a letter.")
            messages.success(request, told if live else _("The occasion is cancelled."))
            return redirect("occasion", pk=pk)
    context = {"occasion": occasion, "form": form, "count": live}
    if request.method != "POST":  # what was typed is shown again, whatever has happened since
        context["refused"] = _why_not_cancelled(occasion, now=timezone.now())
    return render(request, "courses/cancel_occasion.html", context, status=422 if request.method == "POST" else 200)


def _why_not_cancelled(occasion: Occasion, *, now: dt.datetime) -> str:
    """Said before anything is typed; empty where it can be cancelled."""
    if occasion.state == Occasion.State.CANCELLED:
        return _("The occasion is cancelled.")
    return _("The occasion has already started.") if now >= occasion.starts_at else ""


def planned_by(request: HttpRequest, pk: int) -> Occasion:
    """The occasion, for whoever leads it and may plan; for everyone else it does not exist."""
    occasion = led_occasion(request, pk)
    if not person_of(request).has_perm("courses.change_occasion"):
        raise Http404
    return occasion
