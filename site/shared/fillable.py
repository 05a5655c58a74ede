"""Makes a document that Typst has set fillable. Typst knows no form fields, but it knows links: it places them, puts
them in the right order of reading and ties them to the structure that a screen reader walks. So a template marks a
field's place as a link to `field:NAME`, and here each of them becomes the field itself, in the same place of both.
"""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String

MARK = "field:"
FONT = (
    Path(__file__).parent
    / "typeset"
    / "fonts"
    / "atkinson-hyperlegible-next"
    / "atkinson-hyperlegible-next-regular.ttf"
)
_MULTILINE = 1 << 12
_INK = "0.18 0.17 0.145 rg"


@dataclass(frozen=True)
class Field:
    # What a screen reader says, and what the pointer's tip shows.
    label: str
    is_multiline: bool = True
    # In points.
    size: float = 11


def make_fillable(document: bytes, fields: Mapping[str, Field]) -> bytes:
    """The document with a text field wherever it links to `field:NAME`. What is typed is shown in a font that the
    document carries, with å, ä and ö. A field that the template has no place for is a mistake and raises KeyError."""
    with Pdf.open(io.BytesIO(document)) as pdf:
        font = pdf.make_indirect(_font(pdf))
        resources = Dictionary(Font=Dictionary(Text=font))
        placed = Array()
        left = dict(fields)
        for annotation, element in _places(pdf):
            name = str(annotation.A.URI).removeprefix(MARK)
            _become_field(pdf, annotation, name, left.pop(name), resources)
            element.S = Name.Form
            placed.append(annotation)
        if left:
            raise KeyError(f"The document has no place for the fields {', '.join(left)}")
        appearance = String(f"/Text 11 Tf {_INK}")
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=placed, DR=resources, DA=appearance))
        for page in pdf.pages:
            if "/Annots" in page:
                page.Tabs = Name.S
        kept = io.BytesIO()
        pdf.save(kept, deterministic_id=True)
    return kept.getvalue()


def _places(pdf: Pdf) -> Iterator[tuple[Any, Any]]:
    """Each annotation that marks a field, with its element of the structure, in the order of reading."""
    for element in _elements(pdf.Root.StructTreeRoot):
        if element.get("/S") != Name.Link:
            continue
        for kid in _kids(element):
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR:
                action = kid.Obj.get("/A", Dictionary())
                if str(action.get("/URI", "")).startswith(MARK):
                    yield kid.Obj, element


def _elements(element: Any) -> Iterator[Any]:
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _become_field(pdf: Pdf, annotation: Any, name: str, field: Field, resources: Any) -> None:
    left, bottom, right, top = (Decimal(each) for each in annotation.Rect)
    del annotation["/A"], annotation["/Border"]
    annotation.Subtype = Name.Widget
    annotation.FT = Name.Tx
    annotation.T = String(name)
    annotation.TU = String(field.label)
    annotation.Contents = String(field.label)
    annotation.Ff = _MULTILINE if field.is_multiline else 0
    annotation.DA = String(f"/Text {field.size:g} Tf {_INK}")
    annotation.MK = Dictionary()
    # Empty, so that no viewer has to make one before something is typed.
    empty = pdf.make_stream(b"/Tx BMC\nEMC\n")
    empty.Type, empty.Subtype = Name.XObject, Name.Form
    empty.BBox = Array([0, 0, right - left, top - bottom])
    empty.Resources = resources
    annotation.AP = Dictionary(N=empty)


def _font(pdf: Pdf) -> Dictionary:
    """The house's typeface as a simple font: every letter of Western Europe, one byte each."""
    data = FONT.read_bytes()
    face = _Face(data)
    codes = range(32, 256)
    widths = [face.width(_unicode(code)) for code in codes]
    file = pdf.make_stream(data)
    file.Length1 = len(data)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.AtkinsonHyperlegibleNext, Flags=32, ItalicAngle=0, StemV=80,
        FontBBox=Array(face.box), Ascent=face.ascent, Descent=face.descent, CapHeight=face.ascent, FontFile2=file,
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.AtkinsonHyperlegibleNext, FirstChar=32, LastChar=255,
        Widths=Array(widths), Encoding=Name.WinAnsiEncoding, FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip


def _unicode(code: int) -> int:
    try:
        return ord(bytes([code]).decode("cp1252"))
    except UnicodeDecodeError:
        return 0x2022  # what PDF shows for the codes that Windows leaves empty


class _Face:
    """Measures of a TrueType font, in thousandths of its size: what a simple font must state beside the file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        count = struct.unpack_from(">H", data, 4)[0]
        self.tables = {
            data[at : at + 4].decode(): struct.unpack_from(">I", data, at + 8)[0]
            for at in range(12, 12 + 16 * count, 16)
        }
        head, hhea = self.tables["head"], self.tables["hhea"]
        self.units = struct.unpack_from(">H", data, head + 18)[0]
        self.box = [self._thousandths(each) for each in struct.unpack_from(">4h", data, head + 36)]
        self.ascent, self.descent = (self._thousandths(each) for each in struct.unpack_from(">2h", data, hhea + 4))
        self.measured = struct.unpack_from(">H", data, hhea + 34)[0]
        self.glyphs = self._read_characters()

    def _thousandths(self, value: int) -> int:
        return round(value * 1000 / self.units)

    def width(self, character: int) -> int:
        glyph = min(self.glyphs.get(character, 0), self.measured - 1)
        return self._thousandths(struct.unpack_from(">H", self.data, self.tables["hmtx"] + 4 * glyph)[0])

    def _read_characters(self) -> dict[int, int]:
        """Character → glyph, from the table of format 4 that every font for the screen has."""
        table = self.tables["cmap"]
        for number in range(struct.unpack_from(">H", self.data, table + 2)[0]):
            at = table + struct.unpack_from(">I", self.data, table + 8 + 8 * number)[0]
            if struct.unpack_from(">H", self.data, at)[0] == 4:
                return self._read_segments(at)
        raise ValueError("The font has no table of the basic plane.")

    def _read_segments(self, at: int) -> dict[int, int]:
        count = struct.unpack_from(">H", self.data, at + 6)[0] // 2
        ends, starts, steps, offsets = (
            struct.unpack_from(f">{count}{kind}", self.data, at + place)
            for kind, place in (
                ("H", 14), ("H", 16 + 2 * count), ("h", 16 + 4 * count), ("H", 16 + 6 * count),
            )
        )  # fmt: skip
        found: dict[int, int] = {}
        for place, (end, start, step, offset) in enumerate(zip(ends, starts, steps, offsets, strict=True)):
            for character in range(start, min(end, 0xFFFE) + 1):
                if offset:
                    where = at + 16 + 6 * count + 2 * place + offset + 2 * (character - start)
                    glyph = struct.unpack_from(">H", self.data, where)[0]
                    glyph = (glyph + step) % 0x10000 if glyph else 0
                else:
                    glyph = (character + step) % 0x10000
                found[character] = glyph
        return found
