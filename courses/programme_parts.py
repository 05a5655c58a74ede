"""What a programme can be made of, kind by kind: each room offers its own things through the composition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Programme, ProgrammeItem, Task

MOST_PARTS = 40


@dataclass(frozen=True)
class Part:
    """Something to put into a programme, named in both languages. `key` is the kind's own word for it."""

    kind: str
    key: str
    title: str
    title_en: str

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Kind:
    label: Any
    # The programme is None while it is being made.
    offers: Callable[[Programme | None], Iterable[Part]]


_kinds: dict[str, Kind] = {}


def register_part_kind(kind: str, label: Any, offers: Callable[[Programme | None], Iterable[Part]]) -> None:
    _kinds[kind] = Kind(label, offers)


def kind_in_words(kind: str, language: str) -> str:
    """ "Bidra": where the thing itself is not to be named."""
    with translation.override(language):
        return str(_kinds[kind].label)


def _courses(_programme: Programme | None) -> Iterable[Part]:
    for course in Course.objects.order_by("sort_key", "id"):
        yield Part("attend", str(course.pk), f"Gå {course.title}", f"Attend {course.title_en or course.title}")


def _tasks(programme: Programme | None) -> Iterable[Part]:
    tasks = Task.objects.filter(ended_at=None).exclude(programme__isnull=False)
    if programme is not None:
        tasks = tasks | Task.objects.filter(ended_at=None, programme=programme)
    for task in tasks.select_related("course").order_by("course__sort_key", "id"):
        yield task_part(task)


def task_part(task: Task) -> Part:
    return Part("task", str(task.pk), f"Gör uppgiften {task.title}", f"Do the task {task.title_en or task.title}")


register_part_kind("attend", _("Attend a course"), _courses)
register_part_kind("task", _("Do a task"), _tasks)


def offered_parts(programme: Programme | None) -> list[tuple[Any, list[Part]]]:
    """By kind, in the order in which the rooms were joined."""
    return [(kind.label, list(kind.offers(programme))) for kind in _kinds.values()]


def code_of(item: ProgrammeItem) -> str:
    key = {"attend": item.course_id, "task": item.task_id}.get(item.kind, item.key)
    return f"{item.kind}:{key}"


def kept_parts(programme: Programme) -> list[Part]:
    """What it is made of, as it is called there: also what is offered no more."""
    return [
        Part(item.kind, code_of(item).split(":", 1)[1], item.title, item.title_en) for item in programme.items.all()
    ]


def item_of(part: Part) -> ProgrammeItem:
    """Not saved yet, and without its programme."""
    return ProgrammeItem(
        kind=part.kind, title=part.title[:160], title_en=part.title_en[:160],
        course_id=int(part.key) if part.kind == "attend" else None,
        task_id=int(part.key) if part.kind == "task" else None,
        key=part.key if part.kind not in {"attend", "task"} else "",
    )  # fmt: skip
