"""The root of the API: each room's part, the schema and a page to read it on."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import courses.agenda_api
import courses.api
import courses.approval_api
import courses.attendance_api
import courses.attendance_file_api
import courses.bookings_api
import courses.calendar_api
import courses.certificates_api
import courses.completions_api
import courses.eligible_api
import courses.evaluations_api
import courses.making_api
import courses.making_up_api
import courses.messages_api
import courses.occasion_api
import courses.papers_api
import courses.participants_api
import courses.path_tasks_api
import courses.planning_api
import courses.questions_api
import courses.reservations_api
import courses.rooms_api
import courses.tasks_api
import guide.api
import insight.api
import journeys.api
import people.api
from config.openapi import schema_for_reading, whole_schema


class IndexView(APIView):
    """What there is: the address of each list and of the schema."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        lists = [
            path for path, operations in whole_schema()["paths"].items() if "get" in operations and "{" not in path
        ]
        return Response(
            {
                "schema": request.build_absolute_uri(reverse("api_schema")),
                "docs": request.build_absolute_uri(reverse("api_docs")),
                **{
                    path.removeprefix("/api/v1/").strip("/"): request.build_absolute_uri(path) for path in sorted(lists)
                },
            }
        )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    context = {"schema": whole_schema(), "groups": schema_for_reading(), "SITE_URL": settings.SITE_URL}
    return render(request, "api/docs.html", context)


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Nothing under /api/ falls through to the pages."""
    raise Http404


urlpatterns = [
    path("", IndexView.as_view(), name="api_index"),
    path("docs/", docs, name="api_docs"),
    path("", include(courses.api.urlpatterns)),
    path("", include(courses.occasion_api.urlpatterns)),
    path("", include(courses.papers_api.urlpatterns)),
    path("", include(courses.certificates_api.urlpatterns)),
    path("", include(courses.completions_api.urlpatterns)),
    path("", include(courses.eligible_api.urlpatterns)),
    path("", include(courses.calendar_api.urlpatterns)),
    path("", include(courses.bookings_api.urlpatterns)),
    path("", include(courses.approval_api.urlpatterns)),
    path("", include(courses.attendance_api.urlpatterns)),
    path("", include(courses.agenda_api.urlpatterns)),
    path("", include(courses.attendance_file_api.urlpatterns)),
    path("", include(courses.rooms_api.urlpatterns)),
    path("", include(courses.participants_api.urlpatterns)),
    path("", include(courses.messages_api.urlpatterns)),
    path("", include(courses.making_up_api.urlpatterns)),
    path("", include(courses.tasks_api.urlpatterns)),
    path("", include(courses.path_tasks_api.urlpatterns)),
    path("", include(courses.planning_api.urlpatterns)),
    path("", include(courses.questions_api.urlpatterns)),
    path("", include(courses.reservations_api.urlpatterns)),
    path("", include(courses.evaluations_api.urlpatterns)),
    path("", include(courses.making_api.urlpatterns)),
    path("", include(journeys.api.urlpatterns)),
    path("", include(insight.api.urlpatterns)),
    path("", include(guide.api.urlpatterns)),
    path("", include(people.api.urlpatterns)),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    re_path(r"^(?:.+/)?$", unknown),
]
