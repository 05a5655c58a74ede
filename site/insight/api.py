"""`GET /api/v1/headcount/?course=&on=DATE`."""

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from insight.figures import Figure, Headcount
from insight.forms import HeadcountForm
from insight.queries import courses_with_figures
from insight.reports import report_for
from insight.rules import sight_of
from people.requests import person_of


class FigureSerializer(serializers.Serializer):
    """`null` where the group is too small to show to the one who asks."""

    employees = serializers.IntegerField(allow_null=True)
    trained = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="From 0 to 1; null where hidden or nobody is employed.")


class AdministrationFigureSerializer(FigureSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GoalSerializer(serializers.Serializer):
    people = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True, help_text="Per cent of the employees of every administration.")
    reach_by = serializers.DateField()
    passed_on = serializers.DateField(allow_null=True)


class HeadcountSerializer(serializers.Serializer):
    course = serializers.CharField(help_text="The course's slug.")
    on = serializers.DateField()
    administrations = AdministrationFigureSerializer(many=True)
    whole = FigureSerializer()
    goal = GoalSerializer(allow_null=True)


class HeadcountView(APIView):
    """How many unique people are trained in a course on a day: per administration in Swedish order, and the whole."""

    @extend_schema(
        parameters=[
            OpenApiParameter("course", str, description="Slug; the first course with a goal when left out."),
            OpenApiParameter("on", OpenApiTypes.DATE, description="Today when left out; never a day to come."),
        ],
        responses=HeadcountSerializer,
    )
    def get(self, request: Request) -> Response:
        sight = sight_of(person_of(request))
        if not sight.sees_everything:
            raise Http404
        form = HeadcountForm(request.query_params, courses=courses_with_figures(), today=timezone.localdate())
        if not form.is_valid():
            raise serializers.ValidationError({name: list(errors) for name, errors in form.errors.items()})
        if form.cleaned_data["course"] is None:
            raise Http404
        report = report_for(sight, course=form.cleaned_data["course"], on=form.cleaned_data["on"])
        return Response(HeadcountSerializer(_body(report)).data)


def _body(report: Headcount) -> dict[str, Any]:
    goal = report.goal
    return {
        "course": report.course.slug,
        "on": report.on,
        "administrations": [{"id": row.unit, "name": row.name, **_figure(row)} for row in report.rows],
        "whole": _figure(report.whole),
        "goal": goal
        and {
            "people": goal.people,
            "share": goal.share,
            "reach_by": goal.reach_by,
            "passed_on": report.passed_on,
        },
    }


def _figure(figure: Figure) -> dict[str, int | float | None]:
    share = None if figure.share is None else round(figure.share, 4)
    return {"employees": figure.employees, "trained": figure.trained, "share": share}


urlpatterns = [path("headcount/", HeadcountView.as_view(), name="api_headcount")]
