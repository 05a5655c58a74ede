"""The single door to a booking's state: the state and the line of its log are written in one breath."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext as _

from courses.models import Booking, BookingEvent, Occasion
from courses.models.booking import LONGEST_REASON
from courses.rules import to_be_decided_by
from people.models import Person
from shared.rules import RuleBroken

S = Booking.State
# From what a booking may become what. What is not here can't happen, whoever asks.
STEPS: dict[str, frozenset[str]] = {
    S.ASKED: frozenset({S.BOOKED, S.REFUSED, S.CANCELLED, S.LAPSED, S.MOVED}),
    S.WAITING: frozenset({S.OFFERED, S.BOOKED, S.ASKED, S.CANCELLED, S.LAPSED}),
    S.OFFERED: frozenset({S.BOOKED, S.ASKED, S.WAITING, S.CANCELLED, S.LAPSED}),
    S.BOOKED: frozenset({S.CANCELLED, S.MOVED, S.HANDED_OVER}),
}
FIRST_STATES = frozenset({S.ASKED, S.WAITING, S.BOOKED})


def open_booking(
    occasion: Occasion,
    *,
    person: Person,
    state: str,
    by: Person | None,
    now: dt.datetime,
    why: str = "",
    replaces: Booking | None = None,
    other: Booking | None = None,
    reservation_id: int | None = None,
) -> Booking:
    """A new booking and the first line of its log. The caller holds the occasion's lock and has looked.

    `replaces` is the place given up once this one is certain; `other` is the booking that the line is about.
    """
    assert state in FIRST_STATES, state
    booking = Booking(occasion=occasion, person=person, state=state, created_at=now, replaces=replaces)
    booking.decide_by = to_be_decided_by(occasion, now=now) if state == S.ASKED else None
    booking.reservation_id = reservation_id
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            [
                occasion.pk, person.pk, booking.uuid, state, now, booking.decide_by, booking.replaces_id,
                reservation_id,
                state, now, by.pk if by else None, why[:LONGEST_REASON], other.pk if other else None,
            ],
        )  # fmt: skip
        (booking.pk,) = cursor.fetchone()
    booking._state.adding = False
    booking._state.db = connection.alias
    return booking


# Both rows in one statement: whoever waits for the lock waits one round trip less.
_OPEN = """
    WITH made AS (
        INSERT INTO courses_booking (occasion_id, person_id, uuid, state, created_at, decide_by, replaces_id,
            reservation_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
    )
    INSERT INTO courses_bookingevent (booking_id, state, at, by_id, why, other_id, to_tell)
    SELECT id, %s, %s, %s, %s, %s, true FROM made RETURNING booking_id
"""


def change_state(
    booking: Booking, to: str, *, by: Person | None, now: dt.datetime, why: str = "", other: Booking | None = None
) -> BookingEvent:
    """The caller holds the occasion's lock and has read the booking under it. `by` is None for the clock."""
    if to not in STEPS.get(booking.state, frozenset()):
        raise RuleBroken(
            _("The booking is %(before)s and can't become %(after)s.")
            % {"before": booking.get_state_display(), "after": S(to).label},
            code="state_not_allowed",
        )
    booking.state = to
    booking.decide_by = to_be_decided_by(booking.occasion, now=now) if to == S.ASKED else None
    booking.save(update_fields=["state", "decide_by"])
    return BookingEvent.objects.create(
        booking=booking, state=to, at=now, by=by, why=why[:LONGEST_REASON], other=other, to_tell=True
    )
