"""What those who were there thought of it. Nothing here ties an answer to a person; decision 0061 tells how."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course, Occasion


class EvaluationForm(models.Model):
    """The questions of a course in one version. A version that was asked is never changed: a new one follows it."""

    course = models.ForeignKey(Course, models.CASCADE, verbose_name=_("course"), related_name="evaluation_forms")
    version = models.PositiveIntegerField(_("version"))
    # A list of `courses.evaluation_questions.Question`, as they are written there.
    questions = models.JSONField(_("questions"))
    made_at = models.DateTimeField(_("made"))
    # Null: the standard questions.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation forms")
        ordering = ["course", "-version"]
        constraints = [models.UniqueConstraint(fields=["course", "version"], name="evaluation_form_one_per_version")]

    def __str__(self) -> str:
        return f"{self.course} {self.version}"


class Evaluation(models.Model):
    """One occasion's: asked in one version of the form, until it closes. Days, no moments, wherever a day is enough."""

    occasion = models.OneToOneField(Occasion, models.PROTECT, verbose_name=_("occasion"), related_name="evaluation")
    form = models.ForeignKey(EvaluationForm, models.PROTECT, verbose_name=_("form"), related_name="+")
    opened_on = models.DateField(_("opened"))
    closes_at = models.DateTimeField(_("closes"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    is_reminded = models.BooleanField(default=False)
    # Known when it is closed: how many were asked, and how many answered.
    asked = models.PositiveIntegerField(null=True, blank=True)
    answered = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["occasion__starts_at", "id"]
        indexes = [models.Index(fields=["closes_at"], name="evaluation_open", condition=Q(closed_on=None))]

    def __str__(self) -> str:
        return f"{self.occasion_id}: {self.opened_on}"


class Ballot(models.Model):
    """A person's right to answer once. It tells whether it is spent, and never what was answered.

    Erased when the evaluation closes. Its name is random: nothing can be read from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="ballots")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_spent = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [models.UniqueConstraint(fields=["evaluation", "person"], name="ballot_one_per_person")]

    def __str__(self) -> str:
        return str(self.id)


class BallotBox(models.Model):
    """All answers to an open evaluation in one sealed piece, written anew with every answer and erased at the closing.

    One row: no order, no transaction and no number of a row tells who put what into it.
    """

    evaluation = models.OneToOneField(Evaluation, models.CASCADE, primary_key=True, related_name="box")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("ballot box")
        verbose_name_plural = _("ballot boxes")

    def __str__(self) -> str:
        return str(self.evaluation_id)


class EvaluationFigure(models.Model):
    """How many chose a value of a question. Kept only of questions that at least five have answered."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="figures")
    question = models.CharField(max_length=40)
    value = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("figure of an evaluation")
        verbose_name_plural = _("figures of evaluations")
        ordering = ["question", "value"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "question", "value"], name="evaluation_figure_once"),
            models.CheckConstraint(name="evaluation_figure_on_the_scale", condition=Q(value__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.question}: {self.value}"


class EvaluationText(models.Model):
    """What somebody wrote. In the order of random names: which words came from the same person can't be told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="texts")
    question = models.CharField(max_length=40)
    text = models.TextField()

    class Meta:
        verbose_name = _("words of an evaluation")
        verbose_name_plural = _("words of evaluations")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)
