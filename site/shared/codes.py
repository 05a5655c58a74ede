"""Codes that a telephone reads, as drawings."""

import io
from functools import lru_cache

import segno


# Drawing it takes longer than all the rest of a card that is kept already.
@lru_cache(maxsize=500)
def code_of(words: str) -> str:
    """The words as a QR code in SVG."""
    drawn = io.BytesIO()
    # Never `make`: it gives Micro QR for a short address, which many phones can't read.
    segno.make_qr(words, error="m").save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, dark="#000000")
    return drawn.getvalue().decode()
