"""The figures, and the people behind them."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.models import Course
from insight.exports import export_rows
from insight.figures import Headcount
from insight.forms import HeadcountForm, PeopleForm
from insight.people_queries import GROUPS, LEFT_OUT, RULES, TRAINED, describe, people_of
from insight.pictures import NARROW, draw_bars, draw_curve, month_ends
from insight.queries import courses_with_figures, held_count
from insight.reports import report_for
from insight.rules import Sight, sight_of, thin_out
from people.models import Unit

PAGE = 50


@require_safe
@never_cache
def headcount(request: HttpRequest) -> HttpResponse:
    """How many unique people are trained, per administration; for a manager, per own unit."""
    sight = sight_of(request.user)
    if not sight.sees_anything:
        raise Http404
    form = HeadcountForm(request.GET, courses=courses_with_figures(), today=timezone.localdate())
    context: dict[str, Any] = {"form": form, "sight": sight}
    if form.is_valid() and (course := form.cleaned_data["course"]):
        report = report_for(sight, course=course, on=form.cleaned_data["on"], order=form.cleaned_data["order"])
        context |= _pictures(report, sight) | {"report": report, "is_today": report.on == form.today}
    return render(request, "insight/headcount.html", context)


def _pictures(report: Headcount, sight: Sight) -> dict[str, Any]:
    points = month_ends(report.grows, until=report.on) if sight.sees_everything else []
    shown = points if sight.sees_people else thin_out(points)
    return {
        "curve": draw_curve(report, shown),
        "narrow_curve": draw_curve(report, shown, **NARROW),
        "chart": draw_bars(report, report.rows),
        "question": urlencode({"course": report.course.slug, "on": report.on.isoformat()}),
    }


@require_safe
@never_cache
def headcount_people(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure; `?format=xlsx` or `csv` gives them all as a file."""
    if not sight_of(request.user).sees_people:
        raise Http404
    today = timezone.localdate()
    form = PeopleForm(request.GET, courses=courses_with_figures(), today=today)
    if not form.is_valid() or form.cleaned_data["course"] is None:
        return render(request, "insight/people.html", {"form": form})
    asked = {name: form.cleaned_data[name] for name in ("course", "on")}
    group, administration = form.cleaned_data["group"], form.cleaned_data["administration"]
    people = people_of(group, administration=administration, **asked)
    if request.GET.get("format") in {"xlsx", "csv"}:
        return export_rows(
            describe(people, group=group, today=today, **asked), kind=request.GET["format"], group=group, **asked
        )
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = asked | {
        "form": form,
        "group": GROUPS[group],
        "rule": RULES.get(group),
        "administration": administration,
        "page_of_people": page,
        "held": _held_otherwise(page, group, administration=administration, **asked),
        "rows": describe(page.object_list, group=group, today=today, **asked),
        "question": urlencode({key: value for key, value in request.GET.items() if key not in {"page", "format"}}),
    }
    return render(request, "insight/people.html", context)


def _held_otherwise(page: Page, group: str, *, course: Course, on: dt.date, administration: Unit | None) -> int | None:
    """What the closed report says, where it is not the number of people below."""
    if group == LEFT_OUT:
        return None
    held = held_count(course, on, trained=group == TRAINED, administration=administration)
    return None if held == page.paginator.count else held
