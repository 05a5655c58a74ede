"""Swedish and English beside each other: which of them is behind.

Every publishing is in Wagtail's log. Told in order, they say how the two stand: where both are in step and one is
published, the other is behind; when that one is published too, or an editor says that they agree, they are in step
again. So a translation made after its original does not make the original look old.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wagtail.models import Page, PageLogEntry

AGREE = "guide.languages_agree"
_PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")


@dataclass(frozen=True)
class Behind:
    """`page` has not followed since the other language was published, `since`."""

    page_id: int
    language: str
    since: dt.datetime


def behind_of(keys: Iterable[UUID]) -> dict[UUID, Behind]:
    """For each page of these translation keys the language that is behind, if one is. Two queries."""
    pages: dict[int, tuple[UUID, str]] = {
        pk: (key, language)
        for pk, key, language in Page.objects.live()
        .filter(translation_key__in=set(keys), alias_of=None)
        .values_list("pk", "translation_key", "locale__language_code")
    }
    twins: dict[UUID, list[int]] = defaultdict(list)
    for pk, (key, _language) in pages.items():
        twins[key].append(pk)
    both = {key: pair for key, pair in twins.items() if len(pair) == 2}
    wanted = [pk for pair in both.values() for pk in pair]
    told: dict[UUID, list[tuple[Any, int]]] = defaultdict(list)
    if wanted:
        entries = PageLogEntry.objects.filter(page_id__in=wanted, action__in=[*_PUBLISHED, AGREE])
        for pk, action, at in entries.order_by("timestamp", "pk").values_list("page_id", "action", "timestamp"):
            told[pages[pk][0]].append((at, 0 if action == AGREE else pk))
    found: dict[UUID, Behind] = {}
    for key, pair in both.items():
        late = _late(pair, told[key])
        if late:
            pk, since = late
            found[key] = Behind(pk, pages[pk][1], since)
    return found


def _late(pair: list[int], told: list[tuple[dt.datetime, int]]) -> tuple[int, dt.datetime] | None:
    late: tuple[int, dt.datetime] | None = None
    for at, who in told:
        if not who or (late and late[0] == who):
            late = None
        elif late is None:
            late = (pair[0] if pair[1] == who else pair[1], at)
    return late


def twin_of(page: Page) -> Page | None:
    """The page in the other language, published or not."""
    return page.get_translations().select_related("locale").order_by("pk").first()
