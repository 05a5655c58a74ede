"""The address at which one's own calendar reads the course days: made, renewed and turned off by API."""

from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import CalendarFeed
from courses.services.feed import make_feed, path_of, renew_feed, turn_off_feed
from people.requests import person_of


class FeedSerializer(serializers.Serializer):
    address = serializers.CharField(help_text="Whoever has it reads your course days: keep it as a password is kept.")
    made_at = serializers.DateTimeField()


def _described(request: Request, feed: CalendarFeed, status_code: int = status.HTTP_200_OK) -> Response:
    shown = {"address": request.build_absolute_uri(path_of(feed)), "made_at": feed.made_at}
    headers = {"Cache-Control": "private, no-store"}
    return Response(FeedSerializer(shown).data, status=status_code, headers=headers)


class OwnFeed(APIView):
    @extend_schema(operation_id="calendar_feed_read", tags=["calendar"], responses=FeedSerializer)
    def get(self, request: Request) -> Response:
        """Your address; 404 while there is none."""
        feed = CalendarFeed.objects.filter(person=person_of(request)).first()
        if feed is None:
            raise Http404
        return _described(request, feed)

    @extend_schema(
        operation_id="calendar_feed_make",
        tags=["calendar"],
        request=None,
        responses={201: FeedSerializer, 200: OpenApiResponse(FeedSerializer, description="You had one already.")},
    )
    def post(self, request: Request) -> Response:
        """Make an address. Made twice it is the same one."""
        had_one = CalendarFeed.objects.filter(person=person_of(request)).exists()
        feed = make_feed(person_of(request), now=timezone.now())
        return _described(request, feed, status.HTTP_200_OK if had_one else status.HTTP_201_CREATED)

    @extend_schema(operation_id="calendar_feed_turn_off", tags=["calendar"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Turn it off: calendars that read it get nothing more. Turned off twice is turned off once."""
        turn_off_feed(person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FeedRenewal(APIView):
    @extend_schema(operation_id="calendar_feed_renew", tags=["calendar"], request=None, responses=FeedSerializer)
    def post(self, request: Request) -> Response:
        """A new address in place of the one there is, which answers nobody from now on."""
        return _described(request, renew_feed(person_of(request), now=timezone.now()))


urlpatterns = [
    path("calendar-feed/", OwnFeed.as_view(), name="api_calendar_feed"),
    path("calendar-feed/renew/", FeedRenewal.as_view(), name="api_calendar_feed_renew"),
]
