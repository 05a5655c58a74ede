"""Stories from the administrations: what a team met, learnt and changed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from guide.blocks import text_blocks
from guide.fields import BodyField
from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field


class CasesPage(ReadingPage):
    """The list of cases, the newest first."""

    lead = lead_field(_("What the stories are, and what a reader can take from them."))

    parent_page_types = ["guide.FrontPage"]
    subpage_types = ["guide.CasePage"]
    can_be_read = False
    content_panels = [FieldPanel("title"), FieldPanel("lead")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("list of cases")
        verbose_name_plural = _("lists of cases")


class CasePage(ReadingPage):
    lead = lead_field(_("The whole story in two sentences: for whom, and what became different."))
    administration = models.CharField(
        _("administration"), max_length=120, help_text=_("Whose story it is, as the organisation is called.")
    )
    happened_on = models.DateField(
        _("when"), null=True, blank=True, help_text=_("The day the change was in place. Sorts the list.")
    )
    challenge = models.TextField(_("the challenge"), help_text=_("What was hard, for whom, and how you noticed."))
    learnt = models.TextField(_("what we learnt"), help_text=_("What you understood that you did not know before."))
    changed = models.TextField(
        _("what changed"),
        help_text=_("What people meet today that they did not meet before. Figures, if you have them."),
    )
    journey_link = models.CharField(
        _("link to the journey"),
        max_length=300,
        blank=True,
        help_text=_("The journey's address here, for instance /resor/3/. It opens for those who may see it."),
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("read more"),
        blank=True,
        help_text=_("What doesn't fit above: how you went about it, pictures, what went wrong. No names of residents."),
    )

    parent_page_types = ["guide.CasesPage"]
    subpage_types: list[str] = []
    content_panels = [
        FieldPanel("title"),
        FieldPanel("lead"),
        FieldRowPanel([FieldPanel("administration"), FieldPanel("happened_on")]),
        FieldPanel("challenge"),
        FieldPanel("learnt"),
        FieldPanel("changed"),
        FieldPanel("journey_link"),
        FieldPanel("body"),
    ]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def clean(self) -> None:
        super().clean()
        here = self.journey_link.startswith("/") and not self.journey_link.startswith("//")
        if self.journey_link and not here and not self.journey_link.startswith("https://"):
            sentence = _("Write an address on this site that begins with /, or one that begins with https://.")
            raise ValidationError({"journey_link": sentence})
