"""Results of evaluations: of one occasion for whoever leads it, over occasions for those who may see figures."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.ballot_box import FEWEST
from courses.evaluation_results import (
    over_occasions,
    over_occasions_table,
    results_of,
    results_table,
    standing_of_evaluation,
)
from courses.models import Course, Evaluation
from courses.services.evaluating import extend_evaluation, last_day_of
from courses.services.evaluation_closing import close_evaluation
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken
from shared.tables import table_response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    occasion, now = led_occasion(request, pk), timezone.now()
    if request.method == "POST":
        _act(request, get_object_or_404(Evaluation, occasion=occasion))
        return redirect("evaluation", pk=pk)
    standing = standing_of_evaluation(occasion, now=now)
    evaluation = standing.evaluation
    context: dict[str, Any] = {"occasion": occasion, "standing": standing, "fewest": FEWEST}
    if evaluation is not None:
        context["last_day"] = last_day_of(evaluation)
        context["results"] = results_of(evaluation) if standing.state == "closed" else []
    return render(request, "courses/evaluation.html", context)


def _act(request: HttpRequest, evaluation: Evaluation) -> None:
    acts = {
        "close": (close_evaluation, _("The evaluation is closed. This is what they thought.")),
        "extend": (extend_evaluation, _("The evaluation is open a week longer.")),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return
    try:
        act[0](evaluation, by=person_of(request), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, act[1])


@require_safe
@login_required
def occasion_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    occasion = led_occasion(request, pk)
    evaluation = get_object_or_404(Evaluation.objects.select_related("form", "occasion"), occasion=occasion)
    if kind not in {"xlsx", "csv"} or evaluation.closed_on is None:
        raise Http404
    day = timezone.localdate(occasion.starts_at)
    name = f"utvardering-{occasion.course.slug}-{day:%Y-%m-%d}"
    return table_response(results_table(evaluation), kind=kind, name=name)


def _course(request: HttpRequest, slug: str) -> Course:
    if not person_of(request).has_perm("courses.view_evaluation"):
        raise Http404
    return get_object_or_404(Course, slug=slug)


@require_safe
@login_required
def show_course(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    context = {"course": course, "found": over_occasions(course), "fewest": FEWEST}
    return render(request, "courses/course_evaluations.html", context)


@require_safe
@login_required
def course_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    course = _course(request, slug)
    if kind not in {"xlsx", "csv"}:
        raise Http404
    return table_response(over_occasions_table(course), kind=kind, name=f"utvarderingar-{course.slug}")
