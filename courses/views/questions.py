"""The questions that those who were at a course are asked, for those who look after courses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.evaluation_questions import STANDARD, read_questions
from courses.models import Course, EvaluationForm
from courses.question_forms import bind_questions
from courses.services.evaluation_forms import change_questions
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, slug: str) -> HttpResponse:
    if not person_of(request).has_perm("courses.change_evaluationform"):
        raise Http404
    course = get_object_or_404(Course, slug=slug)
    newest = EvaluationForm.objects.filter(course=course).order_by("-version").first()
    known = read_questions(newest.questions) if newest is not None else STANDARD
    forms = bind_questions(request.POST or None, questions=known)
    context = {"course": course, "forms": forms, "version": request.POST.get("version") or _version(newest)}
    status = 200
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            based_on = str(context["version"])
            try:
                change_questions(
                    course,
                    questions=forms.questions(),
                    based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 9 else 0,
                    by=person_of(request),
                    now=timezone.now(),
                )
            except RuleBroken as broken:
                context["error"] = broken.sentence
            else:
                messages.success(request, _("Saved. The next evaluation asks these questions."))
                return redirect("evaluation_questions", slug=slug)
    return render(request, "courses/questions.html", context, status=status)


def _version(newest: EvaluationForm | None) -> int:
    """The standard questions become the first version when they are first asked or changed."""
    return newest.version if newest is not None else 1
