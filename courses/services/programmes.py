"""Making programmes and tasks. What people have done is in the records, so nothing done is lost by a change here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.models import Programme, ProgrammeItem, Task
from courses.programme_parts import Part, item_of
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


def save_programme(programme: Programme | None, *, plan: ProgrammePlan, parts: Sequence[Part], by: Person) -> Programme:
    """A new one, or the same with other words and parts. The address stays what it was made with."""
    if not by.has_perm("courses.change_programme"):
        raise RuleBroken(_("You may not change programmes."), code="not_allowed")
    if not parts:
        raise RuleBroken(_("A programme needs at least one part."), code="no_parts")
    if len({part.code for part in parts}) != len(parts):
        raise RuleBroken(_("Each part can stand there once."), code="part_twice")
    with transaction.atomic():
        saved = programme or Programme(slug=_free_slug(plan.title))
        for name, value in vars(plan).items():
            setattr(saved, name, value)
        saved.save()
        saved.items.all().delete()
        for position, part in enumerate(parts, start=1):
            item = item_of(part)
            item.programme, item.position = saved, position
            item.save()
    return saved


def _free_slug(title: str) -> str:
    plain = slugify(title.lower().translate(str.maketrans("åäöé", "aaoe")))[:_SLUG] or "larvag"
    taken = {"ny"} | set(Programme.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(each for each in (plain, *(f"{plain}-{n}" for n in range(2, 1000))) if each not in taken)


def save_task(task: Task, *, is_required: bool, by: Person, now: dt.datetime) -> Task:
    """New or changed. Becoming required counts for occasions that begin from now on."""
    if not by.has_perm("courses.change_task"):
        raise RuleBroken(_("You may not change tasks."), code="not_allowed")
    if not is_required:
        task.required_since = None
    elif task.required_since is None:
        task.required_since = now
    if task.pk is None:
        task.made_at = now
    task.save()
    return task


def end_task(task: Task, *, by: Person, now: dt.datetime) -> None:
    """Occasions on which it is not yet due carry it no longer. What is handed in stays. A programme that asks for it
    is changed first."""
    if not by.has_perm("courses.change_task"):
        raise RuleBroken(_("You may not change tasks."), code="not_allowed")
    if ProgrammeItem.objects.filter(task=task).exists():
        raise RuleBroken(_("A programme asks for the task. Take it out of the programme first."), code="task_needed")
    Task.objects.filter(pk=task.pk, ended_at=None).update(ended_at=now)
