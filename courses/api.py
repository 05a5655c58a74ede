"""Courses, occasions and one's own bookings by API."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import NEEDS_APPROVAL
from courses.list_filters import BY_COURSE, by_order, put_in_order, read_filters, read_states, read_truth
from courses.models import Booking, Course, Occasion, Session
from courses.queries import bookings_of, places_of, with_places
from courses.services.booking import book_place, cancel_booking
from people.requests import person_of
from shared.rules import RuleBroken


class CourseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Course
        fields = [
            "id", "slug", "title", "title_en", "outcome", "outcome_en", "audience", "audience_en",
            "hours", "days", "needs_approval",
        ]  # fmt: skip


class SessionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    place = serializers.CharField()
    address = serializers.CharField()
    remote = serializers.SerializerMethodField(help_text="Can be attended remotely; the link comes with a place.")

    def get_remote(self, session: Session) -> bool:
        return bool(session.link)


class CourseInBriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()


class OccasionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    course = CourseInBriefSerializer()
    sessions = SessionSerializer(many=True)
    language = serializers.CharField()
    places = serializers.IntegerField()
    places_left = serializers.SerializerMethodField(help_text="Places that you could book now: 0 while someone waits.")
    waiting = serializers.IntegerField(help_text="How many wait for a place.")
    booking_closes_at = serializers.DateTimeField()

    def get_places_left(self, occasion: Occasion) -> int:
        return places_of(occasion).left


class BookingSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    occasion = serializers.IntegerField(source="occasion_id")
    course = CourseInBriefSerializer(source="occasion.course")
    starts_at = serializers.DateTimeField(source="occasion.starts_at")
    state = serializers.ChoiceField(choices=Booking.State.choices)
    asked_at = serializers.DateTimeField(source="created_at")


class BookingRequestSerializer(serializers.Serializer):
    wait = serializers.BooleanField(default=False, help_text="Join the waiting list when every place is taken.")


COURSE_ORDERS = {"title": ["sort_key", "id"], "-title": ["-sort_key", "-id"], "hours": ["hours", "sort_key", "id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="courses_list",
        tags=["courses"],
        parameters=[
            OpenApiParameter("needs_approval", bool, description=NEEDS_APPROVAL),
            by_order(COURSE_ORDERS),
        ],
    )
)
class CourseList(generics.ListAPIView):
    """The courses of the catalogue, in Swedish order."""

    permission_classes = [AllowAny]
    serializer_class = CourseSerializer

    def get_queryset(self) -> QuerySet[Course]:
        asked = read_filters(self.request, "needs_approval", "order")
        courses = Course.objects.filter(is_listed=True)
        if (approval := read_truth(asked, "needs_approval")) is not None:
            courses = courses.filter(needs_approval=approval)
        return put_in_order(courses, asked, COURSE_ORDERS)


OCCASION_ORDERS = {"start": ["starts_at", "id"], "-start": ["-starts_at", "-id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="occasions_list",
        tags=["courses"],
        parameters=[
            OpenApiParameter("course", str, description="A course's slug or id."),
            OpenApiParameter(
                "from", OpenApiTypes.DATE, description="Occasions that start on this day or later; today if left out."
            ),
            OpenApiParameter("month", str, description="Occasions that start in this month: 2027-03."),
            OpenApiParameter("place", str, description="The name of a room in which one of the days is."),
            OpenApiParameter("remote", bool, description="Whether there is a day that has no room, only a link."),
            OpenApiParameter("places_left", int, description="Occasions with at least this many places to book."),
            by_order(OCCASION_ORDERS),
        ],
    )
)
class OccasionList(generics.ListAPIView):
    """Open occasions, in order of start."""

    permission_classes = [AllowAny]
    serializer_class = OccasionSerializer

    def get_queryset(self) -> QuerySet[Occasion]:
        asked = read_filters(self.request, "course", "from", "month", "place", "remote", "places_left", "order")
        occasions = with_places(
            Occasion.objects.filter(state=Occasion.State.OPEN, course__is_listed=True, is_hidden=False)
        )
        if course := asked.get("course", "").strip():
            is_id = course.isdecimal() and len(course) < 10
            occasions = occasions.filter(course_id=int(course)) if is_id else occasions.filter(course__slug=course)
        occasions = occasions.filter(starts_at__gte=_read_day(asked.get("from", "")) or timezone.now())
        occasions = occasions.filter(_in_month(asked.get("month", "")))
        rooms = Session.objects.filter(occasion=OuterRef("pk"))
        if place := asked.get("place", "").strip():
            occasions = occasions.filter(Exists(rooms.filter(place=place)))
        if (remote := read_truth(asked, "remote")) is not None:
            without = Exists(rooms.filter(place=""))
            occasions = occasions.filter(without if remote else ~without)
        if (wanted := _read_count(asked.get("places_left", ""))) > 0:
            occasions = occasions.filter(waiting=0, held__lte=F("places") - F("reserved") - wanted)
        return put_in_order(occasions.select_related("course").prefetch_related("sessions"), asked, OCCASION_ORDERS)


def _read_day(text: str) -> dt.datetime | None:
    """The first moment of the day, Swedish time."""
    if not text.strip():
        return None
    try:
        day = dt.date.fromisoformat(text.strip())
        return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    except (ValueError, OverflowError):
        raise serializers.ValidationError({"from": [_("Write the day as YYYY-MM-DD.")]}) from None


def _in_month(text: str) -> Q:
    """Every month where nothing is asked for; Swedish time."""
    if not text.strip():
        return Q()
    try:
        first = timezone.make_aware(dt.datetime.strptime(text.strip(), "%Y-%m"))  # noqa: DTZ007 - made aware here
        later = timezone.make_aware((first + dt.timedelta(days=32)).replace(day=1, tzinfo=None))
    except (ValueError, OverflowError):
        raise serializers.ValidationError({"month": [_("Write the month as YYYY-MM.")]}) from None
    return Q(starts_at__gte=first, starts_at__lt=later)


def _read_count(text: str) -> int:
    words = text.strip().lower()
    if words in {"", "false"}:
        return 0
    if words == "true":
        return 1
    if not words.isdecimal() or len(words) > 6:
        raise serializers.ValidationError({"places_left": [_("Write a whole number.")]})
    return int(words)


class OccasionBookings(APIView):
    @extend_schema(
        operation_id="occasions_book",
        tags=["bookings"],
        request=BookingRequestSerializer,
        responses={
            201: BookingSerializer,
            200: OpenApiResponse(BookingSerializer, description="You already had this booking."),
            409: OpenApiResponse(description="A rule says no; `code` says which, for instance `occasion_full`."),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Book a place for yourself, or a place on the waiting list. The same call again gives the same booking."""
        wait = request.data.get("wait", False) if isinstance(request.data, dict) else None
        if not isinstance(wait, bool):
            raise serializers.ValidationError({"wait": [_("Write true or false.")]})
        try:
            booking, created = book_place(Occasion(pk=pk), person=person_of(request), now=timezone.now(), wait=wait)
        except Occasion.DoesNotExist:
            raise Http404 from None
        except RuleBroken as broken:
            if broken.code == "occasion_not_open":  # a draft is nobody's business
                raise Http404 from None
            raise
        return Response(describe_booking(booking), status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


def describe_booking(booking: Booking) -> dict[str, Any]:
    """The same shape as BookingSerializer, a tenth of its time: booking is what 500 people do at once."""
    occasion = booking.occasion
    return {
        "id": booking.pk,
        "occasion": occasion.pk,
        "course": {"id": occasion.course_id, "slug": occasion.course.slug, "title": occasion.course.title},
        "starts_at": timezone.localtime(occasion.starts_at).isoformat(),
        "state": booking.state,
        "asked_at": timezone.localtime(booking.created_at).isoformat(),
    }


ORDERS = {"newest": ["-id"], "start": ["occasion__starts_at", "id"], "-start": ["-occasion__starts_at", "-id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="bookings_list",
        tags=["bookings"],
        parameters=[
            OpenApiParameter("state", str, enum=Booking.State.values, many=True, description="Only in these states."),
            BY_COURSE,
            by_order(ORDERS),
        ],
    )
)
class BookingList(generics.ListAPIView):
    """Your own bookings, the newest first."""

    serializer_class = BookingSerializer

    def get_queryset(self) -> QuerySet[Booking]:
        asked = read_filters(self.request, "state", "course", "order")
        bookings = bookings_of(person_of(self.request)).prefetch_related(None)
        if states := read_states(asked, Booking.State.values):
            bookings = bookings.filter(state__in=states)
        if course := asked.get("course", ""):
            bookings = bookings.filter(occasion__course__slug=course)
        return put_in_order(bookings, asked, ORDERS)


class BookingDetail(APIView):
    @extend_schema(operation_id="bookings_read", tags=["bookings"], responses=BookingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(describe_booking(own_booking(request, pk)))

    @extend_schema(
        operation_id="bookings_cancel",
        tags=["bookings"],
        responses={204: None, 409: OpenApiResponse(description="For instance `too_late_to_cancel`.")},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Cancel: leave the place or the waiting list. Cancelled twice is cancelled once."""
        cancel_booking(own_booking(request, pk), by=person_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def own_booking(request: Request, pk: int) -> Booking:
    """The caller's; another's is a 404 that doesn't say whether it exists."""
    own = Booking.objects.filter(person=person_of(request)).select_related("occasion__course", "replaces")
    return get_object_or_404(own, pk=pk)


urlpatterns = [
    path("courses/", CourseList.as_view(), name="api_courses"),
    path("occasions/", OccasionList.as_view(), name="api_occasions"),
    path("occasions/<int:pk>/bookings/", OccasionBookings.as_view(), name="api_occasion_bookings"),
    path("bookings/", BookingList.as_view(), name="api_bookings"),
    path("bookings/<int:pk>/", BookingDetail.as_view(), name="api_booking"),
]
