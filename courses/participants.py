"""What whoever leads an occasion sees of the people on it, in one go."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from courses.history_words import Line, histories_of
from courses.models import Booking, Occasion
from courses.participant_queries import absences_before, units_on
from courses.queries import positions_in_queue
from courses.services.needs import Needs, read_needs_of_all
from people.models import Person, Unit
from people.queries import Likeness, who_else


@dataclass
class Participant:
    booking: Booking
    unit: Unit | None = None
    history: list[Line] = field(default_factory=list)
    # On the waiting list, as the person sees it.
    position: int | None = None
    needs: Needs | None = None
    # Earlier occasions with a place, where every mark says absent: a fact of attendance, for the facilitators.
    no_shows: list[Occasion] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)


@dataclass(frozen=True)
class Signs:
    """What there is to know about someone who has or waits for a place, beside the booking."""

    needs: Needs | None
    no_shows: list[Occasion]
    likenesses: list[Likeness]


def signs_of(occasion: Occasion, live: Sequence[Booking], *, reader: Person, now: dt.datetime) -> dict[int, Signs]:
    """By booking. Needs and no-shows only for the occasion's own facilitators. Six queries, however many people."""
    people = [booking.person_id for booking in live]
    needs = read_needs_of_all(occasion, reader=reader)
    leads = occasion.facilitators.filter(pk=reader.pk).exists()
    absent = absences_before(occasion, people, now=now) if leads else {}
    alike = who_else([booking.person for booking in live], day=timezone.localdate(now))
    return {
        booking.pk: Signs(needs.get(booking.pk), absent.get(booking.person_id, []), alike.get(booking.person_id, []))
        for booking in live
    }


def everyone_on(occasion: Occasion, *, reader: Person, now: dt.datetime) -> list[Participant]:
    """All who have or had a booking here, by its id. Needs and no-shows only for the occasion's own facilitators.

    Ten queries, fourteen on an occasion with limits, however many people.
    """
    bookings = list(Booking.objects.filter(occasion=occasion).select_related("person").order_by("id"))
    live = [booking for booking in bookings if booking.state in Booking.LIVE]
    histories = histories_of(bookings)
    units = units_on([booking.person_id for booking in bookings], day=timezone.localdate(occasion.starts_at))
    signs = signs_of(occasion, live, reader=reader, now=now)
    waiting = [booking for booking in bookings if booking.state == Booking.State.WAITING]
    positions = positions_in_queue(occasion, waiting, now=now)
    people = []
    for booking in bookings:
        booking.occasion = occasion
        one = Participant(booking, unit=units.get(booking.person_id), history=histories[booking.pk])
        one.position = positions.get(booking.pk)
        if (known := signs.get(booking.pk)) is not None:
            one.needs, one.no_shows, one.likenesses = known.needs, known.no_shows, known.likenesses
        people.append(one)
    return people
