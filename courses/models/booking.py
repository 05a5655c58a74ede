"""One person's place on one occasion, with a log of states."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Occasion
from courses.models.reservation import Reservation

# What is said once to everyone when an occasion is cancelled must have room to tell what happens instead.
LONGEST_REASON = 2000


class Booking(models.Model):
    """`state` is the last line of the log, kept beside it so that the database can hold the rules.

    It is changed by `courses.services.states.change_state` alone, which writes the log in the same breath.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for approval")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("offered a place")
        BOOKED = "booked", _("booked")
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved to another occasion")
        HANDED_OVER = "handed_over", _("handed over")
        LAPSED = "lapsed", _("lapsed")
        REFUSED = "refused", _("refused")

    # Holds a place; still alive (holds a place or waits for one).
    HOLDING = (State.ASKED, State.OFFERED, State.BOOKED)
    LIVE = (State.ASKED, State.WAITING, State.OFFERED, State.BOOKED)

    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name=_("occasion"), related_name="bookings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="bookings"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    # The queue's order: written under the occasion's lock, so it is the order in which people were served.
    created_at = models.DateTimeField(_("asked for"))
    # Until when a request waits for an answer; says nothing in any other state.
    decide_by = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    # The place on another occasion that this one is asked for instead of: given up when this one is certain.
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("instead of"), related_name="replaced_by", null=True, blank=True
    )

    # Whose reserved place this is; null for a place that is everyone's.
    reservation = models.ForeignKey(
        Reservation, models.SET_NULL, verbose_name=_("reservation"), related_name="bookings", null=True, blank=True
    )
    # The course came to ask for less: whether it is completed thereby is still to be looked at.
    to_judge = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["occasion", "state", "id"], name="booking_places_and_queue"),
            models.Index(fields=["person", "state"], name="booking_of_person"),
            models.Index(fields=["decide_by"], name="booking_to_decide", condition=Q(state="asked")),
            models.Index(fields=["id"], name="booking_to_judge", condition=Q(to_judge=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "person"],
                name="booking_one_live_per_person",
                condition=Q(state__in=["asked", "waiting", "offered", "booked"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.occasion}"


class BookingEvent(models.Model):
    """One line of a booking's log: what it says is never changed, and it is never deleted. A trigger holds both.

    It is also the row from which the letter about it is written, by the worker: a booking must not wait for
    a calendar file to be set. Lines laid in bulk (a demo, an import) tell nobody.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    state = models.CharField(_("state"), max_length=12, choices=Booking.State.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    why = models.CharField(_("why"), max_length=LONGEST_REASON, blank=True)
    # The other booking that this line is about: where it moved to or came from, who it was handed to or by.
    other = models.ForeignKey(Booking, models.PROTECT, related_name="+", null=True, blank=True)
    to_tell = models.BooleanField(_("a letter is still to be written"), default=False, db_default=False)

    class Meta:
        verbose_name = _("booking event")
        verbose_name_plural = _("booking events")
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="booking_event_to_tell", condition=Q(to_tell=True))]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.state}"


class Offer(models.Model):
    """A freed place held for a waiting person until a moment."""

    class Answer(models.TextChoices):
        OPEN = "open", _("not answered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("lapsed")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="offers")
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("held until"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["booking"], name="offer_one_open_per_booking", condition=Q(answer="open")),
            models.CheckConstraint(
                name="offer_answered_says_when", condition=Q(answer="open") | Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.answer}"

    @property
    def is_the_last(self) -> bool:
        """Whether it runs out when no more places are offered, so that there is no next. Reads `booking__occasion`."""
        return self.expires_at >= self.booking.occasion.offers_end_at


class LateWord(models.Model):
    """What someone wrote to those who lead, when it was too late to change the booking alone."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="late_words")
    words = models.TextField(_("words"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("late word")
        verbose_name_plural = _("late words")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.at:%Y-%m-%d}"
