"""What is done when on a course day, with which material; and what was left open after it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course, Occasion, Session


class AgendaItem(models.Model):
    """A line of a session's agenda; or of the course's, which every new occasion begins with.

    The material is an address with a version: of a page of the guide or a document that is kept here, the one that was
    current when it was chosen.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda", null=True, blank=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="agenda", null=True, blank=True)
    # Of the course's: for its first session, its second…
    number = models.PositiveSmallIntegerField(default=0, db_default=0)
    starts_after = models.PositiveSmallIntegerField(_("minutes after the start"))
    what = models.CharField(_("what"), max_length=200)
    leads = models.CharField(_("who leads"), max_length=120, blank=True)
    material = models.CharField(_("material"), max_length=300, blank=True)
    version = models.CharField(_("version"), max_length=80, blank=True)
    # What the address leads to, where that is a page here, and its version as Wagtail counts.
    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, related_name="+", null=True, blank=True)
    revision = models.BigIntegerField(null=True, blank=True)
    # Or a document that is kept here, and what its file was: `version` is then the day it was uploaded.
    document = models.ForeignKey("wagtaildocs.Document", models.SET_NULL, related_name="+", null=True, blank=True)
    file_hash = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["starts_after", "id"]
        constraints = [
            models.CheckConstraint(
                name="agenda_of_a_session_or_a_course",
                condition=Q(session__isnull=True, course__isnull=False) | Q(session__isnull=False, course__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def has_newer_version(self) -> bool:
        """Fetch `page` and `document` beforehand."""
        if self.document is not None:
            return bool(self.document.file_hash != self.file_hash)
        return self.page is not None and self.page.live_revision_id != self.revision


class OpenPoint(models.Model):
    """Something left open after a day: it follows to the occasion's next days until somebody closes it."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="open_points")
    # Null: that day was taken away since.
    session = models.ForeignKey(Session, models.SET_NULL, related_name="open_points", null=True)
    text = models.CharField(_("what was left open"), max_length=500)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("open point")
        verbose_name_plural = _("open points")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
