"""Words in the one form that everything here compares: small letters, nothing but letters and digits.

Done in Python and not by PostgreSQL: a database with the C locale leaves Å, Ä and Ö as they are, and takes a
quotation mark for a letter.
"""

import re
import unicodedata

LONGEST = 40
_WORD = re.compile(r"[^\W_]+")
# Letters that do not come apart into a plain letter and a mark.
_WHOLE = str.maketrans({"æ": "a", "ø": "o", "ß": "s", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i"})


def words_of(text: str) -> list[str]:
    """Every word of the text in order; a very long one is cut."""
    return [word[:LONGEST] for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())]


def spans_of(text: str) -> list[tuple[int, int, str]]:
    """Where each word of the text begins and ends, and the word. The text must be in the form NFC."""
    return [(found.start(), found.end(), found.group().lower()[:LONGEST]) for found in _WORD.finditer(text)]


def plain(word: str) -> str:
    """The word without rings, dots and accents: "lösning" becomes "losning"."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word.translate(_WHOLE))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
