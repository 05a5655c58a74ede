"""The room's short-lived code, and who has said by it to be there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.booking import Booking
from courses.models.course import Session


class RoomCode(models.Model):
    """That a session shows codes. The codes themselves are never stored: see `courses.room_codes`."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="room_code")
    secret = models.CharField(max_length=64, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("room's code")
        verbose_name_plural = _("rooms' codes")

    def __str__(self) -> str:
        return f"{self.session_id}"


class PresenceClaim(models.Model):
    """Someone says to be in the room. It is no attendance: whoever leads confirms it by an ordinary mark.

    It is settled by any mark made after it, so nothing here says whether it was believed.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="claims")
    session = models.ForeignKey(Session, models.CASCADE, related_name="claims")
    claimed_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("claim of presence")
        verbose_name_plural = _("claims of presence")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["booking", "session"], name="claim_one_per_session")]

    def __str__(self) -> str:
        return f"{self.booking_id}/{self.session_id}"
