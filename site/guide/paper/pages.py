"""Which pages a document is made of. Each says how many queries it takes."""

import uuid
from typing import TypeVar

from guide.models import MethodPage, ReadingPage, StepPage

Kind = TypeVar("Kind", bound=ReadingPage)


def page_in_language(model: type[Kind], key: uuid.UUID, *, language: str) -> Kind | None:
    """The live page of that type and key in that language, whoever may read it. One query."""
    pages = model._default_manager.live().select_related("locale")
    return pages.filter(translation_key=key, locale__language_code=language).first()


def whole_methods_of_step(step: StepPage) -> list[MethodPage]:
    """The live methods of the step with all they hold, whoever may read them. One query."""
    return list(MethodPage.objects.live().filter(path__startswith=step.path).order_by("path"))
