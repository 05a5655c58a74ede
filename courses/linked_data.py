"""A course as schema.org's words. Pure: everything it tells is handed to it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from courses.models import Course, Occasion


def describe_course(course: Course, occasions: Iterable[Occasion]) -> list[dict[str, Any]]:
    """The course with its coming occasions, and the way down to it. No queries where sessions are at hand."""
    url = settings.SITE_URL + reverse("course", args=[course.slug])
    english = (get_language() or "").startswith("en") and course.outcome_en
    provider = {"@type": "GovernmentOrganization", "name": settings.MUNICIPALITY, "url": f"{settings.SITE_URL}/"}
    thing = {
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": course.name,
        "description": (course.outcome_en if english else course.outcome) or course.name,
        "provider": provider,
        "timeRequired": hours_as_duration(course.hours),
        "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "SEK"},
        "hasCourseInstance": [_instance(occasion, course) for occasion in occasions],
    }
    catalogue = settings.SITE_URL + reverse("courses")
    crumbs = [(str(course._meta.verbose_name_plural).capitalize(), catalogue), (course.name, url)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": item}
        for place, (name, item) in enumerate(crumbs, start=1)
    ]
    return [thing, {"@type": "BreadcrumbList", "itemListElement": items}]


def hours_as_duration(hours: Decimal) -> str:
    """ISO 8601: 1.5 hours are PT1H30M."""
    whole, rest = divmod(int(hours * 60), 60)
    return "PT" + (f"{whole}H" if whole else "") + (f"{rest}M" if rest or not whole else "")


def _instance(occasion: Occasion, course: Course) -> dict[str, Any]:
    sessions = list(occasion.sessions.all())
    places = [session for session in sessions if session.place]
    modes = [name for name, there in (("onsite", places), ("online", any(each.link for each in sessions))) if there]
    thing: dict[str, Any] = {
        "@type": "CourseInstance",
        "url": settings.SITE_URL + reverse("occasion", args=[occasion.pk]),
        "courseMode": ("blended" if len(modes) > 1 else modes[0]) if modes else "onsite",
        "startDate": occasion.starts_at.isoformat(),
        "endDate": occasion.ends_at.isoformat(),
        "courseWorkload": hours_as_duration(course.hours),
        "inLanguage": occasion.language,
        "maximumAttendeeCapacity": occasion.places,
    }
    if places:
        address = ", ".join(word for word in (places[0].place, places[0].address) if word)
        thing["location"] = {"@type": "Place", "name": places[0].place, "address": address}
    return thing
