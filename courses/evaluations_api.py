"""Results of evaluations by API. Answering is not here: a call says who makes it, and an answer must not."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import refusals
from courses.evaluation_questions import Question
from courses.evaluation_results import Series, Spread, over_occasions, results_of, standing_of_evaluation
from courses.models import Course, Evaluation, Occasion
from courses.participants_api import led_occasion
from courses.services.evaluating import extend_evaluation, last_day_of
from courses.services.evaluation_closing import close_evaluation
from people.requests import person_of

STATES = ["before", "few_present", "never", "open", "too_few", "closed"]


class QuestionSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Stays as long as the question is worded the same.")
    kind = serializers.ChoiceField(choices=["scale", "text"])
    sv = serializers.CharField()
    en = serializers.CharField()
    low_sv = serializers.CharField(help_text="What 1 means.")
    low_en = serializers.CharField()
    high_sv = serializers.CharField(help_text="What 5 means.")
    high_en = serializers.CharField()


class SpreadSerializer(serializers.Serializer):
    answers = serializers.IntegerField()
    mean = serializers.FloatField()
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="How many chose 1, 2, 3, 4 and 5.")


class ResultSerializer(serializers.Serializer):
    question = QuestionSerializer()
    spread = SpreadSerializer(allow_null=True, help_text="Null for words, and where fewer than five answered.")
    texts = serializers.ListField(child=serializers.CharField(), help_text="In an order of chance.")


class EvaluationSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=STATES)
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    open_until = serializers.DateField(allow_null=True, help_text="The last day for answers.")
    closed_on = serializers.DateField(allow_null=True)
    results = ResultSerializer(many=True, help_text="Empty until it is closed, and with fewer than five answers.")


class ActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=["close", "extend"])


class RowSerializer(serializers.Serializer):
    occasion = serializers.IntegerField()
    starts_on = serializers.DateField()
    spread = SpreadSerializer()


class SeriesSerializer(serializers.Serializer):
    question = QuestionSerializer()
    asked_now = serializers.BooleanField(help_text="Whether the latest form asks it.")
    occasions = RowSerializer(many=True)
    total = SpreadSerializer(help_text="Of the occasions above and no others.")


class OverOccasionsSerializer(serializers.Serializer):
    course = serializers.SlugField()
    series = SeriesSerializer(many=True)
    too_few = serializers.IntegerField(help_text="Closed evaluations with too few answers: they are in no figure.")


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None or spread.mean is None:
        return None
    return {"answers": spread.answers, "mean": round(spread.mean, 2), "counts": list(spread.counts)}


def _question(question: Question) -> dict[str, Any]:
    return asdict(question)


def _described(occasion: Occasion) -> dict[str, Any]:
    standing = standing_of_evaluation(occasion, now=timezone.now())
    evaluation = standing.evaluation
    results = results_of(evaluation) if evaluation is not None and standing.state == "closed" else []
    return {
        "state": standing.state,
        "asked": standing.asked,
        "answered": standing.answered,
        "open_until": last_day_of(evaluation) if evaluation is not None else None,
        "closed_on": evaluation.closed_on if evaluation is not None else None,
        "results": [
            {"question": _question(each.question), "spread": _spread(each.spread), "texts": list(each.texts)}
            for each in results
        ],
    }


def _series(series: Series, *, asked_now: bool) -> dict[str, Any]:
    rows = [
        {
            "occasion": row.occasion.pk,
            "starts_on": timezone.localdate(row.occasion.starts_at),
            "spread": _spread(row.spread),
        }
        for row in series.rows
    ]
    question, total = _question(series.question), _spread(series.total)
    return {"question": question, "asked_now": asked_now, "occasions": rows, "total": total}


class OccasionEvaluation(APIView):
    @extend_schema(operation_id="evaluations_read", tags=["evaluations"], responses=EvaluationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How far the evaluation has come, and what they thought when it is closed; for those who lead."""
        return Response(EvaluationSerializer(_described(led_occasion(request, pk))).data)

    @extend_schema(
        operation_id="evaluations_act",
        tags=["evaluations"],
        request=ActSerializer,
        responses={
            200: EvaluationSerializer,
            409: refusals("too_few", "evaluation_closed", "open_long_enough"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Close it, once five have answered, or keep it open a week longer."""
        occasion = led_occasion(request, pk)
        evaluation = get_object_or_404(Evaluation, occasion=occasion)
        asked = ActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        act = close_evaluation if asked.validated_data["act"] == "close" else extend_evaluation
        act(evaluation, by=person_of(request), now=timezone.now())
        return Response(EvaluationSerializer(_described(occasion)).data)


class CourseEvaluations(APIView):
    @extend_schema(operation_id="course_evaluations_read", tags=["evaluations"], responses=OverOccasionsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Figures over the occasions of a course, for facilitators and HR."""
        if not person_of(request).has_perm("courses.view_evaluation"):
            raise Http404
        course = get_object_or_404(Course, slug=slug)
        found = over_occasions(course)
        series = [_series(each, asked_now=True) for each in found.series]
        series += [_series(each, asked_now=False) for each in found.earlier]
        return Response(
            OverOccasionsSerializer({"course": course.slug, "series": series, "too_few": found.too_few}).data
        )


urlpatterns = [
    path("occasions/<int:pk>/evaluation/", OccasionEvaluation.as_view(), name="api_evaluation"),
    path("courses/<slug:slug>/evaluations/", CourseEvaluations.as_view(), name="api_course_evaluations"),
]
