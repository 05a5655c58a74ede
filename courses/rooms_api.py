"""The room's code by API: shown by those who lead the day, said by those who are there.

Confirming is an ordinary mark of attendance, sent to the day's list.
"""

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import read_body, refusals
from courses.attendance_api import led_session
from courses.models import RoomCode
from courses.room_codes import Read, may_show, shown_code, shown_until
from courses.room_queries import count_in_room, open_room_of
from courses.services.rooms import close_room, open_room, say_here
from people.requests import person_of
from shared.spoken_codes import tidy_code


class RoomCodeSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="To be shown now; empty while no code is shown.")
    until = serializers.DateTimeField(allow_null=True, help_text="Fetch the next one then.")
    there = serializers.IntegerField(help_text="How many have said to be there or are marked so.")


class HereRequestSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=20, help_text="As it is on the wall; spaces and small letters are fine.")


class HereSerializer(serializers.Serializer):
    booking = serializers.IntegerField(source="booking_id")
    session = serializers.IntegerField(source="session_id")
    claimed_at = serializers.DateTimeField()


class SessionRoom(APIView):
    @extend_schema(operation_id="room_code_read", tags=["attendance"], responses=RoomCodeSerializer)
    def get(self, request: Request, pk: int, session: int) -> Response:
        """The code to show in the room now; for those who lead the occasion."""
        day = led_session(request, pk, session)
        return Response(_shown(open_room_of(day), count=count_in_room(day)))

    @extend_schema(
        operation_id="room_code_open",
        tags=["attendance"],
        request=None,
        responses={200: RoomCodeSerializer, 409: refusals("not_that_day", "occasion_not_open")},
    )
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Begin to show codes. Sent twice it is begun once."""
        day = led_session(request, pk, session)
        room = open_room(day, by=person_of(request), now=timezone.now())
        return Response(_shown(room, count=count_in_room(day)))

    @extend_schema(operation_id="room_code_close", tags=["attendance"], responses={204: None})
    def delete(self, request: Request, pk: int, session: int) -> Response:
        """No code counts from now on."""
        close_room(led_session(request, pk, session), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(room: RoomCode | None, *, count: int) -> dict[str, object]:
    now = timezone.now()
    if room is None or not may_show(room.session, at=now):
        return {"code": "", "until": None, "there": count}
    return dict(RoomCodeSerializer({"code": shown_code(room, at=now), "until": shown_until(now), "there": count}).data)


class Here(APIView):
    @extend_schema(
        operation_id="here_say",
        tags=["attendance"],
        request=HereRequestSerializer,
        responses={
            201: HereSerializer,
            200: OpenApiResponse(HereSerializer, description="You had said so already."),
            409: refusals(
                "unknown_code", "code_expired", "too_many_guesses", "not_booked", "other_day", "only_waiting",
                "already_marked", "too_early", "day_over",
            ),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Say by the room's code that you are there. Whoever leads the day confirms it."""
        asked, now = read_body(HereRequestSerializer, request), timezone.now()
        said = say_here(Read(tidy_code(asked["code"]), now), person=person_of(request), now=now)
        is_new = status.HTTP_201_CREATED if said.is_new else status.HTTP_200_OK
        return Response(HereSerializer(said.claim).data, status=is_new)


urlpatterns = [
    path("here/", Here.as_view(), name="api_here"),
    path("occasions/<int:pk>/sessions/<int:session>/room/", SessionRoom.as_view(), name="api_session_room"),
]
