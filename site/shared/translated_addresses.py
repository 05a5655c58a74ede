"""Where a page stands in another language, for pages at the same place in every language."""

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, translate_url
from django.utils.translation import get_language


def address_in(language: str, path: str) -> str:
    """The path itself where it has no other. Every page links to itself so, and to find it takes a search through all
    addresses, there and back: what depends on nothing but the path is looked up once."""
    return _address_in(language, path, get_language(), get_urlconf(), get_script_prefix())


@lru_cache(500)
def _address_in(language: str, path: str, _active: str | None, _urlconf: Any, _prefix: str) -> str:
    return translate_url(path, language)
