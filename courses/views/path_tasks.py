"""A learning path's own tasks: making them, and reading what is handed in. For everyone else neither exists."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import HandIn, Programme, Task
from courses.path_task_queries import handed_in_for, reads
from courses.programme_forms import TaskForm
from courses.services.programmes import end_task, save_task
from courses.task_queries import looks_after_paths, may_read
from courses.views.hand_ins import form_of_reading
from people.requests import person_of
from shared.rules import RuleBroken

ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def make(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    if not looks_after_paths(person_of(request)):
        raise Http404
    programme = get_object_or_404(Programme, slug=slug)
    own = Task.objects.filter(programme=programme, ended_at=None)
    task = get_object_or_404(own, pk=pk) if pk is not None else Task(programme=programme)
    data = request.POST if request.method == "POST" else None
    if data is not None and "end" in data and task.pk is not None:
        return _end(request, task)
    form = TaskForm(data, instance=task)
    if data is not None and form.is_valid():
        try:
            save_task(form.save(commit=False), is_required=False, by=person_of(request), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            said = _("The task is saved.") if pk else _("The task is the last part of the path now.")
            messages.success(request, said)
            return redirect("change_programme", slug=slug)
    context = {
        "form": form, "programme": programme, "task": task if task.pk else None,
        "back": reverse("change_programme", args=[slug]),
    }  # fmt: skip
    return render(request, "courses/make_path_task.html", context, status=422 if data is not None else 200)


def _end(request: HttpRequest, task: Task) -> HttpResponse:
    assert task.programme is not None
    try:
        end_task(task, by=person_of(request), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("The task is ended. What has been handed in is still there."))
    return redirect("change_programme", slug=task.programme.slug)


def _read_by(request: HttpRequest, slug: str, pk: int) -> Task:
    task = get_object_or_404(Task.objects.select_related("programme"), pk=pk, programme__slug=slug)
    if task.programme is None or not reads(person_of(request), task.programme):
        raise Http404
    return task


@require_safe
@never_cache
@login_required
def list_handed_in(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    task = _read_by(request, slug, pk)
    done = handed_in_for(task, reader=person_of(request))
    page = Paginator(done, ON_A_PAGE).get_page(request.GET.get("page"))
    unread = done.filter(read_at=None, erased_at=None).count()
    context = {"programme": task.programme, "task": task, "page": page, "unread": unread}
    return render(request, "courses/path_handed_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def read(request: HttpRequest, slug: str, pk: int, hand_in_pk: int) -> HttpResponse:
    task = _read_by(request, slug, pk)
    others = handed_in_for(task, reader=person_of(request))
    hand_in: HandIn = get_object_or_404(others.prefetch_related("pieces"), pk=hand_in_pk)
    if not may_read(person_of(request), hand_in):
        raise Http404
    form = form_of_reading(request, hand_in)
    if form is None:
        return redirect("path_hand_ins", slug=slug, pk=pk)
    context = {
        "programme": task.programme,
        "task": task,
        "hand_in": hand_in,
        "person": hand_in.person,
        "form": form,
        "next": others.filter(read_at=None, erased_at=None).exclude(pk=hand_in.pk).first(),
    }
    return render(request, "courses/path_hand_in.html", context, status=422 if form.errors else 200)
