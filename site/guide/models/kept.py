"""Documents that have been made, kept until nothing they show is the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptDocument(models.Model):
    """A PDF under the name of all that it shows (`shared.typesetting.document_key`). Losing one costs a second."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    content = models.BinaryField(_("content"))
    made_at = models.DateTimeField(_("made"))
    # By day: asking for a document writes at most once a day.
    used_on = models.DateField(_("last asked for"), db_index=True)

    class Meta:
        verbose_name = _("kept document")
        verbose_name_plural = _("kept documents")

    def __str__(self) -> str:
        return self.key[:12]
