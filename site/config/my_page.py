"""Min sida: what is mine, first what is next. Composition may know all rooms."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.progress import read_among
from courses.making_up_queries import missed_days
from courses.own_queries import live_bookings, own_completions, own_interests, suggested_occasion
from courses.progress import progress_of
from courses.queries import bookings_of, next_led_session, next_thing, requests_to_decide
from courses.services.evaluating import to_evaluate
from courses.task_queries import tasks_to_tell
from guide.progress import path_progress, reading_of, where_left_off
from journeys.queries import latest_journeys
from letters.queries import letters_of, newest_letters
from people.requests import person_of
from people.roles import is_manager

PER_PAGE = 20
SHOWN = 5


@require_safe
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    mine = live_bookings(person, now=now)
    first = next_thing(mine, now=now)
    reading, completions = reading_of(person), own_completions(person)
    path = path_progress(person, reading)
    known = {"read": read_among(reading.read, steps=path)}
    context: dict[str, Any] = {
        "now": now,
        "next": first,
        "coming": [booking for booking in mine if first is None or booking != first.booking],
        "missed": missed_days(person, now=now),
        "to_evaluate": to_evaluate(person, now=now),
        "tasks": tasks_to_tell(person, now=now),
        "paths": progress_of(person, known=known),
        "left_off": where_left_off(person, reading, path),
        "guide_path": path,
        "completions": completions,
        "interests": own_interests(person),
        "letters": newest_letters(person, most=SHOWN),
        "journeys": latest_journeys(person, most=SHOWN),
        "led": next_led_session(person, now=now) if person.has_perm("courses.take_attendance") else None,
    }
    if is_manager(person):
        context["requests"] = len(requests_to_decide(person, day=timezone.localdate(now)))
    if first is None and context["led"] is None:
        context["suggested"] = suggested_occasion(person, now=now)
    return render(request, "my_page.html", context)


@require_safe
@login_required
def my_bookings(request: HttpRequest) -> HttpResponse:
    """The history: every booking with its log in plain words."""
    page = Paginator(bookings_of(person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "my_bookings.html", {"page": page, "now": timezone.now()})


@require_safe
@login_required
def my_letters(request: HttpRequest) -> HttpResponse:
    page = Paginator(letters_of(person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "my_letters.html", {"page": page})
