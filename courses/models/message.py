"""What a facilitator wrote to the people of an occasion, and to whom it went."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Occasion, Session
from letters.models import Letter


class OccasionMessage(models.Model):
    """Never changed once sent: it is the log of what was said. The key comes with the form, so a form sends once."""

    class Circle(models.TextChoices):
        BOOKED = "booked", _("everyone who is booked")
        WAITING = "waiting", _("those on the waiting list")
        MISSING = "missing", _("those who were missing")

    occasion = models.ForeignKey(Occasion, models.CASCADE, verbose_name=_("occasion"), related_name="messages")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    circle = models.CharField(_("to whom"), max_length=10, choices=Circle.choices)
    # The day on which they were missing.
    session = models.ForeignKey(Session, models.SET_NULL, related_name="+", null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("from"), related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.occasion_id}: {self.subject}"


class MessageReceiver(models.Model):
    """One person of a message, chosen when it was sent. The letter is written by the workers."""

    message = models.ForeignKey(OccasionMessage, models.CASCADE, related_name="receivers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, models.SET_NULL, related_name="+", null=True, blank=True)
    to_tell = models.BooleanField(_("a letter is still to be written"), default=True, db_default=True)

    class Meta:
        verbose_name = _("receiver")
        verbose_name_plural = _("receivers")
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="message_to_tell", condition=Q(to_tell=True))]
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="message_once_to_each")]

    def __str__(self) -> str:
        return f"{self.message_id} → {self.person_id}"
