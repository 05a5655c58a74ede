"""Programmes: what they hold and how far one has come; and making them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Course, Programme, ProgrammeCompletion, Task
from courses.paper_queries import genuine_certificate
from courses.path_task_queries import ToRead, own_tasks_of, to_read, with_hand_ins
from courses.programme_forms import ProgrammeForm, TaskForm, bind_parts
from courses.progress import progress_on
from courses.services.programme_certificates import claim_certificate
from courses.services.programmes import end_task, save_programme, save_task
from people.requests import person_of
from shared.rules import RuleBroken


def may_make(request: HttpRequest) -> bool:
    return person_of(request).has_perm("courses.change_programme")


@require_safe
@login_required
def list_programmes(request: HttpRequest) -> HttpResponse:
    every = Programme.objects.order_by("sort_key", "id")
    programmes = list(every if may_make(request) else every.filter(is_open=True))
    context = {"programmes": programmes, "may_make": may_make(request), "to_read": _unread(request)}
    return render(request, "courses/programmes.html", context)


def _unread(request: HttpRequest) -> list[ToRead]:
    return [each for each in to_read(person_of(request)) if each.unread]


def seen_programme(request: HttpRequest, slug: str) -> Programme:
    programme = get_object_or_404(Programme, slug=slug)
    if not programme.is_open and not may_make(request):
        raise Http404
    return programme


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def show_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """A POST asks for the certificate."""
    programme, person = seen_programme(request, slug), person_of(request)
    if request.method == "POST":
        try:
            claim_certificate(programme, person=person, now=timezone.now())
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, _("Your certificate is made."))
        return redirect("programme", slug=slug)
    path = with_hand_ins(progress_on(programme, person=person), person=person)
    completion = ProgrammeCompletion.objects.filter(programme=programme, person=person).first()
    certificate = genuine_certificate(completion) if completion is not None else None
    context = {
        "programme": programme, "path": path, "may_make": may_make(request), "certificate": certificate,
        "to_read": to_read(person, programme=programme),
    }  # fmt: skip
    return render(request, "courses/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def make_programme(request: HttpRequest, slug: str = "") -> HttpResponse:
    if not may_make(request):
        raise Http404
    programme = get_object_or_404(Programme, slug=slug) if slug else None
    data = request.POST if request.method == "POST" else None
    form, parts = ProgrammeForm(data, programme=programme), bind_parts(data, programme=programme)
    if data is not None and form.is_valid() and parts.is_valid():
        try:
            saved = save_programme(
                programme, plan=form.plan(), parts=parts.chosen(), by=person_of(request), now=timezone.now(),
                readers=form.readers_chosen(),
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error("readers" if broken.code == "no_readers" else None, str(broken.sentence))
        else:
            messages.success(request, _("The programme is saved."))
            return redirect("programme", slug=saved.slug)
    own = own_tasks_of(programme) if programme is not None else []
    context = {"form": form, "parts": parts, "programme": programme, "own_tasks": own}
    return render(request, "courses/make_programme.html", context, status=422 if data is not None else 200)


@require_safe
@login_required
def list_tasks(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    return render(request, "courses/tasks.html", {"course": course, "tasks": Task.objects.filter(course=course)})


def _course(request: HttpRequest, slug: str) -> Course:
    if not person_of(request).has_perm("courses.change_task"):
        raise Http404
    return get_object_or_404(Course, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def make_task(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    course = _course(request, slug)
    task = get_object_or_404(Task, pk=pk, course=course) if pk is not None else Task(course=course)
    data = request.POST if request.method == "POST" else None
    if data is not None and "end" in data and task.pk is not None:
        return _end(request, course, task)
    form = TaskForm(data, instance=task)
    if data is not None and form.is_valid():
        is_required = form.cleaned_data.get("is_required", False)
        save_task(form.save(commit=False), is_required=is_required, by=person_of(request), now=timezone.now())
        messages.success(request, _("The task is saved."))
        return redirect("course_tasks", slug=slug)
    context: dict[str, Any] = {
        "form": form, "course": course, "task": task if task.pk else None, "back": reverse("course_tasks", args=[slug])
    }  # fmt: skip
    return render(request, "courses/make_task.html", context, status=422 if data is not None else 200)


def _end(request: HttpRequest, course: Course, task: Task) -> HttpResponse:
    try:
        end_task(task, by=person_of(request), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("The task is ended. What has been handed in is still there."))
    return redirect("course_tasks", slug=course.slug)
