"""What is done when on a course day, and what was left open, by API; for whoever leads the occasion."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.agenda_queries import agenda_of, points_for
from courses.api_parts import refusals
from courses.attendance_api import led_session
from courses.list_filters import by_order, put_rows_in_order, read_filters, read_truth
from courses.models import OpenPoint, Session
from courses.rules import may_lead
from courses.services.agenda import (
    MOST_ITEMS,
    ItemPlan,
    close_open_point,
    fingerprint,
    make_template,
    note_open_point,
    open_again,
    set_agenda,
)
from people.requests import person_of


class ItemSerializer(serializers.Serializer):
    starts_after = serializers.IntegerField(
        source="item.starts_after", min_value=0, max_value=24 * 60, help_text="Minutes after the session's start."
    )
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True, help_text="When the next begins, or the session ends.")
    what = serializers.CharField(source="item.what", max_length=200)
    leads = serializers.CharField(source="item.leads", max_length=120, allow_blank=True, default="")
    material = serializers.CharField(
        source="item.material", max_length=300, allow_blank=True, default="", help_text="An address, or words."
    )
    version = serializers.CharField(
        source="item.version", max_length=80, allow_blank=True, default="",
        help_text="Of a page of the guide or a document kept here it is filled in: that which was current when chosen.",
    )  # fmt: skip
    has_newer_version = serializers.BooleanField(source="item.has_newer_version", read_only=True)


class AgendaSerializer(serializers.Serializer):
    items = ItemSerializer(many=True, max_length=MOST_ITEMS)
    based_on = serializers.CharField(
        max_length=40, required=False,
        help_text="As it was read: then what someone else has written since is not overwritten.",
    )  # fmt: skip
    as_template = serializers.BooleanField(
        write_only=True, default=False, help_text="New occasions of the course begin with it, for that day."
    )


class OpenPointSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    text = serializers.CharField(max_length=500)
    session = serializers.IntegerField(source="session_id", read_only=True, allow_null=True)
    noted_by = serializers.CharField(read_only=True)
    noted_at = serializers.DateTimeField(read_only=True)
    closed_by = serializers.CharField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)


def _shown(day: Session) -> Response:
    return Response(AgendaSerializer({"items": agenda_of(day), "based_on": fingerprint(day)}).data)


class SessionAgenda(APIView):
    @extend_schema(operation_id="agenda_read", tags=["planning"], responses=AgendaSerializer)
    def get(self, request: Request, pk: int, session: int) -> Response:
        """What is done when that day."""
        return _shown(led_session(request, pk, session))

    @extend_schema(
        operation_id="agenda_change",
        tags=["planning"],
        request=AgendaSerializer,
        responses={
            200: AgendaSerializer,
            409: refusals("agenda_too_long", "changed_meanwhile"),
        },
    )
    def put(self, request: Request, pk: int, session: int) -> Response:
        """The whole agenda of the day, instead of what stands there."""
        day, asked = led_session(request, pk, session), AgendaSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plans = [ItemPlan(**line["item"]) for line in asked.validated_data["items"]]
        set_agenda(day, plans, based_on=asked.validated_data.get("based_on"))
        if asked.validated_data["as_template"]:
            make_template(day)
        return _shown(day)


POINT_ORDERS = {
    "standing": lambda _point: 0,
    "noted": lambda point: (point.noted_at, point.pk),
    "-noted": lambda point: (point.noted_at, point.pk),
}


@extend_schema_view(
    get=extend_schema(
        operation_id="open_points_list",
        tags=["planning"],
        parameters=[
            OpenApiParameter("is_open", bool, description="Whether it is open still."),
            by_order(POINT_ORDERS, "that has the open ones first"),
        ],
    )
)
class OpenPointList(generics.ListAPIView):
    """What was left open on that day or before and is open still, and what was noted or closed that day."""

    serializer_class = OpenPointSerializer

    def get_queryset(self) -> Any:
        asked = read_filters(self.request, "is_open", "order")
        points = points_for(led_session(self.request, self.kwargs["pk"], self.kwargs["session"]))
        if (is_open := read_truth(asked, "is_open")) is not None:
            points = [point for point in points if (point.closed_at is None) is is_open]
        return put_rows_in_order(points, asked, POINT_ORDERS)

    @extend_schema(
        operation_id="open_points_note", tags=["planning"], request=OpenPointSerializer,
        responses={201: OpenPointSerializer},
    )  # fmt: skip
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Note what is left open. The same sent twice is one."""
        day, asked = led_session(request, pk, session), OpenPointSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        point = note_open_point(day, text=asked.validated_data["text"], by=person_of(request), now=timezone.now())
        return Response(OpenPointSerializer(point).data, status=status.HTTP_201_CREATED)


class IsOpenSerializer(serializers.Serializer):
    is_open = serializers.BooleanField()


class OpenPointStanding(APIView):
    @extend_schema(
        operation_id="open_points_close", tags=["planning"], request=IsOpenSerializer, responses=OpenPointSerializer
    )
    def put(self, request: Request, pk: int) -> Response:
        """Close it, or open it again."""
        point = get_object_or_404(OpenPoint.objects.select_related("occasion"), pk=pk)
        if not may_lead(person_of(request), point.occasion):
            raise Http404
        asked = IsOpenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["is_open"]:
            open_again(point)
        else:
            close_open_point(point, by=person_of(request), now=timezone.now())
        found = OpenPoint.objects.select_related("noted_by", "closed_by").get(pk=pk)
        return Response(OpenPointSerializer(found).data)


urlpatterns = [
    path("occasions/<int:pk>/sessions/<int:session>/agenda/", SessionAgenda.as_view(), name="api_agenda"),
    path("occasions/<int:pk>/sessions/<int:session>/open-points/", OpenPointList.as_view(), name="api_open_points"),
    path("open-points/<int:pk>/standing/", OpenPointStanding.as_view(), name="api_open_point_standing"),
]
