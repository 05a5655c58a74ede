"""What whoever leads an occasion says to its people, by API: messages, and that it is cancelled."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import refusals
from courses.list_filters import NEWEST_FIRST, by_order, put_in_order, read_filters
from courses.models import Occasion, OccasionMessage
from courses.models.booking import LONGEST_REASON
from courses.participants_api import led_occasion
from courses.services.messaging import Address, addresses_of, send_message
from courses.services.occasions import cancel_occasion
from letters.models import Letter
from people.requests import person_of


class MessageRequestSerializer(serializers.Serializer):
    key = serializers.UUIDField(help_text="Made by you, once for each message: the same key again is the same message.")
    to = serializers.ChoiceField(choices=OccasionMessage.Circle.choices)
    session = serializers.IntegerField(
        allow_null=True, default=None, help_text="For `missing`: the day, which must have begun."
    )
    subject = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=5000)
    receivers = serializers.IntegerField(
        allow_null=True, default=None, help_text="If given: refused as `list_changed` unless it goes to so many."
    )


class MessageSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    to = serializers.ChoiceField(source="circle", choices=OccasionMessage.Circle.choices)
    session = serializers.IntegerField(source="session_id", allow_null=True)
    subject = serializers.CharField()
    text = serializers.CharField()
    by = serializers.CharField(help_text="Who sent it.")
    at = serializers.DateTimeField()
    receivers = serializers.IntegerField(source="count")
    sent = serializers.IntegerField(source="left", help_text="How many of the letters have left.")


class CancelSerializer(serializers.Serializer):
    why = serializers.CharField(max_length=LONGEST_REASON, help_text="Stands in everyone's letter, and is kept.")


def _described(messages: QuerySet[OccasionMessage]) -> QuerySet[Any]:
    left = Count("receivers", filter=Q(receivers__letter__state=Letter.State.SENT))
    return messages.select_related("by").annotate(count=Count("receivers"), left=left).order_by("-id")


def _address(occasion: Occasion, asked: dict[str, Any]) -> Address:
    wanted = (asked["to"], asked["session"] if asked["to"] == OccasionMessage.Circle.MISSING else None)
    for each in addresses_of(occasion, now=timezone.now()):
        if (each.circle, each.session.pk if each.session else None) == wanted:
            return each
    raise serializers.ValidationError({"session": [_("There is no such day, or it has not begun.")]})


@extend_schema_view(
    get=extend_schema(
        operation_id="messages_list",
        tags=["participants"],
        parameters=[
            OpenApiParameter("to", str, enum=OccasionMessage.Circle.values, description="Only to these."),
            by_order(NEWEST_FIRST),
        ],
    )
)
class MessageList(generics.ListAPIView):
    """What was written to the people of the occasion, the newest first; for those who lead it."""

    serializer_class = MessageSerializer

    def get_queryset(self) -> QuerySet[Any]:
        occasion = led_occasion(self.request, self.kwargs["pk"])
        asked, messages = read_filters(self.request, "to", "order"), OccasionMessage.objects.filter(occasion=occasion)
        if to := asked.get("to", ""):
            if to not in OccasionMessage.Circle.values:
                raise serializers.ValidationError({"to": [_("Nobody is called that here.")]})
            messages = messages.filter(circle=to)
        return put_in_order(_described(messages), asked, NEWEST_FIRST)

    @extend_schema(
        operation_id="messages_send",
        tags=["participants"],
        request=MessageRequestSerializer,
        responses={
            201: MessageSerializer,
            200: OpenApiResponse(MessageSerializer, description="It was sent before, with the same key."),
            409: refusals("nobody_there", "list_changed", "message_elsewhere"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write to everyone who is booked, to the waiting list, or to those missing on a day. Each gets one letter."""
        occasion = led_occasion(request, pk)
        asked = MessageRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        message, is_new = send_message(
            occasion,
            key=wanted["key"],
            to=_address(occasion, wanted),
            subject=wanted["subject"],
            text=wanted["text"],
            by=person_of(request),
            now=timezone.now(),
            shown=wanted["receivers"],
        )
        answer = MessageSerializer(_described(OccasionMessage.objects.filter(pk=message.pk)).get()).data
        return Response(answer, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class OccasionCancel(APIView):
    @extend_schema(
        operation_id="occasions_cancel",
        tags=["participants"],
        request=CancelSerializer,
        responses={204: None, 409: refusals("occasion_started")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Cancel the whole occasion, with one text to all. Cancelled twice is cancelled once."""
        occasion = led_occasion(request, pk)
        if not person_of(request).has_perm("courses.change_occasion"):
            raise PermissionDenied
        asked = CancelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        cancel_occasion(occasion, by=person_of(request), now=timezone.now(), why=asked.validated_data["why"])
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("occasions/<int:pk>/messages/", MessageList.as_view(), name="api_messages"),
    path("occasions/<int:pk>/cancel/", OccasionCancel.as_view(), name="api_occasion_cancel"),
]
