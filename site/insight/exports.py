"""The rows behind a figure as a file."""

import datetime as dt
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from courses.models import Course
from insight.people_queries import Row
from shared.tables import Cell, table_response


def export_rows(rows: Iterable[Row], *, kind: str, course: Course, on: dt.date, group: str) -> HttpResponse:
    """`kind` is xlsx or csv."""
    table = [_headings(), *map(_cells, rows)]
    return table_response(table, kind=kind, name=f"{course.slug}-{group}-{on.isoformat()}")


def _headings() -> list[Cell]:
    return [
        _("Employee id"), _("Family name"), _("Given name"), _("E-mail"), _("Completed"), _("Unit when completed"),
        _("Unit that day"), _("Administration that day"), _("Unit today"), _("Administration today"), _("Rule"),
    ]  # fmt: skip


def _cells(row: Row) -> list[Cell]:
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
