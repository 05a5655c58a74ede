"""What pages are called outside of the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageName(models.Model):
    """The stable id that a page came with from a folder ("method-interview"), the same for all its translations.

    Its translation key is made of the id, but the id can't be made of the key: without this row an exported page would
    go by the bare key, and the folder it came from would no longer recognise it by eye.
    """

    translation_key = models.UUIDField(_("page"), primary_key=True)
    stable_id = models.CharField(_("stable id"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("page's stable id")
        verbose_name_plural = _("pages' stable ids")

    def __str__(self) -> str:
        return self.stable_id
