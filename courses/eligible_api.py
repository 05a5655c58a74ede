"""Who could come to an occasion, and inviting them, by API; for whoever leads it."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import read_body, refusals
from courses.list_filters import by_order, put_in_order, read_filters, read_truth
from courses.models import Occasion
from courses.participant_queries import eligible_for, in_unit, invited_at, units_on
from courses.participants_api import PersonInBriefSerializer, led_occasion
from courses.services.inviting import MOST_AT_ONCE, invite_people
from people.models import Unit
from people.requests import person_of
from shared.sorting import swedish_sort_key

ORDERS: dict[str, list[Any]] = {
    "name": ["sort_key", "id"],
    "interest": [F("interested_since").asc(nulls_last=True), "sort_key", "id"],
}


class EligibleSerializer(PersonInBriefSerializer):
    unit = serializers.CharField(allow_null=True)
    interested_since = serializers.DateTimeField(allow_null=True, help_text="When they asked to be told.")
    invited_at = serializers.DateTimeField(allow_null=True, help_text="Nobody is invited twice to an occasion.")


class InviteSerializer(serializers.Serializer):
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=1, max_length=MOST_AT_ONCE,
        help_text="Their ids.",
    )  # fmt: skip


class InvitedSerializer(serializers.Serializer):
    letters = serializers.IntegerField(help_text="How many were written; none to who was invited, or can't come.")


@extend_schema_view(
    get=extend_schema(
        operation_id="eligible_list",
        tags=["participants"],
        parameters=[
            OpenApiParameter("interested", bool, description="Whether they asked to be told of the course."),
            OpenApiParameter("unit", str, description="A unit's code: those who work there or below."),
            OpenApiParameter("q", str, description="Words of the name."),
            by_order(ORDERS, "`interest` has who asked first first"),
        ],
    )
)
class EligibleList(generics.ListAPIView):
    """Who could come: employed where it is for, not trained, and with no booking of the course ahead."""

    serializer_class = EligibleSerializer

    def get_queryset(self) -> QuerySet[Any]:
        asked, day = read_filters(self.request, "interested", "unit", "q", "order"), timezone.localdate()
        people = eligible_for(led_occasion(self.request, self.kwargs["pk"]), day=day)
        if (interested := read_truth(asked, "interested")) is not None:
            people = people.filter(interested_since__isnull=not interested)
        if code := asked.get("unit", ""):
            unit = Unit.objects.filter(code=code).first()
            people = in_unit(people, unit, day=day) if unit is not None else people.none()
        for word in asked.get("q", "").replace("\0", "").split():
            people = people.filter(sort_key__contains=swedish_sort_key(word))
        return put_in_order(people, asked, ORDERS)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Of the page alone it is asked where they work and whether they are invited."""
        page: list[Any] = super().paginate_queryset(queryset) or []
        pks, occasion = [person.pk for person in page], Occasion(pk=self.kwargs["pk"])
        units, invited = units_on(pks, day=timezone.localdate()), invited_at(occasion, pks)
        for person in page:
            person.unit = units[person.pk].name if person.pk in units else None
            person.invited_at = invited.get(person.pk)
        return page


class Invitations(APIView):
    @extend_schema(
        operation_id="occasions_invite",
        tags=["participants"],
        request=InviteSerializer,
        responses={200: InvitedSerializer, 409: refusals("occasion_not_open")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Invite people of that list by a letter. Sent twice each gets one letter."""
        occasion, asked = led_occasion(request, pk), read_body(InviteSerializer, request)
        letters = invite_people(occasion, people=asked["people"], by=person_of(request), now=timezone.now())
        return Response({"letters": letters})


urlpatterns = [
    path("occasions/<int:pk>/eligible/", EligibleList.as_view(), name="api_eligible"),
    path("occasions/<int:pk>/invitations/", Invitations.as_view(), name="api_invitations"),
]
