"""The outbox: one message to one person is a row with a unique key and a state.

    due ──claim──▶ claimed ──hand over──▶ sending ──▶ sent
     ▲               │ lease runs out        │ lease runs out, or the server's answer never came
     └───────────────┘                       ▼
                                          uncertain ──a person decides──▶ due | sent

A letter whose sender died before the hand-over began goes back to due by itself. One whose sender died in the
middle of it may or may not have arrived: nobody guesses, a person decides.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    class State(models.TextChoices):
        DUE = "due", _("to be sent")
        CLAIMED = "claimed", _("taken by a sender")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("uncertain: did it arrive?")
        FAILED = "failed", _("could not be sent")
        DROPPED = "dropped", _("no longer needed")

    # The business key: what the letter is about, so that the same news is never written twice.
    # For example "booked:417" or "reminder:417:902".
    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("to"), related_name="letters", null=True, blank=True
    )
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=5, default="sv")
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("text as a page"), blank=True)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    unsubscribe_url = models.URLField(max_length=300, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DUE)
    written_at = models.DateTimeField(_("written"))
    # What was promised; it never moves, so its age tells how late a letter is. A refused connection moves `try_at`.
    due_at = models.DateTimeField(_("to be sent from"))
    try_at = models.DateTimeField(_("next try"))
    claimed_by = models.CharField(max_length=80, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    trouble = models.TextField(_("what went wrong"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-due_at", "-id"]
        permissions = [("decide_letter", _("may decide what becomes of an uncertain letter"))]
        indexes = [
            models.Index(fields=["try_at", "id"], name="letter_to_try", condition=Q(state="due")),
            models.Index(
                fields=["claimed_until"], name="letter_in_hand", condition=Q(state__in=["claimed", "sending"])
            ),
            models.Index(fields=["person", "-due_at"], name="letter_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_in_hand_has_a_lease",
                condition=~Q(state__in=["claimed", "sending"]) | Q(claimed_until__isnull=False),
            ),
            models.CheckConstraint(name="letter_sent_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"


class Attachment(models.Model):
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    # The whole header value, for instance `text/calendar; method=REQUEST; charset=utf-8`.
    content_type = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
