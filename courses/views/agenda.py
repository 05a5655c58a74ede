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

from courses.agenda_forms import ItemForms, bind_items
from courses.agenda_queries import agenda_of
from courses.models import AgendaItem, OpenPoint, Session
from courses.services.agenda import (
    close_open_point,
    fingerprint,
    make_template,
    note_open_point,
    open_again,
    set_agenda,
    take_newer_version,
)
from courses.views.leading import led_session
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change_agenda(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    is_sent = request.method == "POST"
    items = bind_items(session, request.POST if is_sent else None)
    refused = _save(session, items) if is_sent and items.is_valid() else None
    if is_sent and items.is_valid() and refused is None:
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
    if refused is not None:
        # Nothing that was typed is lost, and saved once more it is meant to replace what is shown beside it.
        items.based_on = fingerprint(session)
        context |= {"refused": refused.sentence, "stands": agenda_of(session)}
    return render(request, "courses/agenda.html", context, status=422 if is_sent else 200)


def _save(session: Session, items: ItemForms) -> RuleBroken | None:
    try:
        set_agenda(session, items.plans(), based_on=items.based_on)
    except RuleBroken as broken:
        return broken
    return None


@require_POST
@login_required
def use_newer(request: HttpRequest, pk: int, session_pk: int, item_pk: int) -> HttpResponse:
    session = led_session(request, pk, session_pk)
    take_newer_version(
        get_object_or_404(AgendaItem.objects.select_related("page", "document"), pk=item_pk, session=session)
    )
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
