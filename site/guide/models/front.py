"""The front page: the root of each language's tree."""

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

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
    subpage_types = [
        "guide.GuidePage",
        "guide.LibraryPage",
        "guide.CasesPage",
        "guide.GlossaryPage",
        "guide.ArticlePage",
        "guide.AccessibilityStatementPage",
    ]
    can_be_read = False
    shared_as = "website"
    content_panels = [FieldPanel("title"), FieldPanel("heading"), FieldPanel("lead"), FieldPanel("body")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page by its whole address at once, instead of asking once or twice for each word of it."""
        if not path_components:
            return super().route(request, path_components)
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = Page.objects.filter(url_path=url_path).first()
        if page is None:
            raise Http404
        return page.specific.route(request, [])
