"""The building blocks of pages. They stand in no migration (see fields.py): change them freely."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from guide.markdown import faults_of, to_html

WORDS = ["bold", "italic", "link", "document-link"]
LISTS = ["ol", "ul"]


class MarkdownBlock(blocks.TextBlock):
    """Text written as Markdown; shown cleaned, so that no script, style or event handler survives.

    Below the field stands what the reader will see (static/guide/markdown_preview.js).
    """

    @cached_property
    def field(self) -> forms.CharField:
        from wagtail.admin.widgets import AdminAutoHeightTextInput

        attrs: dict[str, Any] = {
            "rows": 6,
            "spellcheck": "true",
            "data-controller": "w-autosize guide-markdown",
            "data-guide-markdown-url-value": reverse_lazy("guide_markdown_preview"),
            "data-guide-markdown-heading-value": _("What the reader will see"),
            "data-guide-markdown-empty-value": _("Write above, and see it here."),
            "data-guide-markdown-failed-value": _("The preview did not answer. What you have written is still here."),
        }
        return forms.CharField(widget=AdminAutoHeightTextInput(attrs=attrs), **self.field_options)

    def clean(self, value: str) -> str:
        """Says what the cleaning would take away, instead of taking it away without a word."""
        value = super().clean(value)
        faults = faults_of(value)
        if faults:
            on_line = gettext("Line {line}: {what}")
            raise ValidationError([on_line.format(line=fault.line, what=fault.sentence) for fault in faults])
        return value

    class Meta:
        icon = "code"
        label = _("Markdown")
        help_text = _("For what the other blocks lack, such as tables. HTML is not taken in.")
        template = "guide/blocks/markdown.html"

    def get_context(self, value: str, parent_context: dict | None = None) -> dict:
        return super().get_context(value, parent_context) | {"html": to_html(value)}


class NoteBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("tip", _("Tip")), ("example", _("Example")), ("warning", _("Mind this"))],
        default="tip",
        help_text=_("A tip helps, an example shows, “Mind this” keeps someone from harm. Use the last one seldom."),
    )
    text = blocks.RichTextBlock(label=_("Text"), features=[*WORDS, *LISTS])

    class Meta:
        icon = "help"
        label = _("Notice")
        template = "guide/blocks/note.html"


class ExerciseStepBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("What you do"), max_length=120, help_text=_("Begin with a verb: “Write down your questions”.")
    )
    minutes = blocks.IntegerBlock(
        label=_("Minutes"),
        min_value=1,
        max_value=480,
        help_text=_("With room for questions. The timer counts them down."),
    )
    text = blocks.RichTextBlock(
        label=_("How you do it"),
        features=[*WORDS, *LISTS],
        help_text=_("So much that someone who has never done it can lead the exercise from this page alone."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Step of the exercise")
        template = "guide/blocks/exercise_step.html"


class WorksheetBoxBlock(blocks.StructBlock):
    """A field of a worksheet: what stands above it, a hint inside, and how large it is."""

    label = blocks.CharBlock(label=_("Heading"), max_length=80, help_text=_("What is to be written in the box."))
    hint = blocks.CharBlock(
        label=_("Hint"), max_length=200, required=False, help_text=_("Small, inside the box: a question or an example.")
    )
    height = blocks.IntegerBlock(
        label=_("Height"), min_value=1, max_value=6, default=2, help_text=_("In rows of the sheet, 1 to 6.")
    )
    is_wide = blocks.BooleanBlock(label=_("As wide as the sheet"), required=False)

    class Meta:
        icon = "placeholder"
        label = _("Box")


class WorksheetBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    intro = blocks.CharBlock(label=_("How to use it"), max_length=300, required=False)
    columns = blocks.IntegerBlock(
        label=_("Columns"), min_value=1, max_value=4, default=2, help_text=_("How many boxes stand beside each other.")
    )
    boxes = blocks.ListBlock(WorksheetBoxBlock(), label=_("Boxes"), min_num=1, max_num=24)

    class Meta:
        icon = "table"
        label = _("Worksheet")


def text_blocks() -> list[tuple[str, blocks.Block]]:
    """What a reading page may hold."""
    return [
        ("text", blocks.RichTextBlock(label=_("Text"), features=["h2", "h3", *WORDS, *LISTS])),
        ("image", ImageBlock(label=_("Image"), template="guide/blocks/image.html")),
        ("note", NoteBlock()),
        ("quote", blocks.BlockQuoteBlock(label=_("Quotation"), template="guide/blocks/quote.html")),
        ("markdown", MarkdownBlock()),
    ]


def lines() -> list[tuple[str, blocks.Block]]:
    """A list of short lines, each with an identity of its own (a reader may tick it off)."""
    return [("line", blocks.CharBlock(label=_("Line"), max_length=300))]


def exercise_steps() -> list[tuple[str, blocks.Block]]:
    return [("step", ExerciseStepBlock())]


def worksheets() -> list[tuple[str, blocks.Block]]:
    return [("worksheet", WorksheetBlock())]
