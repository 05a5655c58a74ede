"""Tables for Excel in Swedish: a cell of text is text, never a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

CSV = "text/csv; charset=utf-8"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: Iterable[Iterable[str | dt.date]]) -> bytes:
    """With a byte-order mark and semicolons, as Excel wants; what could be run as a formula begins with '."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for line in table:
        writer.writerow([_harmless(value) if isinstance(value, str) else value.isoformat() for value in line])
    return file.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text
