"""Codes that a telephone reads, as drawings."""

import io
from functools import lru_cache

import segno


# Drawing it takes longer than all the rest of a card that is kept already.
@lru_cache(maxsize=500)
def code_of(words: str, *, fills: bool = False) -> str:
    """The words as a QR code in SVG. One that `fills` has no size of its own, but that of what it stands in."""
    drawn = io.BytesIO()
    # Never `make`: it gives Micro QR for a short address, which many phones can't read.
    segno.make_qr(words, error="m").save(
        drawn, kind="svg", border=4 if fills else 0, xmldecl=False, svgns=True, dark="#000000", omitsize=fills
    )
    return drawn.getvalue().decode()
