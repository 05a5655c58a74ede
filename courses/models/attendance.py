"""Who was there, and who thereby completed a course. Facts, never grades."""

import uuid

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.booking import Booking
from courses.models.course import Course, Session
from people.models import Unit


class Standing(models.Manager["Attendance"]):
    """Without marks that were taken back: whoever asks how someone is marked finds none."""

    def get_queryset(self) -> models.QuerySet["Attendance"]:
        return super().get_queryset().exclude(state="")


class Attendance(models.Model):
    """How someone is marked. A mark that is taken back stays, without a state, since its log does.

    `objects` and `booking.attendances` leave those out; a join over `attendances__` has to ask for the states it means.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", _("excused")
        LEFT_EARLY = "left_early", _("left early")

    WAS_THERE = (State.PRESENT, State.LEFT_EARLY)

    booking = models.ForeignKey(Booking, models.PROTECT, verbose_name=_("booking"), related_name="attendances")
    session = models.ForeignKey(Session, models.PROTECT, verbose_name=_("session"), related_name="attendances")
    state = models.CharField(_("attendance"), max_length=10, choices=State.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes present"), null=True, blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    marked_at = models.DateTimeField(_("marked"))

    objects = Standing()
    with_taken_back = models.Manager["Attendance"]()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["booking", "session"], name="attendance_one_per_session"),
            models.CheckConstraint(
                name="attendance_left_early_says_minutes", condition=~Q(state="left_early") | Q(minutes__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}/{self.session_id}: {self.state}"


class AttendanceChange(models.Model):
    """Every mark and every correction: who, when, from what, to what, why, and by which way it came.

    Nothing before it is a first mark, nothing after it one that was taken back.
    """

    class Source(models.TextChoices):
        # Nothing: seen, and tapped in the list.
        CODE = "code", _("said by the room's code")
        PAPER = "paper", _("typed in from paper")
        FILE = "file", _("read from a file")

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="changes")
    # The mark's own name, made on the device where it was tapped: sent twice it is known. The next mark says which
    # one it was based on.
    mark = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    # By the clock of the device, where the mark waited for the network.
    tapped_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=5, choices=Source.choices, default="", db_default="", blank=True)
    # The press that marked the rest as present, on each mark it made, and on what undoing it took back.
    press = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("attendance change")
        verbose_name_plural = _("attendance changes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.attendance_id}: {self.before} → {self.after}"


class Completion(models.Model):
    """The record that a person completed a course, with the unit of that day. *Trained* means having one."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="completions"
    )
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="completions")
    completed_on = models.DateField(_("completed"))
    # Null only for someone who had no employment that day.
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit that day"), related_name="+", null=True, blank=True
    )
    # The booking whose attendance made it; null for what was brought from elsewhere.
    booking = models.OneToOneField(Booking, models.PROTECT, related_name="completion", null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    # A correction of attendance withdraws a completion; it is never deleted.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    to_tell = models.BooleanField(_("a letter is still to be written"), default=False, db_default=False)

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["completed_on", "id"]
        indexes = [
            models.Index(
                fields=["course", "completed_on", "person"], name="completion_counted", condition=Q(withdrawn_at=None)
            ),
            models.Index(fields=["person"], name="completion_of_person"),
            models.Index(fields=["recorded_at"], name="completion_to_tell", condition=Q(to_tell=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.course} {self.completed_on}"
