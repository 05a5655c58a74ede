"""What is taught, when, and in which blocks."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from people.models import Unit
from shared.sorting import SwedishSortKey


class Course(models.Model):
    class CompletionRule(models.TextChoices):
        EVERY_SESSION = "every_session", _("present at every session")
        SHARE_OF_TIME = "share_of_time", _("present for a share of the time")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    outcome = models.TextField(_("what you will be able to do"), blank=True)
    outcome_en = models.TextField(_("what you will be able to do, in English"), blank=True)
    audience = models.CharField(_("for whom"), max_length=250, blank=True)
    audience_en = models.CharField(_("for whom, in English"), max_length=250, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    days = models.PositiveSmallIntegerField(_("days"), default=1)
    completion_rule = models.CharField(
        _("rule for completion"), max_length=20, choices=CompletionRule.choices, default=CompletionRule.EVERY_SESSION
    )
    share_needed = models.PositiveSmallIntegerField(_("share of the time needed, in per cent"), default=100)
    needs_approval = models.BooleanField(_("the manager approves"), default=False)
    approval_days = models.PositiveSmallIntegerField(
        _("working days to answer a request"), default=3, db_default=3, help_text=_("After that the request lapses.")
    )
    is_listed = models.BooleanField(_("in the catalogue"), default=True)
    sort_key = SwedishSortKey("title")

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(name="course_hours_positive", condition=Q(hours__gt=0)),
            models.CheckConstraint(name="course_share_in_per_cent", condition=Q(share_needed__range=(1, 100))),
            models.CheckConstraint(name="course_approval_takes_days", condition=Q(approval_days__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return self.title_en if self.title_en and (translation.get_language() or "sv").startswith("en") else self.title


class Occasion(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CANCELLED = "cancelled", _("cancelled")

    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="occasions")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    places = models.PositiveIntegerField(_("places"))
    # Below this many booked whoever leads decides whether it is held; nothing is cancelled by itself. 0: no fewest.
    min_places = models.PositiveIntegerField(_("fewest booked"), default=0, db_default=0)
    # Moments, not days; the last booking, the last cancellation by oneself, the last automatic offer.
    booking_closes_at = models.DateTimeField(_("booking closes"))
    cancel_until = models.DateTimeField(_("can be cancelled until"))
    offers_until = models.DateTimeField(_("freed places are offered until"))
    offer_hours = models.PositiveSmallIntegerField(_("working hours to answer an offer"), default=8)
    language = models.CharField(
        _("language"), max_length=5, default="sv", choices=[("sv", "Svenska"), ("en", "English")]
    )
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("facilitators"), related_name="facilitated_occasions", blank=True
    )
    is_hidden = models.BooleanField(
        _("hidden"), default=False, db_default=False, help_text=_("In no list: booked by whoever has the link.")
    )
    administrations = models.ManyToManyField(
        Unit, verbose_name=_("only for these administrations"), related_name="+", blank=True
    )
    asks_needs = models.BooleanField(_("asks what people need"), default=False, db_default=False)
    # Some or all places are for chosen units. Kept by the services: booking asks no further where it is false.
    is_limited = models.BooleanField(default=False, db_default=False, editable=False)
    # Since when those who may book are the same; the queue is judged by it.
    limits_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # First start and last end among the sessions, kept by the services: lists sort and filter on them.
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    # A session was moved or added: those who hold a place are still to be told.
    to_tell = models.BooleanField(_("changes are still to be told"), default=False, db_default=False)
    # Who leads it, when, or whether it is held at all may be news to those who lead.
    leaders_to_tell = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ["starts_at", "id"]
        permissions = [
            ("take_attendance", _("may take attendance")),
            ("lead_any_occasion", _("may act as facilitator of every occasion")),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="occasion_open_by_start", condition=Q(state="open")),
            models.Index(fields=["id"], name="occasion_to_tell", condition=Q(to_tell=True)),
            models.Index(fields=["id"], name="occasion_leaders_to_tell", condition=Q(leaders_to_tell=True)),
        ]
        constraints = [
            models.CheckConstraint(name="occasion_has_places", condition=Q(places__gte=1)),
            models.CheckConstraint(name="occasion_fewest_fit_in", condition=Q(min_places__lte=F("places"))),
            models.CheckConstraint(name="occasion_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="occasion_booking_closes_before_the_end", condition=Q(booking_closes_at__lte=F("ends_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.starts_at:%Y-%m-%d}"

    @property
    def offers_end_at(self) -> dt.datetime:
        """Until when a freed place is offered by itself, and until when such an offer can be accepted at most."""
        return min(self.offers_until, self.starts_at)


class _Span(Func):
    function = "tstzrange"
    template = "%(function)s(%(expressions)s, '[)')"


class _Just(Func):
    """One whole number as a range: lets a plain GiST index compare it, with no extension needed."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"


class Session(models.Model):
    """One block of an occasion; a course day is the sessions of one date."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, verbose_name=_("occasion"), related_name="sessions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    address = models.CharField(_("street address"), max_length=200, blank=True)
    room_access = models.CharField(_("accessibility of the room"), max_length=250, blank=True, db_default="")
    link = models.URLField(_("link for those who take part remotely"), blank=True)
    # Rises with every change of time or place: calendar entries that were told less are told again.
    revision = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="session_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_has_a_place_or_a_link", condition=~Q(place="", link="")),
            ExclusionConstraint(
                name="session_no_overlap_in_an_occasion",
                deferrable=models.Deferrable.DEFERRED,  # two sessions may change places in one transaction
                expressions=[
                    (_Just(F("occasion_id"), F("occasion_id")), "&&"),
                    (_Span(F("starts_at"), F("ends_at")), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / dt.timedelta(minutes=1))
