"""What can be found beside the guide's pages: a small registry that config/composition.py fills.

    # courses/search.py
    def courses_to_find() -> list[Findable]: ...

    # config/composition.py
    register_search_source("course", courses_to_find, one=_("Course"), many=_("Courses"))

The room says `guide.services.search_index.note_source("course")` when what it gives has changed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Findable:
    """Something to be found, in one language. Each word counts by where it stands: `title` and `names` (what else it
    is called) before `lead`, `lead` before `text`."""

    key: str
    language: str
    kind: str
    title: str
    address: str
    names: str = ""
    lead: str = ""
    text: str = ""
    # What the list of results shows beside the title, as JSON can hold it.
    facts: dict[str, Any] = field(default_factory=dict)
    as_of: dt.datetime | None = None


@dataclass(frozen=True)
class Kind:
    """A sort of things, as the reader chooses among them."""

    one: Text
    many: Text


# In the order of the filter.
_KINDS: dict[str, Kind] = {
    "step": Kind(_("Step"), _("Steps")),
    "method": Kind(_("Method"), _("Methods")),
    "case": Kind(_("Case"), _("Cases")),
    "article": Kind(_("Article"), _("Articles")),
    "term": Kind(_("Term"), _("Words in the glossary")),
    "page": Kind(_("Page"), _("Other pages")),
}
Source = Callable[[], list[Findable]]
_sources: dict[str, Source] = {}


def register_search_source(kind: str, source: Source, *, one: Text, many: Text) -> None:
    """Let what the room gives be found. `source` gives all of it, in every language."""
    _KINDS[kind] = Kind(one, many)
    _sources[kind] = source


def forget_search_source(kind: str) -> None:
    """For tests."""
    _KINDS.pop(kind, None)
    _sources.pop(kind, None)


def kinds() -> dict[str, Kind]:
    return _KINDS


def search_sources() -> dict[str, Source]:
    return _sources
