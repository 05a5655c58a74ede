"""What one does with one's own bookings by API: move, hand over, answer an offer, tell what one
needs, read the history.

Each act can be sent twice and acts once. A rule that says no answers 409 with its code.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import BookingSerializer, CourseInBriefSerializer, describe_booking, own_booking
from courses.api_parts import DECIDERS, WHO_DECIDES, read_body, refusals
from courses.history import standing_of
from courses.list_filters import (
    BY_COURSE,
    NEWEST_FIRST,
    by_order,
    put_in_order,
    put_rows_in_order,
    read_filters,
    read_truth,
)
from courses.models import Booking, Course, Interest, Occasion, Offer
from courses.queries import clashes_of, open_interests
from courses.services.handing_over import hand_over_to_address
from courses.services.interest import end_interest, note_interest
from courses.services.moving import move_booking
from courses.services.needs import Needs, read_needs, write_needs
from courses.services.offers import accept_offer, decline_offer
from people.requests import person_of
from shared.rules import RuleBroken


class MoveSerializer(serializers.Serializer):
    occasion = serializers.IntegerField(min_value=1, max_value=2**31, help_text="The id of the occasion to move to.")
    wait = serializers.BooleanField(
        default=False, help_text="Full there: join its waiting list and keep the old place until one is yours."
    )


class HandOverSerializer(serializers.Serializer):
    to = serializers.EmailField(help_text="The colleague's address at work.")


class OfferSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    booking = serializers.IntegerField(source="booking_id")
    occasion = serializers.IntegerField(source="booking.occasion_id")
    course = CourseInBriefSerializer(source="booking.occasion.course")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="The place is held for you until then.")
    answer = serializers.ChoiceField(choices=Offer.Answer.choices)


class NeedsSerializer(serializers.Serializer):
    food = serializers.CharField(max_length=250, allow_blank=True, default="")
    hearing_loop = serializers.BooleanField(default=False)
    wheelchair = serializers.BooleanField(default=False)
    other = serializers.CharField(max_length=500, allow_blank=True, default="")


class LineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Booking.State.choices)
    says = serializers.CharField(help_text="A sentence in your language.")
    why = serializers.CharField()


class StandingSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Booking.State.choices)
    position = serializers.IntegerField(allow_null=True, help_text="1 for the first who waits.")
    rule = serializers.CharField(help_text="How the queue works here, in a sentence.")
    offers_until = serializers.DateTimeField()
    cancel_until = serializers.DateTimeField()
    may_cancel = serializers.BooleanField()
    answer_offer_by = serializers.DateTimeField(allow_null=True)
    decide_by = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.ChoiceField(DECIDERS, help_text=WHO_DECIDES)
    moves_from = serializers.IntegerField(allow_null=True, help_text="The occasion given up when this is certain.")
    history = LineSerializer(many=True)


class ClashSerializer(serializers.Serializer):
    session = serializers.IntegerField(source="here.pk")
    other_session = serializers.IntegerField(source="other.pk")
    other_occasion = serializers.IntegerField(source="other.occasion_id")
    other_course = serializers.CharField(source="other.occasion.course.name")
    starts_at = serializers.DateTimeField(source="other.starts_at")
    ends_at = serializers.DateTimeField(source="other.ends_at")
    leads = serializers.BooleanField(help_text="You lead it, rather than attend it.")


class InterestRequestSerializer(serializers.Serializer):
    course = serializers.SlugField(max_length=80, help_text="The course's slug.")


class InterestSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    course = CourseInBriefSerializer()
    since = serializers.DateTimeField()


class BookingMove(APIView):
    @extend_schema(
        operation_id="bookings_move",
        tags=["bookings"],
        request=MoveSerializer,
        responses={
            200: BookingSerializer,
            409: refusals("occasion_full", "already_there", "move_pending", "too_late_to_move", "not_for_you"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move to another occasion; answers the booking there. The old place is kept until the new one is certain."""
        booking, asked = own_booking(request, pk), read_body(MoveSerializer, request)
        there = Occasion(pk=asked["occasion"])
        try:
            new = move_booking(booking, to=there, by=person_of(request), now=timezone.now(), wait=asked["wait"])
        except (Occasion.DoesNotExist, RuleBroken) as refusal:
            if isinstance(refusal, RuleBroken) and refusal.code != "occasion_not_open":  # a draft is nobody's business
                raise
            raise serializers.ValidationError({"occasion": [_("There is no such occasion.")]}) from None
        return Response(describe_booking(new))


class BookingHandOver(APIView):
    @extend_schema(
        operation_id="bookings_hand_over",
        tags=["bookings"],
        request=HandOverSerializer,
        responses={
            200: BookingSerializer,
            409: refusals("too_late_to_hand_over", "no_place_yet", "not_to_them", "too_many_tries"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Hand your place over to a colleague, past the waiting list; answers your own booking as it is then.

        `not_to_them` is whatever is about the colleague: nobody has the address, or a place can't go there.
        """
        booking, asked = own_booking(request, pk), read_body(HandOverSerializer, request)
        hand_over_to_address(booking, address=asked["to"], by=person_of(request), now=timezone.now())
        return Response(describe_booking(own_booking(request, pk)))


class BookingHistory(APIView):
    @extend_schema(operation_id="bookings_history", tags=["bookings"], responses=StandingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Where the booking stands, its place in the queue, the rules and moments, and its history in words."""
        return Response(StandingSerializer(standing_of(own_booking(request, pk), now=timezone.now())).data)


class BookingNeedsView(APIView):
    @extend_schema(operation_id="bookings_needs", tags=["bookings"], responses=NeedsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What you told that you need; only you and the occasion's facilitators can read it."""
        needs = read_needs(own_booking(request, pk), reader=person_of(request))
        return Response(NeedsSerializer(needs).data)

    @extend_schema(
        operation_id="bookings_tell_needs",
        tags=["bookings"],
        request=NeedsSerializer,
        responses={200: NeedsSerializer, 409: refusals("needs_not_asked", "booking_not_live")},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Tell what you need, where the occasion asks. It is erased 30 days after the last day."""
        booking, needs = own_booking(request, pk), Needs(**read_body(NeedsSerializer, request))
        write_needs(booking, by=person_of(request), needs=needs, now=timezone.now())
        return Response(NeedsSerializer(read_needs(booking, reader=person_of(request))).data)


OFFER_ORDERS = {"expires": ["expires_at", "id"], "-expires": ["-expires_at", "-id"]}


def _list(operation: str, tag: str, orders: Mapping[str, list[str]]) -> Any:
    """How a list of one's own by course, in one of the orders, stands in the schema."""
    shown = extend_schema(operation_id=operation, tags=[tag], parameters=[BY_COURSE, by_order(orders)])
    return extend_schema_view(get=shown)


@_list("offers_list", "bookings", OFFER_ORDERS)
class OfferList(generics.ListAPIView):
    """Places that are held for you until you answer, the most urgent first."""

    serializer_class = OfferSerializer

    def get_queryset(self) -> QuerySet[Offer]:
        own = Offer.objects.filter(booking__person=person_of(self.request), answer=Offer.Answer.OPEN)
        asked = read_filters(self.request, "course", "order")
        if course := asked.get("course", ""):
            own = own.filter(booking__occasion__course__slug=course)
        return put_in_order(own.select_related("booking__occasion__course"), asked, OFFER_ORDERS)


def _own_offer(request: Request, pk: int) -> Offer:
    own = Offer.objects.filter(booking__person=person_of(request)).select_related("booking")
    return get_object_or_404(own, pk=pk)


class OfferAccept(APIView):
    @extend_schema(
        operation_id="offers_accept",
        tags=["bookings"],
        request=None,
        responses={200: BookingSerializer, 409: refusals("offer_lapsed", "occasion_cancelled")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Yes, please: the place is yours (or asked for, where your manager or the facilitator decides)."""
        return Response(
            describe_booking(accept_offer(_own_offer(request, pk), by=person_of(request), now=timezone.now()))
        )


class OfferDecline(APIView):
    @extend_schema(
        operation_id="offers_decline",
        tags=["bookings"],
        request=None,
        responses={200: BookingSerializer, 409: refusals("offer_answered")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """No, thank you: the place goes to the next, and you leave the list."""
        return Response(
            describe_booking(decline_offer(_own_offer(request, pk), by=person_of(request), now=timezone.now()))
        )


CLASH_ORDERS = {
    "start": lambda clash: (clash.other.starts_at, clash.other.pk, clash.here.pk),
    "-start": lambda clash: (clash.other.starts_at, clash.other.pk, clash.here.pk),
}


@extend_schema_view(
    get=extend_schema(
        operation_id="occasions_clashes",
        tags=["courses"],
        parameters=[
            OpenApiParameter("leads", bool, description="Whether you lead the other one, rather than attend it."),
            by_order(CLASH_ORDERS),
        ],
    )
)
class OccasionClashes(generics.ListAPIView):
    """What else you have at the times of this occasion: a warning, no refusal."""

    serializer_class = ClashSerializer

    def get_queryset(self) -> Any:
        asked = read_filters(self.request, "leads", "order")
        seen = Occasion.objects.exclude(state=Occasion.State.DRAFT)
        clashes = clashes_of(person_of(self.request), get_object_or_404(seen, pk=self.kwargs["pk"]))
        if (leads := read_truth(asked, "leads")) is not None:
            clashes = [clash for clash in clashes if clash.leads is leads]
        return put_rows_in_order(clashes, asked, CLASH_ORDERS)


@_list("interests_list", "courses", NEWEST_FIRST)
class InterestList(generics.ListAPIView):
    """The courses that you want to be told of, the newest first."""

    serializer_class = InterestSerializer

    def get_queryset(self) -> QuerySet[Interest]:
        asked, own = read_filters(self.request, "course", "order"), open_interests(person_of(self.request))
        if course := asked.get("course", ""):
            own = own.filter(course__slug=course)
        return put_in_order(own, asked, NEWEST_FIRST)

    @extend_schema(
        operation_id="interests_note",
        tags=["courses"],
        request=InterestRequestSerializer,
        responses={201: InterestSerializer, 200: OpenApiResponse(InterestSerializer, description="Noted before.")},
    )
    def post(self, request: Request) -> Response:
        """Ask for a letter when there is an occasion of the course that you may book."""
        slug = read_body(InterestRequestSerializer, request)["course"]
        course = Course.objects.filter(slug=slug, is_listed=True).first()
        if course is None:
            raise serializers.ValidationError({"course": [_("There is no such course.")]})
        interest, is_new = note_interest(course, person=person_of(request), now=timezone.now())
        answer = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(InterestSerializer(interest).data, status=answer)


class InterestDetail(APIView):
    @extend_schema(operation_id="interests_end", tags=["courses"], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """No more letters about this course. Ended twice is ended once."""
        own = Interest.objects.filter(person=person_of(request))
        end_interest(get_object_or_404(own, pk=pk), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("bookings/<int:pk>/move/", BookingMove.as_view(), name="api_booking_move"),
    path("bookings/<int:pk>/hand-over/", BookingHandOver.as_view(), name="api_booking_hand_over"),
    path("bookings/<int:pk>/history/", BookingHistory.as_view(), name="api_booking_history"),
    path("bookings/<int:pk>/needs/", BookingNeedsView.as_view(), name="api_booking_needs"),
    path("offers/", OfferList.as_view(), name="api_offers"),
    path("offers/<int:pk>/accept/", OfferAccept.as_view(), name="api_offer_accept"),
    path("offers/<int:pk>/decline/", OfferDecline.as_view(), name="api_offer_decline"),
    path("occasions/<int:pk>/clashes/", OccasionClashes.as_view(), name="api_occasion_clashes"),
    path("interests/", InterestList.as_view(), name="api_interests"),
    path("interests/<int:pk>/", InterestDetail.as_view(), name="api_interest"),
]
