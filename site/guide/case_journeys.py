"""What a case's link to a journey leads to: told by the room of journeys, which the guide does not know.

    # config/composition.py
    register_case_journeys(case_journey)

A source is handed the link's path and who reads, and answers what that person may open, or None. Who is not logged in
is never asked about: a case looks the same to all of them, since the page is kept ready-made.
"""

from collections.abc import Callable
from dataclasses import dataclass

from guide.models import CasePage
from people.models import Person


@dataclass(frozen=True)
class CaseJourney:
    title: str
    url: str
    # What the journey is about, in a sentence or two.
    aim: str = ""


@dataclass(frozen=True)
class JourneyLink:
    """How the case page shows its link: to what someone may open, to another site, or to the log-in."""

    url: str
    journey: CaseJourney | None = None
    is_elsewhere: bool = False


Source = Callable[[str, Person], CaseJourney | None]
_sources: list[Source] = []


def register_case_journeys(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def journey_of(case: CasePage, *, reader: Person | None) -> JourneyLink | None:
    """None where there is no journey, or none that this reader may open."""
    link = case.journey_link.strip()
    if not link:
        return None
    if not link.startswith("/"):
        return JourneyLink(link, is_elsewhere=True)
    if reader is None:
        return JourneyLink(link)
    found = next((journey for source in _sources if (journey := source(link, reader))), None)
    return JourneyLink(found.url, found) if found else None
