"""The courses as the search finds them."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from courses.models import Course
from guide.search.sources import Findable


def courses_to_find() -> list[Findable]:
    """Every course of the catalogue, in each language of the site. One query."""
    courses = list(Course.objects.filter(is_listed=True))
    return [_findable(course, language) for language, _name in settings.LANGUAGES for course in courses]


def _findable(course: Course, language: str) -> Findable:
    def own(name: str) -> str:
        english = getattr(course, f"{name}_en") if language == "en" else ""
        return english or getattr(course, name)

    with translation.override(language):
        address = reverse("course", args=[course.slug])
        names = gettext("course courses")
    return Findable(
        key=f"course-{course.pk}",
        language=language,
        kind="course",
        title=own("title"),
        names=names,
        lead=own("outcome"),
        text=own("audience"),
        address=address,
        facts={"days": course.days, "hours": float(course.hours)},
    )
