"""All methods in one place, to choose among by step, time, people and place."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field


class LibraryPage(ReadingPage):
    """The method library. What it shows is asked of the methods: nothing is kept here but the words above them."""

    lead = lead_field(_("How to find an exercise, in one or two sentences."))

    parent_page_types = ["guide.FrontPage"]
    subpage_types: list[str] = []
    can_be_read = False
    content_panels = [FieldPanel("title"), FieldPanel("lead")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("method library")
        verbose_name_plural = _("method libraries")
