"""Questions that every showing of a page asks, in SQL that Django wrote the first time.

Django writes the SQL of a queryset anew each time it is asked: for a page's few small questions that takes longer
than the database needs to answer them. A `Ready` question is written once in each process; only what is `Given`
differs from time to time. Nothing of an answer is kept: it is as fresh as any other.

    _NEXT = Ready(lambda: Occasion.objects.filter(starts_at__gt=Given("now", models.DateTimeField())).order_by("id"))
    _NEXT.ask(now=now)
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import F, Func, QuerySet
from django.db.models.expressions import Expression


class Given(Expression):
    """A place in a ready question for a value that is handed over when it is asked."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def place(self, connection: Any) -> str:
        """With its kind, as PostgreSQL sees no value to tell it by; without a length, which would cut the value."""
        return f"%({self.name})s::{re.sub(r'[(].*?[)]', '', self.output_field.db_type(connection) or '')}"

    def value(self, given: dict[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


def among(column: str, name: str, *, kind: "models.Field[Any, Any] | None" = None) -> Func:
    """A filter: what stands in `column` (a number, or else of that `kind`) is in the list handed over as `name`."""
    handed = Given(name, ArrayField(kind or models.BigIntegerField()))
    template = "(%(expressions)s))"
    return Func(F(column), handed, template=template, arg_joiner=" = ANY(", output_field=models.BooleanField())


@dataclass(frozen=True)
class _Written:
    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    given: dict[str, Given]
    converters: Any

    def rows(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        connection.ensure_connection()
        # The values travel beside the SQL, which is the same each time: a connection that is kept prepares it, and
        # PostgreSQL plans it no more (DATABASE_POOL in the settings).
        bare = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # unknown to its stubs
        with connection._prepare_cursor(bare) as cursor:  # noqa: SLF001 - Django's wrapping: it logs and counts
            cursor.execute(self.sql, values)
            found: list[Any] = cursor.fetchall()
        return [row[: self.compiler.col_count] for row in found] if self.compiler.has_extra_select else found


class Ready:
    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """`build` may use no value that can differ the next time: not the clock, nor the language."""
        self._build = build
        self._written: _Written | None = None

    def ask(self, **given: Any) -> list[Any]:
        """What the queryset would answer, prefetches and all."""
        written = self._written = self._written or _write(self._build())
        connection = connections[written.queryset.db]
        values = {name: each.value(given, connection) for name, each in written.given.items()}
        compiler = copy.copy(written.compiler)
        compiler.connection = connection  # each thread has its own
        compiler.execute_sql = lambda *_args, **_options: [written.rows(connection, values)]
        compiler.get_converters = lambda _expressions: written.converters
        query = copy.copy(written.queryset.query)
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]  # of this copy only
        asked = _with_query(written.queryset, query)
        return list(asked)


def _with_query(queryset: Any, query: Any) -> Any:
    """As the queryset's own `all()`, which writes the query anew, with this one instead."""
    asked = queryset.__class__(queryset.model, query, queryset.db)
    for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
        setattr(asked, name, getattr(queryset, name))
    return asked


def _write(queryset: QuerySet[Any, Any]) -> _Written:
    """What is not given is the same each time, and stands in the SQL itself: the planner may count on it."""
    connection = connections[queryset.db]
    compiler = queryset.query.get_compiler(queryset.db)
    sql, params = compiler.as_sql()
    with connection.cursor() as cursor:
        parts = [
            each.place(connection) if isinstance(each, Given) else cursor.mogrify("%s", [each]).replace("%", "%%")
            for each in params
        ]
    given = {each.name: each for each in params if isinstance(each, Given)}
    converters = compiler.get_converters([column for column, *_names in compiler.select[: compiler.col_count]])
    return _Written(queryset, compiler, sql.replace("%%", "%%%%") % tuple(parts), given, converters)


def hand_over(parent: models.Model, name: str, rows: list[Any]) -> None:
    """Let `parent.<name>.all()` answer with `rows`, as a prefetch would: it writes its SQL anew each time."""
    answered = getattr(parent, name).all()
    answered._result_cache = rows  # noqa: SLF001 - what a prefetch does, and Django has no public way to
    if not hasattr(parent, "_prefetched_objects_cache"):
        parent._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    parent._prefetched_objects_cache[name] = answered  # type: ignore[attr-defined]  # noqa: SLF001 - as above
