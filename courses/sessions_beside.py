"""The sessions of an occasion in the same row as what they belong to: a page that asks much asks once less."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from courses.models import Session

_FIELDS = Session._meta.concrete_fields


def sessions_beside(occasion: str) -> ArraySubquery:
    """An annotation: the sessions of the occasion whose id stands in that column, in order of time."""
    sessions = Session.objects.filter(occasion=OuterRef(occasion)).order_by("starts_at", "id")
    return ArraySubquery(sessions.values(data=JSONObject(**{field.attname: F(field.attname) for field in _FIELDS})))


def read_sessions(rows: Iterable[dict[str, Any]]) -> list[Session]:
    """What such an annotation answered, as the sessions they are."""
    return [
        Session.from_db(None, [field.attname for field in _FIELDS], [_value(field, row) for field in _FIELDS])
        for row in rows
    ]


def _value(field: Any, row: dict[str, Any]) -> Any:
    return field.to_python(row[field.attname])
