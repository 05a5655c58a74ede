"""What readers have said, per page and month."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from wagtail.models import Page

from guide.models import PageOpinion
from shared.sorting import swedish_sort_key

MONTHS = 12
BAR = 28  # the height of the highest bar, up and down from the middle


@dataclass(frozen=True)
class Month:
    first: dt.date
    yes: int
    no: int
    # Where the bars stand in the drawing.
    x: int = 0
    up: int = 0
    down: int = 0

    @property
    def top(self) -> int:
        return BAR - self.up


@dataclass
class PageFigures:
    key: uuid.UUID
    title: str
    page_id: int | None
    months: list[Month] = field(default_factory=list)
    sentences: int = 0

    @property
    def yes(self) -> int:
        return sum(month.yes for month in self.months)

    @property
    def no(self) -> int:
        return sum(month.no for month in self.months)

    @property
    def whole(self) -> int:
        return self.yes + self.no

    @property
    def share(self) -> int:
        return round(100 * self.yes / self.whole) if self.whole else 0


def months_until(day: dt.date, how_many: int = MONTHS) -> list[dt.date]:
    """The first days of so many months, the last one that of `day`."""
    last = day.year * 12 + day.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(last - how_many + 1, last + 1)]


def figures_per_page(*, day: dt.date, key: uuid.UUID | None = None) -> list[PageFigures]:
    """Pages with an answer in the last twelve months, those with most noes first. Two queries."""
    months = months_until(day)
    asked = PageOpinion.objects.filter(given_on__gte=months[0])
    if key:
        asked = asked.filter(translation_key=key)
    counts: dict[uuid.UUID, dict[dt.date, tuple[int, int]]] = defaultdict(dict)
    sentences: dict[uuid.UUID, int] = defaultdict(int)
    rows = (
        asked.order_by()
        .annotate(month=TruncMonth("given_on"))
        .values_list("translation_key", "month")
        .annotate(
            yes=Count("pk", filter=Q(is_helpful=True)),
            no=Count("pk", filter=Q(is_helpful=False)),
            said=Count("pk", filter=~Q(sentence="")),
        )
    )
    for row_key, month, yes, no, said in rows:
        counts[row_key][month] = (yes, no)
        sentences[row_key] += said
    names = _pages(set(counts))
    figures = [
        PageFigures(one, *names.get(one, ("", None)), months=_drawn(months, known), sentences=sentences[one])
        for one, known in counts.items()
    ]
    return sorted(figures, key=lambda each: (-each.no, -each.whole, swedish_sort_key(each.title)))


def _drawn(months: list[dt.date], counts: dict[dt.date, tuple[int, int]]) -> list[Month]:
    highest = max((max(pair) for pair in counts.values()), default=1) or 1
    drawn = []
    for place, first in enumerate(months):
        yes, no = counts.get(first, (0, 0))
        up, down = (-(-BAR * count // highest) for count in (yes, no))
        drawn.append(Month(first, yes, no, x=place * 12, up=up, down=down))
    return drawn


def _pages(keys: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, int | None]]:
    """Titles in the site's first language where the page is there in it."""
    rows: Any = Page.objects.filter(translation_key__in=keys).values_list(
        "translation_key", "title", "pk", "locale__language_code"
    )
    found: dict[uuid.UUID, tuple[str, int | None]] = {}
    for key, title, pk, language in rows:
        if key not in found or language == settings.LANGUAGE_CODE:
            found[key] = (title, pk)
    return found


def sentences_about(key: uuid.UUID | None = None) -> QuerySet[PageOpinion]:
    said = PageOpinion.objects.exclude(sentence="")
    return said.filter(translation_key=key) if key else said


def title_of(key: uuid.UUID) -> str:
    return _pages({key}).get(key, ("", None))[0]


def pages_with_opinions() -> list[tuple[uuid.UUID, str]]:
    """For choosing among: every page that anyone has answered about, as Swedes sort. Two queries."""
    keys = set(PageOpinion.objects.order_by().values_list("translation_key", flat=True).distinct())
    names = _pages(keys)
    return sorted(((key, names.get(key, ("", None))[0]) for key in keys), key=lambda pair: swedish_sort_key(pair[1]))
