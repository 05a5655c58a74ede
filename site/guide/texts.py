"""The texts of a page, one by one, under names that its translation shares: what is written side by side.

A text is a field of its own ("aim") or stands in a block ("steps-<id>-title"). A translated page keeps the ids of the
blocks it was copied from, so the same name means the same place in both languages.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.rich_text import features

_WRITTEN = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
# The editor's own names of paragraphs: made anew each time, and no part of what was written.
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


@dataclass
class Text:
    """What stands in one place of one page, as a form holds it."""

    name: str
    label: str
    value: str
    put: Callable[[str], None]
    clean: Callable[[str], Any]
    field: forms.Field

    @property
    def is_rich(self) -> bool:
        return hasattr(self.field.widget, "converter")

    @property
    def mark(self) -> str:
        """Names the text as it stands: a form that brings the same mark back has been shown just this."""
        return mark_of(self._as_sent_back() if self.is_rich else self.value, is_rich=self.is_rich)

    def _as_sent_back(self) -> str:
        """As the rich text editor sends it when nobody has touched it."""
        converter = self.field.widget.converter
        return str(converter.to_database_format(converter.from_database_format(self.value or "")))


@dataclass
class Shown:
    """A part that is no text, such as an image: shown, and changed in the page's own editor."""

    name: str
    label: str
    html: SafeString


Part = Text | Shown


@dataclass
class Row:
    """One place in both languages; None where the page of that language has no such place."""

    name: str
    label: str
    parts: list[Part | None]

    @property
    def is_missing_in_one(self) -> bool:
        return len({bool(part and (not isinstance(part, Text) or part.value)) for part in self.parts}) > 1


@dataclass
class Section:
    """A field of the page with all its places."""

    name: str
    label: str
    help_text: str
    rows: list[Row] = field(default_factory=list)


def mark_of(text: str, *, is_rich: bool) -> str:
    digest = hashlib.sha256(_plain(text).encode()).hexdigest()[:24]
    return f"{'rich' if is_rich else 'text'}-{digest}"


def means_the_same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def html_of_rich(sent: str) -> str:
    """What a rich text editor sent for a place that is no longer there, so that it can still be shown."""
    return str(ContentstateConverter(features.get_default_features()).to_database_format(sent))


def _plain(text: str) -> str:
    return _BLOCK_KEY.sub("", text.replace("\r\n", "\n")).strip()


def sections_of(pages: list[Page]) -> list[Section]:
    """The fields of a page and its translation with what stands in each place of both."""
    sections = []
    for one in _written_fields(pages[0]):
        found = [{part.name: part for part in _parts(page, one)} for page in pages]
        names = dict.fromkeys(name for parts in found for name in parts)
        rows = []
        for name in names:
            pair = [parts.get(name) for parts in found]
            rows.append(Row(name, next(part.label for part in pair if part), pair))
        sections.append(Section(one.name, str(capfirst(one.verbose_name)), str(one.help_text), rows))
    return sections


def texts_of(page: Page) -> dict[str, Text]:
    parts = (part for one in _written_fields(page) for part in _parts(page, one))
    return {part.name: part for part in parts if isinstance(part, Text)}


def _written_fields(page: Page) -> list[Any]:
    own = [one for one in page._meta.get_fields() if _is_written(one, type(page))]
    return [page._meta.get_field("title"), *own, page._meta.get_field("search_description")]


def _is_written(one: Any, model: type[Page]) -> bool:
    """A field that an editor writes words in, of the page's own type: no address, no choice."""
    of_its_own = getattr(one, "model", None) is model and getattr(one, "editable", False)
    if not of_its_own or isinstance(one, (models.URLField, models.EmailField)) or getattr(one, "choices", None):
        return False
    return isinstance(one, (models.CharField, models.TextField, StreamField))


def _parts(page: Page, one: Any) -> Iterator[Part]:
    if not isinstance(one, StreamField):
        yield _text_of_field(page, one)
        return
    kinds = len(one.stream_block.child_blocks)
    for place, child in enumerate(getattr(page, one.name), start=1):
        label = f"{place}" if kinds == 1 else f"{place} · {child.block.label}"
        name = f"{one.name}-{child.id or place}"
        parts: list[Part] = list(_in_block(name, label, child.block, child.value, _putter(child)))
        yield from parts or [Shown(name, label, child.render())]


def _text_of_field(page: Page, one: Any) -> Text:
    asked = one.formfield()
    if isinstance(one, models.TextField):
        asked.widget.attrs.update({"rows": 3, "data-controller": "w-autosize"})

    def clean(text: str) -> Any:
        return one.clean(asked.clean(text), page)

    value = getattr(page, one.name) or ""
    return Text(one.name, "", value, lambda text: setattr(page, one.name, text), clean, asked)


def _in_block(name: str, label: str, block: Any, value: Any, put: Callable[[Any], None]) -> Iterator[Text]:
    """The texts of a block and of the blocks in it. An image has none: its words belong to the picture chosen."""
    if isinstance(block, _WRITTEN):
        yield Text(
            name, label, str(block.value_for_form(value)) if value is not None else "",
            lambda text: put(block.value_from_form(text)), lambda text: block.clean(block.value_from_form(text)),
            block.field,
        )  # fmt: skip
    elif isinstance(block, blocks.ListBlock):
        for place, bound in enumerate(value.bound_blocks, start=1):
            below = f"{label} · {bound.block.label} {place}"
            yield from _in_block(f"{name}-{bound.id or place}", below, bound.block, bound.value, _putter(bound))
    elif isinstance(block, blocks.StructBlock) and not isinstance(block, ImageBlock):
        for own, child in block.child_blocks.items():
            put_below = _setter(value, own)
            yield from _in_block(f"{name}-{own}", f"{label} · {child.label}", child, value.get(own), put_below)


def _putter(bound: Any) -> Callable[[Any], None]:
    return lambda value: setattr(bound, "value", value)


def _setter(struct: Any, name: str) -> Callable[[Any], None]:
    return lambda value: struct.__setitem__(name, value)
