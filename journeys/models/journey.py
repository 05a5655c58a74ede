"""A map of what someone lives through, and who may see and change it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Unit
from shared.sorting import SwedishSortKey


class Persona(models.Model):
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("who it is"), blank=True)
    sort_key = SwedishSortKey("name")

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name


class Journey(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("being worked on")
        DONE = "done", _("done")

    class Visibility(models.TextChoices):
        MEMBERS = "members", _("only those who take part")
        EVERYONE = "everyone", _("everyone who is logged in may read")

    title = models.CharField(_("title"), max_length=160)
    aim = models.TextField(_("what we want to understand"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(
        _("who may read"), max_length=10, choices=Visibility.choices, default=Visibility.MEMBERS
    )
    persona = models.ForeignKey(Persona, models.SET_NULL, verbose_name=_("persona"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+", null=True, blank=True)
    # Raised by one with every operation, under the row's lock: gap-free and in commit order.
    revision = models.BigIntegerField(_("revision"), default=0)
    # The revision that last changed the title, the aim and the state: tells whether two people changed the same.
    field_revisions = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("made"))
    changed_at = models.DateTimeField(_("changed"))
    sort_key = SwedishSortKey("title")

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.title


class JourneyMember(models.Model):
    class Role(models.TextChoices):
        READER = "reader", _("reads")
        EDITOR = "editor", _("changes")
        OWNER = "owner", _("owns")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="journey_memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        verbose_name = _("member of a journey")
        verbose_name_plural = _("members of journeys")
        constraints = [models.UniqueConstraint(fields=["journey", "person"], name="journey_member_once")]

    def __str__(self) -> str:
        return f"{self.person} – {self.journey}"
