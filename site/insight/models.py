"""What the municipality set out to reach, and what closed reports said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from people.models import Unit


class Goal(models.Model):
    """So many people trained in a course, by a day; for the whole municipality."""

    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="+")
    people = models.PositiveIntegerField(_("people trained"))
    share = models.PositiveSmallIntegerField(
        _("share of the employees in every administration, in per cent"), null=True, blank=True
    )
    reach_by = models.DateField(_("to be reached by"))

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["reach_by", "id"]
        permissions = [
            ("view_headcount", _("may see the figures of the whole municipality")),
            ("view_people", _("may open a figure into people, and see groups under five")),
        ]
        constraints = [
            models.CheckConstraint(name="goal_is_more_than_nobody", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="goal_share_in_per_cent", condition=Q(share__isnull=True) | Q(share__range=(1, 100))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.people}"


class ClosedFigure(models.Model):
    """What the report of a day said of one administration when it was closed. Written once, never changed.

    Completions tell by themselves what stood then; an employment of the past that is corrected does not.
    """

    on = models.DateField(_("day"))
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("administration"), related_name="+")
    employees = models.PositiveIntegerField(_("employees"))
    trained = models.PositiveIntegerField(_("trained"))
    closed_at = models.DateTimeField(_("closed"))

    class Meta:
        verbose_name = _("closed figure")
        verbose_name_plural = _("closed figures")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["on", "course", "unit"], name="closed_figure_once"),
            models.CheckConstraint(name="closed_figure_trained_are_employed", condition=Q(trained__lte=F("employees"))),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.course} {self.unit}: {self.trained} / {self.employees}"
