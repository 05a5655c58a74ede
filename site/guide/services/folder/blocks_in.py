"""What stands in a file, as blocks to store."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from markdown_it.tree import SyntaxTreeNode

from guide.markdown import faults_of
from guide.services.folder.documents import Document, Region, line_of, refusing
from guide.services.folder.inline import Link, Run, tidy, words_from
from guide.services.folder.media import Media
from guide.services.folder.names import Names
from guide.services.folder.plain import plain_in
from guide.services.folder.rich import Paragraph, Part, parts_from, parts_html
from guide.services.folder.shapes import NOTE_WORDS, Form

_EXERCISE = re.compile(r"^(?P<title>.*?) *\((?P<minutes>\d{1,4}) min\)$", re.DOTALL)
_WORKSHEET = re.compile(r"^(?P<title>.*?) *\((?P<columns>\d) (?:kolumner|kolumn|columns|column)\)$", re.DOTALL)
_BOX = re.compile(
    r"^\*\*(?P<label>(?:\\.|[^\\])+?)\*\*\s*(?P<hint>.*?)\s*(?:\[(?P<height>\d)(?P<wide> bred| wide)?\])?$", re.DOTALL
)
_NOTE = re.compile(r"^\s*(\w+):(?=\s|$)")
_QUOTE_SIGN = re.compile(r"^ {0,3}> ?", re.MULTILINE)


@dataclass
class Block:
    """A block that has no identity yet, and the line it stands on."""

    type: str
    value: Any
    line: int


class BlockReader:
    """Reads the blocks of one document."""

    def __init__(self, document: Document, *, names: Names, media: Media) -> None:
        self.document = document
        self.names = names
        self.media = media
        self.refuse = refusing(document)
        self.lines = document.source.text.split("\n")

    def read_section(self, region: Region, form: Form) -> list[Block]:
        if form is Form.LINES:
            return self._lines(region.nodes)
        return self._exercise(region.nodes) if form is Form.EXERCISE else self._worksheets(region.nodes)

    def _lines(self, nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
        blocks: list[Block] = []
        for node in nodes:
            if node.type != "bullet_list":
                self.refuse(node, "Here stand only lines that begin with “- ”.")
                continue
            for item in node.children:
                text = self._item(item)
                if text:
                    blocks.append(Block("line", text, line_of(item)))
        return blocks

    def _item(self, item: SyntaxTreeNode) -> str:
        if [child.type for child in item.children] not in ([], ["paragraph"]):
            self.refuse(item, "A line of this list is a single sentence or a few.")
            return ""
        return " ".join(plain_in(_raw(item.children[0])).split("\n")) if item.children else ""

    def _exercise(self, nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
        blocks: list[Block] = []
        wrong = "Each step of the exercise is written “### What you do (10 min)”."
        for heading, content in self._below_headings(nodes, wrong):
            found = _EXERCISE.match(_raw(heading))
            if found is None:
                self.refuse(heading, wrong)
                continue
            value = {"title": plain_in(found["title"]), "minutes": int(found["minutes"]), "text": self.html(content)}
            blocks.append(Block("step", value, line_of(heading)))
        return blocks

    def _below_headings(
        self, nodes: Sequence[SyntaxTreeNode], wrong: str
    ) -> list[tuple[SyntaxTreeNode, list[SyntaxTreeNode]]]:
        found: list[tuple[SyntaxTreeNode, list[SyntaxTreeNode]]] = []
        for node in nodes:
            if node.type == "heading" and node.markup == "###":
                found.append((node, []))
            elif found:
                found[-1][1].append(node)
            else:
                self.refuse(node, wrong)
        return found

    def _worksheets(self, nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
        blocks: list[Block] = []
        wrong = "Each worksheet is written “### Its title (2 columns)”."
        for heading, content in self._below_headings(nodes, wrong):
            found = _WORKSHEET.match(_raw(heading))
            if found is None:
                self.refuse(heading, wrong)
                continue
            intro: list[str] = []
            boxes: list[dict[str, Any]] = []
            for node in content:
                if node.type == "paragraph":
                    intro.append(" ".join(plain_in(_raw(node)).split()))
                elif node.type == "bullet_list":
                    boxes += [box for item in node.children for box in self._box(item)]
                else:
                    self.refuse(node, "A worksheet holds a line on how to use it, and its boxes.")
            value = {"title": plain_in(found["title"]), "intro": " ".join(intro), "columns": int(found["columns"])}
            blocks.append(Block("worksheet", value | {"boxes": boxes}, line_of(heading)))
        return blocks

    def _box(self, item: SyntaxTreeNode) -> list[dict[str, Any]]:
        raw = _raw(item.children[0]) if [child.type for child in item.children] == ["paragraph"] else ""
        found = _BOX.match(" ".join(raw.split("\n")))
        if found is None:
            self.refuse(item, "A box is written “- **Its heading** a hint [2]”.")
            return []
        value = {
            "label": plain_in(found["label"]),
            "hint": plain_in(found["hint"]),
            "height": int(found["height"] or 2),
            "is_wide": bool(found["wide"]),
        }
        return [{"type": "item", "value": value}]

    def read_body(self, nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
        blocks: list[Block] = []
        text: list[SyntaxTreeNode] = []

        def close_text() -> None:
            html = self.html(text)
            if html:
                blocks.append(Block("text", html, line_of(text[0])))
            text.clear()

        for node in nodes:
            block = self._special(node)
            if block is None:
                text.append(node)
            else:
                close_text()
                blocks.append(block)
        close_text()
        return blocks

    def _special(self, node: SyntaxTreeNode) -> Block | None:
        if node.type == "blockquote":
            return self._quote_or_note(node)
        if node.type == "fence" and node.info.strip() == "markdown":
            return self._markdown(node)
        inline = node.children[0] if node.type == "paragraph" and node.children else None
        inside = inline.token.children or [] if inline is not None and inline.token else []
        if len(inside) == 1 and inside[0].type == "image":
            address = str(inside[0].attrs.get("src") or "")
            pk = self.media.image(address, document=self.document, line=line_of(node))
            alt = "".join(run.text for run in words_from(inside[0].children or [])).replace("\n", " ")
            return Block("image", {"image": pk, "decorative": not alt, "alt_text": alt}, line_of(node))
        return None

    def _quote_or_note(self, node: SyntaxTreeNode) -> Block:
        first, last = node.map or (0, 0)
        raw = _QUOTE_SIGN.sub("", "\n".join(self.lines[first:last]))
        word = _NOTE.match(raw)
        if word is None or word[1].lower() not in NOTE_WORDS:
            return Block("quote", plain_in(raw), first + 1)
        parts = parts_from(node.children, refuse=self.refuse)
        if parts and isinstance(parts[0], Paragraph):
            beginning, *rest = parts[0].words
            words = tidy([Run(beginning.text[len(word[1]) + 1 :], beginning.bold, beginning.italic), *rest])
            parts = [Paragraph(words), *parts[1:]] if words else parts[1:]
        return Block("note", {"kind": NOTE_WORDS[word[1].lower()], "text": self._html(parts, first + 1)}, first + 1)

    def _markdown(self, node: SyntaxTreeNode) -> Block:
        first, last = node.map or (0, 0)
        closing = self.lines[last - 1].strip()
        if set(closing) != set(node.markup[0]) or last - first < 2:
            self.refuse(node, f"This Markdown block is never closed with {node.markup}.")
        for fault in faults_of(node.content):
            self.document.refuse(first + 1 + fault.line, fault.sentence)
        return Block("markdown", node.content.rstrip(), first + 1)

    def html(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        """The editor's own HTML: links to pages by number, so that they survive a move."""
        parts = parts_from(nodes, refuse=self.refuse)
        return self._html(parts, line_of(nodes[0]) if nodes else 1)

    def _html(self, parts: Sequence[Part], line: int) -> str:
        return parts_html(parts, link_html=lambda link, inner: self._link(link, inner, line))

    def _link(self, link: Link, inner: str, line: int) -> str:
        if link.kind == "page":
            pk = self.names.page(link.to, language=self.document.language)
            if pk is None:
                self.document.refuse(self._line_with(f"guide:{link.to}", line), f"No page has the id {link.to}.")
            return f'<a id="{pk}" linktype="page">{inner}</a>'
        if link.kind == "document":
            here = self._line_with(link.to, line)
            pk = self.media.document(link.to, document=self.document, line=here)
            return f'<a id="{pk}" linktype="document">{inner}</a>'
        return f'<a href="{escape(link.to)}">{inner}</a>'

    def _line_with(self, text: str, line: int) -> int:
        """The line of a paragraph that a link stands on."""
        for number in range(line - 1, len(self.lines)):
            if text in self.lines[number]:
                return number + 1
        return line


def _raw(node: SyntaxTreeNode) -> str:
    """The words of a paragraph or heading as they are written."""
    return node.children[0].content if node.children else ""
