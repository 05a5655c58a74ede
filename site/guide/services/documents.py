"""A page as a Markdown file: front matter, a lead, then sections with agreed headings."""

import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import markdown
import nh3
import yaml

from guide.keys import KEYS
from shared.rules import RuleBroken

# Heading → field, per type and language. A heading that is not here belongs to the body.
SECTIONS: dict[str, dict[str, dict[str, str]]] = {
    "step": {
        "sv": {
            "Frågor att besvara": "questions",
            "När ni är klara har ni": "results",
            "Vanliga misstag": "mistakes",
            "En väg tillbaka": "way_back",
        },
        "en": {
            "Questions to answer": "questions",
            "When you are done you have": "results",
            "Common mistakes": "mistakes",
            "A way back": "way_back",
        },
    },
    "method": {
        "sv": {
            "Varför": "why",
            "När": "when_to_use",
            "Förbered": "preparation",
            "Material": "material",
            "Gör så här": "steps",
            "Arbetsblad": "worksheets",
            "Tips": "tips",
            "I rummet": "in_room",
            "På distans": "remote",
            "Så att alla kan delta": "accessibility",
        },
        "en": {
            "Why": "why",
            "When": "when_to_use",
            "Prepare": "preparation",
            "Material": "material",
            "How to do it": "steps",
            "Worksheets": "worksheets",
            "Tips": "tips",
            "In the room": "in_room",
            "Remotely": "remote",
            "So that everyone can take part": "accessibility",
        },
    },
    "case": {
        "sv": {"Utmaningen": "challenge", "Vad vi lärde oss": "learnt", "Vad som ändrades": "changed"},
        "en": {"The challenge": "challenge", "What we learnt": "learnt", "What changed": "changed"},
    },
    "statement": {
        "sv": {
            "Vad redogörelsen gäller": "covers",
            "Kända brister": "not_accessible",
            "Oskäligt betungande anpassning": "burden",
            "Innehåll som lagen inte gäller": "outside_law",
            "Om du inte kan använda en del av webbplatsen": "alternatives",
            "Rapportera en brist": "report",
            "Så har vi testat": "method",
        },
        "en": {
            "What the statement covers": "covers",
            "Known shortcomings": "not_accessible",
            "Disproportionate burden": "burden",
            "Content that the law does not cover": "outside_law",
            "When you can't use a part of the site": "alternatives",
            "Report a shortcoming": "report",
            "How we tested": "method",
        },
    },
}
LINES = {"questions", "results", "mistakes", "material", "tips", "not_accessible"}
NOTES = {"tips": "tip", "tip": "tip", "exempel": "example", "example": "example", "obs": "warning", "mind": "warning"}
RICH_TEXT = {"p", "h2", "h3", "ul", "ol", "li", "b", "i", "a"}
_HEADING = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)
_EXERCISE = re.compile(r"^### +(.+?) +\((\d+) min\)\s*$", re.MULTILINE)
_WORKSHEET = re.compile(r"^### +(.+?) +\((\d) (?:kolumner|kolumn|columns|column)\)\s*$", re.MULTILINE)
_BOX = re.compile(r"^- \*\*(?P<label>.+?)\*\*\s*(?P<hint>.*?)\s*(?:\[(?P<height>[1-6])(?P<wide> bred| wide)?\])?$")
_NOTE = re.compile(r"^(\w+): +(.+)", re.DOTALL)


@dataclass
class Document:
    file: Path
    locale: str
    stable_id: str
    kind: str
    parent: str
    facts: dict[str, Any]
    lead: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    body: str = ""


def read_document(file: Path, *, locale: str) -> Document:
    text = file.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise RuleBroken(
            f"{file.name}: the file must begin with front matter between two lines of ---.", code="document"
        )
    head, rest = text[4:].split("\n---\n", 1)
    try:
        facts = yaml.safe_load(head)
        stable_id, kind = facts.pop("id"), facts.pop("type")
    except (yaml.YAMLError, AttributeError, KeyError) as error:
        raise RuleBroken(f"{file.name}: the front matter can't be read: {error}", code="document") from error
    document = Document(file, locale, stable_id, kind, facts.pop("parent", ""), facts)
    _read_sections(document, rest)
    return document


def _read_sections(document: Document, text: str) -> None:
    pieces = _HEADING.split(text)
    document.lead = " ".join(pieces[0].split())
    names = SECTIONS.get(document.kind, {}).get(document.locale, {})
    body = []
    for heading, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if heading in names:
            document.sections[names[heading]] = content.strip()
        else:
            body.append(f"## {heading}\n{content}")
    document.body = "\n".join(body).strip()


class Blocks:
    """Turns Markdown into the stored form of our blocks. Ids are derived, so the same text gives the same value."""

    def __init__(self, document: Document, page_ids: dict[str, int]) -> None:
        self.document = document
        self.page_ids = page_ids

    def lines(self, text: str, *, name: str) -> list[dict[str, Any]]:
        """Each line has the same id in every language: what a reader has ticked off in one is ticked off in all."""
        found = [line[2:].strip() for line in text.splitlines() if line.startswith("- ")]
        return [
            {"type": "line", "value": line, "id": str(uuid.uuid5(KEYS, f"{self.document.stable_id}:{name}:{place}"))}
            for place, line in enumerate(found, start=1)
        ]

    def exercise(self, text: str) -> list[dict[str, Any]]:
        pieces = _EXERCISE.split(text)
        if pieces[0].strip() or len(pieces) < 4:
            raise RuleBroken(
                f"{self.document.file.name}: each step of the exercise is written “### What you do (10 min)”.",
                code="document",
            )
        return [
            self._block(
                "step",
                {"title": title, "minutes": int(minutes), "text": self.rich_text(content)},
                f"step:{number}",
            )
            for number, (title, minutes, content) in enumerate(
                zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True), start=1
            )
        ]

    def worksheets(self, text: str) -> list[dict[str, Any]]:
        """“### Title (2 columns)”, a line on how to use it, then boxes: “- **Heading** hint [3 wide]”."""
        pieces = _WORKSHEET.split(text)
        if pieces[0].strip() or len(pieces) < 4:
            raise RuleBroken(
                f"{self.document.file.name}: each worksheet is written “### Its title (2 columns)”.", code="document"
            )
        return [
            self._worksheet(title, int(columns), content)
            for title, columns, content in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
        ]

    def _worksheet(self, title: str, columns: int, text: str) -> dict[str, Any]:
        intro = " ".join(line for line in text.splitlines() if line.strip() and not line.startswith("- "))
        boxes: list[dict[str, Any]] = []
        for line in text.splitlines():
            if not line.startswith("- "):
                continue
            found = _BOX.match(line.strip())
            if not found:
                raise RuleBroken(
                    f"{self.document.file.name}: a box is written “- **Its heading** a hint [2]”: {line}",
                    code="document",
                )
            value = {
                "label": found["label"],
                "hint": found["hint"] or "",
                "height": int(found["height"] or 2),
                "is_wide": bool(found["wide"]),
            }
            boxes.append(self._block("item", value, f"box:{title}:{len(boxes)}"))
        value = {"title": title, "intro": intro, "columns": columns, "boxes": boxes}
        return self._block("worksheet", value, f"worksheet:{title}")

    def body(self, text: str) -> list[dict[str, Any]]:
        """Text blocks; a quoted paragraph that begins with “Tips:”, “Exempel:” or “Obs:” becomes a note."""
        blocks: list[dict[str, Any]] = []
        plain: list[str] = []

        def close_plain() -> None:
            if "".join(plain).strip():
                blocks.append(self._block("text", self.rich_text("\n\n".join(plain)), f"text:{len(blocks)}"))
            plain.clear()

        for paragraph in re.split(r"\n{2,}", text):
            if not paragraph.startswith("> "):
                plain.append(paragraph)
                continue
            close_plain()
            quoted = "\n".join(line.removeprefix(">").strip() for line in paragraph.splitlines())
            note = _NOTE.match(quoted)
            if note and note[1].lower() in NOTES:
                value = {"kind": NOTES[note[1].lower()], "text": self.rich_text(note[2])}
                blocks.append(self._block("note", value, f"note:{len(blocks)}"))
            else:
                blocks.append(self._block("quote", " ".join(quoted.split()), f"quote:{len(blocks)}"))
        close_plain()
        return blocks

    def rich_text(self, text: str) -> str:
        """The editor's own HTML: links to pages by number, so that they survive a move."""
        html = markdown.markdown(text.strip(), extensions=["sane_lists"], output_format="html")
        for long, short in (("strong", "b"), ("em", "i")):
            html = html.replace(f"<{long}>", f"<{short}>").replace(f"</{long}>", f"</{short}>")
        html = nh3.clean(html, tags=RICH_TEXT, attributes={"a": {"href"}}, url_schemes={"https", "mailto", "guide"},
                         link_rel=None)  # fmt: skip
        return re.sub(r'<a href="guide:([\w-]+)">(.*?)</a>', self._page_link, html).replace("\n", "")

    def _page_link(self, found: re.Match[str]) -> str:
        page_id = self.page_ids.get(found[1])
        return f'<a id="{page_id}" linktype="page">{found[2]}</a>' if page_id else found[2]

    def _block(self, kind: str, value: Any, seed: str) -> dict[str, Any]:
        identity = f"{self.document.stable_id}:{self.document.locale}:{seed}"
        return {"type": kind, "value": value, "id": str(uuid.uuid5(KEYS, identity))}
