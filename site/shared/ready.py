"""Questions that every showing of a page asks, in SQL that Django wrote the first time.

Django writes the SQL of a queryset anew each time it is asked: for a page's few small questions that takes longer
than the database needs to answer them. A `Ready` question is written once in each process; only what is `Given`
differs from time to time. Nothing of an answer is kept: it is as fresh as any other.

    _NEXT = Ready(lambda: Occasion.objects.filter(starts_at__gt=Given("now", models.DateTimeField())).order_by("id"))
    _NEXT.ask(now=now)
"""

import copy
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models import F, Func, QuerySet
from django.db.models.expressions import Expression


class Given(Expression):
    """A place in a ready question for a value that is handed over when it is asked."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def value(self, given: dict[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


def among(column: str, name: str, *, kind: "models.Field[Any, Any] | None" = None) -> Func:
    """A filter: what stands in `column` (a number, or else of that `kind`) is in the list handed over as `name`."""
    handed = Given(name, ArrayField(kind or models.BigIntegerField()))
    template = "(%(expressions)s))"
    return Func(F(column), handed, template=template, arg_joiner=" = ANY(", output_field=models.BooleanField())


class Ready:
    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """`build` may use no value that can differ the next time: not the clock, nor the language."""
        self._build = build
        self._written: tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None = None

    def ask(self, **given: Any) -> list[Any]:
        """What the queryset would answer, prefetches and all."""
        queryset, compiler, sql, params = self._written = self._written or self._write()
        connection = connections[queryset.db]
        values = tuple(each.value(given, connection) if isinstance(each, Given) else each for each in params)
        compiler = copy.copy(compiler)
        compiler.connection = connection  # each thread has its own
        compiler.as_sql = lambda *_args, **_options: (sql, values)
        query = copy.copy(queryset.query)
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]  # of this copy only
        asked = queryset.all()  # a copy to keep the answer in
        asked._query = query  # type: ignore[attr-defined]  # noqa: SLF001 - the property would make it answer with dicts
        return list(asked)

    def _write(self) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]]:
        queryset = self._build()
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        return queryset, compiler, sql, tuple(params)


def hand_over(parent: models.Model, name: str, rows: list[Any]) -> None:
    """Let `parent.<name>.all()` answer with `rows`, as a prefetch would: it writes its SQL anew each time."""
    answered = getattr(parent, name).all()
    answered._result_cache = rows  # noqa: SLF001 - what a prefetch does, and Django has no public way to
    if not hasattr(parent, "_prefetched_objects_cache"):
        parent._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    parent._prefetched_objects_cache[name] = answered  # type: ignore[attr-defined]  # noqa: SLF001 - as above
