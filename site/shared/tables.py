"""A table as a file that opens right in a spreadsheet: a cell of text is text, never a formula; a day is a day."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | dt.date | dt.datetime | int | float | None
Table = Sequence[Sequence[Cell]]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48


def table_response(table: Table, *, kind: str, name: str) -> HttpResponse:
    """`kind` is xlsx or csv; the first line is the headings; `name` has no ending, and plain letters only."""
    content, content_type = (as_xlsx(table), XLSX) if kind == "xlsx" else (as_csv(table), CSV)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def as_xlsx(table: Table) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Stigen")
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, line in enumerate(table):
        cells = []
        for value in line:
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
                cell.data_type = "s"
            else:
                cell = WriteOnlyCell(sheet, value=_on_the_wall(value))
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(table: Iterable[Iterable[Cell]]) -> bytes:
    """For Excel in Swedish: a byte-order mark and semicolons; what could be run as a formula begins with '."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for line in table:
        writer.writerow([_written(value) for value in line])
    return file.getvalue().encode("utf-8-sig")


def _written(value: Cell) -> str:
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if text.startswith(_DANGEROUS) else text
    if isinstance(value, dt.datetime):
        return f"{_on_the_wall(value):%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def _on_the_wall(value: Cell) -> Cell:
    """A spreadsheet knows no time zones: it gets what the clock on the wall showed."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value


def _widths(table: Table) -> list[int]:
    widest = [max(len(_written(value)) for value in column) for column in zip(*table, strict=True)]
    return [min(max(width + 2, 8), _WIDEST) for width in widest]
