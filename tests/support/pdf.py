"""Reads a PDF back as a screen reader walks it."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf


def structure_of(pdf: Pdf) -> list[tuple[str, str]]:
    """Every element of the structure in order: its kind, and its title where it has one."""
    return [(str(each.S).lstrip("/"), str(each.get("/T", ""))) for each in _elements(pdf.Root.StructTreeRoot)]


def field_names(pdf: Pdf) -> list[str]:
    """The names of the fields in the order of reading."""
    return [
        str(kid.Obj.T)
        for element in _elements(pdf.Root.StructTreeRoot)
        if Name.Form == element.S
        for kid in _kids(element)
        if isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR
    ]


def _elements(element: Any) -> Iterator[pikepdf.Object]:
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]
