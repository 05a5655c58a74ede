"""What a reader has read, ticked and opened last.

A page is named by its translation key, a line of a checklist by its block's id: both survive a rename, a move and a
translation (a translated page keeps the ids of the blocks it was copied from).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadingMark(models.Model):
    """A reader's own mark on a page, named by its translation key: it survives a rename, a move and a translation."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="reading_marks"
    )
    translation_key = models.UUIDField(_("page"))
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("reading mark")
        verbose_name_plural = _("reading marks")
        ordering = ["read_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "translation_key"], name="reading_mark_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.translation_key}"


class LineTick(models.Model):
    """A line of a step's checklist that a reader has ticked off."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="line_ticks"
    )
    translation_key = models.UUIDField(_("page"))
    line = models.UUIDField(_("line"))
    ticked_at = models.DateTimeField(_("ticked"))

    class Meta:
        verbose_name = _("ticked line")
        verbose_name_plural = _("ticked lines")
        ordering = ["ticked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "translation_key", "line"], name="line_tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.translation_key}, {self.line}"


class ReadingPlace(models.Model):
    """The page a reader opened last: only the last one, so that nobody's way through the site is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="reading_place"
    )
    translation_key = models.UUIDField(_("page"))
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("place in the guide")
        verbose_name_plural = _("places in the guide")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.translation_key}"
