"""Whole rows by a statement written out, for the few places where the ORM's composing costs more than the query."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def columns_of(model: type[Model], alias: str) -> str:
    """Every column of the model's table, in the model's order: `t."id", t."name", …`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def split_rows(row: Sequence[Any], first: type[M], second: type[Model]) -> tuple[M, Any]:
    """The two rows that a join of `columns_of(first)` and `columns_of(second)` gave side by side."""
    length = len(first._meta.concrete_fields)
    return _row(first, row[:length]), _row(second, row[length:])


def _row(model: type[M], values: Sequence[Any]) -> M:
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, values)
