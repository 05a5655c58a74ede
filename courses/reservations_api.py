"""Places kept for a unit, by API: kept and let go by whoever leads, named by the unit's manager."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import BookingSerializer, describe_booking
from courses.api_parts import MomentField, refusals
from courses.list_filters import BY_OCCASION, by_order, put_in_order, put_rows_in_order, read_filters, read_id
from courses.models import Booking, Reservation
from courses.planning_api import planned_occasion
from courses.queries import reservations_to_name
from courses.services.limits import open_reservations
from courses.services.reservations import may_name, name_for_place, release_reservation, reserve_places
from people.models import Person, Unit
from people.requests import person_of

NAMING_ORDERS = {
    "until": lambda kept: (kept.until, kept.pk),
    "-until": lambda kept: (kept.until, kept.pk),
    "unit": lambda kept: (kept.unit.sort_key, kept.pk),
}
ORDERS = {"until": ["until", "id"], "-until": ["-until", "-id"], "unit": ["unit__sort_key", "id"]}


class ReservationSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    occasion = serializers.IntegerField(source="occasion_id", read_only=True)
    unit = serializers.SlugRelatedField(slug_field="code", queryset=Unit.objects.all(), help_text="The unit's code.")
    places = serializers.IntegerField(min_value=1, max_value=1000)
    used = serializers.SerializerMethodField(help_text="How many of them somebody holds.")
    until = MomentField(help_text="What nobody holds by then is everyone's.")
    released_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_used(self, reservation: Reservation) -> int:
        counted = getattr(reservation, "used", None)
        return reservation.bookings.filter(state__in=Booking.HOLDING).count() if counted is None else counted


class NameSerializer(serializers.Serializer):
    person = serializers.EmailField(help_text="The address at work of one of the unit's people.")


@extend_schema_view(
    get=extend_schema(
        operation_id="reservations_list",
        tags=["planning"],
        parameters=[
            OpenApiParameter("unit", str, description="A unit's code."),
            by_order(ORDERS),
        ],
    )
)
class OccasionReservations(generics.ListAPIView):
    """Places of the occasion that are kept for units; for whoever leads it and may plan."""

    serializer_class = ReservationSerializer

    def get_queryset(self) -> QuerySet[Any]:
        asked = read_filters(self.request, "unit", "order")
        kept = open_reservations(planned_occasion(self.request, self.kwargs["pk"]))
        if unit := asked.get("unit", ""):
            kept = kept.filter(unit__code=unit)
        return put_in_order(kept, asked, ORDERS)

    @extend_schema(
        operation_id="reservations_make",
        tags=["planning"],
        request=ReservationSerializer,
        responses={201: ReservationSerializer, 409: refusals("already_reserved", "reservation_outside")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep free places for a unit until a moment. Its manager gets a letter and names who comes."""
        occasion, asked = planned_occasion(request, pk), ReservationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = reserve_places(occasion, now=timezone.now(), **asked.validated_data)
        return Response(ReservationSerializer(made).data, status=status.HTTP_201_CREATED)


class ReservationDetail(APIView):
    @extend_schema(operation_id="reservations_read", tags=["planning"], responses=ReservationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """For the unit's manager, one above, and whoever leads the occasion."""
        return Response(ReservationSerializer(_nameable(request, pk)).data)

    @extend_schema(operation_id="reservations_release", tags=["planning"], responses=ReservationSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Let go before its moment: what nobody holds goes to the queue. Let go twice is let go once."""
        reservation = get_object_or_404(Reservation, pk=pk)
        planned_occasion(request, reservation.occasion_id)
        return Response(ReservationSerializer(release_reservation(reservation, now=timezone.now())).data)


class ReservationName(APIView):
    @extend_schema(
        operation_id="reservations_name",
        tags=["planning"],
        request=NameSerializer,
        responses={
            200: BookingSerializer,
            409: refusals("reservation_full", "reservation_released", "not_of_the_unit"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Name one of the unit's people: the place is theirs. Named twice is named once."""
        reservation, asked = _nameable(request, pk), NameSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        person = Person.objects.filter(email__iexact=asked.validated_data["person"], is_active=True).first()
        if person is None:
            raise serializers.ValidationError({"person": [_("Nobody here has that address.")]})
        booking, _is_new = name_for_place(reservation, person=person, by=person_of(request), now=timezone.now())
        booking.occasion = reservation.occasion
        return Response(describe_booking(booking))


@extend_schema_view(
    get=extend_schema(
        operation_id="reservations_to_name",
        tags=["planning"],
        parameters=[
            OpenApiParameter("unit", str, description="A unit's code."),
            BY_OCCASION,
            by_order(NAMING_ORDERS),
        ],
    )
)
class ReservationsToName(generics.ListAPIView):
    """Places kept for the units that you manage, whose people can still be named; the most urgent first."""

    serializer_class = ReservationSerializer

    def get_queryset(self) -> Any:
        asked = read_filters(self.request, "unit", "occasion", "order")
        kept = reservations_to_name(person_of(self.request), now=timezone.now())
        if unit := asked.get("unit", ""):
            kept = [each for each in kept if each.unit.code == unit]
        if (occasion := read_id(asked, "occasion")) is not None:
            kept = [each for each in kept if each.occasion_id == occasion]
        return put_rows_in_order(kept, asked, NAMING_ORDERS)


def _nameable(request: Request, pk: int) -> Reservation:
    found = Reservation.objects.select_related("unit__administration", "occasion__course")
    reservation = get_object_or_404(found, pk=pk)
    if not may_name(person_of(request), reservation, occasion=reservation.occasion):
        raise Http404
    return reservation


urlpatterns = [
    path("reservations/", ReservationsToName.as_view(), name="api_reservations_to_name"),
    path("reservations/<int:pk>/", ReservationDetail.as_view(), name="api_reservation"),
    path("reservations/<int:pk>/name/", ReservationName.as_view(), name="api_reservation_name"),
    path("occasions/<int:pk>/reservations/", OccasionReservations.as_view(), name="api_occasion_reservations"),
]
