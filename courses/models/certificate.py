"""A document about a completion that never changes once it is issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.attendance import Completion


class Certificate(models.Model):
    """What it says is kept beside its bytes. The database refuses every change but the two moments that end it.

    See the migration `certificates_never_change`: not even a mistaken UPDATE by hand gets through.
    """

    class Standing(models.TextChoices):
        GENUINE = "genuine", _("genuine")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        WITHDRAWN = "withdrawn", _("withdrawn")

    completion = models.ForeignKey(
        Completion, models.PROTECT, verbose_name=_("completion"), related_name="certificates"
    )
    # Number and secret in one: what stands on the paper opens the public page, and nobody can guess another's.
    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=161)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    outcome = models.TextField(blank=True)
    outcome_en = models.TextField(blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    completed_on = models.DateField(_("completed"))
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
            models.CheckConstraint(name="certificate_hours_positive", condition=Q(hours__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> str:
        if self.withdrawn_at is not None:
            return self.Standing.WITHDRAWN
        return self.Standing.SUPERSEDED if self.superseded_at is not None else self.Standing.GENUINE
