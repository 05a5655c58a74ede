"""The tasks that a learning path has of its own: how far one has come with them, and what their readers have to read.

They read and never write.
"""

from dataclasses import dataclass, replace

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from courses.models import HandIn, Programme, ProgrammeItem, Task
from courses.progress import Progress, ProgressItem
from courses.task_queries import looks_after_paths
from people.models import Person
from people.queries import with_right

DRAFT, READ = "draft", "read"


def own_tasks_of(programme: Programme) -> QuerySet[Task]:
    """Those not ended, each with `is_part`: whether the path asks for it now."""
    asked = ProgrammeItem.objects.filter(programme=programme, task=OuterRef("pk"))
    own = Task.objects.filter(programme=programme, ended_at=None)
    return own.annotate(is_part=Exists(asked)).order_by("id")


def reads(person: Person, programme: Programme) -> bool:
    """Whoever is named on the path and still looks after paths. The right to change any path gives no sight of what
    is handed in."""
    return looks_after_paths(person) and programme.readers.filter(pk=person.pk).exists()


def readers_named(programme: Programme) -> list[Person]:
    """Those of them who may still read."""
    return [*with_right("courses.change_programme").filter(pk__in=programme.readers.values("pk"))]


def handed_in_for(task: Task, *, reader: Person) -> QuerySet[HandIn]:
    """What others have handed in, the unread first and the one that has waited longest first of all."""
    return _handed_in(reader).filter(task=task)


def handed_in_along(programme: Programme, *, reader: Person) -> QuerySet[HandIn]:
    return _handed_in(reader).filter(task__programme=programme)


def _handed_in(reader: Person) -> QuerySet[HandIn]:
    done = HandIn.objects.filter(handed_in_at__isnull=False).exclude(person=reader)
    order = (F("read_at").desc(nulls_first=True), "changed_at", "id")
    return done.select_related("task", "person", "read_by").order_by(*order)


@dataclass(frozen=True)
class ToRead:
    """A path's own task, how many have handed it in, and how many of those nobody has read."""

    task: Task
    handed_in: int
    unread: int


def to_read(person: Person, *, programme: Programme | None = None) -> list[ToRead]:
    """Of every path that the person reads, or of one. What is erased waits for nobody. One query."""
    if not looks_after_paths(person):
        return []
    of_others = Q(hand_ins__handed_in_at__isnull=False) & ~Q(hand_ins__person=person)
    unread = of_others & Q(hand_ins__read_at=None, hand_ins__erased_at=None)
    tasks = Task.objects.filter(programme__readers=person).select_related("programme")
    if programme is not None:
        tasks = tasks.filter(programme=programme)
    counted = tasks.annotate(
        handed_in=Count("hand_ins", filter=of_others, distinct=True),
        unread=Count("hand_ins", filter=unread, distinct=True),
    ).filter(Q(ended_at=None) | Q(unread__gt=0))
    return [ToRead(row, row.handed_in, row.unread) for row in counted.order_by("programme__sort_key", "id")]


def with_hand_ins(progress: Progress, *, person: Person) -> Progress:
    """Its tasks also say what is saved as a draft and what has been read: one query, where there is a task."""
    tasks = [one.item.task_id for one in progress.items if one.item.task_id is not None]
    if not tasks:
        return progress
    states: dict[int | None, str] = {}
    rows = HandIn.objects.filter(person=person, task__in=tasks).values_list("task_id", "handed_in_at", "read_at")
    for task, handed_in_at, read_at in rows:
        states[task] = DRAFT if handed_in_at is None else READ if read_at is not None else ""
    return replace(progress, items=[_with_state(one, states.get(one.item.task_id, "")) for one in progress.items])


def _with_state(one: ProgressItem, state: str) -> ProgressItem:
    return replace(one, step=replace(one.step, state=state)) if state else one
