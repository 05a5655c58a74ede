"""The barest views: the same bytes, and lock-count-insert. Beside them the site's own addresses, as they are."""

import os
from functools import cache
from pathlib import Path

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from config.urls import *  # noqa: F403 - the whole of it is meant
from config.urls import urlpatterns as addresses_of_the_site
from courses.models import Booking, Occasion


@cache
def _kept(name: str) -> bytes:
    return (Path(os.environ["BARE_BODIES"]) / name).read_bytes()


def same_bytes(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_kept(name), headers={"Content-Encoding": "br"})


def lock_count_insert(request: HttpRequest, occasion: int, person: int) -> HttpResponse:
    with transaction.atomic():
        places = Occasion.objects.select_for_update().values_list("places", flat=True).get(pk=occasion)
        is_full = Booking.objects.filter(occasion=occasion, state="booked").count() >= places
        if is_full and not request.GET:
            return HttpResponse(b"full", status=409)
        state = "waiting" if is_full else "booked"
        booking = Booking.objects.create(occasion_id=occasion, person_id=person, state=state, created_at=timezone.now())
    return HttpResponse(str(booking.pk), status=201)


urlpatterns = [
    path("bare/bytes/<str:name>", same_bytes),
    path("bare/book/<int:occasion>/<int:person>", lock_count_insert),
    *addresses_of_the_site,
]
