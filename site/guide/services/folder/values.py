"""A page's fields: read from a file, taken from a page, and written as they stand in a file."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from guide.fields import BodyField
from guide.models import MethodPage, ReadingPage
from guide.services.folder.blocks_in import Block, BlockReader
from guide.services.folder.blocks_out import stream_markdown
from guide.services.folder.documents import Document, Region, line_of
from guide.services.folder.front_matter import FactValue, write_facts
from guide.services.folder.media import Media
from guide.services.folder.names import Names
from guide.services.folder.plain import plain_in, plain_out
from guide.services.folder.shapes import PEOPLE, SHAPE_OF, SHAPES, Form, fact_fields, has_body, lead_field, sections_of

RELATED = "related"
_YES, _NO = {"true", "yes", "ja"}, {"false", "no", "nej"}
_PEOPLE = re.compile(r"(\d{1,5})(?:\s*(-|–)\s*(\d{1,5})?)?")
# Kept as it is where a file says nothing of it.
_KEPT = {"slug"}


# --- From a file ----------------------------------------------------------------------------------------------


def values_of(document: Document, *, names: Names, media: Media) -> dict[str, Any]:
    """Field → value. A fact or section that the file lacks is empty: the file is the whole page."""
    values = _facts(document, media) | {lead_field(document.kind): _lead(document)}
    reader = BlockReader(document, names=names, media=media)
    for section in SHAPES[document.kind].sections:
        region = document.sections.get(section.field)
        if section.form is Form.PLAIN:
            values[section.field] = _plain(document, section.field, region)
        else:
            values[section.field] = reader.read_section(region, section.form) if region else []
    if has_body(document.kind):
        values["body"] = reader.read_body(document.body)
    if issubclass(SHAPES[document.kind].model, MethodPage):
        values[RELATED] = _related(document, names)
    return values


def _facts(document: Document, media: Media) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, column in fact_fields(document.kind).items():
        if name not in PEOPLE and (name in document.facts or name not in _KEPT):
            values[name] = _fact(document, name, column, media)
    if PEOPLE[0] in fact_fields(document.kind):
        values[PEOPLE[0]], values[PEOPLE[1]] = _people(document)
    return values


def _lead(document: Document) -> str:
    for node in document.lead.nodes:
        if node.type not in {"paragraph", "html_block"}:
            sentence = "Above the first section stands only the lead, as plain text. Text after it begins with ***."
            document.refuse(line_of(node), sentence)
    return plain_in(document.lead.text)


def _plain(document: Document, name: str, region: Region | None) -> str:
    if region is None:
        return document.fact(name)
    if name in document.facts:
        document.refuse(region.line, f"{name} stands both here and above the text.")
    for node in region.nodes:
        if node.type in {"heading", "fence"}:
            document.refuse(line_of(node), "This section is plain text, without headings or blocks.")
    return plain_in(region.text)


def _fact(document: Document, name: str, column: models.Field, media: Media) -> Any:
    text = document.fact(name)
    if text == "":
        default = column.get_default()
        return "" if default is None and not column.null and isinstance(column, (models.CharField, models.TextField)) \
            else default  # fmt: skip
    if isinstance(column, models.ForeignKey):
        return media.image(text, document=document, line=document.line_of(name))
    try:
        return _parsed(text, column)
    except (ValueError, ValidationError):
        document.refuse_fact(name, f"{name} must be {_wanted(column)}; it is “{text[:60]}”.")
        return None


def _parsed(text: str, column: models.Field) -> Any:
    if isinstance(column, models.BooleanField):
        if text.strip().lower() not in _YES | _NO:
            raise ValueError
        return text.strip().lower() in _YES
    if isinstance(column, models.IntegerField):
        if not re.fullmatch(r"\s*-?\d{1,9}\s*", text):
            raise ValueError
        return int(text)
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return dt.date.fromisoformat(text.strip())
    return column.to_python(text)


def _wanted(column: models.Field) -> str:
    if isinstance(column, models.BooleanField):
        return "true or false"
    if isinstance(column, models.IntegerField):
        return "a whole number"
    return "a date (2026-11-21)" if isinstance(column, models.DateField) else "another kind of value"


def _people(document: Document) -> tuple[int | None, int | None]:
    """ "3-8", "4", or "3-" for three and any number more."""
    found = _PEOPLE.fullmatch(document.fact("people").strip())
    if found is None:
        document.refuse_fact("people", "people must be “3-8”, “4”, or “3-” for three or more.")
        return None, None
    first = int(found[1])
    if found[2] is None:
        return first, first
    return first, int(found[3]) if found[3] else None


def _related(document: Document, names: Names) -> list[int]:
    given = document.facts.get(RELATED)
    ids = given.value if given and isinstance(given.value, list) else []
    if given and not isinstance(given.value, list) and given.value:
        document.refuse(given.line, "related must be a list: [method-interview, method-observation].")
    pks: list[int] = []
    for stable_id in ids:
        pk = names.page(stable_id, language=document.language)
        if pk is None:
            document.refuse(document.line_of(RELATED), f"No page has the id {stable_id}.")
        elif pk in pks or stable_id == document.stable_id:
            document.refuse(document.line_of(RELATED), f"{stable_id} must be another page, named once.")
        else:
            pks.append(pk)
    return pks


# --- From a page ----------------------------------------------------------------------------------------------


def values_on(page: ReadingPage) -> dict[str, Any]:
    """The same fields as they stand on a page."""
    values: dict[str, Any] = {}
    for column in page._meta.concrete_fields:
        value = getattr(page, column.attname)
        values[column.name] = list(value.raw_data) if isinstance(column, BodyField) else value
    if isinstance(page, MethodPage):
        values[RELATED] = [each.method_id for each in page.related.all()]
    return values


# --- As written -----------------------------------------------------------------------------------------------


def parts_written(kind: str, values: Mapping[str, Any], *, names: Names, language: str) -> dict[str, str]:
    """Each field as it stands in a file, in the file's order: what is written the same is the same."""
    written = {name: write_facts({name: fact}) for name, fact in facts_written(kind, values, names=names).items()}
    written[lead_field(kind)] = plain_out(values.get(lead_field(kind)) or "")
    is_section = sections_of(kind, language).__contains__
    body = {}
    if has_body(kind):
        body["body"] = _stream(values.get("body"), Form.BODY, names, language, is_section)
    sections = {
        section.field: plain_out(values.get(section.field) or "")
        if section.form is Form.PLAIN
        else _stream(values.get(section.field), section.form, names, language, is_section)
        for section in SHAPES[kind].sections
    }
    return written | (body | sections if SHAPES[kind].is_body_first else sections | body)


def _stream(blocks: Any, form: Form, names: Names, language: str, is_section: Callable[[str], bool]) -> str:
    stored = [{"type": each.type, "value": each.value} if isinstance(each, Block) else each for each in blocks or []]
    return stream_markdown(stored, form=form, names=names, language=language, is_section=is_section)


def facts_written(kind: str, values: Mapping[str, Any], *, names: Names) -> dict[str, FactValue]:
    """What differs from what a new page has."""
    facts: dict[str, FactValue] = {}
    for name, column in fact_fields(kind).items():
        if name == PEOPLE[0]:
            facts["people"] = _people_written(values.get(PEOPLE[0]), values.get(PEOPLE[1]))
        elif name not in PEOPLE:
            value = values.get(name)
            if isinstance(column, models.ForeignKey) and value is not None:
                value = names.image_path(value)
            if value is not None and value != column.get_default() and value != "":
                facts[name] = value
    related = [names.page_names[pk] for pk in values.get(RELATED, []) if pk in names.page_names]
    if related:
        facts[RELATED] = related
    return facts


def _people_written(first: int | None, last: int | None) -> FactValue:
    if first is None or first == last:
        return first or 0
    return f"{first}-{last or ''}"


def kind_of(page: ReadingPage) -> str:
    return SHAPE_OF[type(page)].kind
