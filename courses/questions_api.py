"""The questions that those who were at a course are asked, by API; for those who look after courses."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import read_body, refusals
from courses.evaluation_questions import SCALE, STANDARD, Question, read_questions
from courses.models import Course, EvaluationForm
from courses.question_forms import ENDS
from courses.services.evaluation_forms import MOST_QUESTIONS, change_questions
from people.requests import person_of


class QuestionPlanSerializer(serializers.Serializer):
    key = serializers.CharField(
        max_length=40, allow_blank=True, default="", help_text="As it was read; left out for a new question."
    )
    kind = serializers.ChoiceField(choices=["scale", "text"])
    sv = serializers.CharField(max_length=200)
    en = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="Empty: the Swedish is shown.")
    low_sv = serializers.CharField(max_length=40, allow_blank=True, default="", help_text="What 1 means.")
    high_sv = serializers.CharField(max_length=40, allow_blank=True, default="", help_text="What 5 means.")
    low_en = serializers.CharField(max_length=40, allow_blank=True, default="")
    high_en = serializers.CharField(max_length=40, allow_blank=True, default="")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["kind"] != SCALE:
            return asked | dict.fromkeys(ENDS, "")
        if missing := [name for name in ("low_sv", "high_sv") if not asked[name]]:
            says = _("Write what the end of the scale means.")
            raise serializers.ValidationError({name: [says] for name in missing})
        return asked


class QuestionFormSerializer(serializers.Serializer):
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="Handed in: the one it is based on, refused where there is a newer."
    )
    questions = QuestionPlanSerializer(many=True, max_length=MOST_QUESTIONS)


def _course(request: Request, slug: str) -> Course:
    if not person_of(request).has_perm("courses.change_evaluationform"):
        raise Http404
    return get_object_or_404(Course, slug=slug)


def _described(form: EvaluationForm | None) -> Response:
    """The standard questions become the first version when they are first asked or changed."""
    if form is None:
        return Response(QuestionFormSerializer({"version": 1, "questions": STANDARD}).data)
    questions = read_questions(form.questions)
    return Response(QuestionFormSerializer({"version": form.version, "questions": questions}).data)


class EvaluationQuestions(APIView):
    @extend_schema(operation_id="evaluation_questions_read", tags=["evaluations"], responses=QuestionFormSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What the next evaluation of the course asks."""
        course = _course(request, slug)
        return _described(EvaluationForm.objects.filter(course=course).order_by("-version").first())

    @extend_schema(
        operation_id="evaluation_questions_change",
        tags=["evaluations"],
        request=QuestionFormSerializer,
        responses={200: QuestionFormSerializer, 409: refusals("changed_meanwhile", "no_questions")},
    )
    def put(self, request: Request, slug: str) -> Response:
        """All its questions, in their order, from the next evaluation on. What was asked once stays as it was."""
        course, asked = _course(request, slug), read_body(QuestionFormSerializer, request)
        questions = [Question(**question) for question in asked["questions"]]
        changed = change_questions(
            course, questions=questions, based_on=asked["version"], by=person_of(request), now=timezone.now()
        )
        return _described(changed)


urlpatterns = [
    path("courses/<slug:slug>/evaluation-questions/", EvaluationQuestions.as_view(), name="api_evaluation_questions")
]
