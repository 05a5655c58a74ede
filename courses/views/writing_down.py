"""Attendance after the day: typed in from paper, or read from a file. All of it, or nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.attendance_forms import LONGEST_WHY, AttendanceFileForm, PaperSheet, seal, unseal
from courses.attendance_queries import lines_of
from courses.models import AttendanceChange, Occasion
from courses.services.attendance import asks_why
from courses.services.attendance_import import Reading, read_again, read_attendance
from courses.services.writing_down import NotWritten, write_down
from courses.views.leading import led_occasion, led_session
from people.requests import person_of
from shared.rules import RuleBroken
from shared.table_files import read_table


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def type_in(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """In the order of the printed list."""
    session = led_session(request, pk, session_pk)
    occasion = session.occasion
    is_sent = request.method == "POST"
    sheet = PaperSheet(session, lines_of(occasion, session), request.POST if is_sent else None)
    if is_sent and _write_sheet(request, occasion, sheet):
        return redirect("run_sheet", pk=pk, session_pk=session_pk)
    return render(
        request,
        "courses/type_in.html",
        {"occasion": occasion, "session": session, "sheet": sheet},
        status=422 if is_sent else 200,
    )


def _write_sheet(request: HttpRequest, occasion: Occasion, sheet: PaperSheet) -> bool:
    marks = sheet.marks()
    if sheet.errors or sheet.why_error:
        return False
    source, now, by = AttendanceChange.Source.PAPER, timezone.now(), person_of(request)
    try:
        changed = write_down(occasion, [mark for _row, mark in marks], by=by, now=now, source=source, why=sheet.why)
    except NotWritten as refused:
        for number, sentence in refused.sentences.items():
            row = marks[number][0]
            row.error, row.based_on = sentence, row.line.last_mark
        return False
    messages.success(request, _say_changed(changed))
    return True


def _say_changed(changed: int) -> str:
    if not changed:
        return _("Nothing was changed: it stood so already.")
    return ngettext("%(count)d mark is saved.", "%(count)d marks are saved.", changed) % {"count": changed}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def import_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """First what the file would do, line by line; then, by another press, all of it."""
    occasion = led_occasion(request, pk)
    if "sealed" in request.POST:
        return _take_over(request, occasion)
    is_sent = request.method == "POST"
    form = AttendanceFileForm(request.POST, request.FILES) if is_sent else AttendanceFileForm()
    reading: Reading | None = None
    if is_sent and form.is_valid():
        try:
            reading = read_attendance(occasion, read_table(form.cleaned_data["file"]), now=timezone.now())
        except RuleBroken as broken:
            form.add_error("file", broken.sentence)
    return _show_file(request, occasion, form, reading)


def _show_file(
    request: HttpRequest, occasion: Occasion, form: AttendanceFileForm, reading: Reading | None, *, why_error: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"occasion": occasion, "form": form, "reading": reading, "why_error": why_error}
    if reading is not None:
        days = {session.pk: session for session in occasion.sessions.all()}
        context["changes"] = [(one, days[one.written.session]) for one in reading.changes]
        if reading.changes and not reading.faults:
            context["sealed"] = seal(reading, occasion=occasion, by=person_of(request))
            context["asks_why"] = _corrects(occasion, reading)
    is_wrong = bool(form.errors) or bool(reading and reading.faults) or bool(why_error)
    return render(request, "courses/import_attendance.html", context, status=422 if is_wrong else 200)


def _corrects(occasion: Occasion, reading: Reading) -> bool:
    """Whether any mark changes another of a day that is over: that takes a reason."""
    over = {day.pk for day in occasion.sessions.all() if asks_why(day, at=timezone.now())}
    return any(one.attendance and one.written.session in over for one in reading.changes)


def _take_over(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    shown = unseal(request.POST["sealed"], occasion=occasion, by=person_of(request))
    if shown is None:
        messages.error(request, _("It was too long ago that the file was read. Read it in once more."))
        return redirect("import_attendance", pk=occasion.pk)
    source, now, by = AttendanceChange.Source.FILE, timezone.now(), person_of(request)
    why = request.POST.get("why", "").replace("\0", "").strip()[:LONGEST_WHY]
    reading = read_again(occasion, shown)
    if not why and _corrects(occasion, reading):
        says = _("The day is over. Write why the mark is changed.")
        return _show_file(request, occasion, AttendanceFileForm(), reading, why_error=says)
    try:
        changed = write_down(occasion, [mark for _line, mark in shown], by=by, now=now, source=source, why=why)
    except NotWritten as refused:
        sentences = " ".join(dict.fromkeys(refused.sentences.values()))
        messages.error(request, _("Nothing was saved. %(why)s Read the file in once more.") % {"why": sentences})
        return redirect("import_attendance", pk=occasion.pk)
    messages.success(request, _say_changed(changed))
    return redirect("participants", pk=occasion.pk)
