"""A meeting with an agenda and a join code, on a journey."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.models import Journey


class Workshop(models.Model):
    title = models.CharField(_("title"), max_length=160)
    journey = models.ForeignKey(Journey, models.PROTECT, verbose_name=_("journey"), related_name="workshops")
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("facilitator"), related_name="workshops"
    )
    starts_at = models.DateTimeField(_("starts"))
    # Letters and digits that can't be mistaken for each other when read aloud.
    join_code = models.CharField(_("join code"), max_length=8, unique=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-starts_at", "id"]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "position"], name="agenda_item_one_per_position"),
            models.CheckConstraint(name="agenda_item_takes_time", condition=Q(minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """An employee, or a guest known by a name alone and by the key in their browser."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True)
    guest_name = models.CharField(_("name"), max_length=60, blank=True)
    guest_digest = models.CharField(max_length=64, blank=True, editable=False)
    joined_at = models.DateTimeField(_("joined"))

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "person"], name="participant_once"),
            models.CheckConstraint(
                name="participant_is_a_person_or_a_guest",
                condition=Q(person__isnull=False, guest_name="") | (Q(person__isnull=True) & ~Q(guest_name="")),
            ),
        ]

    def __str__(self) -> str:
        return self.guest_name or str(self.person)
