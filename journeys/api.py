"""The journeys' part of the API: the map, its operations, and the stream that says when there are more."""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from journeys.live import Hub, Listener, Who, give_back_connection, look, stream
from journeys.models import Journey, Operation
from journeys.queries import operations_after, readable_journeys, whole_map
from journeys.rules import MOST_BYTES, MOST_OPERATIONS, readable, role_of
from journeys.services.operations import Answer, Asked, apply_operations
from people.requests import person_of
from people.services.tokens import digest_of
from people.tokens import TokenAuthentication
from shared.problems import problem
from shared.rules import RuleBroken

OPERATIONS_PER_PAGE = 500


class JourneyLine(serializers.ModelSerializer):
    role = serializers.CharField(source="my_role", allow_null=True, read_only=True)
    persona = serializers.CharField(source="persona.name", default=None, read_only=True)

    class Meta:
        model = Journey
        fields = ["id", "title", "aim", "state", "visibility", "role", "persona", "revision", "changed_at"]


class Named(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class _Row(serializers.Serializer):
    id = serializers.UUIDField()
    rank = serializers.CharField(help_text="Orders siblings; compare byte by byte.")
    revision = serializers.IntegerField()


class PhaseRow(_Row):
    title = serializers.CharField()


class StepRow(_Row):
    title = serializers.CharField()
    phase = serializers.UUIDField()
    feeling = serializers.IntegerField(allow_null=True, min_value=-2, max_value=2)


class LaneRow(_Row):
    title = serializers.CharField()
    kind = serializers.CharField()


class NoteRow(_Row):
    step = serializers.UUIDField()
    lane = serializers.UUIDField()
    text = serializers.CharField()
    evidence = serializers.CharField()
    colour = serializers.CharField()
    written_by = serializers.CharField(allow_null=True)


class JourneyMap(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    aim = serializers.CharField()
    state = serializers.CharField()
    visibility = serializers.CharField()
    persona = Named(allow_null=True)
    unit = Named(allow_null=True)
    role = serializers.CharField()
    revision = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    phases = PhaseRow(many=True)
    steps = StepRow(many=True)
    lanes = LaneRow(many=True)
    notes = NoteRow(many=True)


class AskedOperation(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by the client: the same id sent again is the same operation.")
    type = serializers.CharField(max_length=40)
    target = serializers.UUIDField(required=False, allow_null=True, default=None)
    based_on = serializers.IntegerField(min_value=0, max_value=2**62)
    fields = serializers.DictField(required=False, default=dict)  # type: ignore[assignment]  # the contract's word


class OperationResult(serializers.Serializer):
    id = serializers.UUIDField()
    result = serializers.ChoiceField(choices=["applied", "known", "conflict", "refused"], source="outcome")
    revision = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True, source="sentence")
    fields = serializers.DictField()  # type: ignore[assignment]  # the contract's word
    current = serializers.DictField(allow_null=True)
    changed_by = serializers.CharField(allow_null=True)


class OperationsAnswer(serializers.Serializer):
    revision = serializers.IntegerField()
    results = OperationResult(many=True)


class LoggedOperation(serializers.ModelSerializer):
    by = serializers.CharField(source="by.get_full_name", default=None, read_only=True)

    class Meta:
        model = Operation
        fields = ["number", "id", "type", "target", "fields", "by", "at"]


class LoggedOperations(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    revision = serializers.IntegerField()
    results = LoggedOperation(many=True)


def _journey_or_404(request: Request, pk: int) -> Journey:
    return get_object_or_404(readable(person_of(request)), pk=pk)


class JourneyList(generics.ListAPIView):
    """The journeys that you take part in or may read, as Swedes sort."""

    serializer_class = JourneyLine
    queryset = Journey.objects.none()

    def get_queryset(self) -> Any:
        return readable_journeys(person_of(self.request))


class JourneyDetail(APIView):
    @extend_schema(responses=JourneyMap)
    def get(self, request: Request, pk: int) -> Response:
        """The whole map and its revision."""
        journey = _journey_or_404(request, pk)
        return Response({**whole_map(journey).as_json(), "role": role_of(person_of(request), journey)})


class JourneyOperations(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="The last revision that you have.")],
        responses=LoggedOperations,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What happened after revision `after`, in order and without gaps."""
        journey = _journey_or_404(request, pk)
        after = _whole_number(request.query_params.get("after", "0"))
        found = list(operations_after(journey, after)[: OPERATIONS_PER_PAGE + 1])
        page, more = found[:OPERATIONS_PER_PAGE], len(found) > OPERATIONS_PER_PAGE
        last = page[-1].number if page else max(after, journey.revision)
        following = f"{request.build_absolute_uri(request.path)}?after={last}" if more else None
        return Response(
            {
                "count": max(last, journey.revision) - after if found else 0,  # numbers have no gaps
                "next": following,
                "previous": None,
                "revision": max(last, journey.revision),
                "results": LoggedOperation(page, many=True).data,
            }
        )

    @extend_schema(request=AskedOperation(many=True), responses=OperationsAnswer)
    def post(self, request: Request, pk: int) -> Response:
        """Change the map: a list of operations, or `{"operations": [...]}`; a result for each, in the same order."""
        journey = _journey_or_404(request, pk)
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES or len(request.body) > MOST_BYTES:
            raise TooLarge
        given = request.data
        if isinstance(given, dict):
            given = given.get("operations")
        if not isinstance(given, list):
            raise exceptions.ValidationError({"operations": [_("Send a list of operations.")]})
        if len(given) > MOST_OPERATIONS:
            raise exceptions.ValidationError({"operations": [_("Too many operations at once.")]})
        form = AskedOperation(data=given, many=True)
        form.is_valid(raise_exception=True)
        asked = [Asked(**one) for one in form.validated_data]
        try:
            answer: Answer = apply_operations(journey, operations=asked, by=person_of(request), now=timezone.now())
        except RuleBroken as no:
            if no.code == "may_not_change":
                raise exceptions.PermissionDenied(no.sentence, code=no.code) from no
            raise
        return Response(OperationsAnswer(answer).data)


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "The request is larger than a million bytes."


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise exceptions.ValidationError({"after": [_("Give a whole number.")]})
    return int(text)


def _identify(request: HttpRequest) -> Who | None:
    """Who asks, by key or by session; None for nobody."""
    scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            TokenAuthentication().authenticate(Request(request))
        except exceptions.AuthenticationFailed:
            return None
        return Who(digest=digest_of(key.strip()))
    return Who(session_key=request.session.session_key) if request.user.is_authenticated else None


def _open(request: HttpRequest, pk: int) -> tuple[Who, int]:
    """Who may listen, and the present revision. Raises Http404 or AuthenticationFailed. In a thread."""
    try:
        who = _identify(request)
        if who is None:
            raise exceptions.NotAuthenticated
        revision = look(pk, who)
        if revision is None:
            raise Http404
        return who, revision
    finally:
        give_back_connection()


class JourneyEvents(View):
    """An event stream (text/event-stream): `id` and `data.revision` say that a revision exists.

    Outside REST framework, which answers with whole bodies only."""

    http_method_names = ["get", "options"]

    async def get(self, request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
        if not isinstance(request, ASGIRequest):
            return _elsewhere(
                "streams_elsewhere", _("This process holds no event streams. Ask for operations instead.")
            )
        try:
            who, revision = await sync_to_async(_open)(request, pk)
        except exceptions.NotAuthenticated:
            refusal = problem("not_authenticated", _("Log in first."), status_code=401)
            refusal["WWW-Authenticate"] = 'Bearer realm="Stigen"'
            return refusal
        except Http404:
            return problem("not_found", _("Not found."), status_code=404)
        hub = Hub.here()
        if hub.is_full:
            return _elsewhere("too_many_streams", _("There are too many event streams. Ask for operations instead."))
        listener = Listener(pk, revision=revision)
        seen = request.META.get("HTTP_LAST_EVENT_ID", "")
        answer = StreamingHttpResponse(
            _released(
                stream(
                    listener,
                    present=revision,
                    last_seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None,
                    look_again=lambda: sync_to_async(look)(pk, who),
                )
            ),
            content_type="text/event-stream; charset=utf-8",
        )
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"
        answer["Content-Encoding"] = "identity"  # compressing would hold events back
        return answer


async def _released(lines: Any) -> Any:
    """What the middleware opened on the way out is given back before the long wait begins."""
    try:
        await sync_to_async(give_back_connection)()
        async for line in lines:
            yield line
    finally:
        await lines.aclose()


def _elsewhere(code: str, sentence: str) -> HttpResponse:
    answer = problem(code, sentence, status_code=503)
    answer["Retry-After"] = "30"
    return answer


urlpatterns = [
    path("journeys/", JourneyList.as_view(), name="api_journeys"),
    path("journeys/<int:pk>/", JourneyDetail.as_view(), name="api_journey"),
    path("journeys/<int:pk>/operations/", JourneyOperations.as_view(), name="api_journey_operations"),
    path("journeys/<int:pk>/events/", JourneyEvents.as_view(), name="api_journey_events"),
]
