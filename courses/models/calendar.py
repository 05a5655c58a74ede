"""What people's calendars know: each entry that was sent, and the address a calendar reads by itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.booking import Booking
from courses.models.course import Occasion, Session


class ToldEntry(models.Model):
    """What someone's calendar was last told about one session: one UID for life, SEQUENCE rising.

    It keeps the words and moments that were told, so that a day that is taken away can still be taken out of the
    calendar: `session` is then null.
    """

    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    # Which revision of the session was told.
    revision = models.PositiveIntegerField(default=0, db_default=0)
    is_cancelled = models.BooleanField(default=False)
    told_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    summary = models.CharField(max_length=330)
    location = models.CharField(max_length=370, blank=True)
    link = models.URLField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.uid


class CalendarEntry(ToldEntry):
    """Of a booking: for whoever has a place."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="calendar_entries")
    session = models.ForeignKey(Session, models.SET_NULL, related_name="calendar_entries", null=True)

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        constraints = [
            models.UniqueConstraint(fields=["booking", "session"], name="calendar_entry_one_per_session"),
            models.CheckConstraint(name="calendar_entry_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class LeaderEntry(ToldEntry):
    """Of an occasion: for whoever leads it."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="leader_entries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="leader_entries")
    session = models.ForeignKey(Session, models.SET_NULL, related_name="leader_entries", null=True)
    # Came by letter, or was fetched: such an entry is followed by letter, also what the leader changes alone.
    is_held = models.BooleanField(default=True, db_default=True)

    class Meta:
        verbose_name = _("leader's calendar entry")
        verbose_name_plural = _("leaders' calendar entries")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "person", "session"], name="leader_entry_one_per_session"),
            models.CheckConstraint(name="leader_entry_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class CalendarFeed(models.Model):
    """The address at which a person's calendar reads the course days by itself. No row: there is no address.

    The secret is kept as it is, since it is shown again for the next device. It opens course days that the same
    database holds, and nothing else; a new one ends it.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    secret = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    last_read_on = models.DateField(_("last read"), null=True, blank=True)
    # Of what was last handed out, and since when it reads so.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.person_id}"
