"""Places kept for a unit: by whoever leads the occasion; named by the unit's manager."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Booking, Occasion, Reservation
from courses.reservation_forms import NameForm, ReserveForm
from courses.rules import may_lead
from courses.services.limits import open_reservations
from courses.services.places import look_at_places
from courses.services.reservations import may_name, name_for_place, release_reservation, reserve_places
from courses.views.planning import planned_by
from people.forms import suggestions
from people.queries import manager_of
from people.requests import person_of
from shared.rules import RuleBroken

# A whole administration in a list to choose from helps nobody: there the name is written.
_MOST_SUGGESTED = 300


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def list_reservations(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = planned_by(request, pk)
    form = ReserveForm(request.POST or None, occasion=occasion)
    if request.method == "POST" and form.is_valid():
        try:
            reservation = reserve_places(occasion, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            form.add_broken_rule(broken)
        else:
            messages.success(request, _reserved_says(reservation))
            return redirect("reservation", pk=reservation.pk)
    context = {
        "occasion": occasion,
        "form": form,
        "reservations": list(open_reservations(occasion)),
        "free": look_at_places(occasion).places.free,
        "is_open": occasion.state != Occasion.State.CANCELLED and timezone.now() < occasion.starts_at,
    }
    return render(request, "courses/reservations.html", context, status=422 if request.method == "POST" else 200)


def _reserved_says(reservation: Reservation) -> str:
    manager = manager_of(reservation.unit)
    if manager is None:
        return _("The places are kept. Nobody is known who manages the unit: name who comes yourself.")
    if reservation.occasion.state == Occasion.State.DRAFT:
        return _("The places are kept. %(manager)s gets a letter when the occasion opens.") % {"manager": manager}
    return _("The places are kept. %(manager)s gets a letter and names who comes.") % {"manager": manager}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def name_people(request: HttpRequest, pk: int) -> HttpResponse:
    """For the unit's manager, one above, and whoever leads the occasion; for everyone else it does not exist."""
    reservation = get_object_or_404(
        Reservation.objects.select_related("unit__administration", "occasion__course"), pk=pk
    )
    by, now, occasion = person_of(request), timezone.now(), reservation.occasion
    if not may_name(by, reservation, occasion=occasion):
        raise Http404
    form = NameForm(request.POST or None, reservation=reservation)
    if request.method == "POST" and form.is_valid():
        try:
            booking, is_new = name_for_place(reservation, person=form.cleaned_data["person"], by=by, now=now)
        except RuleBroken as broken:
            form.add_error("person", broken.sentence)
        else:
            says = _("%(person)s has a place and gets a letter.") if is_new else _("%(person)s already has a place.")
            messages.success(request, says % {"person": booking.person})
            return redirect("reservation", pk=pk)
    holding = reservation.bookings.filter(state__in=Booking.HOLDING).select_related("person")
    named = list(holding.order_by("person__sort_key", "id"))
    is_cancelled = occasion.state == Occasion.State.CANCELLED
    people = list(form.people[: _MOST_SUGGESTED + 1])
    context = {
        "reservation": reservation,
        "occasion": occasion,
        "named": named,
        "left": reservation.places - len(named),
        "form": form,
        "suggestions": suggestions(people) if len(people) <= _MOST_SUGGESTED else [],
        "is_kept": reservation.released_at is None and now < reservation.until and not is_cancelled,
        "is_cancelled": is_cancelled,
        "leads": may_lead(by, occasion),
    }
    return render(request, "courses/reservation.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def release(request: HttpRequest, pk: int) -> HttpResponse:
    reservation = get_object_or_404(Reservation.objects.select_related("unit"), pk=pk)
    planned_by(request, reservation.occasion_id)
    used = reservation.bookings.filter(state__in=Booking.HOLDING).count()
    release_reservation(reservation, now=timezone.now())
    freed = max(reservation.places - used, 0)
    says = ngettext("%(count)d place is everyone's now.", "%(count)d places are everyone's now.", freed)
    messages.success(request, says % {"count": freed})
    return redirect("reservations", pk=reservation.occasion_id)
