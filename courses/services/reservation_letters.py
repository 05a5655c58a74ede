"""Letters to the manager whose unit has reserved places: that they are there, and once more before they go.

Written from the reservations as they stand, by the workers. The letter's key holds the reservation and the manager,
so that each is told once, and so is whoever becomes the manager later.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q

from courses.models import Booking, Occasion, Reservation
from courses.working_hours import working_days_before
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from people.queries import manager_of

LAST_CALL = 2  # working days before the places are everyone's


def tell_managers(*, now: dt.datetime) -> int:
    """The sweep; answers how many letters it wrote. Whoever leads the occasion needs none."""
    due = {}
    for reservation in _unnamed(now):
        manager = manager_of(reservation.unit)
        if manager is None:
            continue
        due[f"reserved:{reservation.pk}:{manager.pk}"] = (reservation, manager, False)
        last_call = working_days_before(reservation.until, LAST_CALL)
        if reservation.made_at < last_call <= now:
            due[f"reserved_last:{reservation.pk}:{manager.pk}"] = (reservation, manager, True)
    written = set(Letter.objects.filter(key__in=due).values_list("key", flat=True))
    new = {key: what for key, what in due.items() if key not in written}
    for key, (reservation, manager, is_last) in new.items():
        _write(reservation, to=manager, is_last=is_last, key=key, now=now)
    return len(new)


def _unnamed(now: dt.datetime) -> list[Any]:
    """Reservations with places that nobody is named for, on occasions that can be booked."""
    held = Count("bookings", filter=Q(bookings__state__in=Booking.HOLDING))
    kept = Reservation.objects.filter(
        released_at=None,
        until__gt=now,
        occasion__state=Occasion.State.OPEN,
        occasion__starts_at__gt=now,
        occasion__booking_closes_at__gt=now,
    )
    unnamed = kept.annotate(used=held).filter(used__lt=F("places"))
    return list(unnamed.select_related("unit__manager", "occasion__course").order_by("id"))


def _write(reservation: Any, *, to: Person, is_last: bool, key: str, now: dt.datetime) -> None:
    occasion = reservation.occasion
    context = {
        "reservation": reservation,
        "left": reservation.places - reservation.used,
        "is_last": is_last,
        "occasion": occasion,
        "course": occasion.course,
        "sessions": list(occasion.sessions.all()),
    }
    letter = render_letter("courses/letters/reserved", context, person=to)
    write_rendered(letter, key=key, kind="reserved", person=to, now=now)
