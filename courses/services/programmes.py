"""Making programmes and tasks. What people have done is in the records, so nothing done is lost by a change here."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.models import Programme, ProgrammeItem, Task
from courses.programme_parts import MOST_PARTS, Part, item_of, task_part
from courses.services.judging_anew import judge_who_waited_later
from courses.services.reading_letters import tell_new_readers
from people.models import Person
from shared.rules import RuleBroken

_SLUG = 70


@dataclass(frozen=True)
class ProgrammePlan:
    title: str
    title_en: str
    text: str
    text_en: str
    is_for_everyone: bool
    is_open: bool


def save_programme(
    programme: Programme | None, *, plan: ProgrammePlan, parts: Sequence[Part], by: Person, now: dt.datetime,
    readers: Collection[Person] | None = None,
) -> Programme:  # fmt: skip
    """A new one, or the same with other words and parts. The address stays what it was made with. `readers` read what
    is handed in for the programme's own tasks; None leaves them as they are. Whoever is new is told of what waits."""
    if not by.has_perm("courses.change_programme"):
        raise RuleBroken(_("You may not change programmes."), code="not_allowed")
    if not parts:
        raise RuleBroken(_("A programme needs at least one part."), code="no_parts")
    if len({part.code for part in parts}) != len(parts):
        raise RuleBroken(_("Each part can stand there once."), code="part_twice")
    with transaction.atomic():
        saved = lock_programme(programme) if programme is not None else Programme(slug=_free_slug(plan.title))
        if programme is not None and readers is not None and not readers and _has_own_task(programme, parts):
            raise RuleBroken(_("Somebody must read what is handed in for its own tasks."), code="no_readers")
        for name, value in vars(plan).items():
            setattr(saved, name, value)
        saved.save()
        if readers is not None:
            named = set(saved.readers.all())
            saved.readers.set(readers)
            tell_new_readers(saved, {*readers} - named - {by}, now=now)
        saved.items.all().delete()
        for position, part in enumerate(parts, start=1):
            item = item_of(part)
            item.programme, item.position = saved, position
            item.save()
    return saved


def lock_programme(programme: Programme) -> Programme:
    """Who changes its parts, or hands in along it, at the same moment comes after."""
    return Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _has_own_task(programme: Programme, parts: Sequence[Part]) -> bool:
    return Task.objects.filter(programme=programme, pk__in=[part.key for part in parts if part.kind == "task"]).exists()


def _free_slug(title: str) -> str:
    plain = slugify(title.lower().translate(str.maketrans("åäöé", "aaoe")))[:_SLUG] or "larvag"
    taken = {"ny"} | set(Programme.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(each for each in (plain, *(f"{plain}-{n}" for n in range(2, 1000))) if each not in taken)


def may_make_task(person: Person, task: Task) -> bool:
    """A programme's own task is part of it: whoever changes the one changes the other."""
    return person.has_perm("courses.change_task" if task.course_id is not None else "courses.change_programme")


def save_task(task: Task, *, is_required: bool, by: Person, now: dt.datetime) -> Task:
    """New or changed. Becoming required counts for occasions that begin from now on. A programme's new task becomes
    its last part, and where nobody is named to read what is handed in, whoever makes it is."""
    _refuse_unless_may_make(task, by)
    with transaction.atomic():
        is_new = task.pk is None
        if is_new:
            task.made_at = now
        else:
            # What was decided elsewhere since it was opened stands: that it is ended, or from when it is waited for.
            stands = _lock_task(task)
            task.ended_at, task.required_since = stands.ended_at, stands.required_since
        needed_since = task.required_since
        if not is_required:
            task.required_since = None
        elif task.required_since is None:
            task.required_since = now
        task.save()
        part = task_part(task)
        ProgrammeItem.objects.filter(task=task).update(title=part.title[:160], title_en=part.title_en[:160])
        if is_new and task.programme is not None:
            _append(part, lock_programme(task.programme), by)
        if needed_since is not None:
            judge_who_waited_later(task, since=needed_since)
    return task


def _lock_task(task: Task) -> Task:
    """Before anything else that a change of it touches."""
    return Task.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=task.pk)


def _append(part: Part, programme: Programme, by: Person) -> None:
    if programme.items.count() >= MOST_PARTS:
        raise RuleBroken(
            _("A programme has at most %(most)d parts. Take one out first.") % {"most": MOST_PARTS},
            code="too_many_parts",
        )
    item = item_of(part)
    item.programme = programme
    item.position = (programme.items.aggregate(last=Max("position"))["last"] or 0) + 1
    item.save()
    if not programme.readers.exists():
        programme.readers.add(by)


def _refuse_unless_may_make(task: Task, by: Person) -> None:
    if not may_make_task(by, task):
        raise RuleBroken(_("You may not change tasks."), code="not_allowed")


def end_task(task: Task, *, by: Person, now: dt.datetime) -> None:
    """Occasions on which it is not yet due carry it no longer. What is handed in stays. A programme that asks for a
    course's task is changed first; its own leaves it with this."""
    _refuse_unless_may_make(task, by)
    with transaction.atomic():
        task = _lock_task(task)
        asked = ProgrammeItem.objects.filter(task=task)
        if task.programme is not None:
            _take_out(asked, lock_programme(task.programme))
        elif asked.exists():
            raise RuleBroken(
                _("A programme asks for the task. Take it out of the programme first."), code="task_needed"
            )
        Task.objects.filter(pk=task.pk, ended_at=None).update(ended_at=now)
        if task.required_since is not None:
            judge_who_waited_later(task, since=task.required_since)


def _take_out(asked: QuerySet[ProgrammeItem], programme: Programme) -> None:
    if not programme.items.exclude(pk__in=asked.values("pk")).exists():
        raise RuleBroken(_("A programme needs at least one part."), code="no_parts")
    asked.delete()
