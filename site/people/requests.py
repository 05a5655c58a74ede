"""Who asks, in a view that only lets in who is logged in."""

from typing import cast

from django.http import HttpRequest

from people.models import Person


def person_of(request: HttpRequest) -> Person:
    return cast("Person", request.user)
