"""What people have handed in, for those who lead the occasion, and the files of it. Nobody else is told of any."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.hand_in_files import KINDS
from courses.models import HandIn, HandInPiece, Occasion, Task
from courses.services.hand_ins import read_hand_in
from courses.task_forms import ReadForm
from courses.task_queries import due_session, handed_in_on, leads_itself, may_read
from courses.task_texts import file_label, piece_label
from courses.views.leading import led_occasion
from people.requests import person_of
from shared.rules import RuleBroken


def _led(request: HttpRequest, pk: int, task_pk: int) -> tuple[Occasion, Task]:
    occasion = led_occasion(request, pk)
    task = get_object_or_404(Task, pk=task_pk, course=occasion.course_id)
    if not leads_itself(person_of(request), occasion):
        raise Http404
    return occasion, task


@require_safe
@never_cache
@login_required
def list_handed_in(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    occasion, task = _led(request, pk, task_pk)
    people = handed_in_on(occasion, task)
    done = [each for each in people if each.hand_in is not None]
    context = {
        "occasion": occasion,
        "task": task,
        "due": due_session(task, list(occasion.sessions.all())),
        "done": done,
        "missing": [each for each in people if each.hand_in is None],
        "unread": [each for each in done if each.hand_in and each.hand_in.is_unread],
        "whole": len(people),
    }
    return render(request, "courses/handed_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def read(request: HttpRequest, pk: int, task_pk: int, hand_in_pk: int) -> HttpResponse:
    occasion, task = _led(request, pk, task_pk)
    people = [each for each in handed_in_on(occasion, task) if each.hand_in is not None]
    hand_in = next((each.hand_in for each in people if each.hand_in and each.hand_in.pk == hand_in_pk), None)
    if hand_in is None or not may_read(person_of(request), hand_in):
        raise Http404
    form = form_of_reading(request, hand_in)
    if form is None:
        return redirect("occasion_task", pk=pk, task_pk=task_pk)
    unread = [each.hand_in for each in people if each.hand_in and each.hand_in.is_unread]
    context = {
        "occasion": occasion,
        "task": task,
        "due": due_session(task, list(occasion.sessions.all())),
        "hand_in": hand_in,
        "person": next(each.person for each in people if each.hand_in == hand_in),
        "form": form,
        "next": next((each for each in unread if each != hand_in), None),
    }
    return render(request, "courses/hand_in.html", context, status=422 if form.errors else 200)


def form_of_reading(request: HttpRequest, hand_in: HandIn) -> ReadForm | None:
    """The form as it is to be shown; None once what was handed in is marked as read."""
    if request.method != "POST":
        return ReadForm(initial={"version": hand_in.version})
    form = ReadForm(request.POST)
    if not form.is_valid():
        return form
    try:
        read_hand_in(hand_in, by=person_of(request), now=timezone.now(), **form.cleaned_data)
    except RuleBroken as broken:
        form = ReadForm.again(request.POST, version=hand_in.version)
        form.add_error(None, str(broken.sentence))
        return form
    messages.success(request, _("Marked as read."))
    return None


@require_safe
@never_cache
@login_required
def file(request: HttpRequest, uuid: str, number: int) -> HttpResponse:
    """To save, never to show: whatever is in it, nothing runs here."""
    hand_in = get_object_or_404(HandIn.objects.select_related("task", "person"), uuid=uuid)
    if not may_read(person_of(request), hand_in):
        raise Http404
    piece = get_object_or_404(
        HandInPiece.objects.select_related("file").exclude(file=None), hand_in=hand_in, number=number
    )
    return as_download(hand_in, piece)


def as_download(hand_in: HandIn, piece: HandInPiece) -> HttpResponse:
    response = HttpResponse(bytes(piece.file.content), content_type=KINDS[piece.file_kind].content_type)
    words = [hand_in.task.title, str(hand_in.person), piece_label(hand_in.task, piece.number), file_label(piece)]
    name = " – ".join(each.replace("/", " ").replace("\\", " ") for each in words if each)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
