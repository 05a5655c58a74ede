"""The room's code on the wall; what a participant does with it; everyone confirmed by one press."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.queries import roster
from courses.room_codes import Read, may_show, read_receipt, shown_code, shown_until, write_receipt
from courses.room_forms import CodeForm
from courses.room_queries import count_in_room, open_room_of, own_days_on
from courses.services.rooms import (
    close_room,
    confirm_claims,
    find_session,
    open_room,
    say_here,
    when_it_can_be_shown,
)
from courses.views.leading import led_session
from people.requests import person_of
from shared.codes import code_of
from shared.rules import RuleBroken
from shared.spoken_codes import tidy_code


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def show_code(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """What is shown on the wall. It names nobody."""
    session, now = led_session(request, pk, session_pk), timezone.now()
    if request.method == "POST":
        try:
            if "close" in request.POST:
                close_room(session, now=now)
                messages.success(request, _("The code is no longer shown, and counts no more."))
                return redirect("run_sheet", pk=pk, session_pk=session_pk)
            open_room(session, by=person_of(request), now=now)
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
        return redirect("room_code", pk=pk, session_pk=session_pk)
    room = open_room_of(session)
    context: dict[str, Any] = {"occasion": session.occasion, "session": session, "is_shown": False}
    if not may_show(session, at=now):
        context["not_now"] = when_it_can_be_shown(session, now=now)
    elif room is not None:
        code, page = shown_code(room, at=now), settings.SITE_URL + reverse("here")
        context |= {
            "is_shown": True,
            "code": code,
            "halves": (code[:3], code[3:]),
            "drawing": code_of(f"{page}?{urlencode({'kod': code})}", fills=True),
            "page": page.split("://", 1)[-1].rstrip("/"),
            "seconds": max(1, round((shown_until(now) - now).total_seconds())),
            "there": count_in_room(session),
            "all": roster(session.occasion, session).count(),
        }
    return render(request, "courses/room_code.html", context)


@require_POST
@login_required
def confirm(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    marked = confirm_claims(session, by=person_of(request), now=timezone.now())
    says = ngettext("%(count)d person is marked as present.", "%(count)d people are marked as present.", marked)
    messages.success(request, says % {"count": marked})
    return redirect("run_sheet", pk=pk, session_pk=session_pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def here(request: HttpRequest) -> HttpResponse:
    """Reached by a scan, or typed. A GET only shows; whoever has to log in first loses nothing by the code's end."""
    now = timezone.now()
    read = _read(request, given=request.POST if request.method == "POST" else request.GET)
    if not request.user.is_authenticated:
        kept = {"kod": read.code, "last": write_receipt(read)} if read.code else {}
        return redirect_to_login(f"{request.path}?{urlencode(kept)}" if kept else request.path)
    person = person_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": read.code})
    session, status = None, 200
    try:
        if request.method == "POST" and form.is_valid():
            return _say(request, read)
        if request.method != "POST" and read.code:
            session = find_session(read, person=person, now=now)
    except RuleBroken as broken:
        status = 429 if broken.code == "too_many_guesses" else 422
        form = CodeForm({"code": read.code})
        form.add_error("code", broken.sentence)
    else:
        status = 422 if form.errors else 200
    days = own_days_on(person, day=timezone.localdate(now))
    context = {
        "form": form,
        # Who has said so everywhere today is not asked again; a mistyped code stays in sight.
        "all_said": bool(days) and not form.errors and all(day.is_there or day.claim for day in days),
        "found": session,
        "code": read.code,
        "receipt": write_receipt(read) if session is not None else "",
        "days": days,
        "now": now,
    }
    return render(request, "courses/here.html", context, status=status)


def _read(request: HttpRequest, *, given: Any) -> Read:
    """The code, as read when the receipt says, else now."""
    code = tidy_code(given.get("code" if request.method == "POST" else "kod", ""))
    receipt = read_receipt(given.get("last", ""), now=timezone.now())
    return receipt if receipt is not None and receipt.code == code else Read(code, timezone.now())


def _say(request: HttpRequest, read: Read) -> HttpResponse:
    try:
        said = say_here(read, person=person_of(request), now=timezone.now())
    except RuleBroken as broken:
        if broken.code != "already_marked":
            raise
        messages.info(request, broken.sentence)
    else:
        if said.is_new:
            messages.success(request, _("Thank you, it is noted. Whoever leads the day confirms it."))
        else:
            messages.info(request, _("You have said so already. Whoever leads the day confirms it."))
    return redirect("here")
