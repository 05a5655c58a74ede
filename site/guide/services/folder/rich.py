"""Paragraphs, headings and lists: the editor's HTML and a file's Markdown, by way of one form in between."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from markdown_it.tree import SyntaxTreeNode

from guide.services.folder.inline import Link, Run, Words, tidy, words_from, words_html, words_markdown

_BOLD, _ITALIC = {"b", "strong"}, {"i", "em"}
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3}
_SILENT = {"script", "style", "template"}


@dataclass
class Paragraph:
    words: Words


@dataclass
class Heading:
    level: int
    words: Words


@dataclass
class Item:
    words: Words = ()
    lists: list["List"] = field(default_factory=list)


@dataclass
class List:
    is_numbered: bool
    items: list[Item] = field(default_factory=list)


Part = Paragraph | Heading | List


def on_one_line(words: Words) -> Words:
    """A heading has no breaks."""
    return tidy(replace(run, text=run.text.replace("\n", " ")) for run in words)


# --- The editor's HTML ------------------------------------------------------------------------------------


def parts_html(parts: Sequence[Part], *, link_html: Callable[[Link, str], str]) -> str:
    html = ""
    for part in parts:
        if isinstance(part, List):
            html += _list_html(part, link_html)
        else:
            tag = f"h{part.level}" if isinstance(part, Heading) else "p"
            html += f"<{tag}>{words_html(part.words, link_html=link_html)}</{tag}>"
    return html


def _list_html(part: List, link_html: Callable[[Link, str], str]) -> str:
    tag = "ol" if part.is_numbered else "ul"
    items = (
        words_html(item.words, link_html=link_html) + "".join(_list_html(each, link_html) for each in item.lists)
        for item in part.items
    )
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def parts_of_html(html: str, *, link_of: Callable[[dict[str, str | None]], Link | None]) -> list[Part]:
    reader = _Reader(link_of)
    reader.feed(re.sub(r"<(?![a-z/])", "&lt;", html, flags=re.IGNORECASE))
    reader.close()
    reader.end_words()
    return reader.parts


class _Reader(HTMLParser):
    """Reads what the editor keeps; what it does not know it reads through."""

    def __init__(self, link_of: Callable[[dict[str, str | None]], Link | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.link_of = link_of
        self.parts: list[Part] = []
        self.open_lists: list[List] = []
        self.runs: list[Run] = []
        self.heading = self.bold = self.italic = self.silent = 0
        self.link: Link | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "ul", "ol", "li", "blockquote", "div"} or tag in _HEADINGS:
            self._open_block(tag)
        elif tag in _BOLD:
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag == "a":
            self.link = self.link_of(dict(attrs))
        elif tag == "br":
            self.runs.append(Run("\n", self.bold > 0, self.italic > 0, self.link))
        elif tag in _SILENT:
            self.silent += 1

    def _open_block(self, tag: str) -> None:
        self.end_words()
        self.heading = _HEADINGS.get(tag, 0)
        if tag in {"ul", "ol"}:
            opened = List(tag == "ol")
            if not self.open_lists:
                self.parts.append(opened)
            else:
                inside = self.open_lists[-1].items
                if not inside:
                    inside.append(Item())
                inside[-1].lists.append(opened)
            self.open_lists.append(opened)
        elif tag == "li" and self.open_lists:
            self.open_lists[-1].items.append(Item())

    def handle_endtag(self, tag: str) -> None:
        if tag in _BOLD:
            self.bold = max(0, self.bold - 1)
        elif tag in _ITALIC:
            self.italic = max(0, self.italic - 1)
        elif tag == "a":
            self.link = None
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in {"p", "li", "ul", "ol", "blockquote", "div"} or tag in _HEADINGS:
            self.end_words()
            self.heading = 0
            if tag in {"ul", "ol"} and self.open_lists:
                self._close_list(self.open_lists.pop())

    def _close_list(self, closed: List) -> None:
        closed.items = [item for item in closed.items if item.words or item.lists]
        if not closed.items:
            holder: list = self.open_lists[-1].items[-1].lists if self.open_lists else self.parts
            holder.remove(closed)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.runs.append(Run(re.sub(r"[ \t\r\n]+", " ", data), self.bold > 0, self.italic > 0, self.link))

    def end_words(self) -> None:
        words = tidy(self.runs)
        self.runs = []
        if not words:
            return
        if self.open_lists:
            items = self.open_lists[-1].items
            if not items:
                items.append(Item())
            before = items[-1].words
            items[-1].words = tidy([*before, Run("\n"), *words]) if before else words
        else:
            self.parts.append(Heading(self.heading, on_one_line(words)) if self.heading else Paragraph(words))


# --- Markdown ---------------------------------------------------------------------------------------------


def parts_markdown(parts: Sequence[Part], *, is_section: Callable[[str], bool] = lambda _heading: False) -> str:
    """A heading that would be taken for a section's is underlined instead, which means the same to Markdown."""
    written: list[str] = []
    for number, part in enumerate(parts):
        if isinstance(part, List):
            written.append("\n".join(_list_markdown(part, is_other=_is_other(parts, number))))
        elif isinstance(part, Heading):
            text = words_markdown(part.words)
            if part.level == 2 and is_section(text):
                written.append(f"{text}\n---")
            else:
                closing = re.sub(r"(?<= )(#+)$", lambda signs: "\\#" * len(signs[0]), text)
                written.append(f"{'#' * part.level} {closing}")
        else:
            written.append(words_markdown(part.words))
    return "\n\n".join(written)


def _is_other(parts: Sequence[Part], number: int) -> bool:
    """Whether the list must look different from the one right above it, not to become one with it."""
    count = 0
    while number > 0:
        above, here = parts[number - 1], parts[number]
        if not (isinstance(above, List) and isinstance(here, List) and above.is_numbered == here.is_numbered):
            break
        count, number = count + 1, number - 1
    return count % 2 == 1


def _list_markdown(part: List, *, is_other: bool) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(part.items, start=1):
        numbered, plain = (f"{number}) ", "* ") if is_other else (f"{number}. ", "- ")
        sign = numbered if part.is_numbered else plain
        inner = words_markdown(item.words).split("\n") if item.words else []
        for place, each in enumerate(item.lists):
            inner += _list_markdown(each, is_other=_is_other(item.lists, place))
        lines += [(sign if place == 0 else " " * len(sign)) + line for place, line in enumerate(inner)]
    return lines


def parts_from(nodes: Sequence[SyntaxTreeNode], *, refuse: Callable[[SyntaxTreeNode, str], None]) -> list[Part]:
    """What nodes of parsed Markdown say; `refuse` hears of each that the editor has no form for."""
    parts: list[Part] = []
    for node in nodes:
        if node.type == "paragraph":
            words = _words(node, refuse)
            if words:
                parts.append(Paragraph(words))
        elif node.type == "heading":
            level = int(node.tag[1])
            if level not in {2, 3}:
                refuse(node, "A heading is written ## or ###.")
            words = on_one_line(_words(node, refuse))
            if words:
                parts.append(Heading(min(max(level, 2), 3), words))
        elif node.type in {"bullet_list", "ordered_list"}:
            parts.append(_list_from(node, refuse))
        elif node.type != "html_block":  # told of by guide.markdown
            refuse(node, f"{_called(node)} has no place in this text.")
    return parts


def _list_from(node: SyntaxTreeNode, refuse: Callable[[SyntaxTreeNode, str], None]) -> List:
    made = List(node.type == "ordered_list")
    for item_node in node.children:
        item = Item()
        for child in item_node.children:
            if child.type == "paragraph":
                words = _words(child, refuse)
                item.words = tidy([*item.words, Run("\n"), *words]) if item.words else words
            elif child.type in {"bullet_list", "ordered_list"}:
                item.lists.append(_list_from(child, refuse))
            else:
                refuse(child, f"{_called(child)} has no place in a list.")
        if item.words or item.lists:
            made.items.append(item)
    return made


def _words(node: SyntaxTreeNode, refuse: Callable[[SyntaxTreeNode, str], None]) -> Words:
    inline = node.children[0] if node.children else None
    token = inline.token if inline and inline.token else None
    if token is None:
        return ()
    for child in token.children or []:
        if child.type == "image":
            refuse(node, "An image stands in a paragraph of its own.")
        elif child.type == "code_inline":
            refuse(node, "Code (`…`) has no place in this text; a Markdown block can hold it.")
    return words_from(token.children or [])


_NAMES = {
    "blockquote": "A quotation",
    "fence": "A fenced block",
    "code_block": "An indented block",
    "hr": "A line across (---)",
}


def _called(node: SyntaxTreeNode) -> str:
    return _NAMES.get(node.type, f"A {node.type.replace('_', ' ')}")
