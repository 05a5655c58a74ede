"""Sorting as Swedes sort: å, ä and ö last and in that order, case and foreign accents aside.

No PostgreSQL can be relied on to have a Swedish collation, so the order is a column of its own, written by
the database itself: a translation of the text into characters whose plain byte order is the Swedish order.
"""

from typing import Any

from django.db import models
from django.db.models import F, Func, Value

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# In ASCII "{", "|" and "}" follow "z".
_PLAIN = {
    "å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}",
    "á": "a", "à": "a", "â": "a", "ã": "a", "ç": "c", "č": "c", "ć": "c", "ð": "d", "é": "e", "è": "e", "ê": "e",
    "ë": "e", "í": "i", "ì": "i", "î": "i", "ï": "i", "ł": "l", "ñ": "n", "ń": "n", "ó": "o", "ò": "o", "ô": "o",
    "õ": "o", "š": "s", "ś": "s", "ú": "u", "ù": "u", "û": "u", "ü": "y", "ý": "y", "ž": "z", "ż": "z", "ź": "z",
    "-": " ", "–": " ", "’": " ", "'": " ",
}  # fmt: skip
_FROM = _LETTERS.upper() + "".join(_PLAIN) + "".join(letter.upper() for letter in _PLAIN if letter.upper() != letter)
_TO = (
    _LETTERS + "".join(_PLAIN.values()) + "".join(plain for letter, plain in _PLAIN.items() if letter.upper() != letter)
)
_TABLE = str.maketrans(_FROM, _TO)


def swedish_sort_key(text: str) -> str:
    """The key by which Python sorts what the database does not; the same characters as the column's."""
    return text.translate(_TABLE)


class SwedishSortKey(models.GeneratedField):
    """A stored column beside a text: `sort_key = SwedishSortKey("name")`, then order by `sort_key`.

    Several columns are joined with a space: `SwedishSortKey("family_name", "given_name")`.
    """

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        if sources:
            text: Any = F(sources[0])
            for source in sources[1:]:
                text = _Joined(text, F(source))
            options.update(
                expression=Func(text, Value(_FROM), Value(_TO), function="translate", output_field=models.TextField()),
                output_field=models.TextField(db_collation="C"),
                db_persist=True,
            )
        super().__init__(**options)


class _Joined(Func):
    """`a || ' ' || b`: concat() is not immutable to PostgreSQL, `||` is."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()


class InSwedishOrder(Func):
    """The same order for a column that has no key of its own: `.order_by(InSwedishOrder("title"))`."""

    function = "translate"
    template = '%(function)s(%(expressions)s) COLLATE "C"'
    output_field = models.TextField()

    def __init__(self, source: Any, **extra: Any) -> None:
        super().__init__(source, Value(_FROM), Value(_TO), **extra)
