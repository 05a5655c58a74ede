"""Planning an occasion: a form with its sessions, that keeps what was typed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.forms import OccasionForm, bind_sessions
from courses.models import Occasion
from courses.services.occasions import cancel_occasion, change_occasion, create_occasion
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_new(request: HttpRequest) -> HttpResponse:
    if not person_of(request).has_perm("courses.add_occasion"):
        raise Http404
    form = OccasionForm(request.POST or None, initial={"course": request.GET.get("course")})
    sessions = bind_sessions(request.POST or None)
    if request.method == "POST" and form.is_valid_with(sessions):
        try:
            occasion = create_occasion(
                form.cleaned_data["course"],
                plan=form.plan(sessions),
                sessions=sessions.plans(),
                facilitators=[person_of(request)],
            )
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            messages.success(request, _("The occasion is planned."))
            return redirect("occasion", pk=occasion.pk)
    context = {"form": form, "sessions": sessions}
    return render(request, "courses/plan.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = _planned_by(request, pk)
    form = OccasionForm(request.POST or None, occasion=occasion)
    sessions = bind_sessions(request.POST or None, occasion=occasion)
    if request.method == "POST" and form.is_valid_with(sessions):
        try:
            change_occasion(occasion, plan=form.plan(sessions), sessions=sessions.plans(), now=timezone.now())
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            messages.success(request, _("The occasion is changed. Those who are booked are told if a day has moved."))
            return redirect("occasion", pk=pk)
    context = {"form": form, "sessions": sessions, "occasion": occasion}
    return render(request, "courses/plan.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = _planned_by(request, pk)
    try:
        cancel_occasion(
            occasion, by=person_of(request), now=timezone.now(), why=request.POST.get("why", "").replace("\0", "")[:250]
        )
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("The occasion is cancelled. Everyone who was booked or waited gets a letter."))
    return redirect("occasion", pk=pk)


def _planned_by(request: HttpRequest, pk: int) -> Occasion:
    occasion = led_occasion(request, pk)
    if not person_of(request).has_perm("courses.change_occasion"):
        raise Http404
    return occasion
