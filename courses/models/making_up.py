"""A missed day made up on another occasion of the same course."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.booking import Booking
from courses.models.course import Session


class MadeUpDay(models.Model):
    """`booking` holds a place for the sake of this day alone: whoever has such a row comes to those days and no others.

    The course is completed, or not, by the `original` booking; see `courses.services.completion`.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="made_up_days")
    original = models.ForeignKey(Booking, models.PROTECT, related_name="days_made_up")
    missed = models.ForeignKey(Session, models.PROTECT, related_name="+")
    # Null: the day was taken out of the other occasion.
    instead = models.ForeignKey(Session, models.SET_NULL, related_name="made_up_days", null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("made-up day")
        verbose_name_plural = _("made-up days")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["booking", "missed"], name="made_up_day_once_per_booking")]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.missed_id} → {self.instead_id}"
