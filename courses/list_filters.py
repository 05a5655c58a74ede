"""What a list of the API is asked for: filters and an order that are known, or a sentence at the one that is wrong."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

Row = TypeVar("Row")
PAGING = {"page", "page_size", "format"}
NEWEST_FIRST = {"newest": ["-id"], "oldest": ["id"]}
BY_COURSE = OpenApiParameter("course", str, description="A course's slug.")
BY_OCCASION = OpenApiParameter("occasion", int, description="An occasion's id.")


def by_order(orders: Mapping[str, object], why: str = "") -> OpenApiParameter:
    """How the order stands in the schema. The first of `orders` is the one where nothing is asked for."""
    says = f"`{next(iter(orders))}` if left out{f'; {why}' if why else ''}."
    return OpenApiParameter("order", str, enum=list(orders), description=says)


def read_filters(request: Request, *known: str) -> QueryDict:
    """A filter that does not exist is refused: a wrong word would otherwise answer with everything."""
    asked: QueryDict = request.query_params
    if wrong := sorted(set(asked) - {*known} - PAGING):
        says = _("There is no such filter. There are: %(names)s.") % {"names": ", ".join(sorted(known)) or "–"}
        raise serializers.ValidationError({name: [says] for name in wrong})
    return asked


def read_id(asked: QueryDict, name: str) -> int | None:
    """None where nothing is asked for; what can't be an id is 0, the id of nothing."""
    text = asked.get(name, "").strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def read_truth(asked: QueryDict, name: str) -> bool | None:
    """None where nothing is asked for."""
    said = asked.get(name, "")
    if said not in {"", "true", "false"}:
        raise serializers.ValidationError({name: [_("Write true or false.")]})
    return said == "true" if said else None


def read_choice(asked: QueryDict, name: str, choices: Collection[str]) -> str:
    """Empty where nothing is asked for."""
    said = asked.get(name, "")
    if said and said not in choices:
        raise serializers.ValidationError({name: [_("Write one of: %(names)s.") % {"names": ", ".join(choices)}]})
    return said


def read_states(asked: QueryDict, states: Collection[str]) -> list[str]:
    """Empty where nothing is asked for."""
    wanted = asked.getlist("state")
    if not set(wanted) <= set(states):
        raise serializers.ValidationError({"state": [_("There is no such state.")]})
    return wanted


def put_rows_in_order(rows: Iterable[Row], asked: QueryDict, orders: Mapping[str, Callable[[Row], Any]]) -> list[Row]:
    """The same for rows that are read already: compared by what the order says; with a hyphen it goes backwards."""
    order = read_order(asked, orders)
    return sorted(rows, key=orders[order], reverse=order.startswith("-"))


def read_order(asked: QueryDict, orders: Mapping[str, object]) -> str:
    order = asked.get("order", next(iter(orders)))
    if order not in orders:
        raise serializers.ValidationError({"order": [_("There is no such order.")]})
    return order


def put_in_order(rows: QuerySet[Any], asked: QueryDict, orders: Mapping[str, list[Any]]) -> QuerySet[Any]:
    return rows.order_by(*orders[read_order(asked, orders)])
