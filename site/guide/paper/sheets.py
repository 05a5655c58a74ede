"""A method's worksheets: A4 to fill in on screen, the same at A3 for the wall."""

from typing import Any

from django.utils.translation import gettext as _

from guide.models import MethodPage
from guide.paper.cards import Data, frame, way_to
from guide.queries import Stop
from shared.fillable import Field

# Rows that a page holds at most, so that a box of one row still has room to write in.
MOST_ROWS = {"portrait": 14, "landscape": 8}
_WIDE_FROM_COLUMNS = 3


def sheets_data(method: MethodPage, stops: list[Stop], *, language: str, wall: bool) -> Data:
    """What the sheets show, one or more pages each. Ask with the method's language active."""
    stop = next((stop for stop in stops if method.path.startswith(stop.path)), None)
    sheets = [_sheet(number, block.value) for number, block in enumerate(method.worksheets, start=1)]
    return frame(method, language) | way_to(method, language) | {
        "title": _("Worksheets: %(method)s") % {"method": method.title},
        "method": method.title,
        "step": {"number": stop.number, "name": stop.name} if stop else {"number": 0, "name": ""},
        "steps": len(stops),
        "wall": wall,
        "sheets": sheets,
        "words": {
            "team": _("Group"),
            "date": _("Date"),
            "from": _("From the exercise %(method)s") % {"method": method.title},
            "step": _("Step %(number)s: %(name)s") % {"number": stop.number, "name": stop.name} if stop else "",
        },
    }  # fmt: skip


def fields_of(data: Data) -> dict[str, Field]:
    """The fields that the A4 sheets have, by the names that the template gives their places."""
    fields: dict[str, Field] = {}
    for sheet in data["sheets"]:
        for number, page in enumerate(sheet["pages"]):
            if number == 0:
                for name, label in (("group", data["words"]["team"]), ("date", data["words"]["date"])):
                    fields[f"{sheet['name']}.{name}"] = Field(f"{sheet['title']}: {label}", is_multiline=False, size=10)
            for row in page:
                for box in row["boxes"]:
                    hint = f". {box['hint']}" if box["hint"] else ""
                    fields[box["name"]] = Field(f"{box['label']}{hint}")
    return fields


def _sheet(number: int, value: Any) -> Data:
    name = f"sheet{number}"
    boxes = [
        {
            "label": box["label"],
            "hint": box["hint"] or "",
            "height": box["height"] or 1,
            "is_wide": bool(box["is_wide"]),
            "name": f"{name}.box{place}",
        }
        for place, box in enumerate(value["boxes"], start=1)
    ]
    rows = rows_of(boxes, columns=value["columns"] or 1)
    way = "landscape" if (value["columns"] or 1) >= _WIDE_FROM_COLUMNS else "portrait"
    return {
        "name": name,
        "title": value["title"],
        "intro": value["intro"] or "",
        "way": way,
        "pages": pages_of(rows, most=MOST_ROWS[way]),
    }


def rows_of(boxes: list[Data], *, columns: int) -> list[Data]:
    """The boxes side by side as far as the columns go; a wide one has a row of its own. The last box of a row that is
    not full is as wide as what is left, so that no hole is on the paper."""
    rows: list[Data] = []
    waiting: list[Data] = []

    def close() -> None:
        if waiting:
            spans = [1] * (len(waiting) - 1) + [columns - len(waiting) + 1]
            placed = [box | {"span": span} for box, span in zip(waiting, spans, strict=True)]
            rows.append({"boxes": placed, "columns": columns, "height": max(box["height"] for box in waiting)})
            waiting.clear()

    for box in boxes:
        if box["is_wide"]:
            close()
            rows.append({"boxes": [box | {"span": 1}], "columns": 1, "height": box["height"]})
        else:
            waiting.append(box)
            if len(waiting) == columns:
                close()
    close()
    return rows


def pages_of(rows: list[Data], *, most: int) -> list[list[Data]]:
    """As few pages as hold the rows, each about as full as the others."""
    total = sum(row["height"] for row in rows)
    wanted = max(1, -(-total // most))
    pages: list[list[Data]] = [[]]
    filled, full = 0, total / wanted
    for row in rows:
        is_full = filled and (filled + row["height"] > most or (filled >= full and len(pages) < wanted))
        if is_full:
            pages.append([])
            filled = 0
        pages[-1].append(row)
        filled += row["height"]
    return pages
