"""A task to do between the days of a course or along a programme, and what people hand in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course


class Task(models.Model):
    """Of a course: every occasion of it carries the task. Or of a programme alone.

    An occasion carries it if it was made before the day it is due and not ended by then, so that occasions that have
    been held are left as they were.
    """

    class Takes(models.TextChoices):
        TEXT = "text", _("text")
        FILE = "file", _("a file")
        EITHER = "either", _("text, a file, or both")

    course = models.ForeignKey(
        Course, models.PROTECT, verbose_name=_("course"), related_name="tasks", null=True, blank=True
    )
    programme = models.ForeignKey(
        "courses.Programme", models.PROTECT, verbose_name=_("programme"), related_name="tasks", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    text = models.TextField(_("what to do"), max_length=4000)
    text_en = models.TextField(_("what to do, in English"), max_length=4000, blank=True)
    # 2: before the second day begins. Occasions with fewer days: before the last one. Says nothing for a programme.
    due_day = models.PositiveSmallIntegerField(_("before which day"), default=2, db_default=2)
    takes = models.CharField(_("is handed in as"), max_length=10, choices=Takes.choices, default=Takes.EITHER)
    pieces = models.PositiveSmallIntegerField(_("how many"), default=1, db_default=1)
    piece_name = models.CharField(_("what each is called"), max_length=60, blank=True)
    piece_name_en = models.CharField(_("what each is called, in English"), max_length=60, blank=True)
    # Occasions that begin later complete nobody who has not handed it in; null: the course does not wait for it.
    required_since = models.DateTimeField(_("needed for completion since"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_day", "id"]
        constraints = [
            models.CheckConstraint(
                name="task_of_a_course_or_a_programme",
                condition=Q(course=None, programme__isnull=False) | Q(course__isnull=False, programme=None),
            ),
            models.CheckConstraint(name="task_has_pieces", condition=Q(pieces__range=(1, 10))),
            models.CheckConstraint(name="task_is_due_on_a_day", condition=Q(due_day__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class HandIn(models.Model):
    """What one person hands in for one task: the same row whichever occasion the person moves to.

    That it was handed in is kept as long as the completion it may stand for; what it says is erased by the clock.
    Reading and writing go through `courses.services.hand_ins`.
    """

    task = models.ForeignKey(Task, models.PROTECT, verbose_name=_("task"), related_name="hand_ins")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="hand_ins"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Null: a draft that nobody but the person sees.
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    # Rises with every change: what was read is the version that was shown.
    version = models.PositiveIntegerField(default=0, db_default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    word = models.TextField(_("a word back"), max_length=2000, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="hand_in_one_per_task")]
        indexes = [models.Index(fields=["changed_at"], name="hand_in_to_erase", condition=Q(erased_at=None))]

    def __str__(self) -> str:
        # Says nothing of what was handed in: this text may end up in a log.
        return f"hand-in {self.pk}"

    @property
    def is_unread(self) -> bool:
        """There is something to read, and nobody has. What is erased is read no more."""
        return self.handed_in_at is not None and self.read_at is None and self.erased_at is None


class HandInPiece(models.Model):
    """One interview of three: text, a file, or both."""

    hand_in = models.ForeignKey(HandIn, models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=20_000, blank=True)
    # As the person called it, without its ending; what it is stands in `file_kind`, read from the bytes.
    file_name = models.CharField(max_length=120, blank=True)
    file_kind = models.CharField(max_length=10, blank=True)
    file_size = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("part of a hand-in")
        verbose_name_plural = _("parts of hand-ins")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["hand_in", "number"], name="hand_in_piece_once")]

    def __str__(self) -> str:
        return f"{self.hand_in_id}/{self.number}"


class HandInFile(models.Model):
    """The bytes, in a row of their own: a list of hand-ins does not fetch them, and they have no public address."""

    piece = models.OneToOneField(HandInPiece, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        verbose_name = _("file of a hand-in")
        verbose_name_plural = _("files of hand-ins")

    def __str__(self) -> str:
        return f"file of {self.piece_id}"
