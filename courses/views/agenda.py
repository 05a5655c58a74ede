"""What is done when on a course day, and what was left open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.agenda_forms import bind_items
from courses.models import AgendaItem, OpenPoint
from courses.services.agenda import (
    close_open_point,
    make_template,
    note_open_point,
    open_again,
    set_agenda,
    take_newer_version,
)
from courses.views.rooms import led_session
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change_agenda(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    is_sent = request.method == "POST"
    items = bind_items(session, request.POST if is_sent else None)
    if is_sent and items.is_valid():
        set_agenda(session, items.plans())
        if "more" in request.POST:
            return redirect(f"{request.path}#more")
        if "template" in request.POST:
            number = make_template(session)
            says = _("Saved. New occasions of the course begin with this agenda for day %(number)d.")
            messages.success(request, says % {"number": number})
        else:
            messages.success(request, _("The agenda is saved."))
        return redirect("run_sheet", pk=pk, session_pk=session_pk)
    context = {"occasion": session.occasion, "session": session, "items": items}
    return render(request, "courses/agenda.html", context, status=422 if is_sent else 200)


@require_POST
@login_required
def use_newer(request: HttpRequest, pk: int, session_pk: int, item_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    take_newer_version(get_object_or_404(AgendaItem.objects.select_related("page"), pk=item_pk, session=session))
    messages.success(request, _("The agenda names the newest version."))
    return redirect(reverse("run_sheet", args=[pk, session_pk]) + "#agenda")


@require_POST
@login_required
def open_points(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """A note is written, closed, or opened again."""
    session, by, now = led_session(request, pk, session_pk), person_of(request), timezone.now()
    there = reverse("run_sheet", args=[pk, session_pk]) + "#open-points"
    if "text" in request.POST:
        try:
            note_open_point(session, text=request.POST["text"].replace("\0", ""), by=by, now=now)
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
        return redirect(there)
    wanted = request.POST.get("close") or request.POST.get("open") or ""
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        raise Http404
    point = get_object_or_404(OpenPoint, pk=int(wanted), occasion=pk)
    if "close" in request.POST:
        close_open_point(point, by=by, now=now)
    else:
        open_again(point)
    return redirect(there)
