"""Attendance after the day: typed in from paper, or read from a file. All of it, or nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.attendance_forms import AttendanceFileForm, PaperSheet, seal, unseal
from courses.attendance_queries import lines_of
from courses.models import AttendanceChange, Occasion
from courses.services.attendance_import import Reading, read_attendance
from courses.services.writing_down import NotWritten, Written, write_down
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken
from shared.table_files import read_table


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def type_in(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """In the order of the printed list."""
    occasion = led_occasion(request, pk)
    session = get_object_or_404(occasion.sessions, pk=session_pk)
    is_sent = request.method == "POST"
    sheet = PaperSheet(session, lines_of(occasion, session), request.POST if is_sent else None)
    if is_sent and _write_sheet(request, occasion, sheet):
        return redirect("run_sheet", pk=pk, session_pk=session_pk)
    return render(
        request,
        "courses/type_in.html",
        {"occasion": occasion, "session": session, "sheet": sheet, "length": _length(session)},
        status=422 if is_sent else 200,
    )


def _length(session: Any) -> int:
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def _write_sheet(request: HttpRequest, occasion: Occasion, sheet: PaperSheet) -> bool:
    marks = sheet.marks()
    if sheet.errors:
        return False
    source, now = AttendanceChange.Source.PAPER, timezone.now()
    try:
        changed = write_down(occasion, [mark for _row, mark in marks], by=person_of(request), now=now, source=source)
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
    request: HttpRequest, occasion: Occasion, form: AttendanceFileForm, reading: Reading | None
) -> HttpResponse:
    context: dict[str, Any] = {"occasion": occasion, "form": form, "reading": reading}
    if reading is not None:
        days = {session.pk: session for session in occasion.sessions.all()}
        context["changes"] = [(one, days[one.session_pk]) for one in reading.changes]
        if reading.changes and not reading.faults:
            context["sealed"] = seal(reading, occasion=occasion, by=person_of(request))
    is_wrong = bool(form.errors) or bool(reading and reading.faults)
    return render(request, "courses/import_attendance.html", context, status=422 if is_wrong else 200)


def _take_over(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    marks: list[Written] | None = unseal(request.POST["sealed"], occasion=occasion, by=person_of(request))
    if marks is None:
        messages.error(request, _("It was too long ago that the file was read. Read it in once more."))
        return redirect("import_attendance", pk=occasion.pk)
    source, now = AttendanceChange.Source.FILE, timezone.now()
    try:
        changed = write_down(occasion, marks, by=person_of(request), now=now, source=source)
    except NotWritten as refused:
        sentences = " ".join(dict.fromkeys(refused.sentences.values()))
        messages.error(request, _("Nothing was saved. %(why)s Read the file in once more.") % {"why": sentences})
        return redirect("import_attendance", pk=occasion.pk)
    messages.success(request, _say_changed(changed))
    return redirect("participants", pk=occasion.pk)
