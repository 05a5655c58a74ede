"""Words that the guide uses in its own way, each with a page of its own that others link to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from guide.blocks import text_blocks
from guide.fields import BodyField
from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field


class GlossaryPage(ReadingPage):
    """All terms in order of the alphabet."""

    lead = lead_field(_("What the glossary is for."))

    parent_page_types = ["guide.FrontPage"]
    subpage_types = ["guide.TermPage"]
    can_be_read = False
    content_panels = [FieldPanel("title"), FieldPanel("lead")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("glossary")
        verbose_name_plural = _("glossaries")


class TermPage(ReadingPage):
    """A word and what it means here. Where another text links to it, it explains itself in place."""

    explanation = models.TextField(
        _("explanation"),
        max_length=400,
        help_text=_("One to three sentences, without other hard words. It is shown in place where the word is linked."),
    )
    also_called = models.CharField(
        _("also called"),
        max_length=200,
        blank=True,
        help_text=_("Other words for the same, with commas between. The search finds the term by them."),
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("read more"),
        blank=True,
        help_text=_(
            "Stands on the term's own page only: an example, where the word comes from, what it is mixed up with."
        ),
    )

    parent_page_types = ["guide.GlossaryPage"]
    subpage_types: list[str] = []
    described_by = "explanation"
    can_be_read = False
    content_panels = [
        FieldPanel("title"),
        FieldPanel("explanation"),
        FieldPanel("also_called"),
        FieldPanel("body"),
    ]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
