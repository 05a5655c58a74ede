r"""Text without formatting, written so that no Markdown reader takes any of it for formatting.

A blank line parts paragraphs, a backslash last on a line breaks it, and a backslash before a sign means the sign.
Everything else is what it looks like: 3 * 4 stays 3 * 4.
"""

import re

_SIGNS = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ESCAPED = re.compile(rf"\\([{_SIGNS}])")
_NEEDS_ESCAPE = re.compile(
    rf"\\(?=[{_SIGNS}]|$)|<(?=[a-z/!?])|\](?=[(\[:])|`(?=`)|^[#>`~|=\[](?=.)|^[-+*_](?=[\s\-_*]|$)", re.IGNORECASE
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
# Not \s: a space that does not break (3 000) is kept.
_BLANKS = re.compile(r"[ \t]+")
# Postgres takes no NUL, and the others mean nothing in a text.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_in(text: str) -> str:
    """The stored text of what is written in a file."""
    return "\n\n".join(_paragraph_in(part) for part in re.split(r"\n[ \t]*\n", text.strip()) if part.strip())


def _paragraph_in(part: str) -> str:
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    joined = ""
    for number, line in enumerate(lines, start=1):
        ends_with_break = number < len(lines) and (len(line) - len(line.rstrip("\\"))) % 2 == 1
        joined += f"{line[:-1].rstrip()}\n" if ends_with_break else f"{line} "
    return _ESCAPED.sub(r"\1", _BLANKS.sub(" ", joined.strip()))


def plain_out(text: str) -> str:
    """Written so that `plain_in` gives the same words back."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = (part for part in re.split(r"\n[ \t]*\n", text) if part.strip())
    return "\n\n".join("\\\n".join(_line_out(line) for line in part.split("\n") if line.strip()) for part in parts)


def _line_out(line: str) -> str:
    escaped = _NEEDS_ESCAPE.sub(lambda sign: f"\\{sign[0]}", _BLANKS.sub(" ", line).strip())
    return _NUMBERED.sub(r"\1\\\2", escaped)


def one_line_out(text: str) -> str:
    """The same for what stands on a line of its own: a heading, a line of a list."""
    return plain_out(re.sub(r"\s*[\r\n]+\s*", " ", text))


def heading_out(text: str) -> str:
    """A heading's closing # would be taken for decoration."""
    return re.sub(r"(?<= )(#+)$", lambda signs: "\\#" * len(signs[0]), one_line_out(text))
