"""The front page: the root of each language's tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from guide.blocks import text_blocks
from guide.fields import BodyField
from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field


class FrontPage(ReadingPage):
    heading = models.CharField(
        _("heading"), max_length=120, help_text=_("What the visitor can do here, in one short sentence.")
    )
    lead = lead_field(_("Two or three sentences: what service design is, and what it is good for."))
    body = BodyField(
        text_blocks(),
        verbose_name=_("more"),
        blank=True,
        help_text=_("Stands below the six steps, for those who are not logged in."),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["guide.GuidePage", "guide.ArticlePage", "guide.AccessibilityStatementPage"]
    can_be_read = False
    content_panels = [FieldPanel("title"), FieldPanel("heading"), FieldPanel("lead"), FieldPanel("body")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")
