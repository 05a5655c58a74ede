"""Lists of those who come: to print and mark with a pen, and as tables; and the address for one's calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import CalendarFeed, Occasion, Session
from courses.paper.rosters import set_roster
from courses.paper_queries import may_have_participants
from courses.participants_table import participants_table
from courses.services.feed import find_feed, make_feed, path_of, read_feed, renew_feed, turn_off_feed
from courses.services.leading_letters import own_days_file
from courses.views.documents import shown_by_the_browser
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken
from shared.tables import table_response


@require_safe
@login_required
@shown_by_the_browser
def roster_file(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    occasion = led_occasion(request, pk)
    return as_roster(occasion, get_object_or_404(occasion.sessions, pk=session_pk))


def as_roster(occasion: Occasion, session: Session) -> HttpResponse:
    response = HttpResponse(set_roster(occasion, session), content_type="application/pdf")
    day = timezone.localdate(session.starts_at)
    name = content_disposition_header(as_attachment=False, filename=f"{_('Attendance list')} {day:%Y-%m-%d}.pdf")
    response["Content-Disposition"] = name or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def participants_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    occasion = get_object_or_404(Occasion.objects.select_related("course").prefetch_related("sessions"), pk=pk)
    if kind not in {"xlsx", "csv"} or not may_have_participants(person_of(request), occasion):
        raise Http404
    return as_table(occasion, kind=kind)


def as_table(occasion: Occasion, *, kind: str) -> HttpResponse:
    name = f"{occasion.course.slug}-{timezone.localdate(occasion.starts_at):%Y-%m-%d}"
    return table_response(participants_table(occasion), kind=kind, name=name)


@require_safe
@login_required
def led_days_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of an occasion for the calendar of someone who leads it, who may have planned it alone."""
    occasion, person = led_occasion(request, pk), person_of(request)
    if not occasion.facilitators.filter(pk=person.pk).exists() or occasion.state != Occasion.State.OPEN:
        raise Http404
    response = HttpResponse(
        own_days_file(occasion, person=person, now=timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    name = f"{occasion.course.slug}-{timezone.localdate(occasion.starts_at):%Y-%m-%d}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_calendar(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "off":
            turn_off_feed(person)
            messages.success(request, _("The address is turned off. Calendars that read it get nothing more."))
        elif act == "renew":
            renew_feed(person, now=now)
            messages.success(request, _("You have a new address. The old one is turned off."))
        else:
            make_feed(person, now=now)
            messages.success(request, _("Your calendar has an address. Add it where you want to see your days."))
        return redirect("my_calendar")
    feed = CalendarFeed.objects.filter(person=person).first()
    address = request.build_absolute_uri(path_of(feed)) if feed else ""
    context = {"feed": feed, "address": address, "subscribe": address.replace("https://", "webcal://", 1)}
    response = render(request, "courses/my_calendar.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Read by calendars, without log-in: whoever has the address may. An address that is off never was."""
    request.path_to_log = "/kalender/…"  # type: ignore[attr-defined]  # read by config.middleware: the path is a secret
    feed = find_feed(secret)
    if feed is None:
        raise Http404
    try:
        content, digest, changed_at = read_feed(feed, now=timezone.now())
    except RuleBroken as broken:
        return HttpResponse(broken.sentence, status=429, content_type="text/plain", headers={"Retry-After": "60"})
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="stigen.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    mark, since = f'"{digest}"', int(changed_at.timestamp())
    answer = get_conditional_response(request, etag=mark, last_modified=since, response=response) or response
    answer["ETag"], answer["Last-Modified"] = mark, http_date(since)
    return answer
