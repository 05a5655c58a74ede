"""*Grundväg*: the learning path on everyone's page."""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import transaction

from config.demo import Demo
from config.demo.courses import INTRODUCTION, TWO_DAYS
from courses.models import Course, Programme, ProgrammeItem


@transaction.atomic
def lay(demo: Demo) -> None:
    programme, new = Programme.objects.get_or_create(
        slug="grundvag", defaults={"title": "Grundväg", "title_en": "Basic path", "is_for_everyone": True}
    )
    if new:
        steps = _steps()
        courses = [Course.objects.get(slug=slug) for slug in (INTRODUCTION, TWO_DAYS)]
        items = [*steps, *(_attend(course) for course in courses)]
        for position, item in enumerate(items, 1):
            item.programme, item.position = programme, position
            item.save()
    demo.say(f"{programme.title}: {programme.items.count()} things to do")


def _attend(course: Course) -> ProgrammeItem:
    return ProgrammeItem(kind="attend", title=f"Gå {course.title}", title_en=f"Attend {course.title_en}", course=course)


def _steps() -> list[ProgrammeItem]:
    """The guide's six steps to read, known by their translation key: the same page in every language."""
    if not apps.is_installed("guide") or not hasattr(import_module("guide.models"), "StepPage"):
        return []
    pages = import_module("guide.models").StepPage.objects.all()
    english = dict(pages.filter(locale__language_code="en").values_list("translation_key", "title"))
    return [
        ProgrammeItem(
            kind="read",
            title=f"Läs {page.title}",
            title_en=f"Read {english.get(page.translation_key, page.title)}",
            key=str(page.translation_key),
        )
        for page in pages.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("number")
    ]
