"""A learning path's own tasks by API: making them, what to do, and what is handed in, for those who read it."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import refusals
from courses.list_filters import NEWEST_FIRST, by_order, put_in_order, read_filters
from courses.models import HandIn, Programme, Task
from courses.path_task_queries import handed_in_along, own_tasks_of, reads
from courses.services.programmes import end_task, save_task
from courses.task_queries import looks_after_paths, own_task
from courses.tasks_api import HAND_IN_FILTERS, HAND_IN_ORDERS, HandInSerializer, OwnTaskSerializer, choose_hand_ins
from people.requests import person_of

ORDERS: dict[str, list[Any]] = {"unread": [F("read_at").desc(nulls_first=True), "changed_at", "id"], **HAND_IN_ORDERS}
TASK_ORDERS = dict(reversed(NEWEST_FIRST.items()))


class TaskDetail(APIView):
    @extend_schema(operation_id="tasks_read", tags=["tasks"], responses=OwnTaskSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One of your tasks: of a course you have a place on, or of an open learning path."""
        task = get_object_or_404(Task.objects.select_related("course", "programme"), pk=pk)
        own = own_task(person_of(request), task, now=timezone.now())
        if own is None:
            raise Http404
        return Response(OwnTaskSerializer(own).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="programmes_hand_ins",
        tags=["tasks"],
        parameters=[*HAND_IN_FILTERS, by_order(ORDERS)],
    )
)
class ProgrammeHandIns(generics.ListAPIView):
    """What others have handed in for the learning path's own tasks, the unread first; for those named to read it."""

    serializer_class = HandInSerializer

    def get_queryset(self) -> QuerySet[HandIn]:
        asked, me = read_filters(self.request, "task", "read", "order"), person_of(self.request)
        programme = get_object_or_404(Programme, slug=self.kwargs["slug"])
        if not reads(me, programme):
            raise Http404
        found = handed_in_along(programme, reader=me).prefetch_related("pieces")
        return put_in_order(choose_hand_ins(found, asked), asked, ORDERS)


class PathTaskSerializer(serializers.ModelSerializer):
    is_part = serializers.SerializerMethodField(help_text="Whether the learning path asks for it now.")

    class Meta:
        model = Task
        fields = (
            "id", "title", "title_en", "text", "text_en", "takes", "pieces", "piece_name", "piece_name_en", "is_part",
        )  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {"pieces": {"min_value": 1, "max_value": 10}}

    def get_is_part(self, task: Task) -> bool:
        return bool(getattr(task, "is_part", True))  # a new one is


def _kept(request: Request, slug: str) -> Programme:
    if not looks_after_paths(person_of(request)):
        raise Http404
    return get_object_or_404(Programme, slug=slug)


@extend_schema_view(
    get=extend_schema(operation_id="programmes_tasks_list", tags=["programmes"], parameters=[by_order(TASK_ORDERS)]),
    post=extend_schema(
        operation_id="programmes_tasks_make",
        tags=["programmes"],
        description="Make a task of the learning path's own. It becomes the last part.",
    ),
)
class ProgrammeTasks(generics.ListCreateAPIView):
    """The learning path's own tasks, for those who make learning paths."""

    serializer_class = PathTaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        own = own_tasks_of(_kept(self.request, self.kwargs["slug"]))
        return put_in_order(own, read_filters(self.request, "order"), TASK_ORDERS)

    def perform_create(self, serializer: Any) -> None:
        task = Task(programme=_kept(self.request, self.kwargs["slug"]), **serializer.validated_data)
        save_task(task, is_required=False, by=person_of(self.request), now=timezone.now())
        serializer.instance = task


@extend_schema_view(
    get=extend_schema(operation_id="programmes_tasks_read", tags=["programmes"]),
    put=extend_schema(operation_id="programmes_tasks_change", tags=["programmes"]),
    delete=extend_schema(
        operation_id="programmes_tasks_end",
        tags=["programmes"],
        description="End the task: it leaves the learning path, and what has been handed in stays.",
        responses={204: None, 409: refusals("no_parts")},
    ),
)
class ProgrammeTask(generics.RetrieveUpdateDestroyAPIView):
    """One of them."""

    serializer_class = PathTaskSerializer
    http_method_names = ("get", "put", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[Task]:
        return own_tasks_of(_kept(self.request, self.kwargs["slug"]))

    def perform_update(self, serializer: Any) -> None:
        task = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(task, name, value)
        save_task(task, is_required=False, by=person_of(self.request), now=timezone.now())

    def perform_destroy(self, task: Task) -> None:
        end_task(task, by=person_of(self.request), now=timezone.now())


urlpatterns = [
    path("programmes/<slug:slug>/tasks/", ProgrammeTasks.as_view(), name="api_programme_tasks"),
    path("programmes/<slug:slug>/tasks/<int:pk>/", ProgrammeTask.as_view(), name="api_programme_task"),
    path("tasks/<int:pk>/", TaskDetail.as_view(), name="api_task"),
    path("programmes/<slug:slug>/hand-ins/", ProgrammeHandIns.as_view(), name="api_programme_hand_ins"),
]
