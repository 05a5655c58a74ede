"""*Grundväg*: the learning path on everyone's page."""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import transaction

from config.demo import Demo
from config.demo.courses import INTRODUCTION, TWO_DAYS
from courses.models import Course, Programme, ProgrammeItem, Task

TEXT = "När du har gått den här vägen kan du ringa in en utmaning, prata med dem den gäller och rita deras resa."
TEXT_EN = (
    "When you have walked this path you can frame a challenge, talk to the people it concerns and map their journey."
)


@transaction.atomic
def lay(demo: Demo) -> None:
    programme, new = Programme.objects.get_or_create(
        slug="grundvag", defaults={
            "title": "Grundväg", "title_en": "Basic path", "is_for_everyone": True, "text": TEXT, "text_en": TEXT_EN,
        },
    )  # fmt: skip
    if new:
        steps = _steps()
        courses = [Course.objects.get(slug=slug) for slug in (INTRODUCTION, TWO_DAYS)]
        items = [*steps, *(_attend(course) for course in courses), *_do()]
        for position, item in enumerate(items, 1):
            item.programme, item.position = programme, position
            item.save()
    demo.say(f"{programme.title}: {programme.items.count()} things to do")


def _attend(course: Course) -> ProgrammeItem:
    return ProgrammeItem(kind="attend", title=f"Gå {course.title}", title_en=f"Attend {course.title_en}", course=course)


def _do() -> list[ProgrammeItem]:
    """After reading and going: the interviews, and a note of one's own in a journey."""
    interviews = Task.objects.filter(course__slug=TWO_DAYS).order_by("id").first()
    note = ProgrammeItem(kind="contribute", title="Bidra till en användarresa", title_en="Contribute to a user journey")
    if interviews is None:
        return [note]
    title, title_en = f"Gör uppgiften {interviews.title}", f"Do the task {interviews.title_en}"
    return [ProgrammeItem(kind="task", title=title, title_en=title_en, task=interviews), note]


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
