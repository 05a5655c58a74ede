"""The log of a journey: every change as it was asked for, numbered without gaps."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey


class Operation(models.Model):
    """`number` is the journey's revision that this operation made; `id` is made by the client, so that the
    same operation sent again is known again. Operations are never changed and never deleted."""

    pk_row = models.BigAutoField(primary_key=True)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="operations")
    id = models.UUIDField(editable=False)
    number = models.BigIntegerField()
    type = models.CharField(max_length=40)
    target = models.UUIDField(null=True)
    based_on = models.BigIntegerField()
    # As applied: cleaned, with the rank that the server chose where the client gave none.
    fields = models.JSONField(default=dict)
    # The values that `fields` replaced: the history can be read, and a change undone, without replaying the log.
    before = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="operation_numbered_without_doubles"),
            models.UniqueConstraint(fields=["journey", "id"], name="operation_sent_again_is_the_same"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id}/{self.number} {self.type}"
