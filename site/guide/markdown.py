"""Markdown to HTML that is safe to show, and what in it would not survive the cleaning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import nh3
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br", "table",
        "thead", "tbody", "tr", "th", "td"}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
# Written by hand these come out as <strong> and <em> would.
_ALSO_WRITTEN = {"b", "i", "h1"}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# What a browser overlooks inside an address: "java\nscript:" runs.
_OVERLOOKED = re.compile(r"[\x00-\x20\x7f\u00a0\u200b-\u200f\u2028\u2029\ufeff]")
_TAG = re.compile(r"</?(?P<name>[a-z][a-z0-9]*)\s*/?>|<a\s+href=\"(?P<href>[^\"<>]*)\"\s*>", re.IGNORECASE)
# What closes a tag says nothing that its opening has not said.
_OPENING = re.compile(r"<(?=[a-z!?])", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """Something that may not stand in the text, on a line of it (the first is 1)."""

    line: int
    sentence: Promise | str


def parser(*, tables: bool = False) -> MarkdownIt:
    """CommonMark, with every link kept as it was written: what it may lead to is judged here, not by the parser."""
    made = MarkdownIt("commonmark", {"html": True})
    if tables:
        made.enable("table")
    made.validateLink = lambda _url: True  # type: ignore[method-assign]  # the parser's own way to other rules
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]  # as above
    made.normalizeLinkText = lambda url: url  # type: ignore[method-assign]  # as above
    return made


_BLOCK = parser(tables=True)


def to_html(text: str) -> SafeString:
    """Headings begin at the second level: the page has its own first one."""
    tokens = _BLOCK.parse(text)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    html = _BLOCK.renderer.render(tokens, _BLOCK.options, {})
    html = re.sub(r"<(/?)(b|i)>", lambda tag: f"<{tag[1]}{'strong' if tag[2] == 'b' else 'em'}>", html)
    clean = nh3.clean(html, tags=TAGS, attributes={"*": set(), "a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308 - cleaned on the line above


def faults_of(text: str) -> list[Fault]:
    """What the cleaning would take away from the text of a Markdown block, line by line."""
    return list(faults_in(_BLOCK.parse(text), tags=TAGS | _ALSO_WRITTEN))


def faults_in(tokens: list[Token], *, tags: set[str], schemes: set[str] = SCHEMES, above: int = 0) -> Iterator[Fault]:
    """Hostile or lost HTML and links in parsed text. `above` is how many lines stand above it in its file."""
    for token in tokens:
        line = above + (token.map[0] if token.map else 0) + 1
        if token.type == "html_block":
            yield from _html_faults(token.content, tags=tags, schemes=schemes, line=line)
        for child in token.children or []:
            yield from _inline_faults(child, tags=tags, schemes=schemes, line=line)
            line += child.type in {"softbreak", "hardbreak"}


def _inline_faults(token: Token, *, tags: set[str], schemes: set[str], line: int) -> Iterator[Fault]:
    if token.type == "html_inline":
        yield from _html_faults(token.content, tags=tags, schemes=schemes, line=line)
    elif token.type in {"link_open", "image"}:
        address = str(token.attrs.get("href") or token.attrs.get("src") or "")
        if not may_lead_to(address, schemes=schemes):
            yield Fault(line, _address_sentence(address))
    for child in token.children or []:
        yield from _inline_faults(child, tags=tags, schemes=schemes, line=line)


def _html_faults(html: str, *, tags: set[str], schemes: set[str], line: int) -> Iterator[Fault]:
    place = 0
    while opening := _OPENING.search(html, place):
        here = line + html.count("\n", 0, opening.start())
        tag = _TAG.match(html, opening.start())
        place = tag.end() if tag else opening.end()
        if tag is None or (tag["name"] or "a").lower() not in tags:
            written = html[opening.start() :].split("\n", 1)[0][:40]
            yield Fault(here, format_lazy(_("HTML is not allowed here: {what}. Write it as Markdown."), what=written))
        elif tag["href"] is not None and not may_lead_to(unescape(tag["href"]), schemes=schemes):
            yield Fault(here, _address_sentence(unescape(tag["href"])))


def may_lead_to(address: str, *, schemes: set[str] = SCHEMES) -> bool:
    """Whether a link may have the address: a place on this site, or a scheme that runs nothing."""
    bare = _OVERLOOKED.sub("", address)
    scheme = _SCHEME.match(bare)
    return bare == address.strip() and (scheme is None or scheme[1].lower() in schemes) and not bare.startswith("//")


def _address_sentence(address: str) -> Promise:
    return format_lazy(_("A link may not lead to {address}."), address=address[:60])
