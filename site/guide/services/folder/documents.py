"""A page as a file: facts, a lead, sections with agreed headings, and free text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from markdown_it.tree import SyntaxTreeNode

from guide.keys import is_stable_id
from guide.markdown import SCHEMES, faults_in, parser
from guide.services.folder.files import Source
from guide.services.folder.front_matter import Fact, read_front_matter
from guide.services.folder.problems import Problems
from guide.services.folder.shapes import SHAPES, fact_names, has_body, sections_of

INDEX = "index.md"
# What begins the free text where no heading of its own does.
BODY_SIGN = "***"
_PARSER = parser()
_TAGS = {"b", "i", "strong", "em", "br"}
_NUMBER = re.compile(r"^(\d+)-")


@dataclass
class Region:
    """A stretch of the file: its first line, its own words and what Markdown makes of them."""

    line: int
    text: str = ""
    nodes: list[SyntaxTreeNode] = field(default_factory=list)


@dataclass
class Document:
    source: Source
    problems: Problems
    stable_id: str
    kind: str
    facts: dict[str, Fact]
    lead: Region
    sections: dict[str, Region] = field(default_factory=dict)
    body: list[SyntaxTreeNode] = field(default_factory=list)
    # Facts that have been told of as wrong: no rule of the model need be told of them too.
    refused: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        return self.source.path

    @property
    def language(self) -> str:
        return self.source.language

    def refuse(self, line: int, sentence: object) -> None:
        self.problems.add(self.file, line, sentence)

    def refuse_fact(self, name: str, sentence: object) -> None:
        self.refused.add(name)
        self.refuse(self.line_of(name), sentence)

    def fact(self, name: str) -> str:
        """A fact that is one value; empty where it is not given."""
        given = self.facts.get(name)
        if given is None:
            return ""
        if isinstance(given.value, list):
            self.refuse_fact(name, f"{name} must be a single value.")
            return ""
        return given.value

    def line_of(self, name: str) -> int:
        if name in self.facts:
            return self.facts[name].line
        return self.sections[name].line if name in self.sections else 1

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands among its siblings: by `order`, else by the number its name begins with, else by name."""
        path = PurePosixPath(self.file)
        name = path.parent.name if path.name == INDEX else path.name
        number = _NUMBER.match(name)
        order = self.fact("order").strip()
        if order and not order.isdecimal():
            self.refuse(self.line_of("order"), "order must be a whole number.")
        elif order:
            return int(order[:9]), self.file
        return (int(number[1][:9]) if number else 10**9), self.file


def read_document(source: Source, *, problems: Problems) -> Document | None:
    read = read_front_matter(source.text, file=source.path, problems=problems)
    if read is None:
        return None
    facts, text = read
    document = Document(source, problems, "", "", facts, Region(1))
    document.stable_id, document.kind = document.fact("id").strip(), document.fact("type").strip()
    if not is_stable_id(document.stable_id):
        what = f"“{document.stable_id}”" if document.stable_id else "nothing"
        sentence = f"The front matter can't be read: id must be small letters, digits and hyphens; it is {what}."
        document.refuse(document.line_of("id"), sentence)
    if document.kind not in SHAPES:
        what = f"“{document.kind}”" if document.kind else "nothing"
        sentence = f"The front matter can't be read: type must be one of {', '.join(SHAPES)}; it is {what}."
        document.refuse(document.line_of("type"), sentence)
        return None
    document.refused = {name for name, fact in facts.items() if fact.is_broken}
    for name, fact in facts.items():
        if name not in fact_names(document.kind):
            document.refuse(fact.line, f"{name} is no field of a {document.kind}.")
    _read_text(document, text)
    return document


def _read_text(document: Document, text: str) -> None:
    tokens = _PARSER.parse(text)
    for fault in faults_in(tokens, tags=_TAGS, schemes=SCHEMES | {"guide"}):
        document.refuse(fault.line, fault.sentence)
    agreed = sections_of(document.kind, document.language)
    lines = text.split("\n")
    into, is_body = document.lead, False
    starts = 0
    for node in SyntaxTreeNode(tokens).children:
        first, last = node.map or (0, 0)
        heading = _section_heading(node)
        is_sign = node.type == "hr" and lines[first].strip() == BODY_SIGN
        if not is_body and (heading is not None or is_sign):
            into.text = "\n".join(lines[starts:first])
        if heading in agreed:
            name, starts, is_body = agreed[heading].field, last, False
            if name in document.sections:
                document.refuse(first + 1, f"The section “{heading}” stands twice.")
            into = document.sections[name] = Region(first + 1)
        elif heading is not None or is_sign:
            is_body = True
            if heading is not None:
                document.body.append(node)
        else:
            (document.body if is_body else into.nodes).append(node)
    if not is_body:
        into.text = "\n".join(lines[starts:])
    if document.body and not has_body(document.kind):
        sentence = f"A page of the type {document.kind} holds no text below its lead."
        document.refuse((document.body[0].map or (0, 0))[0] + 1, sentence)


def _section_heading(node: SyntaxTreeNode) -> str | None:
    """An underlined heading is the text's own, whatever it says."""
    if node.type == "heading" and node.markup == "##":
        return node.children[0].content if node.children else ""
    return None


def line_of(node: SyntaxTreeNode) -> int:
    while node.map is None and node.parent is not None:
        node = node.parent
    return (node.map or (0, 0))[0] + 1


def refusing(document: Document) -> Callable[[SyntaxTreeNode, str], None]:
    return lambda node, sentence: document.refuse(line_of(node), sentence)
