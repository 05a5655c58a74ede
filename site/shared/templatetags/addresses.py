"""`{% url %}` for an address that has no arguments: looked up once, as it stands in the header of every page."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as ask_each_time
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

register = template.Library()


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    node: Any = ask_each_time(parser, token)
    name = node.view_name
    is_fixed = isinstance(name, FilterExpression) and isinstance(name.var, str) and not name.filters
    if node.args or node.kwargs or not is_fixed or ":" in name.var:
        return node
    return FixedAddress(name, [], {}, node.asvar)


class FixedAddress(URLNode):
    def render(self, context: Context) -> Any:
        name = self.view_name.var
        found = _address(name, get_language(), get_urlconf(), get_script_prefix())
        if found is None:  # as Django does it: silent with `as`, else it names what is missing
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return found


@lru_cache(1_000)
def _address(name: str, _language: str | None, urlconf: Any, _prefix: str) -> str | None:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return None
