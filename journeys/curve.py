"""The emotion curve as a drawing: a smooth line through the feelings, dotted where nobody has said how it feels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

COLUMN = 100  # width of a step in the drawing; the page stretches it to the columns
HEIGHT = 100
_MARGIN = 14


@dataclass(frozen=True)
class Curve:
    line: str
    bridges: str
    width: int


def height_of(feeling: int) -> float:
    """From the top, for a feeling from -2 (terrible, low) to 2 (wonderful, high)."""
    return HEIGHT - _MARGIN - (feeling + 2) * (HEIGHT - 2 * _MARGIN) / 4


def draw_curve(feelings: Sequence[int | None]) -> Curve:
    """SVG paths through the middle of each column. `None` is a step without a feeling."""
    points = [
        (COLUMN * place + COLUMN / 2, height_of(feeling), place)
        for place, feeling in enumerate(feelings)
        if feeling is not None
    ]
    line: list[str] = []
    bridges: list[str] = []
    for (x1, y1, place1), (x2, y2, place2) in pairwise(points):
        middle = (x1 + x2) / 2
        path = f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
        (line if place2 == place1 + 1 else bridges).append(path)
    return Curve("".join(line), "".join(bridges), max(len(feelings), 1) * COLUMN)
