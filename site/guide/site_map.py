"""The site map: every public page of the guide, and the addresses that other rooms register.

    # config/composition.py
    register_addresses(course_addresses)

A source answers Swedish paths, each with the moment it last changed where that is known; the page is taken to stand
at the same place in every language.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import translate_url

from guide.queries import PublicPage, public_pages

Source = Callable[[], Iterable[tuple[str, dt.datetime | None]]]
_sources: list[Source] = []


def register_addresses(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def whole_site_map() -> list[PublicPage]:
    """Two queries for the guide's pages, and each source's own."""
    pages = public_pages()
    for source in _sources:
        for path, changed in source():
            languages = {code: translate_url(path, code) for code, _name in settings.LANGUAGES}
            pages += [PublicPage(address, changed, languages) for address in languages.values()]
    return pages
