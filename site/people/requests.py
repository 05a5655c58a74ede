"""Who asks, in a view that only lets in who is logged in."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from people.models import Person


def person_of(request: HttpRequest | Request) -> Person:
    return cast("Person", request.user)
