"""Reads what a telephone and an eye would: the code in a drawing, the page of a PDF."""

import re

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

_PATH = pypdfium2.raw.FPDF_PAGEOBJ_PATH
_MM = 25.4 / 72
_PIXELS = 6
_MARGIN = 4
_STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")


def words_in_drawing(svg: str) -> str:
    """The words of the one QR code that an SVG draws, row by row, as segno does."""
    (path,) = re.findall(r' d="([^"]+)"', svg)
    rows, x, y = [], 0.0, 0.0
    for step, first, second in _STEP.findall(path):
        if step == "h":
            rows.append((x, y, float(first)))
            x += float(first)
        elif step == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    side = round(max(x + width for x, _y, width in rows)) + 2 * _MARGIN
    picture = Image.new("L", (side * _PIXELS, side * _PIXELS), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width in rows:
        left, top = (x + _MARGIN) * _PIXELS, (y - 0.5 + _MARGIN) * _PIXELS
        pen.rectangle((left, top, left + width * _PIXELS - 1, top + _PIXELS - 1), fill=0)
    return words_in_picture(picture)


def words_in_picture(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def seen_page(pdf: bytes, number: int = 0) -> tuple[Image.Image, str]:
    """A page as it is seen at 144 dots an inch, and the words on it."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[number]
    try:
        words = page.get_textpage().get_text_range()
        return page.render(scale=2).to_pil().convert("L"), " ".join(words.split())
    finally:
        document.close()


def drawn_boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height, in millimetres, of each empty box that is as high as it is wide, on every page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = [each.get_bounds() for page in document for each in page.get_objects(filter=[_PATH])]
    finally:
        document.close()
    sides = [((right - left) * _MM, (top - bottom) * _MM) for left, bottom, right, top in drawn]
    return [(width, height) for width, height in sides if width > 2 and abs(width - height) < 0.5]
