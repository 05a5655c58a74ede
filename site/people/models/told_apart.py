"""Two people of the register whom somebody has looked at: they are two, not one who stands twice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.person import Person


class ToldApart(models.Model):
    """Kept for good, also when it has been taken back: who said so, and when."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pair of two people")
        verbose_name_plural = _("pairs of two people")
        ordering = ["-at", "-id"]
        constraints = [
            # One way to write a pair, so that it can be there once.
            models.CheckConstraint(name="told_apart_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(taken_back_at=None), name="told_apart_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
