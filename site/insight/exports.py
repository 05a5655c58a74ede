"""The rows behind a figure as a file: a cell of text is text, never a formula."""

import datetime as dt
import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from courses.models import Course
from insight.people_queries import Row
from shared.tables import CSV, as_csv

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_rows(rows: Iterable[Row], *, kind: str, course: Course, on: dt.date, group: str) -> HttpResponse:
    """`kind` is xlsx or csv."""
    table = [_headings(), *map(_cells, rows)]
    content, content_type = (_as_xlsx(table), XLSX) if kind == "xlsx" else (as_csv(table), CSV)
    name = f"{course.slug}-{group}-{on.isoformat()}.{kind}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _headings() -> list[str]:
    return [
        _("Employee id"), _("Family name"), _("Given name"), _("E-mail"), _("Completed"), _("Unit when completed"),
        _("Unit that day"), _("Administration that day"), _("Unit today"), _("Administration today"), _("Rule"),
    ]  # fmt: skip


def _cells(row: Row) -> list[str | dt.date]:
    that_day = row.that_day.administration_or_self.name if row.that_day else ""
    today = row.today.administration_or_self.name if row.today else ""
    return [
        row.person.employee_id or "",
        row.person.family_name,
        row.person.given_name,
        row.person.email,
        row.completed_on or "",
        row.then.name if row.then else "",
        row.that_day.name if row.that_day else "",
        that_day,
        row.today.name if row.today else "",
        today,
        str(row.why),
    ]


def _as_xlsx(table: list[list[str | dt.date]] | list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Stigen")
    sheet.freeze_panes = "A2"
    for number, line in enumerate(table):
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
