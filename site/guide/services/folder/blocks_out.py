"""Stored blocks as Markdown."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from guide.services.folder.inline import escaped
from guide.services.folder.names import Names
from guide.services.folder.plain import CONTROLS, heading_out, one_line_out, plain_out
from guide.services.folder.rich import Paragraph, Part, parts_markdown, parts_of_html
from guide.services.folder.shapes import COLUMNS, NOTE_WORDS, NOTES, WIDE, Form

Stored = dict[str, Any]
_BEGINS_AS_NOTE = re.compile(r"(\w+):(?=\s|$)")


def stream_markdown(
    blocks: Sequence[Stored],
    *,
    form: Form,
    names: Names,
    language: str,
    is_section: Callable[[str], bool] = lambda _heading: False,
) -> str:
    if form is Form.LINES:
        return "\n".join(f"- {one_line_out(str(block['value']))}" for block in blocks)
    if form is Form.EXERCISE:
        return "\n\n".join(_exercise_step(block["value"], names) for block in blocks)
    if form is Form.WORKSHEETS:
        return "\n\n".join(_worksheet(block["value"], language) for block in blocks)
    return _body(blocks, names, language, is_section)


def _parts(html: Any, names: Names) -> list[Part]:
    return parts_of_html(str(html or ""), link_of=names.link_of)


def _exercise_step(value: Stored, names: Names) -> str:
    text = parts_markdown(_parts(value.get("text"), names))
    heading = f"### {one_line_out(value.get('title') or '')} ({value.get('minutes')} min)"
    return f"{heading}\n{text}".rstrip()


def _worksheet(value: Stored, language: str) -> str:
    columns = int(value.get("columns") or 2)
    one, many = COLUMNS[language]
    lines = [f"### {one_line_out(value.get('title') or '')} ({columns} {one if columns == 1 else many})"]
    if value.get("intro"):
        lines += [one_line_out(value["intro"]), ""]
    for box in value.get("boxes") or []:
        # An older way of storing a list has no type and id around each.
        of_box = box.get("value", box)
        size = f"[{of_box.get('height') or 2}{f' {WIDE[language]}' if of_box.get('is_wide') else ''}]"
        words = [f"**{_starless(of_box.get('label') or '')}**", _starless(of_box.get("hint") or ""), size]
        lines.append(f"- {' '.join(word for word in words if word)}")
    return "\n".join(lines)


def _starless(text: str) -> str:
    """Two stars end a box's heading, so each is written as a sign."""
    return re.sub(r"\\.|\*", lambda sign: "\\*" if sign[0] == "*" else sign[0], one_line_out(text))


def _body(blocks: Sequence[Stored], names: Names, language: str, is_section: Callable[[str], bool]) -> str:
    written: list[str] = []
    for is_text, group in groupby(blocks, key=lambda block: block["type"] == "text"):
        if is_text:
            parts = [part for block in group for part in _parts(block["value"], names)]
            written.append(parts_markdown(parts, is_section=is_section))
        else:
            written += [_block(block, names, language) for block in group]
    return "\n\n".join(text for text in written if text)


def _block(block: Stored, names: Names, language: str) -> str:
    value = block["value"]
    match block["type"]:
        case "note":
            return _note(value, names, language)
        case "quote":
            return _quoted(_BEGINS_AS_NOTE.sub(_not_a_note, plain_out(str(value or "")), count=1))
        case "image":
            return _image(value, names)
        case "markdown":
            return _fenced(str(value or ""))
    raise NotImplementedError(f"A block of the type {block['type']} has no written form yet.")


def _not_a_note(word: re.Match[str]) -> str:
    return f"{word[1]}\\:" if word.start() == 0 and word[1].lower() in NOTE_WORDS else word[0]


def _note(value: Stored, names: Names, language: str) -> str:
    word = NOTES[language].get(value.get("kind") or "tip", "Tips")
    parts = _parts(value.get("text"), names)
    text = parts_markdown(parts)
    return _quoted(f"{word}: {text}" if parts and isinstance(parts[0], Paragraph) else f"{word}:\n\n{text}".rstrip())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _image(value: Any, names: Names) -> str:
    of_image = value if isinstance(value, dict) else {"image": value}
    path = names.image_path(of_image["image"]) if of_image.get("image") else None
    if path is None:
        return ""
    alt = "" if of_image.get("decorative") else " ".join((of_image.get("alt_text") or "").split())
    return f"![{escaped(CONTROLS.sub('', alt))}]({path})"


def _fenced(text: str) -> str:
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}markdown\n{text}\n{fence}"


def section_heading(text: str) -> str:
    return f"## {heading_out(text)}"
