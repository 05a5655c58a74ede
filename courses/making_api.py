"""Making tasks and learning paths by API, by those who may: the same acts as on the pages."""

from typing import Any

from django.db.models import Q, QuerySet
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

from courses.api_parts import read_body, refusals
from courses.list_filters import by_order, put_in_order, put_rows_in_order, read_filters, read_truth
from courses.models import Course, Programme, Task
from courses.programme_parts import MOST_PARTS, Part, code_of, kept_parts, offered_parts
from courses.services.programmes import ProgrammePlan, end_task, save_programme, save_task
from courses.task_queries import looks_after_paths
from courses.tasks_api import ProgrammeList
from people.models import Person
from people.queries import with_right
from people.requests import person_of
from shared.sorting import swedish_sort_key

PLAN = ("title", "title_en", "text", "text_en", "is_for_everyone", "is_open")


class CourseTaskPlanSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(max_length=160)
    title_en = serializers.CharField(max_length=160, allow_blank=True, default="")
    text = serializers.CharField(max_length=4000, help_text="What to do.")
    text_en = serializers.CharField(max_length=4000, allow_blank=True, default="")
    takes = serializers.ChoiceField(choices=Task.Takes.choices, default=Task.Takes.EITHER)
    pieces = serializers.IntegerField(min_value=1, max_value=10, default=1, help_text="How many parts it has.")
    piece_name = serializers.CharField(max_length=60, allow_blank=True, default="", help_text="For instance Intervju.")
    piece_name_en = serializers.CharField(max_length=60, allow_blank=True, default="")
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    due_day = serializers.IntegerField(
        min_value=1, max_value=30, default=2, help_text="Before which day it is handed in: 2 is before the second."
    )
    is_required = serializers.SerializerMethodField(help_text="The course is completed first when it is handed in.")

    def get_is_required(self, task: Task) -> bool:
        return task.required_since is not None


class CourseTaskRequestSerializer(CourseTaskPlanSerializer):
    is_required = serializers.BooleanField(  # type: ignore[assignment]  # read off a moment, written as a choice
        default=False, help_text="That counts for occasions that begin from now on."
    )


def _save(task: Task, asked: dict[str, Any], request: Request) -> Task:
    is_required = asked.pop("is_required", False)
    for name, value in asked.items():
        setattr(task, name, value)
    return save_task(task, is_required=is_required, by=person_of(request), now=timezone.now())


def _course(request: Request, slug: str) -> Course:
    if not person_of(request).has_perm("courses.change_task"):
        raise Http404
    return get_object_or_404(Course, slug=slug)


TASK_ORDERS = {"due": ["due_day", "id"], "newest": ["-id"], "oldest": ["id"]}
TASK_PARAMETERS = [
    OpenApiParameter("ended", bool, description="Whether it is ended; both if left out."),
    by_order(TASK_ORDERS),
]


@extend_schema_view(get=extend_schema(operation_id="course_tasks_list", tags=["planning"], parameters=TASK_PARAMETERS))
class CourseTasks(generics.ListAPIView):
    """The tasks of a course, ended ones too; for those who make them."""

    serializer_class = CourseTaskPlanSerializer

    def get_queryset(self) -> QuerySet[Task]:
        tasks = Task.objects.filter(course=_course(self.request, self.kwargs["slug"]))
        asked = read_filters(self.request, "ended", "order")
        if (ended := read_truth(asked, "ended")) is not None:
            tasks = tasks.filter(ended_at__isnull=not ended)
        return put_in_order(tasks, asked, TASK_ORDERS)

    @extend_schema(
        operation_id="course_tasks_make",
        tags=["planning"],
        request=CourseTaskRequestSerializer,
        responses={201: CourseTaskPlanSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """A task that every occasion of the course carries from now on."""
        course = _course(request, slug)
        task = _save(Task(course=course), read_body(CourseTaskRequestSerializer, request), request)
        return Response(CourseTaskPlanSerializer(task).data, status=status.HTTP_201_CREATED)


class CourseTask(APIView):
    def _task(self, request: Request, slug: str, pk: int) -> Task:
        return get_object_or_404(Task, course=_course(request, slug), pk=pk)

    @extend_schema(operation_id="course_tasks_read", tags=["planning"], responses=CourseTaskPlanSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """One task of the course, as it is made."""
        return Response(CourseTaskPlanSerializer(self._task(request, slug, pk)).data)

    @extend_schema(
        operation_id="course_tasks_change",
        tags=["planning"],
        request=CourseTaskRequestSerializer,
        responses=CourseTaskPlanSerializer,
    )
    def put(self, request: Request, slug: str, pk: int) -> Response:
        """The whole task as it is to be."""
        task = self._task(request, slug, pk)
        return Response(
            CourseTaskPlanSerializer(_save(task, read_body(CourseTaskRequestSerializer, request), request)).data
        )

    @extend_schema(
        operation_id="course_tasks_end", tags=["planning"], responses={204: None, 409: refusals("task_needed")}
    )
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """End it: what is handed in stays. Ended twice is ended once."""
        end_task(self._task(request, slug, pk), by=person_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _programme(request: Request, slug: str) -> Programme:
    _refuse_unless_makes(request)
    return get_object_or_404(Programme, slug=slug)


def _refuse_unless_makes(request: Request) -> Person:
    me = person_of(request)
    if not looks_after_paths(me):
        raise Http404
    return me


class ProgrammePlanSerializer(serializers.Serializer):
    slug = serializers.CharField(read_only=True)
    title = serializers.CharField(max_length=160)
    title_en = serializers.CharField(max_length=160, allow_blank=True, default="")
    text = serializers.CharField(max_length=2000, allow_blank=True, default="", help_text="What it leads to.")
    text_en = serializers.CharField(max_length=2000, allow_blank=True, default="")
    is_for_everyone = serializers.BooleanField(default=False, help_text="It stands on everyone's page.")
    is_open = serializers.BooleanField(default=True, help_text="Else only those who make paths see it.")
    parts = serializers.ListField(
        child=serializers.CharField(max_length=250), min_length=1, max_length=MOST_PARTS,
        help_text="In their order, by the codes of `/programme-parts/`.",
    )  # fmt: skip
    readers = serializers.ListField(
        child=serializers.EmailField(), required=False, max_length=50,
        help_text="Addresses at work of those who read what is handed in for its own tasks; as they are if left out.",
    )  # fmt: skip


class PartSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    title_en = serializers.CharField()


def _plan(programme: Programme) -> dict[str, Any]:
    shown = {name: getattr(programme, name) for name in ("slug", *PLAN)}
    readers = programme.readers.order_by("sort_key", "id").values_list("email", flat=True)
    return shown | {"parts": [code_of(item) for item in programme.items.all()], "readers": list(readers)}


def _known(programme: Programme | None) -> dict[str, Part]:
    """What it can be made of; and what it is made of, also where that is offered no more."""
    kept = kept_parts(programme) if programme is not None else []
    return {part.code: part for part in [*kept, *(part for _label, kind in offered_parts(programme) for part in kind)]}


def _readers(addresses: list[str] | None, programme: Programme | None) -> list[Person] | None:
    if addresses is None:
        return None
    may = Q(pk__in=with_right("courses.change_programme").order_by().values("pk"))
    if programme is not None:
        may |= Q(pk__in=programme.readers.values("pk"))
    people = {person.email.lower(): person for person in Person.objects.filter(may)}
    if missing := [address for address in addresses if address.lower() not in people]:
        says = _("Nobody who may read it has the address %(address)s.") % {"address": missing[0]}
        raise serializers.ValidationError({"readers": [says]})
    return [people[address.lower()] for address in addresses]


def _save_programme(programme: Programme | None, request: Request) -> Programme:
    asked, known = read_body(ProgrammePlanSerializer, request), _known(programme)
    if missing := [code for code in asked["parts"] if code not in known]:
        raise serializers.ValidationError({"parts": [_("There is no such part: %(code)s.") % {"code": missing[0]}]})
    return save_programme(
        programme,
        plan=ProgrammePlan(**{name: asked[name] for name in PLAN}),
        parts=[known[code] for code in asked["parts"]],
        by=person_of(request),
        now=timezone.now(),
        readers=_readers(asked.get("readers"), programme),
    )


class Programmes(ProgrammeList):
    @extend_schema(
        operation_id="programmes_make",
        tags=["programmes"],
        request=ProgrammePlanSerializer,
        responses={201: ProgrammePlanSerializer, 409: refusals("part_twice")},
    )
    def post(self, request: Request) -> Response:
        """A new learning path; its address is made of the title."""
        _refuse_unless_makes(request)
        return Response(_plan(_save_programme(None, request)), status=status.HTTP_201_CREATED)


class ProgrammePlanView(APIView):
    @extend_schema(operation_id="programmes_read_plan", tags=["programmes"], responses=ProgrammePlanSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A learning path as it is made, also one that is not open yet."""
        return Response(_plan(_programme(request, slug)))

    @extend_schema(
        operation_id="programmes_change_plan",
        tags=["programmes"],
        request=ProgrammePlanSerializer,
        responses={200: ProgrammePlanSerializer, 409: refusals("part_twice", "no_readers")},
    )
    def put(self, request: Request, slug: str) -> Response:
        """The whole path as it is to be. What people have done is lost by no change."""
        return Response(_plan(_save_programme(_programme(request, slug), request)))


PART_ORDERS = {"kind": lambda _part: 0, "title": lambda part: swedish_sort_key(part.title)}


@extend_schema_view(
    get=extend_schema(
        operation_id="programme_parts_list",
        tags=["programmes"],
        parameters=[
            OpenApiParameter("programme", str, description="The slug of the path that is changed."),
            OpenApiParameter("kind", str, description="For instance attend, task or read."),
            by_order(PART_ORDERS),
        ],
    )
)
class ProgrammeParts(generics.ListAPIView):
    """What a learning path can be made of; for those who make them."""

    serializer_class = PartSerializer

    def get_queryset(self) -> Any:
        _refuse_unless_makes(self.request)
        asked = read_filters(self.request, "programme", "kind", "order")
        slug = asked.get("programme", "")
        parts = list(_known(_programme(self.request, slug) if slug else None).values())
        if kind := asked.get("kind", ""):
            parts = [part for part in parts if part.kind == kind]
        return put_rows_in_order(parts, asked, PART_ORDERS)


urlpatterns = [
    path("courses/<slug:slug>/tasks/", CourseTasks.as_view(), name="api_course_tasks"),
    path("courses/<slug:slug>/tasks/<int:pk>/", CourseTask.as_view(), name="api_course_task"),
    path("programme-parts/", ProgrammeParts.as_view(), name="api_programme_parts"),
    path("programmes/", Programmes.as_view(), name="api_programmes"),
    path("programmes/<slug:slug>/plan/", ProgrammePlanView.as_view(), name="api_programme_plan"),
]
