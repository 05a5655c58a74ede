"""What someone needs in the room: asked only where the occasion asks, and erased soon after."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.booking import Booking


class BookingNeeds(models.Model):
    """Seen by the person and by the occasion's own facilitators, and written nowhere else: not in logs, not in letters.

    Reading and writing go through `courses.services.needs`.
    """

    booking = models.OneToOneField(Booking, models.CASCADE, primary_key=True, related_name="needs")
    food = models.CharField(_("food"), max_length=250, blank=True)
    hearing_loop = models.BooleanField(_("hearing loop"), default=False)
    wheelchair = models.BooleanField(_("place for a wheelchair"), default=False)
    other = models.CharField(_("something else"), max_length=500, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        # Says nothing of what is needed: this text may end up in a log.
        return f"needs of booking {self.pk}"
