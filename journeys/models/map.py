"""The map itself: phases hold steps (columns), lanes are rows, a note is one card in a cell.

Every row has an id made by the client, a rank that orders it among its siblings (fractional, so that a thing put
between two others changes nothing but itself), the revision of its last change, and the revision per field, which
tells whether two people changed the same words. What is removed is marked, never deleted: it can be put back.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey


class MapRow(models.Model):
    journey_id: int  # each kind has its own foreign key, so that a journey knows them by their names

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Compared byte by byte ("C"), the same order as JavaScript's plain comparison of ASCII.
    rank = models.CharField(max_length=120, db_collation="C")
    revision = models.BigIntegerField(default=0)
    field_revisions = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Phase(MapRow):
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="phases")
    title = models.CharField(_("title"), max_length=160)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.title


class Step(MapRow):
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="steps")
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="steps")
    title = models.CharField(_("title"), max_length=160)
    # How it feels, from -2 (terrible) to 2 (wonderful): the points of the emotion curve.
    feeling = models.SmallIntegerField(_("feeling"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                name="step_feeling_on_the_scale", condition=Q(feeling__isnull=True) | Q(feeling__range=(-2, 2))
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lane(MapRow):
    class Kind(models.TextChoices):
        NOTES = "notes", _("notes")
        FEELING = "feeling", _("emotion curve")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="lanes")
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTES)

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.title


class Note(MapRow):
    class Evidence(models.TextChoices):
        ASSUMPTION = "assumption", _("we assume")
        STAFF = "staff", _("staff say")
        CITIZEN = "citizen", _("citizens say")
        DATA = "data", _("data show")

    class Colour(models.TextChoices):
        YELLOW = "yellow", _("yellow")
        BLUE = "blue", _("blue")
        GREEN = "green", _("green")
        PINK = "pink", _("pink")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="notes")
    step = models.ForeignKey(Step, models.CASCADE, related_name="notes")
    lane = models.ForeignKey(Lane, models.CASCADE, related_name="notes")
    text = models.TextField(_("text"), max_length=2000)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence.choices, default=Evidence.ASSUMPTION)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour.choices, default=Colour.YELLOW)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["rank", "id"]
        indexes = [models.Index(fields=["journey", "revision"], name="note_changed_since")]

    def __str__(self) -> str:
        return self.text[:60]
