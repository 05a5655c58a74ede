"""The people on an occasion, for whoever leads it: where each stands and why, and who else could come."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.history_words import before_the_last, histories_of
from courses.making_up_queries import missed_days_of
from courses.models import Booking, Occasion
from courses.models.booking import LONGEST_REASON
from courses.participant_forms import EligibleForm, GiveForm, occasions_to_move_to
from courses.participant_queries import eligible_for, in_unit, invited_at, units_on
from courses.participants import everyone_on
from courses.queries import live_booking
from courses.rules import is_bookable, takes_by_hand
from courses.services.approval import may_decide
from courses.services.booking import cancel_booking, give_place, give_place_to
from courses.services.inviting import invite_people
from courses.services.late_changes import last_word
from courses.services.moving import move_booking
from courses.views.leading import led_occasion
from people.models import Person
from people.requests import person_of
from shared.rules import RuleBroken
from shared.sorting import swedish_sort_key

S = Booking.State
SHOWN = 50


@require_safe
@login_required
def show_participants(request: HttpRequest, pk: int) -> HttpResponse:
    occasion, now = led_occasion(request, pk), timezone.now()
    people = everyone_on(occasion, reader=person_of(request), now=now)
    asked = [one for one in people if one.booking.state == S.ASKED]
    context = {
        "occasion": occasion,
        "asked": asked,
        "decides": {one.booking.pk for one in asked if may_decide(person_of(request), one.booking, now=now)},
        "booked": sorted((o for o in people if o.booking.state == S.BOOKED), key=lambda o: o.booking.person.sort_key),
        "queue": [one for one in people if one.booking.state in {S.OFFERED, S.WAITING}],
        "gone": [one for one in people if one.booking.state not in Booking.LIVE],
        "is_bookable": is_bookable(occasion, now=now),
        "takes_by_hand": takes_by_hand(occasion, now=now),
        "now": now,
    }
    return render(request, "courses/participants.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_participant(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    """One booking with its whole history, and what can be done about it."""
    occasion, by, now = led_occasion(request, pk), person_of(request), timezone.now()
    booking = get_object_or_404(Booking.objects.select_related("person"), pk=booking_pk, occasion=occasion)
    context: dict[str, Any] = {"occasion": occasion, "booking": booking, "now": now}
    if request.method == "POST":
        act, why = request.POST.get("act", ""), request.POST.get("why", "").replace("\0", "")[:LONGEST_REASON]
        try:
            _act(booking, act, why=why, by=by, now=now, to=request.POST.get("to", ""))
        except RuleBroken as broken:
            context |= {"act": act, "why": why, "to": request.POST.get("to", ""), "error": broken.sentence}
            booking.refresh_from_db(fields=["state"])
        else:
            messages.success(request, _("Done. A letter tells the person."))
            return redirect("participants", pk=pk)
    context["words"] = last_word(booking)
    context["history"] = histories_of([booking])[booking.pk]
    context["was"] = before_the_last(context["history"])
    context["others"] = occasions_to_move_to(occasion) if now < occasion.ends_at else []
    context["missed"] = missed_days_of(booking, now=now)
    context["is_live"] = booking.state in Booking.LIVE and now < occasion.ends_at
    return render(request, "courses/participant.html", context, status=422 if "error" in context else 200)


def _act(booking: Booking, act: str, *, why: str, by: Person, now: dt.datetime, to: str) -> None:
    if act == "give":
        give_place(booking, by=by, now=now, why=why)
    elif act == "move":
        move_booking(booking, to=_other_occasion(to), by=by, now=now, why=_said(why))
    else:
        cancel_booking(booking, by=by, now=now, why=why)


def _said(why: str) -> str:
    """Whoever moves another says why, also while the person could still move by oneself."""
    if not why.strip():
        raise RuleBroken(_("Say why the booking is moved."), code="reason_needed")
    return why


def _other_occasion(pk: str) -> Occasion:
    number = int(pk) if pk.isdecimal() and len(pk) < 10 else 0
    return get_object_or_404(Occasion.objects.exclude(state=Occasion.State.DRAFT), pk=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def give_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """A place to somebody who is not on the list, past it and past the closing, with a reason that is kept."""
    occasion, by, now = led_occasion(request, pk), person_of(request), timezone.now()
    form = GiveForm(request.POST or None, initial={"person": _address_of(occasion, request.GET.get("person", ""))})
    if request.method == "POST" and form.is_valid():
        person: Person = form.cleaned_data["person"]
        before = live_booking(occasion, person=person)
        try:
            give_place_to(person, on=occasion, by=by, now=now, why=form.cleaned_data["why"])
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            had_one = before is not None and before.state in Booking.HOLDING
            says = _("%(person)s already has a place.") if had_one else _("%(person)s has a place and gets a letter.")
            messages.success(request, says % {"person": person})
            return redirect("participants", pk=pk)
    context = {"occasion": occasion, "form": form, "takes_by_hand": takes_by_hand(occasion, now=now)}
    return render(request, "courses/give_place.html", context, status=422 if request.method == "POST" else 200)


def _address_of(occasion: Occasion, pk: str) -> str:
    """Of someone on the list of those who could come; of anybody else nothing is told."""
    number = int(pk) if pk.isdecimal() and len(pk) < 10 else 0
    found = eligible_for(occasion, day=timezone.localdate()).filter(pk=number)
    return found.values_list("email", flat=True).first() or ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_eligible(request: HttpRequest, pk: int) -> HttpResponse:
    """Who could come; a tick and a button send an invitation, to each person once."""
    occasion, now = led_occasion(request, pk), timezone.now()
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("person") if each.isdecimal() and len(each) < 10]
        try:
            invited = invite_people(occasion, people=chosen, by=person_of(request), now=now)
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
        else:
            says = ngettext(
                "%(count)d person is invited by a letter.", "%(count)d people are invited by a letter.", invited
            )
            messages.success(request, says % {"count": invited})
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    return render(request, "courses/eligible.html", _eligible(request, occasion))


def _eligible(request: HttpRequest, occasion: Occasion) -> dict[str, Any]:
    day = timezone.localdate()
    form = EligibleForm(request.GET, occasion=occasion)
    asked = form.cleaned_data if form.is_valid() else {}
    people = eligible_for(occasion, day=day)
    if asked.get("who"):
        people = people.filter(interested_since__isnull=False)
    if asked.get("unit"):
        people = in_unit(people, asked["unit"], day=day)
    for word in asked.get("q", "").split():
        people = people.filter(sort_key__contains=swedish_sort_key(word))
    page = Paginator(people, SHOWN).get_page(request.GET.get("page"))
    pks = [person.pk for person in page]
    units, invited = units_on(pks, day=day), invited_at(occasion, pks)
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "occasion": occasion,
        "form": form,
        "page": page,
        "rows": [{"person": one, "unit": units.get(one.pk), "invited": invited.get(one.pk)} for one in page],
        "is_bookable": is_bookable(occasion, now=timezone.now()),
        "takes_by_hand": takes_by_hand(occasion, now=timezone.now()),
        "query": query.urlencode(),
        "is_narrowed": any(asked.values()),
    }
