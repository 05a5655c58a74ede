"""What whoever leads an occasion sees of the people on it, in one go."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from courses.history_words import Line, histories_of
from courses.models import Booking, Occasion
from courses.participant_queries import absences_before, units_on
from courses.services.needs import Needs, read_needs_of_all
from people.models import Person, Unit
from people.queries import Likeness, who_else


@dataclass
class Participant:
    booking: Booking
    unit: Unit | None = None
    history: list[Line] = field(default_factory=list)
    needs: Needs | None = None
    # Earlier occasions with a place, where every mark says absent: a fact of attendance, for the facilitators.
    no_shows: list[Occasion] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)


def everyone_on(occasion: Occasion, *, reader: Person, now: dt.datetime) -> list[Participant]:
    """All who have or had a booking here, by its id. Needs and no-shows only for the occasion's own facilitators.

    Ten queries, however many people.
    """
    bookings = list(Booking.objects.filter(occasion=occasion).select_related("person").order_by("id"))
    live = [booking for booking in bookings if booking.state in Booking.LIVE]
    histories = histories_of(bookings)
    units = units_on([booking.person_id for booking in bookings], day=timezone.localdate(occasion.starts_at))
    needs = read_needs_of_all(occasion, reader=reader)
    leads = occasion.facilitators.filter(pk=reader.pk).exists()
    absent = absences_before(occasion, [booking.person_id for booking in live], now=now) if leads else {}
    alike = who_else([booking.person for booking in live], day=timezone.localdate(now))
    people = []
    for booking in bookings:
        booking.occasion = occasion
        one = Participant(booking, unit=units.get(booking.person_id), history=histories[booking.pk])
        if booking.state in Booking.LIVE:
            one.needs = needs.get(booking.pk)
            one.no_shows = absent.get(booking.person_id, [])
            one.likenesses = alike.get(booking.person_id, [])
        people.append(one)
    return people
