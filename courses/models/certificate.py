"""A document about a completed course or programme that never changes once it is issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.attendance import Completion
from courses.models.programme import ProgrammeCompletion


class Certificate(models.Model):
    """What it says is kept beside its bytes. The database refuses every change but the two moments that end it.

    See the migration `certificates_never_change`: not even a mistaken UPDATE by hand gets through.
    """

    class Standing(models.TextChoices):
        GENUINE = "genuine", _("genuine")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # What it stands on: a completed course, or a completed programme.
    completion = models.ForeignKey(
        Completion, models.PROTECT, verbose_name=_("completion"), related_name="certificates", null=True, blank=True
    )
    programme_completion = models.ForeignKey(
        ProgrammeCompletion, models.PROTECT, verbose_name=_("completed programme"), related_name="certificates",
        null=True, blank=True,
    )  # fmt: skip
    # Number and secret in one: what stands on the paper opens the public page, and nobody can guess another's.
    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=161)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    outcome = models.TextField(blank=True)
    outcome_en = models.TextField(blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    completed_on = models.DateField(_("completed"))
    # Of a programme: what it held that day, each with kind, title, title_en, done_on and, where it is one, the course.
    parts = models.JSONField(default=list, blank=True)
    issuer = models.CharField(_("issued by"), max_length=160)
    issued_at = models.DateTimeField(_("issued"))
    # Null: by the worker, when the course was completed.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, blank=True
    )
    replaces = models.OneToOneField("self", models.PROTECT, related_name="replaced_by", null=True, blank=True)
    why = models.CharField(_("why it was issued anew"), max_length=250, blank=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["completion"],
                name="certificate_one_genuine_per_completion",
                condition=Q(superseded_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(name="certificate_issued_anew_says_why", condition=Q(replaces=None) | ~Q(why="")),
            models.UniqueConstraint(
                fields=["programme_completion"],
                name="certificate_one_genuine_per_programme",
                condition=Q(superseded_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="certificate_of_a_course_or_a_programme",
                condition=Q(completion=None, programme_completion__isnull=False)
                | Q(completion__isnull=False, programme_completion=None),
            ),
            # A programme may hold no course, and then says nothing of hours.
            models.CheckConstraint(
                name="certificate_hours_positive",
                condition=Q(hours__gt=0) | Q(hours=0, programme_completion__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ground(self) -> Completion | ProgrammeCompletion:
        ground = self.completion or self.programme_completion
        assert ground is not None  # the database holds that there is one
        return ground

    @property
    def standing(self) -> str:
        if self.withdrawn_at is not None:
            return self.Standing.WITHDRAWN
        return self.Standing.SUPERSEDED if self.superseded_at is not None else self.Standing.GENUINE
