"""What a case of the guide may tell of the journey it links to."""

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from guide.case_journeys import CaseJourney
from journeys.queries import readable_journeys
from people.models import Person


def case_journey(path: str, person: Person) -> CaseJourney | None:
    """The journey at that path (`/resor/3/`, in any language), if the person may read it. One query."""
    with override("en" if path.startswith("/en/") else "sv"):
        try:
            found = resolve(path.partition("?")[0].partition("#")[0])
        except Resolver404:
            return None
    if found.url_name != "journey":
        return None
    journey = readable_journeys(person).filter(pk=found.kwargs["pk"]).first()
    return CaseJourney(journey.title, reverse("journey", args=[journey.pk]), journey.aim) if journey else None
