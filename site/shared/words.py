"""The editor's HTML as a small tree of plain data, for what is not a web page: documents on paper, the big screen.

    [{"kind": "p", "runs": [{"t": "Skriv "}, {"t": "tyst", "i": True}]},
     {"kind": "ul", "items": [[{"kind": "p", "runs": […]}], …]}]

Kinds: p, h, ul, ol, quote. Links to other sites stay (`"to"`); links between pages become plain words.
"""

import re
from html.parser import HTMLParser
from typing import Any

Block = dict[str, Any]
_SPACE = re.compile(r"[ \t\r\n]+")
_BOLD, _ITALIC = {"b", "strong"}, {"i", "em", "cite"}
_PARAGRAPHS = {"p", "div", "figcaption", "pre", "dt", "dd", "td", "th", "tr"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol"}
_SILENT = {"script", "style", "template"}


def blocks_of(html: str) -> list[Block]:
    """Never fails, whatever the HTML: what is not known is read as the text inside it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return reader.blocks


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs of a text without markup: an empty line begins a new one, a new line stays a new line's space."""
    pieces = re.split(r"\n\s*\n", text.strip())
    return [{"kind": "p", "runs": [{"t": " ".join(piece.split())}]} for piece in pieces if piece.strip()]


def is_other_site(address: str) -> bool:
    return address.startswith(("https://", "http://"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        # The lists of blocks that are open, the innermost last.
        self._open: list[list[Block]] = [self.blocks]
        self._runs: list[dict[str, Any]] = []
        self._kind = "p"
        self._bold = self._italic = self._silent = 0
        self._to: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BOLD:
            self._bold += 1
        elif tag in _ITALIC:
            self._italic += 1
        elif tag == "a":
            target = dict(attrs).get("href") or ""
            self._to.append(target if is_other_site(target) else None)
        elif tag == "br":
            self._say(" ")
        elif tag in _PARAGRAPHS or tag in _HEADINGS:
            self.end_paragraph()
            self._kind = "h" if tag in _HEADINGS else "p"
        elif tag in _LISTS or tag == "blockquote":
            self.end_paragraph()
            block: Block = {"kind": "quote", "blocks": []} if tag == "blockquote" else {"kind": tag, "items": []}
            self._open[-1].append(block)
            self._open.append(block["blocks"] if tag == "blockquote" else block["items"])
        elif tag == "li" and len(self._open) > 1:
            self.end_paragraph()
            item: list[Block] = []
            self._open[-1].append(item)  # type: ignore[arg-type]  # a list's items are lists of blocks
            self._open.append(item)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif tag in _ITALIC:
            self._italic = max(0, self._italic - 1)
        elif tag == "a" and self._to:
            self._to.pop()
        elif tag in _PARAGRAPHS or tag in _HEADINGS:
            self.end_paragraph()
        elif tag in _LISTS or tag in {"blockquote", "li"}:
            self.end_paragraph()
            if len(self._open) > 1:
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(data)

    def _say(self, data: str) -> None:
        text = _SPACE.sub(" ", data)
        if not self._runs:
            text = text.lstrip(" ")
        elif self._runs[-1]["t"].endswith(" "):
            text = text.removeprefix(" ")
        if not text:
            return
        run: dict[str, Any] = {"t": text}
        if self._bold:
            run["b"] = True
        if self._italic:
            run["i"] = True
        if self._to and self._to[-1]:
            run["to"] = self._to[-1]
        self._runs.append(run)

    def end_paragraph(self) -> None:
        if self._runs:
            self._runs[-1]["t"] = self._runs[-1]["t"].rstrip(" ")
        runs = [run for run in self._runs if run["t"]]
        if runs:
            self._open[-1].append({"kind": self._kind, "runs": runs})
        self._runs, self._kind = [], "p"
