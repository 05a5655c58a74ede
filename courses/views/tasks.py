"""One's own task: what to do, and handing it in. For everyone else it does not exist."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.models import HandIn, Task
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
        "may_change": may_change(own, now=now) and not (hand_in and hand_in.erased_at) and _has_place(own),
        "now": now,
    }
    return render(request, "courses/task.html", context, status=status)


def _has_place(own: OwnTask) -> bool:
    return own.booking is not None or own.task.course_id is None


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
                return _with_both(request, own, form)
        else:
            messages.success(request, _("The draft is saved. Only you see it.") if is_draft else _("It is handed in."))
            return redirect("task", pk=task.pk)
    return _keep_what_was_right(request, own, hand_in, form)


def _keep_what_was_right(request: HttpRequest, own: OwnTask, hand_in: HandIn | None, form: HandInForm) -> HttpResponse:
    """A browser sends a chosen file once: what could be used is saved as a draft, where nothing is handed in yet."""
    if hand_in is None or hand_in.handed_in_at is None:
        try:
            save_draft(
                own.task, by=person_of(request), pieces=form.pieces(), based_on=form.based_on(), now=timezone.now()
            )
        except RuleBroken:
            return _page(request, own, hand_in, form, status=422)
        form.add_error(None, _("What you wrote, and the files that we can take, are saved as a draft."))
        hand_in = hand_in_of(person_of(request), own.task)
    return _page(request, own, hand_in, _as_typed(request, own.task, hand_in, form), status=422)


def _with_both(request: HttpRequest, own: OwnTask, form: HandInForm) -> HttpResponse:
    """What was typed here, over what was saved elsewhere: the same press again saves this one."""
    hand_in = hand_in_of(person_of(request), own.task)
    return _page(request, own, hand_in, _as_typed(request, own.task, hand_in, form), status=422)


def _as_typed(request: HttpRequest, task: Task, hand_in: HandIn | None, wrong: HandInForm) -> HandInForm:
    """The same words and errors, with the files that are kept by now and the version that was read."""
    data = request.POST.copy()
    data["version"] = str(hand_in.version if hand_in is not None else 0)
    form = HandInForm(data, task=task, hand_in=hand_in)
    form.full_clean()
    for name, errors in wrong.errors.items():
        if name == "__all__" or name in form.fields:
            form.add_error(None if name == "__all__" else name, list(errors.as_data()))
    return form
