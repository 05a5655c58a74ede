"""Pages beside the method."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from guide.blocks import lines, text_blocks
from guide.fields import BodyField
from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field


class ArticlePage(ReadingPage):
    lead = lead_field(_("What the reader gets from the article, in one or two sentences."))
    minutes_to_read = models.PositiveSmallIntegerField(
        _("minutes to read"),
        null=True,
        blank=True,
        help_text=_("About 200 words a minute. Stands at the top of the article. Empty: not said."),
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("text"),
        help_text=_("A heading every third paragraph or so: many only read those."),
    )

    parent_page_types = ["guide.FrontPage", "guide.ArticlePage"]
    subpage_types = ["guide.ArticlePage"]
    content_panels = [FieldPanel("title"), FieldPanel("lead"), FieldPanel("minutes_to_read"), FieldPanel("body")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class AccessibilityStatementPage(ReadingPage):
    """What the law on accessibility of digital public service (2018:1937) wants said, each thing a field of its own."""

    class Compliance(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partially compliant")
        NOT = "not", _("not compliant")

    class Assessment(models.TextChoices):
        SELF = "self", _("our own assessment")
        OTHER = "other", _("an assessment by someone independent of us")

    lead = lead_field(_("Who stands behind the site, and that everyone should be able to use it."))
    covers = models.TextField(
        _("what the statement covers"), help_text=_("The site's name and address, and its parts.")
    )
    compliance = models.CharField(
        _("how well the site follows the law"),
        max_length=7,
        choices=Compliance.choices,
        help_text=_("Partially, as soon as there is a known shortcoming. Fully only when a test has found none."),
    )
    not_accessible = BodyField(
        lines(),
        verbose_name=_("known shortcomings"),
        blank=True,
        help_text=_("What does not meet the requirements, for whom it matters, and when it will be mended."),
    )
    burden = models.TextField(
        _("disproportionate burden"), blank=True, help_text=_("Content excepted by section 12, and why. Empty: none.")
    )
    outside_law = models.TextField(
        _("content that the law does not cover"), blank=True, help_text=_("For instance maps or older documents.")
    )
    alternatives = models.TextField(
        _("another way to get the content"),
        blank=True,
        help_text=_("What someone does who can't use a part of the site, and how soon you answer."),
    )
    report = models.TextField(
        _("how to report a shortcoming"), help_text=_("What happens when someone writes, and within how many days.")
    )
    contact_email = models.EmailField(
        _("e-mail for reports"), help_text=_("A mailbox that several people read, not someone's own.")
    )
    contact_phone = models.CharField(_("telephone for reports"), max_length=40, blank=True)
    authority_name = models.CharField(
        _("supervisory authority"), max_length=120, help_text=_("Who supervises that the law is followed.")
    )
    authority_link = models.URLField(
        _("the authority's page for complaints"), help_text=_("Where someone goes who is not content with your answer.")
    )
    assessed_by = models.CharField(_("how it was tested"), max_length=5, choices=Assessment.choices)
    method = models.TextField(
        _("how the test was done"), help_text=_("Which pages, with which aids and browsers, and by whom.")
    )
    assessed_on = models.DateField(_("last tested"), help_text=_("The day the latest test was finished."))
    published_on = models.DateField(_("site opened"), help_text=_("The day the site was first open to everyone."))
    reviewed_on = models.DateField(
        _("statement last updated"), help_text=_("The day someone last read the whole statement through. Once a year.")
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("how we work for accessibility"),
        blank=True,
        help_text=_("What you do so that the site becomes better. Not demanded by the law."),
    )

    parent_page_types = ["guide.FrontPage"]
    subpage_types: list[str] = []
    can_be_read = False
    content_panels = [
        FieldPanel("title"),
        FieldPanel("lead"),
        FieldPanel("covers"),
        FieldPanel("compliance"),
        FieldPanel("not_accessible"),
        FieldPanel("burden"),
        FieldPanel("outside_law"),
        MultiFieldPanel(
            [
                FieldPanel("alternatives"),
                FieldPanel("report"),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                FieldRowPanel([FieldPanel("authority_name"), FieldPanel("authority_link")]),
            ],
            heading=_("Reports and complaints"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("assessed_by"),
                FieldPanel("method"),
                FieldRowPanel([FieldPanel("assessed_on"), FieldPanel("published_on"), FieldPanel("reviewed_on")]),
            ],
            heading=_("The test"),
        ),
        FieldPanel("body"),
    ]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")
