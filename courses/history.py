"""Where a booking stands and how it came there, in words: for its page and for the API."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.history_words import TO_THE_PERSON, Line, before_the_last, histories_of, in_words
from courses.models import Booking
from courses.queries import decider_for, open_offer, position_in_queue
from courses.rules import may_cancel_oneself, offers_are_made

S = Booking.State


@dataclass(frozen=True)
class Standing:
    """What the person can know of the own booking now.

    `position` is 1 for the first who waits, among those who may still book; None for whoever doesn't wait.
    `rule` says in a sentence how the queue works here; `decided_by` who answers the
    request, "" where there is none; `moves_from` is the occasion given up when this is certain.
    """

    state: str
    position: int | None
    rule: str
    offers_until: dt.datetime
    cancel_until: dt.datetime
    may_cancel: bool
    answer_offer_by: dt.datetime | None
    decide_by: dt.datetime | None
    decided_by: str
    moves_from: int | None
    history: list[Line]

    @property
    def was(self) -> str:
        """The state before this one."""
        return before_the_last(self.history)


def standing_of(booking: Booking, *, now: dt.datetime) -> Standing:
    """Needs `occasion__course`; six queries at most, ten on an occasion with limits."""
    occasion = booking.occasion
    offer = open_offer(booking) if booking.state == S.OFFERED else None
    replaced = booking.replaces
    return Standing(
        state=booking.state,
        position=position_in_queue(booking, now=now) if booking.state == S.WAITING else None,
        rule=rule_of_queue(booking, now=now),
        offers_until=occasion.offers_end_at,
        cancel_until=occasion.cancel_until,
        may_cancel=may_cancel_oneself(booking, occasion, now=now),
        answer_offer_by=offer.expires_at if offer is not None else None,
        decide_by=booking.decide_by,
        decided_by=decider_for(booking.person_id, day=timezone.localdate(now)) if booking.state == S.ASKED else "",
        moves_from=replaced.occasion_id
        if replaced is not None and booking.state in Booking.LIVE and replaced.state in Booking.LIVE
        else None,
        history=history_of(booking),
    )


def rule_of_queue(booking: Booking, *, now: dt.datetime) -> str:
    occasion = booking.occasion
    until = {"moment": in_words(occasion.offers_end_at), "hours": occasion.offer_hours}
    if offers_are_made(occasion, now=now):
        return (
            _(
                "A place that becomes free is offered to the first on the list, who has %(hours)d working hours to "
                "answer, at most until %(moment)s. After that the facilitator gives places by hand."
            )
            % until
        )
    return _("Places were offered until %(moment)s. Now the facilitator gives them by hand.") % until


def history_of(booking: Booking) -> list[Line]:
    """The log told to the person, the oldest first: two queries."""
    return histories_of([booking], TO_THE_PERSON)[booking.pk]
