"""Why something was found: its own words, with those that were meant marked. Always safe to show as HTML."""

import unicodedata
from collections.abc import Callable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from guide.search.words import spans_of

LETTERS = 240
IsMeant = Callable[[str], bool]


def marked(text: str, is_meant: IsMeant) -> SafeString:
    """The text with `<mark>` around the words that were meant."""
    text = unicodedata.normalize("NFC", text)
    parts: list[str] = []
    at = 0
    for begins, ends, word in spans_of(text):
        if is_meant(word):
            parts += [escape(text[at:begins]), "<mark>", escape(text[begins:ends]), "</mark>"]
            at = ends
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece of the text is escaped above


def excerpt_of(lead: str, text: str, is_meant: IsMeant) -> SafeString:
    """The lead where it says why, else the passage that holds most of what was meant, else the lead as it is."""
    if not text or any(is_meant(word) for _begins, _ends, word in spans_of(unicodedata.normalize("NFC", lead))):
        return marked(lead, is_meant)
    text = unicodedata.normalize("NFC", text)
    met = [(begins, word) for begins, _ends, word in spans_of(text) if is_meant(word)]
    if not met:
        return marked(lead, is_meant)
    begins = _densest(met)
    return marked(_passage(text, begins), is_meant)


def _densest(met: list[tuple[int, str]]) -> int:
    """Where the passage begins that holds the most different words."""
    best, most = met[0][0], 0
    for place, (begins, _word) in enumerate(met):
        inside = {word for at, word in met[place : place + 30] if at < begins + LETTERS * 3 // 4}
        if len(inside) > most:
            best, most = begins, len(inside)
    return best


def _passage(text: str, at: int) -> str:
    """Some words around the place, from the beginning of its sentence where that is near."""
    begins = max(0, at - LETTERS // 4)
    sentence = max(text.rfind(end, max(0, at - LETTERS // 2), at) for end in (". ", "? ", "! ", ": "))
    if sentence >= 0:
        begins = sentence + 2
    elif begins:
        begins = text.find(" ", begins, at) + 1 or begins
    ends = begins + LETTERS
    if ends < len(text):
        ends = max(text.rfind(" ", begins, ends), at + 1)
    start = "" if begins == 0 or sentence >= 0 else "… "
    return f"{start}{text[begins:ends].rstrip()}{' …' if ends < len(text) else ''}"
