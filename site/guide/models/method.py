"""The method: a guide with six steps, and under each step the exercises that take you through it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable

from guide.blocks import exercise_steps, lines, text_blocks, worksheets
from guide.fields import BodyField
from guide.models.base import SEARCH_PANEL, ReadingPage, lead_field

STEPS = 6


class GuidePage(ReadingPage):
    """The method's index: the path, and the exercises of each step."""

    lead = lead_field(_("What the method is and how to use it, in a few sentences."))
    body = BodyField(
        text_blocks(), verbose_name=_("text"), blank=True, help_text=_("Stands between the path and the steps.")
    )

    parent_page_types = ["guide.FrontPage"]
    subpage_types = ["guide.StepPage"]
    can_be_read = False
    content_panels = [FieldPanel("title"), FieldPanel("lead"), FieldPanel("body")]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")


class StepPage(ReadingPage):
    number = models.PositiveSmallIntegerField(
        _("number"),
        validators=[MinValueValidator(1), MaxValueValidator(STEPS)],
        help_text=_("The step's place on the path, 1 to 6. Each number once."),
    )
    aim = models.TextField(_("aim"), max_length=500, help_text=_("What the step is for, in one or two sentences."))
    questions = BodyField(
        lines(), verbose_name=_("questions to answer"), blank=True, help_text=_("What the team should know afterwards.")
    )
    results = BodyField(
        lines(), verbose_name=_("what you have when done"), blank=True, help_text=_("Things that can be shown.")
    )
    mistakes = BodyField(
        lines(), verbose_name=_("common mistakes"), blank=True, help_text=_("What teams often do, and regret.")
    )
    way_back = models.TextField(
        _("a way back"),
        max_length=600,
        blank=True,
        help_text=_("When the team should go back, and to which step. No step is ever locked."),
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("text"),
        blank=True,
        help_text=_("How the step is done. The headings become the list of what stands on the page."),
    )
    external_link = models.URLField(
        _("link to SKR"), blank=True, help_text=_("SKR's own page about the step. Link to it; copy nothing from it.")
    )

    parent_page_types = ["guide.GuidePage"]
    subpage_types = ["guide.MethodPage"]
    described_by = "aim"
    content_panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("number")]),
        FieldPanel("aim"),
        FieldPanel("body"),
        FieldPanel("questions"),
        FieldPanel("results"),
        FieldPanel("mistakes"),
        FieldPanel("way_back"),
        FieldPanel("external_link"),
    ]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [models.CheckConstraint(name="step_number_on_the_path", condition=Q(number__range=(1, STEPS)))]

    def clean(self) -> None:
        super().clean()
        if self.path and self.number:
            taken = StepPage.objects.sibling_of(self, inclusive=False).filter(number=self.number)
            if taken.exists():
                raise ValidationError({"number": _("Another step of this guide has that number.")})


class MethodPage(ReadingPage):
    class Origin(models.TextChoices):
        SKR = "skr", _("SKR's innovation guide")
        OWN = "own", _("the municipality's own")

    lead = lead_field(_("What the exercise gives, in one or two sentences. Stands in lists of methods."))
    why = models.TextField(_("why"), help_text=_("What you learn or get that you would not get otherwise."))
    when_to_use = models.TextField(
        _("when"), help_text=_("In which situation it fits, and when something else is better.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1)], help_text=_("For the whole exercise, preparation apart.")
    )
    people_from = models.PositiveSmallIntegerField(
        _("people, from"),
        validators=[MinValueValidator(1)],
        help_text=_("The fewest it works with. The library finds exercises by it."),
    )
    people_to = models.PositiveSmallIntegerField(
        _("people, to"), null=True, blank=True, help_text=_("Empty: any number.")
    )
    can_be_remote = models.BooleanField(
        _("works remotely"), default=True, help_text=_("Everyone by screen, with the same result.")
    )
    can_be_in_room = models.BooleanField(_("works in the room"), default=True, help_text=_("Everyone in one place."))
    preparation = models.TextField(
        _("preparation"), blank=True, help_text=_("What must be done beforehand. Empty: you can start at once.")
    )
    material = BodyField(
        lines(), verbose_name=_("material"), blank=True, help_text=_("One thing a line, with how many of it.")
    )
    steps = BodyField(
        exercise_steps(),
        verbose_name=_("how to do it"),
        help_text=_("In the order they are done. “Present” shows one at a time, with its minutes counted down."),
    )
    tips = BodyField(
        lines(), verbose_name=_("tips"), blank=True, help_text=_("What someone says who has led it ten times.")
    )
    remote = models.TextField(_("remotely"), blank=True, help_text=_("What to do differently at a distance."))
    in_room = models.TextField(_("in the room"), blank=True, help_text=_("How to set up the room."))
    accessibility = models.TextField(
        _("so that everyone can take part"),
        blank=True,
        help_text=_("What to think of for those who see, hear, move, read or think in other ways."),
    )
    worksheets = BodyField(
        worksheets(),
        verbose_name=_("worksheets"),
        blank=True,
        default=list,
        help_text=_("Becomes a form to fill in on screen, and a large sheet for the wall."),
    )
    body = BodyField(
        text_blocks(),
        verbose_name=_("read more"),
        blank=True,
        help_text=_("Not needed to lead the exercise. It is left out of the card and of “Present”."),
    )
    origin = models.CharField(
        _("comes from"),
        max_length=3,
        choices=Origin.choices,
        default=Origin.OWN,
        help_text=_("Whose method it is. The text is always your own."),
    )
    external_link = models.URLField(
        _("link to the source"), blank=True, help_text=_("Link to SKR's own page; copy nothing from it.")
    )

    parent_page_types = ["guide.StepPage"]
    subpage_types: list[str] = []
    content_panels = [
        FieldPanel("title"),
        FieldPanel("lead"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("people_from"), FieldPanel("people_to")]),
                FieldRowPanel([FieldPanel("can_be_remote"), FieldPanel("can_be_in_room")]),
            ],
            heading=_("Facts"),
        ),
        FieldPanel("why"),
        FieldPanel("when_to_use"),
        FieldPanel("preparation"),
        FieldPanel("material"),
        FieldPanel("steps"),
        FieldPanel("worksheets"),
        FieldPanel("tips"),
        FieldPanel("in_room"),
        FieldPanel("remote"),
        FieldPanel("accessibility"),
        FieldPanel("body"),
        InlinePanel("related", label=_("related method"), heading=_("Related methods"), max_num=4),
        MultiFieldPanel([FieldPanel("origin"), FieldPanel("external_link")], heading=_("Where it comes from")),
    ]
    promote_panels = [SEARCH_PANEL]

    class Meta:
        verbose_name = _("method")
        verbose_name_plural = _("methods")
        constraints = [
            models.CheckConstraint(name="method_takes_time", condition=Q(minutes__gte=1)),
            models.CheckConstraint(
                name="method_people_from_to",
                condition=Q(people_from__gte=1) & (Q(people_to__isnull=True) | Q(people_to__gte=F("people_from"))),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, Any] = {}
        if self.people_from and self.people_to and self.people_to < self.people_from:
            wrong["people_to"] = _("The most people can't be fewer than the fewest.")
        if not self.can_be_remote and not self.can_be_in_room:
            wrong["can_be_in_room"] = _("The exercise must work somewhere: in the room, remotely or both.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def needs_preparation(self) -> bool:
        return bool(self.preparation)


class RelatedMethod(Orderable):
    page = ParentalKey(MethodPage, related_name="related")
    method = models.ForeignKey(
        MethodPage,
        models.CASCADE,
        verbose_name=_("method"),
        related_name="chosen_by",
        help_text=_("Done before, after or instead of this one."),
    )

    panels = [PageChooserPanel("method")]

    class Meta(Orderable.Meta):
        verbose_name = _("related method")
        verbose_name_plural = _("related methods")
        constraints = [
            models.UniqueConstraint(fields=["page", "method"], name="related_method_once"),
            models.CheckConstraint(name="related_method_is_another", condition=~Q(page=F("method"))),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.method_id}"
