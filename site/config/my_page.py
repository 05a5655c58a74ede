"""Min sida: what is mine, first what is next. Composition may know all rooms."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, DateTimeField, Exists, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.progress import read_among
from courses.making_up_queries import TOLD_FOR as MISSED_TOLD_FOR
from courses.making_up_queries import marks_without_presence, missed_days
from courses.own_days import comes_today
from courses.own_queries import bookings_by_time, live_bookings, own_completions, own_interests, suggested_occasion
from courses.progress import progress_of
from courses.queries import next_led_session, next_thing, open_interests, requests_to_decide
from courses.services.evaluating import open_ballots_of, to_evaluate
from courses.task_queries import TOLD_FOR as TASKS_TOLD_FOR
from courses.task_queries import task_rows, tasks_to_tell
from guide.progress import path_progress, reading_of, where_left_off
from journeys.queries import latest_journeys, my_journeys
from letters.queries import letters_of, newest_letters
from people.models import Person
from people.requests import person_of
from people.roles import is_manager
from shared.ready import Given, Ready

PER_PAGE = 20
SHOWN = 5


def _there_is() -> QuerySet[Any, Any]:
    person, now = Given("person", BigIntegerField()), Given("now", DateTimeField())
    things = {
        "has_missed": marks_without_presence(person, since=Given("missed_since", DateTimeField())),
        "has_to_evaluate": open_ballots_of(person, now=now),
        "has_tasks": task_rows(person, since=Given("tasks_since", DateTimeField())),
        "has_interests": open_interests(person),
        "has_journeys": my_journeys(person),
    }
    asked = Person.objects.filter(pk=person).annotate(**{name: Exists(each) for name, each in things.items()})
    return asked.order_by().values(*things)


_THERE_IS = Ready(_there_is)


def _what_most_have_none_of(person: Person, *, now: dt.datetime) -> dict[str, Any]:
    """One question finds out what there is at all; only that is read. At most as many queries as there are things, and
    one."""
    given = {"now": now, "missed_since": now - MISSED_TOLD_FOR, "tasks_since": now - TASKS_TOLD_FOR}
    there_is = _THERE_IS.ask(person=person.pk, **given)[0]
    read: dict[str, Callable[[], list[Any]]] = {
        "missed": lambda: missed_days(person, now=now),
        "to_evaluate": lambda: to_evaluate(person, now=now),
        "tasks": lambda: tasks_to_tell(person, now=now),
        "interests": lambda: own_interests(person),
        "journeys": lambda: latest_journeys(person, most=SHOWN),
    }
    return {name: ask() if there_is[f"has_{name}"] else [] for name, ask in read.items()}


@require_safe
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    mine = live_bookings(person, now=now)
    first = next_thing(mine, now=now)
    reading, completions = reading_of(person), own_completions(person)
    path = path_progress(person, reading)
    known = {"read": read_among(reading.read, steps=path)}
    coming = [booking for booking in mine if first is None or booking != first.booking]
    context: dict[str, Any] = {
        "now": now,
        "next": first,
        "coming": coming,
        "also_today": [booking for booking in coming if comes_today(booking, now)],
        **_what_most_have_none_of(person, now=now),
        "paths": progress_of(person, known=known),
        "left_off": where_left_off(person, reading, path),
        "guide_path": path,
        "completions": completions,
        "letters": newest_letters(person, most=SHOWN),
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
    now = timezone.now()
    page = Paginator(bookings_by_time(person_of(request), now=now), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "my_bookings.html", {"page": page, "now": now})


@require_safe
@login_required
def my_letters(request: HttpRequest) -> HttpResponse:
    page = Paginator(letters_of(person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "my_letters.html", {"page": page})
