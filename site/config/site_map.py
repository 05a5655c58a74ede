"""Public pages beside the guide's."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import override

from courses.models import Course


def course_addresses() -> Iterator[tuple[str, dt.datetime | None]]:
    """The catalogue and each course in it. One query."""
    with override("sv"):
        yield reverse("courses"), None
        for slug in Course.objects.filter(is_listed=True).order_by("sort_key").values_list("slug", flat=True):
            yield reverse("course", args=[slug]), None
