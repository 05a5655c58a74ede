"""Where a missed day can be made up, and the place for it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.making_up_queries import MissedDay, chances_to_make_up, missed_days
from courses.models import Booking, Occasion
from courses.services.making_up import make_up_day
from people.models import Person
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def make_up(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    missed = _own_missed_day(person_of(request), pk, session_pk)
    if request.method == "POST":
        return _book(request, missed)
    chances = chances_to_make_up(missed, now=timezone.now())
    return render(request, "courses/make_up.html", {"missed": missed, "chances": chances})


def _own_missed_day(person: Person, pk: int, session_pk: int) -> MissedDay:
    """The reader's own; another's does not exist, and neither does one that is no longer missed."""
    for missed in missed_days(person, now=timezone.now()):
        if (missed.original.pk, missed.session.pk) == (pk, session_pk):
            return missed
    raise Http404


def _book(request: HttpRequest, missed: MissedDay) -> HttpResponse:
    asked = request.POST.get("occasion", "")
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    there = get_object_or_404(Occasion.objects.exclude(state=Occasion.State.DRAFT), pk=int(asked))
    try:
        booking = make_up_day(
            missed.original, missed.session, on=there, by=person_of(request), now=timezone.now(),
            wait="wait" in request.POST,
        )  # fmt: skip
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
        return redirect("make_up", missed.original.pk, missed.session.pk)
    if booking.state == Booking.State.WAITING:
        messages.success(request, _("You are on the waiting list for that day."))
    else:
        messages.success(request, _("You have a place that day. A letter with the calendar entry follows."))
    return redirect("occasion", there.pk)
