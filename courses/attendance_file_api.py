"""Attendance out of a file, by API: what it would do, and then all of it or nothing."""

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

from courses.api_parts import Base64Field, refusals
from courses.models import Attendance, AttendanceChange, Occasion
from courses.rules import may_lead
from courses.services.attendance_import import Reading, read_attendance
from courses.services.writing_down import NotWritten, write_down
from people.requests import person_of
from shared.rules import RuleBroken
from shared.table_files import MOST_BYTES, read_table


class AttendanceFileSerializer(serializers.Serializer):
    content = Base64Field(most=MOST_BYTES, help_text="The bytes of a CSV or XLSX in base64.")
    why = serializers.CharField(
        max_length=250, allow_blank=True, default="", help_text="Of the corrections to days that are over."
    )
    only_try = serializers.BooleanField(default=True, help_text="Tell what it would do, and do nothing.")


class PlannedMarkSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    booking = serializers.IntegerField(source="written.booking")
    session = serializers.IntegerField(source="written.session")
    state = serializers.ChoiceField(source="written.state", choices=Attendance.State.choices)
    minutes = serializers.IntegerField(source="written.minutes", allow_null=True)


class FaultSerializer(serializers.Serializer):
    line = serializers.IntegerField(help_text="As a spreadsheet numbers it; the first is 1.")
    sentence = serializers.CharField()


class ReadingSerializer(serializers.Serializer):
    changes = PlannedMarkSerializer(many=True)
    same = serializers.IntegerField(help_text="Marks of the file that stand so already.")
    faults = FaultSerializer(many=True, help_text="With one of them the file does nothing.")
    saved = serializers.IntegerField(help_text="Marks that were changed now; 0 where it was only tried.")


class AttendanceFileView(APIView):
    @extend_schema(
        operation_id="attendance_file",
        tags=["attendance"],
        request=AttendanceFileSerializer,
        responses={
            200: ReadingSerializer,
            409: refusals(
                "file_has_faults",
                "not_written",
                "file_unreadable",
                "file_too_big",
                "file_empty",
                "too_many_lines",
                "no_people",
                "no_marks",
                "which_day",
                "no_day",
                "which",
                "other_session",
            ),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Read attendance from a file, for whoever leads the occasion. Our own table comes back as it was."""
        occasion = get_object_or_404(Occasion.objects.select_related("course"), pk=pk)
        if not may_lead(person_of(request), occasion):
            raise Http404
        asked = AttendanceFileSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        reading = read_attendance(occasion, read_table(asked.validated_data["content"]), now=now)
        saved = (
            0
            if asked.validated_data["only_try"]
            else _save(request, occasion, reading, why=asked.validated_data["why"])
        )
        faults = [{"line": line, "sentence": sentence} for line, sentence in reading.faults]
        answer = {"changes": reading.changes, "same": reading.same, "faults": faults, "saved": saved}
        return Response(ReadingSerializer(answer).data)


def _save(request: Request, occasion: Occasion, reading: Reading, *, why: str) -> int:
    if reading.faults:
        line, sentence = reading.faults[0]
        raise RuleBroken(_("Line %(line)d: %(why)s") % {"line": line, "why": sentence}, code="file_has_faults")
    marks, source = [one.written for one in reading.changes], AttendanceChange.Source.FILE
    try:
        return write_down(occasion, marks, by=person_of(request), now=timezone.now(), source=source, why=why)
    except NotWritten as refused:
        raise RuleBroken(" ".join(dict.fromkeys(refused.sentences.values())), code="not_written") from refused


urlpatterns = [path("occasions/<int:pk>/attendance-file/", AttendanceFileView.as_view(), name="api_attendance_file")]
