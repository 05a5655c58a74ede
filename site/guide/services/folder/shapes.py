"""How each type of page is written: which of its fields stand as facts above the text, which as sections in it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.db import models
from wagtail.models import Page

from guide.models import (
    AccessibilityStatementPage,
    ArticlePage,
    CasePage,
    CasesPage,
    FrontPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingPage,
    StepPage,
    TermPage,
)


class Form(StrEnum):
    PLAIN = "plain"  # paragraphs without formatting
    LINES = "lines"  # a list
    EXERCISE = "exercise"  # “### What you do (10 min)” and how
    WORKSHEETS = "worksheets"  # “### Title (2 columns)” and its boxes
    BODY = "body"  # whatever a page may hold


@dataclass(frozen=True)
class Section:
    field: str
    form: Form
    sv: str
    en: str

    def heading(self, language: str) -> str:
        return self.sv if language == "sv" else self.en


@dataclass(frozen=True)
class Shape:
    kind: str
    model: type[ReadingPage]
    sections: tuple[Section, ...] = ()
    # Where the page shows its free text: before its sections or after them.
    is_body_first: bool = False


P, LINES, EXERCISE, WORKSHEETS = Form.PLAIN, Form.LINES, Form.EXERCISE, Form.WORKSHEETS
_SHAPES = (
    Shape("front", FrontPage),
    Shape("guide", GuidePage),
    Shape("step", StepPage, (
        Section("questions", LINES, "Frågor att besvara", "Questions to answer"),
        Section("results", LINES, "När ni är klara har ni", "When you are done you have"),
        Section("mistakes", LINES, "Vanliga misstag", "Common mistakes"),
        Section("way_back", P, "En väg tillbaka", "A way back"),
    ), is_body_first=True),
    Shape("method", MethodPage, (
        Section("why", P, "Varför", "Why"),
        Section("when_to_use", P, "När", "When"),
        Section("preparation", P, "Förbered", "Prepare"),
        Section("material", LINES, "Material", "Material"),
        Section("steps", EXERCISE, "Gör så här", "How to do it"),
        Section("worksheets", WORKSHEETS, "Arbetsblad", "Worksheets"),
        Section("tips", LINES, "Tips", "Tips"),
        Section("in_room", P, "I rummet", "In the room"),
        Section("remote", P, "På distans", "Remotely"),
        Section("accessibility", P, "Så att alla kan delta", "So that everyone can take part"),
    )),
    Shape("library", LibraryPage),
    Shape("cases", CasesPage),
    Shape("case", CasePage, (
        Section("challenge", P, "Utmaningen", "The challenge"),
        Section("learnt", P, "Vad vi lärde oss", "What we learnt"),
        Section("changed", P, "Vad som ändrades", "What changed"),
    )),
    Shape("glossary", GlossaryPage),
    Shape("term", TermPage),
    Shape("article", ArticlePage),
    Shape("statement", AccessibilityStatementPage, (
        Section("covers", P, "Vad redogörelsen gäller", "What the statement covers"),
        Section("not_accessible", LINES, "Kända brister", "Known shortcomings"),
        Section("burden", P, "Oskäligt betungande anpassning", "Disproportionate burden"),
        Section("outside_law", P, "Innehåll som lagen inte gäller", "Content that the law does not cover"),
        Section(
            "alternatives", P, "Om du inte kan använda en del av webbplatsen", "When you can't use a part of the site"
        ),
        Section("report", P, "Rapportera en brist", "Report a shortcoming"),
        Section("method", P, "Så har vi testat", "How we tested"),
    )),
)  # fmt: skip
SHAPES = {shape.kind: shape for shape in _SHAPES}
KINDS = {shape.kind: shape.model for shape in _SHAPES}
SHAPE_OF = {shape.model: shape for shape in _SHAPES}

# What begins a note: “> Tips: …”. Written with the first of each language.
NOTES = {
    "sv": {"tip": "Tips", "example": "Exempel", "warning": "Obs"},
    "en": {"tip": "Tip", "example": "Example", "warning": "Mind"},
}
NOTE_WORDS = {word.lower(): kind for words in NOTES.values() for kind, word in words.items()}
COLUMNS = {"sv": ("kolumn", "kolumner"), "en": ("column", "columns")}
WIDE = {"sv": "bred", "en": "wide"}

# Facts that say where and what the page is; they are no fields of its own.
PLACE_FACTS = ("id", "type", "parent", "order")
SHARED_FIELDS = ("slug", "title", "seo_title", "search_description", "show_in_menus")
PEOPLE = ("people_from", "people_to")


def sections_of(kind: str, language: str) -> dict[str, Section]:
    """Heading → section."""
    return {section.heading(language): section for section in SHAPES[kind].sections}


def has_body(kind: str) -> bool:
    return "body" in _own_fields(kind)


def lead_field(kind: str) -> str:
    return KINDS[kind].described_by


@cache
def fact_fields(kind: str) -> dict[str, models.Field]:
    """The fields that stand as facts, in order: what all pages have, then the type's own, as the model lists them."""
    own = _own_fields(kind)
    in_text = {lead_field(kind), "body", *(section.field for section in SHAPES[kind].sections)}
    shared = {name: Page._meta.get_field(name) for name in SHARED_FIELDS}
    return shared | {name: field for name, field in own.items() if name not in in_text}


@cache
def _own_fields(kind: str) -> dict[str, models.Field]:
    fields = KINDS[kind]._meta.local_concrete_fields
    return {field.name: field for field in fields if not field.primary_key}


def fact_names(kind: str) -> list[str]:
    """What may stand above the text of a page of this type."""
    names = [name for name in fact_fields(kind) if name not in PEOPLE]
    people = ["people"] if "people_from" in fact_fields(kind) else []
    related = ["related"] if kind == "method" else []
    # A short one may stand above the text instead of in a section of its own.
    plain = [section.field for section in SHAPES[kind].sections if section.form is Form.PLAIN]
    return [*PLACE_FACTS, *names, *people, *related, *plain]
