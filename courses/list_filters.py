"""What a list of the API is asked for: filters and an order that are known, or a sentence at the one that is wrong."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

PAGING = {"page", "page_size", "format"}


def read_filters(request: Request, *known: str) -> QueryDict:
    """A filter that does not exist is refused: a wrong word would otherwise answer with everything."""
    asked: QueryDict = request.query_params
    if wrong := sorted(set(asked) - {*known} - PAGING):
        says = _("There is no such filter. There are: %(names)s.") % {"names": ", ".join(sorted(known)) or "–"}
        raise serializers.ValidationError({name: [says] for name in wrong})
    return asked


def read_states(asked: QueryDict, states: Collection[str]) -> list[str]:
    """Empty where nothing is asked for."""
    wanted = asked.getlist("state")
    if not set(wanted) <= set(states):
        raise serializers.ValidationError({"state": [_("There is no such state.")]})
    return wanted


def put_in_order(rows: QuerySet[Any], asked: QueryDict, orders: Mapping[str, list[str]]) -> QuerySet[Any]:
    """The first of `orders` is the one where nothing is asked for."""
    order = asked.get("order", next(iter(orders)))
    if order not in orders:
        raise serializers.ValidationError({"order": [_("There is no such order.")]})
    return rows.order_by(*orders[order])
