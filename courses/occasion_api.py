"""One occasion by API: what its page tells, to whoever may see the page."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import BookingSerializer, OccasionSerializer, SessionSerializer
from courses.api_parts import DECIDERS, NEEDS_APPROVAL, WHO_DECIDES
from courses.invitation import Invitation, invitation_to
from courses.models import Booking, Occasion, Session
from courses.queries import live_booking, with_places
from courses.rules import is_bookable, may_lead
from people.models import Person


class SessionInFullSerializer(SessionSerializer):
    room_access = serializers.CharField(help_text="How to get into the room, and about in it.")
    link = serializers.SerializerMethodField(help_text="For those who have a place and those who lead; else empty.")

    def get_link(self, session: Session) -> str:
        return session.link if self.context["shows_links"] else ""


class AdministrationSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class InvitationSerializer(serializers.Serializer):
    is_for_you = serializers.BooleanField(source="is_for_them")
    has_place = serializers.BooleanField(help_text="Whether you would book now, or join the waiting list.")
    is_reserved = serializers.BooleanField(help_text="The place is one of those kept for your unit.")
    decided_by = serializers.ChoiceField(DECIDERS, help_text=WHO_DECIDES)


class OccasionInFullSerializer(OccasionSerializer):
    state = serializers.ChoiceField(choices=Occasion.State.choices)
    is_hidden = serializers.BooleanField(help_text="In no list: booked by whoever has the address.")
    is_bookable = serializers.BooleanField(help_text="Open, not begun, and before the last moment to book.")
    sessions = SessionInFullSerializer(source="sessions.all", many=True)
    outcome = serializers.CharField(source="course.outcome")
    outcome_en = serializers.CharField(source="course.outcome_en")
    audience = serializers.CharField(source="course.audience")
    audience_en = serializers.CharField(source="course.audience_en")
    needs_approval = serializers.BooleanField(source="course.needs_approval", help_text=NEEDS_APPROVAL)
    asks_needs = serializers.BooleanField(help_text="Whether those who book are asked what they need.")
    cancel_until = serializers.DateTimeField()
    offers_until = serializers.DateTimeField(help_text="Until then a freed place is offered by itself.")
    facilitators = serializers.ListField(child=serializers.CharField(), source="leaders", help_text="Their names.")
    administrations = AdministrationSerializer(many=True, source="only_for", help_text="None is for everyone.")
    booking = BookingSerializer(allow_null=True, help_text="Your own, while it lives.")
    invitation = InvitationSerializer(
        allow_null=True, help_text="What booking would give you, where you can; null for a stranger."
    )


def _seen(request: Request, pk: int) -> tuple[Any, bool]:
    """The occasion, and whether the caller leads it. A draft is there for whoever leads it alone."""
    found = with_places(Occasion.objects.all()).select_related("course").prefetch_related("sessions", "facilitators")
    occasion = get_object_or_404(found, pk=pk)
    leads = may_lead(request.user, occasion)
    if occasion.state == Occasion.State.DRAFT and not leads:
        raise Http404
    return occasion, leads


class OccasionDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="occasions_read", tags=["courses"], responses=OccasionInFullSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One occasion: also one that is over, cancelled or hidden, by its address."""
        occasion, leads = _seen(request, pk)
        is_open, booking = is_bookable(occasion, now=timezone.now()), None
        invitation: Invitation | None = None
        if isinstance(request.user, Person):
            booking = live_booking(occasion, person=request.user)
            if booking is None and is_open:
                invitation = invitation_to(occasion, person=request.user, now=timezone.now())
        if booking is not None:
            booking.occasion = occasion
        occasion.is_bookable, occasion.booking, occasion.invitation = is_open, booking, invitation
        occasion.leaders = [str(person) for person in occasion.facilitators.all()]
        occasion.only_for = list(occasion.administrations.order_by("sort_key")) if occasion.is_limited else []
        shows_links = leads or (booking is not None and booking.state == Booking.State.BOOKED)
        return Response(OccasionInFullSerializer(occasion, context={"shows_links": shows_links}).data)


urlpatterns = [path("occasions/<int:pk>/", OccasionDetail.as_view(), name="api_occasion")]
