"""Tasks, what is handed in for them, and learning paths by API: one's own, and for those who lead theirs."""

import datetime as dt
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import Base64Field, FileView, refusals
from courses.certificates_api import CertificateSerializer
from courses.hand_in_files import LARGEST, check_upload, too_large
from courses.list_filters import (
    BY_COURSE,
    by_order,
    put_in_order,
    put_rows_in_order,
    read_choice,
    read_filters,
    read_id,
    read_truth,
)
from courses.models import HandIn, HandInPiece, Occasion, Programme, ProgrammeItem, Task
from courses.paper_queries import certificates
from courses.progress import Progress, ProgressItem, progress_on, progress_on_each
from courses.rules import may_lead
from courses.services.hand_ins import LONGEST_TEXT, LONGEST_WORD, Piece, hand_in_task, read_hand_in, save_draft
from courses.services.programme_certificates import claim_certificate
from courses.task_queries import every_hand_in_on, hand_in_of, leads_itself, may_read, own_task, own_tasks
from courses.task_texts import file_label
from courses.views.hand_ins import as_download
from people.requests import person_of
from shared.parsing import FilesInJSONParser
from shared.sorting import swedish_sort_key


class PieceSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    text = serializers.CharField()
    file = serializers.SerializerMethodField(help_text="The file's name; empty where there is none.")
    file_url = serializers.SerializerMethodField(help_text="Where it is fetched; empty where there is none.")

    def get_file(self, piece: HandInPiece) -> str:
        return file_label(piece) if piece.file_kind else ""

    def get_file_url(self, piece: HandInPiece) -> str:
        if not piece.file_kind:
            return ""
        request: Request = self.context["request"]
        return request.build_absolute_uri(reverse("api_hand_in_file", args=[piece.hand_in_id, piece.number]))


class HandInSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    task = serializers.IntegerField(source="task_id")
    person = serializers.CharField()
    version = serializers.IntegerField(help_text="Rises with every change.")
    handed_in_at = serializers.DateTimeField(allow_null=True, help_text="Empty for a draft, which is yours alone.")
    changed_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    word = serializers.CharField(help_text="What whoever read it said.")
    erased_at = serializers.DateTimeField(allow_null=True)
    pieces = PieceSerializer(source="pieces.all", many=True)


class OwnTaskSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="task.pk")
    title = serializers.CharField(source="task.title")
    text = serializers.CharField(source="task.text")
    course = serializers.IntegerField(source="task.course_id", allow_null=True)
    booking = serializers.IntegerField(allow_null=True)
    pieces = serializers.IntegerField(source="task.pieces", help_text="How many parts are handed in.")
    takes = serializers.ChoiceField(source="task.takes", choices=Task.Takes.choices)
    due_at = serializers.DateTimeField(allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


class FileContentField(Base64Field):
    """Refused alike, however much too large it is."""

    def refuse_too_large(self) -> NoReturn:
        raise too_large()


class FileInSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=250)
    content = FileContentField(most=LARGEST, help_text="The bytes in base64. What they are is read from them.")


class PieceInSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False)
    file = FileInSerializer(required=False, allow_null=True, help_text="In place of the one that is there.")
    takes_file_away = serializers.BooleanField(default=False)


class HandInRequestSerializer(serializers.Serializer):
    pieces = PieceInSerializer(many=True, max_length=10)
    is_draft = serializers.BooleanField(default=False)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, default=None,
        help_text="The one it is based on, 0 for none: refused as `changed_meanwhile` where there is a newer.",
    )  # fmt: skip


class ReadSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The one you read.")
    word = serializers.CharField(max_length=LONGEST_WORD, allow_blank=True, default="", help_text="Goes in a letter.")


LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)
TASK_ORDERS = {
    "due": lambda own: (own.due_at or LATEST, own.task.pk),
    "-due": lambda own: (own.due_at or LATEST, own.task.pk),
    "title": lambda own: (swedish_sort_key(own.task.title), own.task.pk),
}
TASK_STATES = {
    "to_do": lambda own: not own.is_done,
    "handed_in": lambda own: own.is_done and own.read_at is None,
    "read": lambda own: own.read_at is not None,
}


@extend_schema_view(
    get=extend_schema(
        operation_id="tasks_list",
        tags=["tasks"],
        parameters=[
            BY_COURSE,
            OpenApiParameter("state", str, enum=list(TASK_STATES), description="A draft is still to do."),
            by_order(TASK_ORDERS),
        ],
    )
)
class TaskList(generics.ListAPIView):
    """Your tasks on the courses you have a place on, the first due first."""

    serializer_class = OwnTaskSerializer

    def get_queryset(self) -> Any:
        asked = read_filters(self.request, "course", "state", "order")
        which = {"course__slug": course} if (course := asked.get("course", "")) else {}
        own = own_tasks(person_of(self.request), now=timezone.now(), **which)
        if state := read_choice(asked, "state", TASK_STATES):
            own = [each for each in own if TASK_STATES[state](each)]
        return put_rows_in_order(own, asked, TASK_ORDERS)


def _own_task(request: Request, pk: int) -> Task:
    task = get_object_or_404(Task.objects.select_related("course", "programme"), pk=pk)
    if own_task(person_of(request), task, now=timezone.now()) is None:
        raise Http404
    return task


class TaskHandIn(APIView):
    parser_classes = [FilesInJSONParser]

    @extend_schema(operation_id="tasks_hand_in_read", tags=["tasks"], responses=HandInSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What you have handed in, or your draft."""
        hand_in = hand_in_of(person_of(request), _own_task(request, pk))
        if hand_in is None:
            raise Http404
        return Response(HandInSerializer(hand_in, context={"request": request}).data)

    @extend_schema(
        operation_id="tasks_hand_in",
        tags=["tasks"],
        request=HandInRequestSerializer,
        responses={
            200: HandInSerializer,
            409: refusals(
                "pieces_missing",
                "already_read",
                "changed_meanwhile",
                "file_kind",
                "file_too_large",
                "files_too_large",
                "not_your_task",
            ),
            413: OpenApiResponse(description="More than 20 megabytes in all: `too_big`."),
        },
    )
    def put(self, request: Request, pk: int) -> Response:
        """Hand in the task, or save a draft of it. The same again changes nothing."""
        task, asked = _own_task(request, pk), HandInRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        act: Any = save_draft if wanted["is_draft"] else hand_in_task
        pieces = [_piece(each) for each in wanted["pieces"]]
        act(task, by=person_of(request), pieces=pieces, based_on=wanted["version"], now=timezone.now())
        return self.get(request, pk)


def _piece(asked: dict[str, Any]) -> Piece:
    file = asked.get("file")
    upload = check_upload(file["name"], file["content"]) if file else None
    return Piece(asked["text"], upload, asked["takes_file_away"])


class HandInFileView(FileView):
    @extend_schema(
        operation_id="hand_ins_file",
        tags=["tasks"],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, description="The file.")},
    )
    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        """A file that was handed in: your own, or one that you may read."""
        hand_in = _readable(request, pk)
        pieces = HandInPiece.objects.select_related("file").exclude(file=None)
        return as_download(hand_in, get_object_or_404(pieces, hand_in=hand_in, number=number))


HAND_IN_ORDERS = {
    "task": ["task__due_day", "task_id", "person__sort_key", "id"],
    "name": ["person__sort_key", "task__due_day", "id"],
    "newest": ["-handed_in_at", "-id"],
    "oldest": ["handed_in_at", "id"],
}
HAND_IN_FILTERS = [
    OpenApiParameter("task", int, description="Only what is handed in for it."),
    OpenApiParameter("read", bool, description="Whether somebody has read it."),
]


def choose_hand_ins(hand_ins: QuerySet[HandIn], asked: QueryDict) -> QuerySet[HandIn]:
    if (task := read_id(asked, "task")) is not None:
        hand_ins = hand_ins.filter(task=task)
    if (read := read_truth(asked, "read")) is not None:
        hand_ins = hand_ins.filter(read_at__isnull=not read)
    return hand_ins


def _readable(request: Request, pk: int) -> HandIn:
    hand_in = get_object_or_404(HandIn.objects.select_related("task", "person", "read_by"), pk=pk)
    if not may_read(person_of(request), hand_in):
        raise Http404
    return hand_in


@extend_schema_view(
    get=extend_schema(
        operation_id="occasions_hand_ins",
        tags=["tasks"],
        parameters=[*HAND_IN_FILTERS, by_order(HAND_IN_ORDERS)],
    )
)
class OccasionHandIns(generics.ListAPIView):
    """What the people of an occasion have handed in; for its own facilitators alone."""

    serializer_class = HandInSerializer

    def get_queryset(self) -> Any:
        asked, me = read_filters(self.request, "task", "read", "order"), person_of(self.request)
        occasion = get_object_or_404(Occasion.objects.select_related("course"), pk=self.kwargs["pk"])
        if not may_lead(me, occasion) or not leads_itself(me, occasion):
            raise Http404
        return put_in_order(choose_hand_ins(every_hand_in_on(occasion), asked), asked, HAND_IN_ORDERS)


class HandInRead(APIView):
    @extend_schema(
        operation_id="hand_ins_read",
        tags=["tasks"],
        request=ReadSerializer,
        responses={
            200: HandInSerializer,
            409: refusals("changed_meanwhile", "erased", "not_your_task"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say that you have read it, with a word back if you like."""
        hand_in, asked = _readable(request, pk), ReadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        read_hand_in(hand_in, by=person_of(request), now=timezone.now(), **asked.validated_data)
        return Response(HandInSerializer(_readable(request, pk), context={"request": request}).data)


class PathPartSerializer(serializers.Serializer):
    kind = serializers.CharField(source="item.kind", help_text="read, attend, task or contribute.")
    title = serializers.SerializerMethodField()
    title_en = serializers.SerializerMethodField()
    is_done = serializers.BooleanField(source="step.is_done")
    done_on = serializers.DateField(source="step.done_on", allow_null=True)
    url = serializers.CharField(source="step.url", help_text="The page where it is done.")
    task = serializers.IntegerField(source="item.task_id", allow_null=True, help_text="To hand in at `/tasks/…`.")

    def get_title(self, part: ProgressItem) -> str:
        return part.step.title if part.step.is_closed else part.item.title

    def get_title_en(self, part: ProgressItem) -> str:
        return "" if part.step.is_closed else part.item.title_en


class ProgrammeSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="programme.pk")
    slug = serializers.CharField(source="programme.slug")
    title = serializers.CharField(source="programme.title")
    title_en = serializers.CharField(source="programme.title_en")
    done = serializers.IntegerField()
    whole = serializers.IntegerField()
    parts = PathPartSerializer(source="items", many=True)


PROGRAMME_ORDERS = {"title": ["sort_key", "id"], "-title": ["-sort_key", "-id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="programmes_list",
        tags=["programmes"],
        parameters=[
            OpenApiParameter("course", str, description="The slug of a course that is a part of it."),
            by_order(PROGRAMME_ORDERS),
        ],
    )
)
class ProgrammeList(generics.ListAPIView):
    """The learning paths, with what you have done of each."""

    serializer_class = ProgrammeSerializer

    def get_queryset(self) -> QuerySet[Programme]:
        asked, programmes = read_filters(self.request, "course", "order"), Programme.objects.filter(is_open=True)
        if course := asked.get("course", ""):
            programmes = programmes.filter(pk__in=ProgrammeItem.objects.filter(course__slug=course).values("programme"))
        return put_in_order(programmes, asked, PROGRAMME_ORDERS)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Of the page alone it is asked how far the person has come."""
        page = super().paginate_queryset(queryset)
        return page and progress_on_each(page, person=person_of(self.request))


def _progress(request: Request, slug: str) -> Progress:
    return progress_on(get_object_or_404(Programme, slug=slug, is_open=True), person=person_of(request))


class ProgrammeDetail(APIView):
    @extend_schema(operation_id="programmes_read", tags=["programmes"], responses=ProgrammeSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A learning path, with what you have done of it."""
        return Response(ProgrammeSerializer(_progress(request, slug)).data)


class ProgrammeCertificate(APIView):
    @extend_schema(
        operation_id="programmes_certificate",
        tags=["programmes"],
        request=None,
        responses={
            200: CertificateSerializer,
            409: refusals("programme_not_done", "programme_not_open"),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Your certificate of the path: issued when all of it is done, and the same again after that."""
        programme = get_object_or_404(Programme, slug=slug, is_open=True)
        made = claim_certificate(programme, person=person_of(request), now=timezone.now())
        return Response(CertificateSerializer(certificates(pk=made.pk).get(), context={"request": request}).data)


urlpatterns = [
    path("tasks/", TaskList.as_view(), name="api_tasks"),
    path("tasks/<int:pk>/hand-in/", TaskHandIn.as_view(), name="api_hand_in"),
    path("hand-ins/<int:pk>/files/<int:number>/", HandInFileView.as_view(), name="api_hand_in_file"),
    path("hand-ins/<int:pk>/read/", HandInRead.as_view(), name="api_read_hand_in"),
    path("occasions/<int:pk>/hand-ins/", OccasionHandIns.as_view(), name="api_occasion_hand_ins"),
    path("programmes/<slug:slug>/", ProgrammeDetail.as_view(), name="api_programme"),
    path("programmes/<slug:slug>/certificate/", ProgrammeCertificate.as_view(), name="api_programme_certificate"),
]
