"""Requests for a place, answered by API: by the manager, or by whoever leads where no manager is known."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import BookingSerializer
from courses.api_parts import read_body, refusals
from courses.list_filters import BY_COURSE, BY_OCCASION, by_order, put_in_order, read_filters, read_id
from courses.models import Booking
from courses.participants_api import PersonInBriefSerializer, WhySerializer
from courses.queries import requests_for
from courses.services.approval import approve_request, may_decide, refuse_request
from people.requests import person_of

ORDERS = {
    "start": ["occasion__starts_at", "id"],
    "-start": ["-occasion__starts_at", "-id"],
    "answer_by": ["decide_by", "id"],
    "oldest": ["id"],
}


class RequestSerializer(BookingSerializer):
    person = PersonInBriefSerializer()
    answer_by = serializers.DateTimeField(
        source="decide_by", allow_null=True, help_text="The place is held until then; silence lets it go."
    )


@extend_schema_view(
    get=extend_schema(
        operation_id="requests_list", tags=["approval"], parameters=[BY_OCCASION, BY_COURSE, by_order(ORDERS)]
    )
)
class RequestList(generics.ListAPIView):
    """Requests that wait for your yes or no: your co-workers', and on occasions that you lead those of people who have
    no manager."""

    serializer_class = RequestSerializer

    def get_queryset(self) -> QuerySet[Booking]:
        asked = read_filters(self.request, "occasion", "course", "order")
        requests = requests_for(person_of(self.request), day=timezone.localdate())
        if (occasion := read_id(asked, "occasion")) is not None:
            requests = requests.filter(occasion=occasion)
        if course := asked.get("course", ""):
            requests = requests.filter(occasion__course__slug=course)
        return put_in_order(requests, asked, ORDERS)


def _to_decide(request: Request, pk: int) -> Booking:
    booking = get_object_or_404(Booking.objects.select_related("person", "occasion__course"), pk=pk)
    if not may_decide(person_of(request), booking, now=timezone.now()):
        raise Http404
    return booking


def _described(pk: int) -> Response:
    found = Booking.objects.select_related("person", "occasion__course").get(pk=pk)
    return Response(RequestSerializer(found).data)


class RequestApprove(APIView):
    @extend_schema(
        operation_id="requests_approve",
        tags=["approval"],
        request=None,
        responses={200: RequestSerializer, 409: refusals("request_answered", "occasion_started")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Yes: the place is booked. Said twice is said once."""
        approve_request(_to_decide(request, pk), by=person_of(request), now=timezone.now())
        return _described(pk)


class RequestRefuse(APIView):
    @extend_schema(
        operation_id="requests_refuse",
        tags=["approval"],
        request=WhySerializer,
        responses={200: RequestSerializer, 409: refusals("request_answered")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """No, and why: the place goes to the next. Said twice is said once."""
        booking, asked = _to_decide(request, pk), read_body(WhySerializer, request)
        refuse_request(booking, by=person_of(request), now=timezone.now(), why=asked["why"])
        return _described(pk)


urlpatterns = [
    path("requests/", RequestList.as_view(), name="api_requests"),
    path("requests/<int:pk>/approve/", RequestApprove.as_view(), name="api_request_approve"),
    path("requests/<int:pk>/refuse/", RequestRefuse.as_view(), name="api_request_refuse"),
]
