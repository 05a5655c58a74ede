"""Who has read what."""

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
