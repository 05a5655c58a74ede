"""The list of a course day by API, for those who lead it: read, and marked by marks that may have waited for a network.

Each mark has an id made by whoever sends it: sent twice it is one. It says which mark it was based on, so that what
someone else has marked meanwhile is told and not overwritten.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.attendance_queries import Line, PressToUndo, lines_of, press_to_undo
from courses.attendance_texts import say_what_was_undone
from courses.models import Attendance, Occasion, Session
from courses.rules import may_lead
from courses.services.attendance import Tap, take_back_the_rest
from courses.services.marks import Mark, take_marks
from people.models import Person
from people.requests import person_of
from shared.rules import RuleBroken

MOST_MARKS = 200
RESULTS = ("done", "known", "same", "lost", "refused")


class MarkSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by you, once for each mark: the same id sent again is the same mark.")
    booking = serializers.IntegerField(min_value=1, max_value=2**62)
    state = serializers.ChoiceField(choices=Attendance.State.choices)
    minutes = serializers.IntegerField(
        min_value=0, max_value=1440, allow_null=True, default=None, help_text="How long someone was there who left."
    )
    why = serializers.CharField(
        max_length=250, allow_blank=True, default="",
        help_text="Wanted (`why_missing`) where a mark that stands is changed once its day is over.",
    )  # fmt: skip
    based_on = serializers.UUIDField(
        allow_null=True,
        help_text="The last mark of this person that you knew of; null for none. A newer one is not overwritten.",
    )
    at = serializers.DateTimeField(allow_null=True, default=None, help_text="When it was made, by your clock.")
    press = serializers.UUIDField(
        allow_null=True, default=None,
        help_text="The same for all marks by which you mark the rest as present, so that they can be undone together. "
        "Kept where the person had no mark.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["press"] is not None and attrs["state"] != Attendance.State.PRESENT:
            raise serializers.ValidationError({"press": _("Only presence is marked of the rest.")})
        return attrs


class MarksSerializer(serializers.Serializer):
    person = serializers.IntegerField(
        required=False, help_text="Who made the marks: refused as `someone_else` if that is not you."
    )
    marks = MarkSerializer(many=True, max_length=MOST_MARKS)


class OutcomeSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="mark")
    result = serializers.ChoiceField(
        choices=[(result, result) for result in RESULTS],
        help_text="done, known (it arrived before), same (it stood so already), lost (someone has marked since "
        "what you based it on: nothing is changed), refused (`code` and `says` tell why).",
    )
    stands = serializers.UUIDField(allow_null=True, help_text="The mark that stands now.")
    code = serializers.CharField(help_text="Empty, or which rule said no.")
    says = serializers.CharField(help_text="The same as a sentence in your language.")


class AttendanceLineSerializer(serializers.Serializer):
    booking = serializers.IntegerField(source="booking.pk")
    name = serializers.CharField(source="booking.person.name_in_lists")
    state = serializers.CharField(help_text="Empty for someone who is not marked.")
    minutes = serializers.SerializerMethodField()
    mark = serializers.SerializerMethodField(help_text="The last mark's id: what the next one is based on.")
    claimed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the person said, by the room's code, to be there; null once marked since."
    )
    claim = serializers.CharField(help_text="The same in your language, or empty.")
    says = serializers.CharField(help_text="How it stands and who marked it, in your language.")
    log = serializers.ListField(child=serializers.CharField(), help_text="Every mark and correction, the newest first.")

    def get_minutes(self, line: Line) -> int | None:
        return line.attendance.minutes if line.attendance is not None else None

    def get_mark(self, line: Line) -> UUID | None:
        return line.changes[-1].mark if line.changes else None


class PressToUndoSerializer(serializers.Serializer):
    press = serializers.UUIDField()
    count = serializers.IntegerField(help_text="How many of its marks nobody has touched since.")
    until = serializers.DateTimeField(help_text="From then on it can no longer be undone.")
    says = serializers.CharField(help_text="The same in your language.")


class DaySerializer(serializers.Serializer):
    people = AttendanceLineSerializer(many=True)
    undo = PressToUndoSerializer(
        allow_null=True, help_text="The last press by which you marked the rest, while it can be undone."
    )


class MarkedDaySerializer(DaySerializer):
    results = OutcomeSerializer(many=True)


class PressSerializer(serializers.Serializer):
    press = serializers.UUIDField()


class UndoneDaySerializer(DaySerializer):
    count = serializers.IntegerField(help_text="How many marks were taken back.")
    left = serializers.IntegerField(help_text="How many of the press stand, since they were changed meanwhile.")
    says = serializers.CharField(help_text="The same in your language.")


def led_session(request: Request, pk: int, session: int) -> Session:
    """The session, for whoever leads its occasion; for everyone else it does not exist."""
    occasion = get_object_or_404(Occasion.objects.select_related("course"), pk=pk)
    if not may_lead(person_of(request), occasion):
        raise Http404
    found = get_object_or_404(occasion.sessions, pk=session)
    found.occasion = occasion
    return found


def _read(marks: list[dict[str, Any]]) -> list[Mark]:
    return [
        Mark(
            Tap(one["id"], one["based_on"], _moment(one["at"])),
            booking=one["booking"],
            state=one["state"],
            minutes=one["minutes"],
            why=one["why"],
            press=one["press"],
        )
        for one in marks
    ]


def _moment(at: dt.datetime | None) -> dt.datetime | None:
    """A clock that stands in another century says nothing."""
    return at if at is not None and 2000 <= at.year <= 2100 else None


def _day(session: Session, *, by: Person) -> dict[str, list[Line] | PressToUndo | None]:
    """How the list stands after whatever was done."""
    lines = lines_of(session.occasion, session)
    return {"people": lines, "undo": press_to_undo(lines, by=by, now=timezone.now())}


class SessionAttendance(APIView):
    @extend_schema(operation_id="attendance_read", tags=["attendance"], responses=DaySerializer)
    def get(self, request: Request, pk: int, session: int) -> Response:
        """Who comes to the course day, and how each is marked; for those who lead the occasion."""
        day = led_session(request, pk, session)
        return Response(DaySerializer(_day(day, by=person_of(request))).data)

    @extend_schema(
        operation_id="attendance_mark",
        tags=["attendance"],
        request=MarksSerializer,
        responses={
            200: MarkedDaySerializer,
            409: OpenApiResponse(description="`someone_else`: the marks were made by another person. None is taken."),
        },
    )
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Hand in marks. Each is answered for itself: one that is refused keeps none of the others out."""
        day = led_session(request, pk, session)
        asked = MarksSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        me = person_of(request)
        if asked.validated_data.get("person", me.pk) != me.pk:
            raise RuleBroken(_("The marks were made by someone else, who has to send them."), code="someone_else")
        results = take_marks(day, _read(asked.validated_data["marks"]), by=me, now=timezone.now())
        return Response(MarkedDaySerializer({"results": results, **_day(day, by=me)}).data)


class UndoTheRest(APIView):
    @extend_schema(
        operation_id="attendance_undo",
        tags=["attendance"],
        request=PressSerializer,
        responses={
            200: UndoneDaySerializer,
            409: OpenApiResponse(description="`too_late_to_undo`: the press is too old. Nothing is taken back."),
        },
    )
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Take back what one press marked as present and nobody has marked since. The same undo twice is one."""
        day = led_session(request, pk, session)
        asked = PressSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        me = person_of(request)
        done = take_back_the_rest(day, press=asked.validated_data["press"], by=me, now=timezone.now())
        answer = {"count": done.count, "left": done.left, "says": say_what_was_undone(done), **_day(day, by=me)}
        return Response(UndoneDaySerializer(answer).data)


urlpatterns = [
    path(
        "occasions/<int:pk>/sessions/<int:session>/attendance/",
        SessionAttendance.as_view(),
        name="api_session_attendance",
    ),
    path("occasions/<int:pk>/sessions/<int:session>/attendance/undo/", UndoTheRest.as_view(), name="api_undo_the_rest"),
]
