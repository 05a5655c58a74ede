"""Words with their formatting, as a row of runs: the form in which the editor's HTML and a file's Markdown meet."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from markdown_it.token import Token

from guide.markdown import parser
from guide.services.folder.plain import CONTROLS

_PARSER = parser()
# Not \\s: a space that does not break is a sign like others.
_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True)
class Link:
    """`kind` is page, document or address; `to` the stable id, the file's name in the folder, or the address."""

    kind: str
    to: str


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    link: Link | None = None


Words = tuple[Run, ...]


def tidy(runs: Iterable[Run]) -> Words:
    """The one form of words that look alike: runs joined, blanks outside of the formatting, nothing at the edges.

    A line break is a newline in the text.
    """
    pieces: list[Run] = []
    for run in runs:
        text = _BLANKS.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", CONTROLS.sub("", run.text))
        core = text.strip(" \n")
        start = text.index(core) if core else len(text)
        for part in (text[:start], core, text[start + len(core) :]):
            if part and part not in {" ", "\n"}:
                pieces.append(replace(run, text=part))
            elif part and pieces:
                _add_blank(pieces, part)
    _strip(pieces)
    for place, piece in enumerate(pieces):
        if _is_blank(piece):
            left, right = pieces[place - 1], pieces[place + 1]
            link = left.link if left.link == right.link else None
            pieces[place] = Run(piece.text, left.bold and right.bold, left.italic and right.italic, link)
    look = groupby(pieces, key=lambda piece: (piece.bold, piece.italic, piece.link))
    return tuple(
        Run("".join(piece.text for piece in group), bold, italic, link) for (bold, italic, link), group in look
    )


def _strip(pieces: list[Run]) -> None:
    """Nothing at the edges, not even what does not break: Markdown keeps none of it."""
    while pieces and pieces[-1].text.isspace():
        pieces.pop()
    while pieces and pieces[0].text.isspace():
        pieces.pop(0)
    if pieces:
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
        pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())


def _is_blank(piece: Run) -> bool:
    return piece.text in {" ", "\n"}


def _add_blank(pieces: list[Run], blank: str) -> None:
    if not _is_blank(pieces[-1]):
        pieces.append(Run(blank))
    elif blank == "\n":
        pieces[-1] = Run("\n")


def words_html(words: Words, *, link_html: Callable[[Link, str], str]) -> str:
    html = ""
    for link, group in groupby(words, key=lambda run: run.link):
        inner = ""
        for bold, bold_group in groupby(group, key=lambda run: run.bold):
            of_bold = "".join(f"<i>{_text_html(run.text)}</i>" if run.italic else _text_html(run.text)
                              for run in bold_group)  # fmt: skip
            inner += f"<b>{of_bold}</b>" if bold else of_bold
        html += link_html(link, inner) if link else inner
    return html


def _text_html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


# --- Markdown ---------------------------------------------------------------------------------------------

_ESCAPES = re.compile(r"\\(?=[!-/:-@\[-`{-~\n]|$)|[*`\[\]]|<(?=[a-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])",
                      re.IGNORECASE)  # fmt: skip
# Nothing in it that Markdown could take for something else: most paragraphs, and quick to see.
_WITHOUT_SIGNS = re.compile(r"[^\W\d_](?:[ \u00a0,.;:?!”’…–—%/()-]|[^\W_])*")
_LINE_START = re.compile(r"^(?:#(?=#{0,5}(?:\s|$))|>|~(?=~~)|=(?==*\s*$)|[-+](?=[-\s]|$))", re.MULTILINE)
_NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def words_markdown(words: Words) -> str:
    """Written the plainest way that reads back the same: a sign beside a letter (“**a.**b”) asks for a stronger one."""
    if len(words) == 1 and _WITHOUT_SIGNS.fullmatch(words[0].text) and replace(words[0], text="") == Run(""):
        return words[0].text
    written = ""
    for bold, italic in (("**", "*"), ("**", "_"), ("<b>", "<i>")):
        written = _written(words, bold=bold, italic=italic)
        if words_of(written) == words:
            return written
    return written


def _written(words: Words, *, bold: str, italic: str) -> str:
    text = ""
    for link, group in groupby(words, key=lambda run: run.link):
        inner = ""
        for is_bold, bold_group in groupby(group, key=lambda run: run.bold):
            of_bold = "".join(_wrapped(escaped(run.text), italic) if run.italic else escaped(run.text)
                              for run in bold_group)  # fmt: skip
            inner += _wrapped(of_bold, bold) if is_bold else of_bold
        if link:
            # “!” before a link would make an image of it.
            text = f"{text[:-1]}\\!" if text.endswith("!") else text
        text += f"[{inner}]({_target(link)})" if link else inner
    text = _LINE_START.sub(lambda sign: f"\\{sign[0]}", text)
    return _NUMBER_START.sub(r"\1\\\2", text)


def _wrapped(text: str, sign: str) -> str:
    return f"{sign}{text}{sign.replace('<', '</')}"


def escaped(text: str) -> str:
    return _ESCAPES.sub(lambda sign: f"\\{sign[0]}", text).replace("\n", "\\\n")


def _target(link: Link) -> str:
    if link.kind == "page":
        return f"guide:{link.to}"
    if re.search(r"[\s()<>\\&*_]", link.to) or not link.to:
        return "<" + re.sub(r"([<>\\&])", r"\\\1", link.to) + ">"
    return link.to


def words_of(markdown: str) -> Words:
    """What a paragraph written in Markdown says; links as they are written (see `words_from`)."""
    tokens = _PARSER.parse(markdown)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return ()
    return words_from(tokens[1].children or [])


_BOLD = {"strong_open": 1, "<b>": 1, "<strong>": 1, "strong_close": -1, "</b>": -1, "</strong>": -1}
_ITALIC = {"em_open": 1, "<i>": 1, "<em>": 1, "em_close": -1, "</i>": -1, "</em>": -1}


def words_from(tokens: list[Token]) -> Words:
    runs: list[Run] = []
    bold = italic = 0
    link: Link | None = None
    for token in tokens:
        tag = token.content.lower().replace(" ", "") if token.type == "html_inline" else token.type
        bold += _BOLD.get(tag, 0)
        italic += _ITALIC.get(tag, 0)
        if tag == "link_open":
            link = link_to(str(token.attrs.get("href") or ""))
        elif tag == "link_close":
            link = None
        elif tag in {"hardbreak", "<br>", "<br/>"}:
            runs.append(Run("\n", bold > 0, italic > 0, link))
        elif tag == "softbreak":
            runs.append(Run(" ", bold > 0, italic > 0, link))
        elif token.type in {"text", "text_special", "code_inline", "image"}:
            runs.append(Run(token.content, bold > 0, italic > 0, link))
    return tidy(runs)


_AWAY = re.compile(r"[a-z][a-z0-9+.-]*:|/|#|\?", re.IGNORECASE)


def link_to(address: str) -> Link:
    """What an address in a file means: `guide:ID` a page, a path a document beside, anything else itself."""
    if address.startswith("guide:"):
        return Link("page", address.removeprefix("guide:"))
    return Link("address" if _AWAY.match(address) or not address else "document", address)
