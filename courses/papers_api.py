"""The papers of an occasion by API, the same bytes as the pages give: the day's list to print, and the people and
their attendance as a table."""

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from courses.api_parts import FileView
from courses.attendance_api import led_session
from courses.list_filters import read_choice, read_filters
from courses.participants_api import read_occasion
from courses.views.papers import as_roster, as_table
from shared.tables import CSV, XLSX

KINDS = ("xlsx", "csv")
BINARY = OpenApiResponse(OpenApiTypes.BINARY, description="The file.")


class SessionRoster(FileView):
    @extend_schema(operation_id="roster_file", tags=["attendance"], responses={(200, "application/pdf"): BINARY})
    def get(self, request: Request, pk: int, session: int) -> HttpResponse:
        """Who comes that day as a PDF to print, with boxes to mark; for whoever leads the occasion."""
        day = led_session(request, pk, session)
        return as_roster(day.occasion, day)


class ParticipantsFile(FileView):
    @extend_schema(
        operation_id="participants_file",
        tags=["participants"],
        parameters=[OpenApiParameter("kind", str, enum=KINDS, description="`xlsx` if left out.")],
        responses={(200, XLSX.partition(";")[0]): BINARY, (200, CSV.partition(";")[0]): BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Everyone on the occasion with attendance, for Excel; for whoever leads it and for HR."""
        occasion = read_occasion(request, pk)
        return as_table(occasion, kind=read_choice(read_filters(request, "kind"), "kind", KINDS) or KINDS[0])


urlpatterns = [
    path("occasions/<int:pk>/sessions/<int:session>/roster/", SessionRoster.as_view(), name="api_roster"),
    path("occasions/<int:pk>/participants-file/", ParticipantsFile.as_view(), name="api_participants_file"),
]
