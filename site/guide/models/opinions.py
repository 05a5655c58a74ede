"""Whether pages help: said by readers, about a page and never by a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_SENTENCE = 500


class PageOpinion(models.Model):
    """A yes or a no to "did the page help you?", with a sentence if the reader wrote one.

    Anonymous in truth: no person, no address, and the day rather than the moment, so that no log can tell who it was.
    """

    translation_key = models.UUIDField(_("page"), db_index=True)
    language = models.CharField(_("language"), max_length=10)
    is_helpful = models.BooleanField(_("helped"))
    sentence = models.CharField(_("in the reader's words"), max_length=LONGEST_SENTENCE, blank=True)
    given_on = models.DateField(_("day"))
    # Made for each answer, never for each reader: the same answer sent twice is one row.
    once = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("opinion on a page")
        verbose_name_plural = _("opinions on pages")
        ordering = ["-given_on", "-id"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.translation_key}: {'+' if self.is_helpful else '-'}"
