"""What all pages of the guide share."""

import datetime as dt
from http import HTTPMethod
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page, PageViewRestriction

SEARCH_PANEL = MultiFieldPanel(
    [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("Address and search")
)


class ReadingPage(Page):
    """A page to read: shown by GET alone, described to search engines by its own first words.

    `translation_key` is the page's identity for everything outside the tree (reading marks, programmes): it
    survives a rename, a move and a translation.
    """

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    promote_panels = [SEARCH_PANEL]
    # When it goes up, and when it comes down.
    settings_panels: list[Any] = [PublishingPanel()]
    # The field whose words describe the page where an editor wrote no description.
    described_by = "lead"
    # Whether a reader may mark it as read.
    can_be_read = True
    # Set where a draft is shown by its link: until when the link works.
    shared_until: dt.datetime | None = None
    # What it is to a service where it is shared, in Open Graph's words.
    shared_as = "article"

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """As Wagtail's own, in one light query where nothing is restricted: asked at every showing of a page.

        None at all where the page's own query has asked (`guide.queries.page_at`).
        """
        asked = getattr(self, "is_anything_restricted", None)
        if asked is False or not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        here_or_copied = Q(page__path__in=paths) | Q(page__aliases__path__in=paths)
        return PageViewRestriction.objects.filter(here_or_copied).distinct()

    @property
    def description(self) -> str:
        return self.search_description or Truncator(getattr(self, self.described_by)).chars(155)


def lead_field(help_text: Any) -> models.TextField:
    return models.TextField(_("lead"), max_length=500, help_text=help_text)
