"""One's own task: what to do, and handing it in. For everyone else it does not exist."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.models import HandIn, Task
from courses.path_task_queries import readers_named
from courses.services.hand_ins import hand_in_task, may_change, save_draft
from courses.task_forms import HandInForm
from courses.task_queries import OwnTask, hand_in_of, own_task
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return _logged_out(request)
    task = get_object_or_404(Task.objects.select_related("course", "programme"), pk=pk)
    own = own_task(person_of(request), task, now=timezone.now())
    if own is None:
        raise Http404
    hand_in = hand_in_of(person_of(request), task)
    if request.method == "POST":
        return _save(request, own, hand_in)
    return _page(request, own, hand_in, HandInForm(task=task, hand_in=hand_in))


def _logged_out(request: HttpRequest) -> HttpResponse:
    """What someone typed while the session ran out is handed back, not thrown away."""
    names = [name for name in request.POST if name.startswith("text_")]
    typed = [text for name in names if (text := request.POST.get(name, "")).strip()]
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    return render(request, "courses/task_logged_out.html", {"typed": typed}, status=403)


def _page(
    request: HttpRequest, own: OwnTask, hand_in: HandIn | None, form: HandInForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "own": own,
        "task": own.task,
        "hand_in": hand_in,
        "form": form,
        "may_change": may_change(own, hand_in, now=now),
        "now": now,
        "readers": readers_named(own.task.programme) if own.task.programme is not None else [],
    }
    return render(request, "courses/task.html", context, status=status)


def _save(request: HttpRequest, own: OwnTask, hand_in: HandIn | None) -> HttpResponse:
    task, person, now = own.task, person_of(request), timezone.now()
    form = HandInForm(request.POST, request.FILES, task=task, hand_in=hand_in)
    is_draft = "draft" in request.POST
    if form.is_valid():
        act: Any = save_draft if is_draft else hand_in_task
        try:
            act(task, by=person, pieces=form.pieces(), based_on=form.based_on(), now=now)
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            if broken.code == "changed_meanwhile":
                return _with_both(request, own, hand_in, form)
        else:
            messages.success(request, _("The draft is saved. Only you see it.") if is_draft else _("It is handed in."))
            return redirect("task", pk=task.pk)
    return _keep_what_was_right(request, own, hand_in, form)


def _keep_what_was_right(request: HttpRequest, own: OwnTask, hand_in: HandIn | None, form: HandInForm) -> HttpResponse:
    """A browser sends a chosen file once: what could be used is saved as a draft, where nothing is handed in yet."""
    person, pieces = person_of(request), form.pieces()
    if (hand_in is not None and hand_in.handed_in_at is not None) or not any(piece.says_something for piece in pieces):
        return _refused(request, own, hand_in, form)
    try:
        save_draft(own.task, by=person, pieces=pieces, based_on=form.based_on(), now=timezone.now())
    except RuleBroken as broken:
        if str(broken.sentence) not in form.non_field_errors():
            form.add_error(None, str(broken.sentence))
        return (_with_both if broken.code == "changed_meanwhile" else _refused)(request, own, hand_in, form)
    if any(piece.text is None for piece in pieces):
        form.add_error(None, _("Everything else is saved as a draft."))
    else:
        form.add_error(None, _("What you wrote, and the files that we can take, are saved as a draft."))
    hand_in, data = hand_in_of(person, own.task), request.POST.copy()
    for name in [name for name in data if name.startswith("away_")]:
        del data[name]  # it is done: at the next press it would take away the file that came instead
    return _page(request, own, hand_in, _as_typed(data, own.task, hand_in, form), status=422)


def _refused(request: HttpRequest, own: OwnTask, hand_in: HandIn | None, form: HandInForm) -> HttpResponse:
    form.ask_for_files_again()
    return _page(request, own, hand_in, form, status=422)


def _with_both(request: HttpRequest, own: OwnTask, _read: HandIn | None, form: HandInForm) -> HttpResponse:
    """What was typed here, over what was saved elsewhere: the same press again saves this one."""
    form.ask_for_files_again()
    hand_in = hand_in_of(person_of(request), own.task)
    return _page(request, own, hand_in, _as_typed(request.POST.copy(), own.task, hand_in, form), status=422)


def _as_typed(data: QueryDict, task: Task, hand_in: HandIn | None, wrong: HandInForm) -> HandInForm:
    """The same words and errors, with the files that are kept by now and the version that was read."""
    data["version"] = str(hand_in.version if hand_in is not None else 0)
    form = HandInForm(data, task=task, hand_in=hand_in)
    form.full_clean()
    for name, errors in wrong.errors.items():
        if name == "__all__" or (name in form.fields and name not in form.errors):
            form.add_error(None if name == "__all__" else name, list(errors.as_data()))
    return form
