"""Progress along a programme, computed from records. Each kind of item asks its own source.

`attend` is asked here; other kinds are registered by the composition, so that courses need not know the rooms.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from courses.models import Completion, Programme, ProgrammeItem
from people.models import Person


@dataclass(frozen=True)
class Step:
    """How far a person has come with one item. `title` says it in the reader's language, where the source knows it."""

    is_done: bool
    url: str = ""
    title: str = ""


# Answers for many items of its kind at once: item's id → step. What is not answered is not done.
Source = Callable[[Person, Sequence[ProgrammeItem]], dict[int, Step]]
_sources: dict[str, Source] = {}


def register_progress_source(kind: str, source: Source) -> None:
    _sources[kind] = source


@dataclass(frozen=True)
class ProgressItem:
    item: ProgrammeItem
    step: Step


@dataclass(frozen=True)
class Progress:
    programme: Programme
    items: list[ProgressItem]

    @property
    def done(self) -> int:
        return sum(1 for one in self.items if one.step.is_done)

    @property
    def whole(self) -> int:
        return len(self.items)

    @property
    def next(self) -> ProgressItem | None:
        return next((one for one in self.items if not one.step.is_done), None)


def attended(person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
    done = set(
        Completion.objects.filter(
            person=person, withdrawn_at=None, course__in={item.course_id for item in items}
        ).values_list("course_id", flat=True)
    )
    return attended_among(done)(person, items)


def attended_among(completed: Container[int | None]) -> Source:
    """For whoever knows the courses the person has completed: asks nothing."""

    def answer(_person: Person, items: Sequence[ProgrammeItem]) -> dict[int, Step]:
        return {item.pk: Step(item.course_id in completed) for item in items}

    return answer


register_progress_source("attend", attended)


def progress_of(person: Person, *, known: Mapping[str, Source] | None = None) -> list[Progress]:
    """Every programme on everyone's page, with what the person has done of it: one query, and one per kind.

    `known` are sources of the caller's, by kind, who has asked already.
    """
    sources = {**_sources, **(known or {})}
    every = (
        ProgrammeItem.objects.filter(programme__is_for_everyone=True)
        .select_related("programme", "course")
        .order_by("programme__sort_key", "programme_id", "position")
    )
    of_programme: dict[Programme, list[ProgrammeItem]] = {}
    by_kind: dict[str, list[ProgrammeItem]] = {}
    for item in every:
        of_programme.setdefault(item.programme, []).append(item)
        by_kind.setdefault(item.kind, []).append(item)
    steps: dict[int, Step] = {}
    for kind, items in by_kind.items():
        if kind in sources:
            steps |= sources[kind](person, items)
    return [
        Progress(programme, [ProgressItem(item, steps.get(item.pk, Step(is_done=False))) for item in items])
        for programme, items in of_programme.items()
    ]
