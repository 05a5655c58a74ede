"""The run sheet of a course day and its list of attendance. Each form works without a script."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.agenda_queries import agenda_of, points_for
from courses.attendance_queries import lines_of, press_to_undo
from courses.attendance_texts import say_what_was_undone, texts_of_the_list
from courses.forms import MarkForm, PressForm
from courses.kept_lists import cookie_of, give_key, kept_until
from courses.models import Attendance, Booking, Occasion, Session
from courses.room_codes import may_show
from courses.services.attendance import (
    Tap,
    asks_why,
    mark_attendance,
    mark_the_rest_present,
    take_back_the_rest,
)
from courses.services.needs import Needs, read_needs_of_all
from courses.task_queries import counts_of
from courses.templatetags.courses import hours, where
from courses.views.leading import led_occasion, led_session
from people.requests import person_of
from shared.rules import RuleBroken


@require_safe
@login_required
def show_run_sheet(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    context = _run_sheet(request, occasion, session_pk)
    response = render(request, "courses/run_sheet.html", context)
    # Names, and what people need, on a computer that others may use: nothing is kept of the page once it is left.
    response["Cache-Control"] = "private, no-store"
    # Names and marks are kept by its script, locked; this is the key.
    until = kept_until(context["session"], now=timezone.now())
    if until is not None and request.session.session_key:
        give_key(response, context["session"], log_in=request.session.session_key, until=until)
    return response


def _run_sheet(request: HttpRequest, occasion: Occasion, session_pk: int) -> dict[str, Any]:
    sessions = list(occasion.sessions.all())
    session = next((session for session in sessions if session.pk == session_pk), None)
    if session is None:
        raise Http404
    needs = read_needs_of_all(occasion, reader=person_of(request))
    people = [replace(line, needs=_in_words(needs.get(line.booking.pk))) for line in lines_of(occasion, session)]
    now, points = timezone.now(), points_for(session)
    return {
        "occasion": occasion,
        "sessions": sessions,
        "session": session,
        "people": people,
        "marked": sum(1 for person in people if person.state),
        "there": sum(1 for person in people if person.state in Attendance.WAS_THERE),
        "has_come": timezone.localdate(now) >= timezone.localdate(session.starts_at),
        "agenda": agenda_of(session),
        "points": points,
        "left_open": sum(1 for point in points if point.closed_at is None),
        "undo": press_to_undo(people, by=person_of(request), now=now),
        "claims": sum(1 for person in people if person.claim and not person.state),
        "shows_code": occasion.state == Occasion.State.OPEN and may_show(session, at=now),
        "asks_why": asks_why(session, at=now),
        "choices": Attendance.State.choices,
        "length": session.minutes,
        "tasks": counts_of(occasion, session=session, reader=person_of(request)),
        "script": _for_the_script(request, occasion, session),
    }


def _in_words(needs: Needs | None) -> tuple[str, ...]:
    if needs is None:
        return ()
    told = (
        _("Food: %(food)s") % {"food": needs.food} if needs.food else "",
        _("Hearing loop") if needs.hearing_loop else "",
        _("Place for a wheelchair") if needs.wheelchair else "",
        needs.other,
    )
    return tuple(words for words in told if words)


def _for_the_script(request: HttpRequest, occasion: Occasion, session: Session) -> dict[str, Any]:
    """What the page's script needs: addresses, and every sentence it may say."""
    return {
        "person": person_of(request).pk,
        "url": reverse("api_session_attendance", args=[occasion.pk, session.pk]),
        "logIn": f"{reverse('account_login')}?next={request.path}",
        "states": {state: capfirst(str(label)) for state, label in Attendance.State.choices},
        "listens": may_show(session, at=timezone.now()),
        "texts": texts_of_the_list(),
        "kept": _to_keep(session),
        "course": occasion.course.name,
        "day": capfirst(date_format(timezone.localtime(session.starts_at), _("l j F"))),
        "where": " · ".join((hours(session), where(session))),
        "hasCome": _midnight(session.starts_at).isoformat(),
        # On the next day; as `asks_why` has it.
        "asksWhyFrom": (_midnight(session.ends_at) + dt.timedelta(days=1)).isoformat(),
        "length": session.minutes,
    }


def _midnight(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _to_keep(session: Session) -> dict[str, str] | None:
    """How the browser keeps the list, from some days before the day until it is over."""
    until = kept_until(session, now=timezone.now())
    if until is None:
        return None
    addresses = {"frame": reverse("kept_list"), "worker": reverse("kept_list_worker")}
    return addresses | {"key": cookie_of(session.pk), "until": until.isoformat()}


@require_POST
@login_required
def mark(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """One mark, or everyone who has none as present. Back to the same person in the list."""
    occasion = led_occasion(request, pk)
    session = get_object_or_404(occasion.sessions, pk=session_pk)
    there = reverse("run_sheet", args=[pk, session_pk])
    if "all" in request.POST:
        if mark_the_rest_present(occasion, session, by=person_of(request), now=timezone.now()):
            # How many, and the way back, stand there.
            return redirect(f"{there}#undo")
        messages.info(request, _("Everyone was marked already."))
        return redirect(there)
    form = MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        return redirect(there)
    asked = form.cleaned_data
    booking = get_object_or_404(Booking.objects.select_related("person"), pk=asked["booking"], occasion=occasion)
    try:
        mark_attendance(
            booking,
            session,
            state=asked["state"],
            minutes=asked["minutes"],
            why=asked["why"],
            by=person_of(request),
            now=timezone.now(),
            tap=Tap(uuid.uuid4(), asked["based_on"]) if "based_on" in request.POST else None,
        )
    except RuleBroken as broken:
        messages.error(request, _with_what_to_do(broken))
    return redirect(f"{there}#person-{booking.pk}")


@require_POST
@login_required
def undo_the_rest(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    form = PressForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        done = take_back_the_rest(
            session, press=form.cleaned_data["press"], by=person_of(request), now=timezone.now()
        )  # fmt: skip
    except RuleBroken as broken:
        messages.error(request, str(broken.sentence))
    else:
        says = say_what_was_undone(done)
        (messages.success if done.count else messages.info)(request, says)
    return redirect("run_sheet", pk=pk, session_pk=session_pk)


def _with_what_to_do(broken: RuleBroken) -> str:
    """The list shows the newer mark by then: the same press again is a correction of it."""
    if broken.code != "newer_mark":
        return str(broken.sentence)
    return f"{broken.sentence} {_('Nothing was changed. Mark again if it should be yours.')}"
