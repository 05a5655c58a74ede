"""Occasions planned by API, by those who lead them: made, changed, copied and published.

What stands in a plan is everything that can be planned: a change hands in the whole of it, as it was read, with what
is to be different. A rule that says no answers 409 with its code, and nothing is changed.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Wrong
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import own_booking
from courses.api_parts import MomentField, refusals
from courses.copying import may_be_copied_by, shifted
from courses.forms import EARLIEST, LATEST, read_moment
from courses.models import Course, Occasion
from courses.participants_api import LedOccasionList, WhySerializer, led_occasion
from courses.queries import facilitated_by
from courses.services.carrying import create_like
from courses.services.late_changes import ask_facilitators
from courses.services.occasions import OccasionPlan, SessionPlan
from courses.services.places import lock_occasion
from courses.services.planning import Circle, change_with_circle, create_with_circle
from courses.session_forms import MOST
from people.models import Person, Unit
from people.queries import with_right
from people.requests import person_of

DAY = dt.timedelta(days=1)
RULES = ("places_below_booked", "sessions_overlap", "ends_before_start", "session_in_use", "no_facilitator")


class SessionPlanSerializer(serializers.Serializer):
    id = serializers.IntegerField(
        source="pk", required=False, allow_null=True, help_text="The session that it is; none for a new one."
    )
    start = MomentField(source="starts_at")
    end = MomentField(source="ends_at")
    title = serializers.CharField(max_length=160, allow_blank=True, default="")
    place = serializers.CharField(max_length=160, allow_blank=True, default="", help_text="Or a link, or both.")
    address = serializers.CharField(max_length=200, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, allow_blank=True, default="")
    room_access = serializers.CharField(max_length=250, allow_blank=True, default="")


class PlanSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    course = serializers.SlugRelatedField(slug_field="slug", queryset=Course.objects.all())
    state = serializers.ChoiceField(
        choices=Occasion.State.choices, default=Occasion.State.DRAFT, help_text="`cancelled` is read, never written."
    )
    is_hidden = serializers.BooleanField(default=False, help_text="In no list: whoever has the link books.")
    places = serializers.IntegerField(min_value=1, max_value=1000)
    min_places = serializers.IntegerField(min_value=0, max_value=1000, default=0)
    language = serializers.ChoiceField(choices=[("sv", "Swedish"), ("en", "English")], default="sv")
    facilitators = serializers.SlugRelatedField(
        slug_field="email", many=True, queryset=Person.objects.none(), required=False, help_text="Addresses at work."
    )
    administrations = serializers.SlugRelatedField(
        slug_field="code", many=True, queryset=Unit.objects.filter(parent=None), required=False,
        help_text="Codes; none is for everyone.",
    )  # fmt: skip
    asks_needs = serializers.BooleanField(default=False)
    booking_closes_at = MomentField(required=False, help_text="A day before the start if left out.")
    cancel_until = MomentField(required=False, help_text="Two days before the start if left out.")
    offers_until = MomentField(required=False, help_text="A day before the start if left out.")
    offer_hours = serializers.IntegerField(min_value=1, max_value=200, default=8, help_text="Working hours.")
    sessions = SessionPlanSerializer(many=True, min_length=1, max_length=MOST)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        leads = self.fields["facilitators"]
        assert isinstance(leads, serializers.ManyRelatedField)
        leads.child_relation.queryset = with_right("courses.take_attendance")

    def validate_state(self, state: str) -> str:
        if state == Occasion.State.CANCELLED:
            raise serializers.ValidationError(_("An occasion is cancelled with a reason, at its own address."))
        return state


def _plan_of(occasion: Occasion) -> dict[str, Any]:
    return dict(PlanSerializer(occasion).data)


def _read_plan(request: Request) -> tuple[dict[str, Any], OccasionPlan, list[SessionPlan]]:
    read = PlanSerializer(data=request.data)
    read.is_valid(raise_exception=True)
    asked = dict(read.validated_data)
    sessions = [SessionPlan(**session) for session in asked["sessions"]]
    start = min(session.starts_at for session in sessions)
    plan = OccasionPlan(
        booking_closes_at=asked.get("booking_closes_at", start - DAY),
        cancel_until=asked.get("cancel_until", start - 2 * DAY),
        offers_until=asked.get("offers_until", start - DAY),
        **{name: asked[name] for name in ("places", "min_places", "offer_hours", "language", "state")},
    )
    return asked, plan, sessions


def _circle_of(asked: dict[str, Any], *, also: tuple[Person, ...] = ()) -> Circle:
    return Circle(
        facilitators=list({person.pk: person for person in (*also, *asked.get("facilitators", []))}.values()),
        administrations=asked.get("administrations", []),
        is_hidden=asked["is_hidden"],
        asks_needs=asked["asks_needs"],
    )


def planned_occasion(request: Request, pk: int) -> Occasion:
    occasion = led_occasion(request, pk)
    if not person_of(request).has_perm("courses.change_occasion"):
        raise PermissionDenied
    return occasion


def _refuse_unless_plans(request: Request) -> Person:
    me = person_of(request)
    if not me.has_perm("courses.add_occasion"):
        raise PermissionDenied
    return me


class LedOccasions(LedOccasionList):
    @extend_schema(
        operation_id="occasions_plan",
        tags=["planning"],
        request=PlanSerializer,
        responses={201: PlanSerializer, 409: refusals(*RULES)},
    )
    def post(self, request: Request) -> Response:
        """Plan an occasion that you lead, alone or with others: a draft, unless `state` opens it."""
        me = _refuse_unless_plans(request)
        asked, plan, sessions = _read_plan(request)
        occasion = create_with_circle(
            asked["course"],
            plan=plan,
            sessions=sessions,
            circle=_circle_of(asked, also=(me,)),
            by=me,
            now=timezone.now(),
        )
        return Response(_plan_of(occasion), status=status.HTTP_201_CREATED)


class OccasionPlanView(APIView):
    @extend_schema(operation_id="occasions_read_plan", tags=["planning"], responses=PlanSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Everything that is planned about an occasion that you lead."""
        return Response(_plan_of(planned_occasion(request, pk)))

    @extend_schema(
        operation_id="occasions_change_plan",
        tags=["planning"],
        request=PlanSerializer,
        responses={200: PlanSerializer, 409: refusals(*RULES)},
    )
    def put(self, request: Request, pk: int) -> Response:
        """The whole plan as it is to be. Whoever has a place is told of days that move; what is left out goes."""
        occasion = planned_occasion(request, pk)
        asked, plan, sessions = _read_plan(request)
        _refuse_what_stays(occasion, asked, sessions)
        changed = change_with_circle(
            occasion,
            plan=plan,
            sessions=sessions,
            circle=_circle_of(asked),
            by=person_of(request),
            now=timezone.now(),
        )
        return Response(_plan_of(Occasion.objects.get(pk=changed.pk)))


def _refuse_what_stays(occasion: Occasion, asked: dict[str, Any], sessions: list[SessionPlan]) -> None:
    wrong: dict[str, list[str]] = {}
    if asked["course"].pk != occasion.course_id:
        wrong["course"] = [_("The course of an occasion can't be changed.")]
    known = {None, *occasion.sessions.values_list("pk", flat=True)}
    named = [session.pk for session in sessions if session.pk is not None]
    if not {session.pk for session in sessions} <= known or len(set(named)) != len(named):
        wrong["sessions"] = [_("Name sessions of this occasion, each once.")]
    if occasion.state == Occasion.State.CANCELLED:
        wrong["state"] = [_("The occasion is cancelled.")]
    if wrong:
        raise serializers.ValidationError(wrong)


class OccasionPublish(APIView):
    @extend_schema(
        operation_id="occasions_publish",
        tags=["planning"],
        request=None,
        responses={200: PlanSerializer, 409: refusals(*RULES)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Open a draft for booking. Published twice is published once."""
        planned_occasion(request, pk)
        with transaction.atomic():  # what is written back is what stands now, and nobody changes it meanwhile
            _publish(lock_occasion(pk), by=person_of(request))
        return Response(_plan_of(Occasion.objects.get(pk=pk)))


def _publish(occasion: Occasion, *, by: Person) -> None:
    if occasion.state == Occasion.State.CANCELLED:
        raise serializers.ValidationError({"state": [_("The occasion is cancelled.")]})
    if occasion.state == Occasion.State.DRAFT:
        change_with_circle(
            occasion,
            plan=_as_it_stands(occasion, state=Occasion.State.OPEN),
            sessions=_sessions_of(occasion),
            circle=Circle(
                facilitators=list(occasion.facilitators.all()),
                administrations=list(occasion.administrations.all()),
                is_hidden=occasion.is_hidden,
                asks_needs=occasion.asks_needs,
            ),
            by=by,
            now=timezone.now(),
        )


class CopyRequestSerializer(serializers.Serializer):
    start = serializers.DateField(help_text="The first day of the copy.")
    keeps_places = serializers.BooleanField(
        default=True, help_text="Reserve as many places for the same units, if you lead the earlier occasion."
    )

    def validate_start(self, day: dt.date) -> dt.date:
        if not EARLIEST <= day <= LATEST:
            raise serializers.ValidationError(_("Choose a day between 2000 and 2099."))
        return day


class NotReservedSerializer(serializers.Serializer):
    unit = serializers.CharField(source="unit.code")
    places = serializers.IntegerField()


class CopySerializer(PlanSerializer):
    not_reserved = NotReservedSerializer(
        many=True, read_only=True, help_text="What a rule kept from being reserved again."
    )


class OccasionCopy(APIView):
    @extend_schema(
        operation_id="occasions_copy",
        tags=["planning"],
        request=CopyRequestSerializer,
        responses={201: CopySerializer, 409: refusals(*RULES)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A draft like it, from another first day: days keep their distance and agenda, and clocks what they show."""
        me = _refuse_unless_plans(request)
        earlier = get_object_or_404(may_be_copied_by(me), pk=pk)
        asked = CopyRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        days = asked.validated_data["start"] - timezone.localdate(earlier.starts_at)
        shows_link = facilitated_by(me).filter(pk=pk).exists()
        occasion, refused = create_like(
            earlier,
            earlier.course,
            plan=_as_it_stands(earlier, state=Occasion.State.DRAFT, days=days),
            sessions=_sessions_of(earlier, days=days, shows_link=shows_link),
            circle=Circle(
                facilitators=list({each.pk: each for each in (me, *earlier.facilitators.all())}.values()),
                administrations=list(earlier.administrations.all()),
                is_hidden=earlier.is_hidden,
                asks_needs=earlier.asks_needs,
            ),
            keeps_places=asked.validated_data["keeps_places"],
            by=me,
            now=timezone.now(),
        )
        answer = _plan_of(occasion) | {"not_reserved": NotReservedSerializer(refused, many=True).data}
        return Response(answer, status=status.HTTP_201_CREATED)


def _as_it_stands(occasion: Occasion, *, state: str, days: dt.timedelta | None = None) -> OccasionPlan:
    kept: dict[str, Any] = {
        name: _moved(getattr(occasion, name), days) for name in ("booking_closes_at", "cancel_until", "offers_until")
    }
    kept |= {name: getattr(occasion, name) for name in ("places", "min_places", "offer_hours", "language")}
    return OccasionPlan(state=state, **kept)


def _sessions_of(occasion: Occasion, *, days: dt.timedelta | None = None, shows_link: bool = True) -> list[SessionPlan]:
    """As they stand; or new ones, so many days later."""
    kept = ("place", "address", "title", "room_access")
    return [
        SessionPlan(
            starts_at=_moved(session.starts_at, days),
            ends_at=_moved(session.ends_at, days),
            link=session.link if shows_link else "",
            pk=session.pk if days is None else None,
            **{name: getattr(session, name) for name in kept},
        )
        for session in occasion.sessions.all()
    ]


def _moved(moment: dt.datetime, days: dt.timedelta | None) -> dt.datetime:
    if days is None:
        return moment
    try:
        return read_moment(shifted(moment, days))
    except Wrong as wrong:
        raise serializers.ValidationError({"start": wrong.messages}) from None


class AskedSerializer(serializers.Serializer):
    receivers = serializers.IntegerField(help_text="How many who lead get a letter now; 0 if they had those words.")


class BookingAsk(APIView):
    @extend_schema(
        operation_id="bookings_ask",
        tags=["bookings"],
        request=WhySerializer,
        responses={200: AskedSerializer, 409: refusals("not_needed", "nobody_leads", "too_many_messages")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """After the last moment to cancel: tell those who lead what has happened. The booking stays as it is."""
        booking, asked = own_booking(request, pk), WhySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        why = asked.validated_data["why"]
        receivers = ask_facilitators(booking, by=person_of(request), why=why, now=timezone.now())
        return Response({"receivers": receivers})


urlpatterns = [
    path("occasions/led/", LedOccasions.as_view(), name="api_occasions_led"),
    path("occasions/<int:pk>/plan/", OccasionPlanView.as_view(), name="api_occasion_plan"),
    path("occasions/<int:pk>/publish/", OccasionPublish.as_view(), name="api_occasion_publish"),
    path("occasions/<int:pk>/copy/", OccasionCopy.as_view(), name="api_occasion_copy"),
    path("bookings/<int:pk>/ask/", BookingAsk.as_view(), name="api_booking_ask"),
]
