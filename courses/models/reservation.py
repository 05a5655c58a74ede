"""Places kept for a unit until a moment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Occasion
from people.models import Unit


class Reservation(models.Model):
    """So many places of the occasion are for the unit's own people, and for nobody else, until it is released.

    Released by the clock or by hand; then its places are everyone's. A booking says which reservation its place is
    counted in.
    """

    occasion = models.ForeignKey(Occasion, models.CASCADE, verbose_name=_("occasion"), related_name="reservations")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    places = models.PositiveIntegerField(_("places"))
    until = models.DateTimeField(_("kept until"))
    made_at = models.DateTimeField(_("made"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["id"]
        indexes = [models.Index(fields=["until"], name="reservation_to_release", condition=Q(released_at=None))]
        constraints = [
            models.CheckConstraint(name="reservation_has_places", condition=Q(places__gte=1)),
            models.UniqueConstraint(
                fields=["occasion", "unit"], name="reservation_one_per_unit", condition=Q(released_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id}: {self.places} – {self.unit}"
