"""The people on an occasion by API: read by those who lead it and by HR, acted on by those who lead it.

For everyone else neither the occasion's people nor a booking of another exist. Each act can be sent twice and acts
once; it wants a reason, which stands in the booking's history.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import OccasionSerializer
from courses.api_parts import read_body, refusals
from courses.bookings_api import LineSerializer, NeedsSerializer
from courses.history_words import histories_of
from courses.list_filters import by_order, put_in_order, read_filters, read_states
from courses.models import Attendance, Booking, Occasion
from courses.paper_queries import may_have_participants
from courses.participants import signs_of
from courses.queries import facilitated_by, live_booking
from courses.rules import may_lead
from courses.services.booking import cancel_booking, give_place, give_place_to
from courses.services.moving import move_booking
from people.models import Employment, Person
from people.requests import person_of
from shared.rules import RuleBroken

LED_ORDERS = {"-start": ["-starts_at", "-id"], "start": ["starts_at", "id"]}
ORDERS = {"name": ["person__sort_key", "id"], "queue": ["id"], "-queue": ["-id"]}


class LedOccasionSerializer(OccasionSerializer):
    state = serializers.ChoiceField(choices=Occasion.State.choices)
    held = serializers.IntegerField(help_text="Places that someone is booked on, asked for or offered.")
    min_places = serializers.IntegerField(help_text="The fewest that make it worth holding; 0 for no fewest.")
    is_hidden = serializers.BooleanField()


class PersonInBriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    employee_id = serializers.CharField(allow_null=True)
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    email = serializers.EmailField()


class MarkInBriefSerializer(serializers.Serializer):
    session = serializers.IntegerField(source="session_id")
    state = serializers.ChoiceField(choices=Attendance.State.choices)
    minutes = serializers.IntegerField(allow_null=True)


class ParticipantSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The booking's id.")
    occasion = serializers.IntegerField(source="occasion_id")
    person = PersonInBriefSerializer()
    unit = serializers.CharField(allow_null=True, help_text="The unit on the occasion's first day.")
    state = serializers.ChoiceField(choices=Booking.State.choices)
    asked_at = serializers.DateTimeField(source="created_at")
    reserved = serializers.SerializerMethodField(help_text="The place is one of those kept for the person's unit.")
    attendance = MarkInBriefSerializer(source="attendances", many=True)

    def get_reserved(self, booking: Booking) -> bool:
        return booking.reservation_id is not None


class NoShowSerializer(serializers.Serializer):
    occasion = serializers.IntegerField(source="pk")
    course = serializers.CharField(source="course.slug")
    starts_at = serializers.DateTimeField()


class LikenessSerializer(serializers.Serializer):
    person = PersonInBriefSerializer()
    has_same_name = serializers.BooleanField()
    has_same_unit = serializers.BooleanField()
    has_like_address = serializers.BooleanField()
    has_same_account = serializers.BooleanField(help_text="The same before the @, in two domains.")
    is_known_once = serializers.BooleanField(help_text="HR has a number for the one of them alone.")


class ListedParticipantSerializer(ParticipantSerializer):
    needs = NeedsSerializer(
        source="signs.needs", default=None, allow_null=True,
        help_text="For the occasion's own facilitators, while it is kept: null for others, and where nothing is told.",
    )  # fmt: skip
    no_shows = NoShowSerializer(
        source="signs.no_shows", many=True, default=list,
        help_text="Earlier places where every mark says absent; for the occasion's own facilitators.",
    )  # fmt: skip
    likenesses = LikenessSerializer(
        source="signs.likenesses", many=True, default=list,
        help_text="Who else in the register may be the same person; for those who lead.",
    )  # fmt: skip


class ParticipantWithHistorySerializer(ParticipantSerializer):
    history = LineSerializer(many=True)


class WhySerializer(serializers.Serializer):
    why = serializers.CharField(max_length=250, help_text="Is kept, and the person can read it.")


class GiveSerializer(WhySerializer):
    person = serializers.EmailField(help_text="The address at work of whoever gets the place.")


class MoveParticipantSerializer(WhySerializer):
    occasion = serializers.IntegerField(min_value=1, max_value=2**31, help_text="The id of the occasion to move to.")


def read_occasion(request: Request, pk: int) -> Occasion:
    """For whoever leads it and for HR."""
    occasion = get_object_or_404(Occasion.objects.select_related("course"), pk=pk)
    if not may_have_participants(person_of(request), occasion):
        raise Http404
    return occasion


def led_occasion(request: Request, pk: int) -> Occasion:
    """For whoever leads it. Who may only read is told so; for everyone else it does not exist."""
    occasion = read_occasion(request, pk)
    if not may_lead(person_of(request), occasion):
        raise PermissionDenied
    return occasion


def led_booking(request: Request, pk: int) -> Booking:
    booking = get_object_or_404(Booking.objects.select_related("person", "replaces"), pk=pk)
    booking.occasion = led_occasion(request, booking.occasion_id)
    return booking


def with_units(bookings: QuerySet[Booking]) -> QuerySet[Any]:
    employed = Employment.objects.filter(person=OuterRef("person"), is_main=True)
    that_day = employed.on(OuterRef("occasion__starts_at__date"))  # type: ignore[arg-type]  # a day of the row
    return (
        bookings.select_related("person")
        .prefetch_related("attendances")
        .annotate(unit=Subquery(that_day.values("unit__name")[:1]))
    )


def describe(pk: int) -> dict[str, Any]:
    booking = with_units(Booking.objects.filter(pk=pk)).get()
    booking.history = histories_of([booking])[pk]
    return dict(ParticipantWithHistorySerializer(booking).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="occasions_led",
        tags=["participants"],
        parameters=[
            OpenApiParameter("state", str, enum=Occasion.State.values, many=True, description="Only in these states."),
            OpenApiParameter("when", str, enum=["coming", "past"], description="Both if left out."),
            by_order(LED_ORDERS),
        ],
    )
)
class LedOccasionList(generics.ListAPIView):
    """The occasions that you lead, drafts too, the latest start first."""

    serializer_class = LedOccasionSerializer

    def get_queryset(self) -> QuerySet[Occasion]:
        asked, me = read_filters(self.request, "state", "when", "order"), person_of(self.request)
        if not me.has_perm("courses.take_attendance"):
            return Occasion.objects.none()
        occasions = facilitated_by(me)
        if states := read_states(asked, Occasion.State.values):
            occasions = occasions.filter(state__in=states)
        match asked.get("when", ""):
            case "coming":
                occasions = occasions.filter(ends_at__gte=timezone.now())
            case "past":
                occasions = occasions.filter(ends_at__lt=timezone.now())
            case "":
                pass
            case _other:
                raise serializers.ValidationError({"when": [_("Write coming or past.")]})
        return put_in_order(occasions, asked, LED_ORDERS)


@extend_schema_view(
    get=extend_schema(
        operation_id="participants_list",
        tags=["participants"],
        parameters=[
            OpenApiParameter("state", str, enum=Booking.State.values, many=True, description="Live ones if left out."),
            by_order(ORDERS, "`queue` is as asked"),
        ],
    )
)
class ParticipantList(generics.ListAPIView):
    """Who is on the occasion, with attendance; for those who lead it and for HR. What there is to know about those who
    have or wait for a place is told to those who lead, and what they need to its own facilitators alone."""

    serializer_class = ListedParticipantSerializer

    def get_queryset(self) -> QuerySet[Booking]:
        asked = read_filters(self.request, "state", "order")
        self.occasion = read_occasion(self.request, self.kwargs["pk"])
        bookings = with_units(Booking.objects.filter(occasion=self.occasion))
        states = read_states(asked, Booking.State.values) or [state.value for state in Booking.LIVE]
        return put_in_order(bookings.filter(state__in=states), asked, ORDERS)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Signs are looked for where they are shown."""
        page: list[Any] = super().paginate_queryset(queryset) or []
        me, occasion = person_of(self.request), self.occasion
        live = [booking for booking in page if booking.state in Booking.LIVE]
        signs = signs_of(occasion, live, reader=me, now=timezone.now()) if may_lead(me, occasion) else {}
        for booking in page:
            if booking.pk in signs:
                booking.signs = signs[booking.pk]
        return page

    @extend_schema(
        operation_id="participants_give",
        tags=["participants"],
        request=GiveSerializer,
        responses={
            201: ParticipantWithHistorySerializer,
            200: OpenApiResponse(ParticipantWithHistorySerializer, description="The person had a place already."),
            409: refusals("occasion_full", "occasion_not_open"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give a free place to somebody, past the list and past the closing; only for those who lead."""
        occasion, asked = led_occasion(request, pk), read_body(GiveSerializer, request)
        person = Person.objects.filter(email__iexact=asked["person"], is_active=True).first()
        if person is None:
            raise serializers.ValidationError({"person": [_("Nobody here has that address.")]})
        before = live_booking(occasion, person=person)
        booking = give_place_to(person, on=occasion, by=person_of(request), now=timezone.now(), why=asked["why"])
        had_one = before is not None and before.state in Booking.HOLDING
        return Response(describe(booking.pk), status=status.HTTP_200_OK if had_one else status.HTTP_201_CREATED)


class ParticipantDetail(APIView):
    @extend_schema(operation_id="participants_read", tags=["participants"], responses=ParticipantWithHistorySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One booking with its history in words; for those who lead the occasion and for HR."""
        booking = get_object_or_404(Booking, pk=pk)
        read_occasion(request, booking.occasion_id)
        return Response(describe(pk))


class ParticipantCancel(APIView):
    @extend_schema(
        operation_id="participants_cancel",
        tags=["participants"],
        request=WhySerializer,
        responses={200: ParticipantWithHistorySerializer, 409: refusals("booking_not_live", "attendance_marked")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Cancel for someone, also past the last moment; the place goes on to the first who waits."""
        booking, asked = led_booking(request, pk), read_body(WhySerializer, request)
        cancel_booking(booking, by=person_of(request), now=timezone.now(), why=asked["why"])
        return Response(describe(pk))


class ParticipantGive(APIView):
    @extend_schema(
        operation_id="participants_promote",
        tags=["participants"],
        request=WhySerializer,
        responses={200: ParticipantWithHistorySerializer, 409: refusals("occasion_full", "booking_not_live")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give a free place to someone who waits."""
        booking, asked = led_booking(request, pk), read_body(WhySerializer, request)
        give_place(booking, by=person_of(request), now=timezone.now(), why=asked["why"])
        return Response(describe(pk))


class ParticipantMove(APIView):
    @extend_schema(
        operation_id="participants_move",
        tags=["participants"],
        request=MoveParticipantSerializer,
        responses={
            200: ParticipantWithHistorySerializer,
            409: refusals("occasion_full", "already_there", "attendance_marked", "not_for_you"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move someone's place to another occasion; answers the booking there."""
        booking, asked = led_booking(request, pk), read_body(MoveParticipantSerializer, request)
        there = Occasion(pk=asked["occasion"])
        try:
            new = move_booking(booking, to=there, by=person_of(request), now=timezone.now(), why=asked["why"])
        except (Occasion.DoesNotExist, RuleBroken) as refusal:
            if isinstance(refusal, RuleBroken) and refusal.code != "occasion_not_open":  # a draft is nobody's business
                raise
            raise serializers.ValidationError({"occasion": [_("There is no such occasion.")]}) from None
        return Response(describe(new.pk))


urlpatterns = [
    path("occasions/<int:pk>/participants/", ParticipantList.as_view(), name="api_participants"),
    path("participants/<int:pk>/", ParticipantDetail.as_view(), name="api_participant"),
    path("participants/<int:pk>/cancel/", ParticipantCancel.as_view(), name="api_participant_cancel"),
    path("participants/<int:pk>/give/", ParticipantGive.as_view(), name="api_participant_give"),
    path("participants/<int:pk>/move/", ParticipantMove.as_view(), name="api_participant_move"),
]
