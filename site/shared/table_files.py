"""A table out of a file that someone has: CSV as Excel in Swedish or anyone else writes it, or XLSX.

What our own tables wrote comes back as it was: see `shared.tables`.
"""

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from shared.rules import RuleBroken

_TOO_BIG = gettext_lazy("The file is larger than 2 MB. Take away what is not needed in it.")
MOST_BYTES = 2_000_000
MOST_LINES = 5_000
MOST_COLUMNS = 200
# A small file can unpack into a very large one.
_MOST_UNPACKED = 60_000_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """`number` is the line's own in the file, the first being 1: what a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


def read_table(content: bytes) -> list[Line]:
    """The lines that hold something, every cell as text, days as 2027-03-02. Raises RuleBroken with a sentence."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(str(_TOO_BIG), code="file_too_big")
    lines = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    if not lines:
        raise RuleBroken(_("The file is empty."), code="file_empty")
    return lines


def _read_xlsx(content: bytes) -> list[Line]:
    try:
        _refuse_a_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        return _numbered([_as_text(value) for value in row] for row in rows)
    except RuleBroken:
        raise
    except Exception as error:  # a broken file fails in as many ways as there are parts in it
        raise RuleBroken(
            _("The file can't be read. Save it as an Excel workbook (.xlsx) or as CSV."), code="file_unreadable"
        ) from error


def _refuse_a_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
            raise RuleBroken(str(_TOO_BIG), code="file_too_big")


def _read_csv(content: bytes) -> list[Line]:
    text = _decode(content)
    if "\0" in text:
        raise RuleBroken(
            _("The file can't be read. Save it as an Excel workbook (.xlsx) or as CSV."), code="file_unreadable"
        )
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return _numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RuleBroken(
            _("The file can't be read. Save it as an Excel workbook (.xlsx) or as CSV."), code="file_unreadable"
        ) from error


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel calls CSV, without more words, on a Swedish Windows.
        return content.decode("cp1252", errors="replace")


def _numbered(rows: Any) -> list[Line]:
    found = []
    for number, row in enumerate(rows, start=1):
        # By its number: a workbook with one cell far down has every empty line before it too.
        if number > MOST_LINES:
            raise RuleBroken(
                _("The file has more than 5,000 lines. Take away what is below the list."), code="too_many_lines"
            )
        cells = [_as_it_was(cell) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            del cells[-1]
        if cells:
            found.append(Line(number, tuple(cells)))
    return found


def _as_it_was(cell: str) -> str:
    """Without the ' that our own tables put before what could be run as a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
