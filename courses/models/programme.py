"""A learning path: ordered things to read, attend, do. A person's progress is computed from records."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from courses.models.task import Task
from shared.sorting import SwedishSortKey


class Programme(models.Model):
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    text = models.TextField(_("what it leads to"), max_length=2000, blank=True, db_default="")
    text_en = models.TextField(_("what it leads to, in English"), max_length=2000, blank=True, db_default="")
    is_for_everyone = models.BooleanField(_("on everyone's page"), default=False)
    # Shown to those who learn; else only to those who make programmes.
    is_open = models.BooleanField(_("open"), default=True, db_default=True)
    # They read what is handed in for the programme's own tasks.
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who reads what is handed in"), related_name="+", blank=True
    )
    sort_key = SwedishSortKey("title")

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.title


class ProgrammeItem(models.Model):
    """`kind` names a progress source registered by the composition; `key` is that source's own word for the thing.

    attend: a course, task: a task (the foreign keys); read: a page of the guide (`key` is its translation key);
    contribute: a note in a journey (`key` is which one; none: any).
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", null=True, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", null=True, blank=True)
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="programme_item_one_per_position"),
            models.CheckConstraint(
                name="programme_item_attends_a_course", condition=~Q(kind="attend") | Q(course__isnull=False)
            ),
            models.CheckConstraint(
                name="programme_item_does_a_task", condition=~Q(kind="task") | Q(task__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeCompletion(models.Model):
    """That someone had done all of a programme when they asked for its certificate. Progress itself is never stored.

    Withdrawn, never deleted, when a course that it stood on is no longer completed.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="completions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="programme_completions"
    )
    completed_on = models.DateField(_("completed"))
    recorded_at = models.DateTimeField(_("recorded"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("completed programme")
        verbose_name_plural = _("completed programmes")
        ordering = ["completed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "programme"], name="programme_completion_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.programme} {self.completed_on}"
