"""The facilitator's pages: own occasions, who comes, the day's run sheet."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.leading_queries import days_to_fill_in
from courses.models import Occasion, Session
from courses.path_task_queries import to_read
from courses.queries import facilitated_by, with_places
from courses.rules import may_lead
from people.requests import person_of

# Of the past ones, on a page.
SHOWN = 20


def led_occasion(request: HttpRequest, pk: int) -> Occasion:
    """The occasion, for whoever leads it; for everyone else it does not exist."""
    occasion = get_object_or_404(
        with_places(Occasion.objects.all()).select_related("course").prefetch_related("sessions"), pk=pk
    )
    if not may_lead(person_of(request), occasion):
        raise Http404
    return occasion


def led_session(request: HttpRequest, pk: int, session_pk: int) -> Session:
    occasion = led_occasion(request, pk)
    session = get_object_or_404(occasion.sessions, pk=session_pk)
    session.occasion = occasion
    return session


@require_safe
@login_required
def list_facilitated(request: HttpRequest) -> HttpResponse:
    if not person_of(request).has_perm("courses.take_attendance"):
        raise Http404
    now = timezone.now()
    occasions = facilitated_by(person_of(request))
    past = occasions.filter(ends_at__lt=now).order_by("-starts_at", "-id")
    context = {
        "coming": list(occasions.filter(ends_at__gte=now).order_by("starts_at", "id")[:100]),
        "to_read": [each for each in to_read(person_of(request)) if each.unread],
        "past": Paginator(past, SHOWN).get_page(request.GET.get("page")),
        "to_fill_in": list(days_to_fill_in(person_of(request), now=now)),
        "today": timezone.localdate(now),
        "now": now,
    }
    return render(request, "courses/facilitated.html", context)
