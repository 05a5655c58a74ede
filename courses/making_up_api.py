"""One's own missed days by API, and places to make them up."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import BookingSerializer, CourseInBriefSerializer, describe_booking, own_booking
from courses.api_parts import refusals
from courses.list_filters import BY_COURSE, by_order, put_rows_in_order, read_filters, read_truth
from courses.making_up_queries import (
    Chance,
    MissedDay,
    chances_by_hand_for,
    chances_for,
    missed_days,
    missed_days_of,
)
from courses.models import Attendance, Occasion
from courses.participants_api import ParticipantWithHistorySerializer, WhySerializer, describe, led_booking
from courses.rules import may_lead
from courses.services.making_up import make_up_day
from people.requests import person_of


class ChanceSerializer(serializers.Serializer):
    occasion = serializers.IntegerField(source="occasion.pk")
    session = serializers.IntegerField(source="session.pk")
    start = serializers.DateTimeField(source="session.starts_at")
    end = serializers.DateTimeField(source="session.ends_at")
    place = serializers.CharField(source="session.place")


class MissedDaySerializer(serializers.Serializer):
    booking = serializers.IntegerField(source="original.pk")
    session = serializers.IntegerField(source="session.pk")
    course = CourseInBriefSerializer(source="original.occasion.course")
    number = serializers.IntegerField(help_text="1 for the first day of the occasion.")
    start = serializers.DateTimeField(source="session.starts_at")
    state = serializers.ChoiceField(source="mark.state", choices=Attendance.State.choices)
    made_up_by = serializers.IntegerField(
        source="made_up.booking", default=None, allow_null=True, help_text="The booking that makes up for it."
    )
    chances = ChanceSerializer(many=True, help_text="Where it can be made up.")


class MakeUpSerializer(serializers.Serializer):
    session = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The id of the missed session.")
    occasion = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Where it is to be made up.")
    wait = serializers.BooleanField(default=False, help_text="Full there: join its waiting list.")


ORDERS = {
    "start": lambda missed: (missed.session.starts_at, missed.mark.pk),
    "-start": lambda missed: (missed.session.starts_at, missed.mark.pk),
}
PARAMETERS = [
    OpenApiParameter("made_up", bool, description="Whether a place is taken that makes up for it."),
    by_order(ORDERS),
]


def _chosen(asked: QueryDict, days: list[MissedDay]) -> list[MissedDay]:
    if (made_up := read_truth(asked, "made_up")) is not None:
        days = [missed for missed in days if (missed.made_up is not None) is made_up]
    return put_rows_in_order(days, asked, ORDERS)


def _with_chances(days: list[MissedDay], find: Callable[[list[MissedDay]], list[list[Chance]]]) -> list[dict[str, Any]]:
    """What is made up has no need of any."""
    left = [missed for missed in days if missed.made_up is None]
    chances = {missed.mark.pk: found for missed, found in zip(left, find(left), strict=True)}
    return [vars(missed) | {"chances": chances.get(missed.mark.pk, [])} for missed in days]


@extend_schema_view(
    get=extend_schema(operation_id="missed_days_list", tags=["bookings"], parameters=[BY_COURSE, *PARAMETERS])
)
class MissedDayList(generics.ListAPIView):
    """Your days that are marked as missed on courses you have not completed, and where each can be made up."""

    serializer_class = MissedDaySerializer

    def get_queryset(self) -> Any:
        asked = read_filters(self.request, "course", "made_up", "order")
        days = missed_days(person_of(self.request), now=timezone.now())
        if course := asked.get("course", ""):
            days = [missed for missed in days if missed.original.occasion.course.slug == course]
        return _chosen(asked, days)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Chances are looked for where they are shown."""
        page, now = super().paginate_queryset(queryset), timezone.now()
        return page and _with_chances(page, lambda left: chances_for(left, now=now))


class BookingMakeUp(APIView):
    @extend_schema(
        operation_id="bookings_make_up",
        tags=["bookings"],
        request=MakeUpSerializer,
        responses={
            200: BookingSerializer,
            409: refusals("not_missed", "already_made_up", "no_such_day", "occasion_full"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make up a missed day of this booking on another occasion; answers the booking there, for that day alone."""
        original, asked = own_booking(request, pk), MakeUpSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        missed = get_object_or_404(original.occasion.sessions, pk=asked.validated_data["session"])
        there = Occasion.objects.filter(pk=asked.validated_data["occasion"]).exclude(state=Occasion.State.DRAFT).first()
        if there is None:
            raise serializers.ValidationError({"occasion": [_("There is no such occasion.")]})
        booking = make_up_day(
            original, missed, on=there, by=person_of(request), now=timezone.now(), wait=asked.validated_data["wait"]
        )
        return Response(describe_booking(booking))


class GiveDaySerializer(WhySerializer):
    session = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The id of the missed session.")
    occasion = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Where it is made up; you lead it.")


@extend_schema_view(
    get=extend_schema(operation_id="participants_missed_days", tags=["participants"], parameters=PARAMETERS)
)
class ParticipantMakeUp(generics.ListAPIView):
    """What someone on your occasion has missed, and where you can give it by hand."""

    serializer_class = MissedDaySerializer

    def get_queryset(self) -> Any:
        booking = led_booking(self.request, self.kwargs["pk"])
        return _chosen(read_filters(self.request, "made_up", "order"), missed_days_of(booking, now=timezone.now()))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Chances are looked for where they are shown."""
        page, by, now = super().paginate_queryset(queryset), person_of(self.request), timezone.now()
        return page and _with_chances(page, lambda left: chances_by_hand_for(left, by=by, now=now))

    @extend_schema(
        operation_id="participants_make_up",
        tags=["participants"],
        request=GiveDaySerializer,
        responses={
            200: ParticipantWithHistorySerializer,
            409: refusals("not_missed", "already_made_up", "already_there", "occasion_full"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give someone a missed day on another occasion that you lead, past its list; answers the booking there."""
        booking, asked = led_booking(request, pk), GiveDaySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted, by = asked.validated_data, person_of(request)
        missed = get_object_or_404(booking.occasion.sessions, pk=wanted["session"])
        there = Occasion.objects.filter(pk=wanted["occasion"]).first()
        if there is None or not may_lead(by, there):
            raise serializers.ValidationError({"occasion": [_("There is no such occasion.")]})
        new = make_up_day(booking, missed, on=there, by=by, now=timezone.now(), why=wanted["why"])
        return Response(describe(new.pk))


urlpatterns = [
    path("missed-days/", MissedDayList.as_view(), name="api_missed_days"),
    path("participants/<int:pk>/make-up/", ParticipantMakeUp.as_view(), name="api_participant_make_up"),
    path("bookings/<int:pk>/make-up/", BookingMakeUp.as_view(), name="api_booking_make_up"),
]
