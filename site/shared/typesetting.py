"""Documents set with Typst: a template and plain data in, a tagged PDF out.

A room keeps its templates beside its code and imports the house's type, colours and drawings from
`/site/shared/typeset/`. Everything that people have written comes to the template as JSON and is shown as text: no
word of it is ever read as Typst.

    made = typeset("site/guide/paper/card.typ", {"title": …}, made_at=page.last_published_at)

The template finds the data as `data` of `/site/shared/typeset/house.typ`, with `data.theme` (the colours of
theme.css) laid beside what it was given. `data.title` and `data.language` must be there: every document has both.
"""

import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

log = logging.getLogger(__name__)

HOUSE = Path(__file__).parent / "typeset"
THEME = settings.SITE / "static" / "theme"
# PDF/UA: what a screen reader needs is there, or nothing comes out.
STANDARD: Literal["ua-1"] = "ua-1"
_COLOUR = re.compile(r"--ds-color-([\w-]+): light-dark\((#[0-9a-fA-F]{6}),")
# What no text means to hold, and no font can show.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udfff]")


def typeset(template: str, data: Mapping[str, Any], *, made_at: dt.datetime | None = None) -> bytes:
    """The document as PDF/UA; as an ordinary tagged PDF where a text holds a character that no font of ours has.

    The same data, template and `made_at` give the same bytes.
    """
    handed: dict[str, Any] = {
        "input": str(settings.ROOT / template),
        "root": str(settings.ROOT),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": written({**data, "theme": theme_colours()})},
        "format": "pdf",
        "output": None,
        "timestamp": (made_at or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).astimezone(dt.UTC).replace(microsecond=0),
    }
    try:
        return _compile(handed | {"pdf_standards": [STANDARD]})
    except typst.TypstError as error:
        log.warning("%s is set without %s: %s", template, STANDARD, error.message)
        return _compile(handed)


def _compile(handed: dict[str, Any]) -> bytes:
    made: Any = typst.compile(**handed)
    return made


def document_key(template: str, data: Mapping[str, Any]) -> str:
    """A name for the document that changes whenever anything it shows does: words, look, type or setter."""
    return hashlib.sha256(f"{_edition(template)}\n{written(data)}".encode()).hexdigest()


def written(data: Mapping[str, Any]) -> str:
    return json.dumps(_showable(data), ensure_ascii=False, sort_keys=True)


def _showable(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROLS.sub("", str(value))
    if isinstance(value, Mapping):
        return {key: _showable(each) for key, each in value.items()}
    return [_showable(each) for each in value] if isinstance(value, list | tuple) else value


@cache
def theme_colours() -> dict[str, str]:
    """The light colours of the theme by their names: what a municipality has chosen holds on paper too."""
    return dict(_COLOUR.findall((THEME / "theme.css").read_text(encoding="utf-8")))


@cache
def _fonts() -> typst.Fonts:
    # Typst's own come last, for letters that ours don't have.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(HOUSE / "fonts")])


@cache
def _edition(template: str) -> str:
    """The state of all that makes a document of its data. As the code itself, it changes only with a new process."""
    files = [
        *HOUSE.rglob("*.ttf"),
        *HOUSE.glob("*.typ"),
        *(settings.ROOT / template).parent.glob("*.typ"),
        THEME / "theme.css",
        THEME / "logo.svg",
        *Path(__file__).parent.glob("*.py"),
    ]
    state = hashlib.sha256(version("typst").encode())
    for file in sorted(files):
        state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()
