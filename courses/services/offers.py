"""Freed places: offered to the first who waits, held for some working hours, passed on when not taken."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from courses.models import Booking, BookingNeeds, Occasion, Offer, Reservation
from courses.rules import offers_are_made, state_with_a_place
from courses.services.limits import Limits, Seat, find_seat, release_due, see_limits
from courses.services.places import lock_booking, lock_occasion, look_at_places
from courses.services.states import change_state
from courses.working_hours import add_working_hours
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


def fill_free_places(occasion: Occasion, *, now: dt.datetime) -> list[Offer]:
    """Offers every free place to the first who waits and may have it. The caller holds the occasion's lock.

    Called wherever a place may have become free, however it became so.
    """
    if occasion.is_limited:
        release_due(occasion, now=now)
    if not offers_are_made(occasion, now=now):
        return []
    if occasion.is_limited:
        return _fill_limited(occasion, now=now)
    free = look_at_places(occasion).places.free
    if not free:
        return []
    waiting = Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).order_by("id")[:free]
    return [_offer_place(booking, occasion, now=now) for booking in waiting]


def seat_past_the_queue(occasion: Occasion, *, person: Person, now: dt.datetime) -> Seat | None:
    """A place for a newcomer on a limited occasion, once those who wait have been offered theirs: seen only once.

    What was released this very minute belongs to the queue. The caller holds the lock.
    """
    release_due(occasion, now=now)
    waiting = _waiting(occasion)
    limits = see_limits(occasion, people=[person.pk, *(booking.person_id for booking in waiting)], now=now)
    if offers_are_made(occasion, now=now):
        offered = {offer.booking_id for offer in _offer_to_first(waiting, limits, occasion, now=now)}
        waiting = [booking for booking in waiting if booking.pk not in offered]
    return find_seat(limits, person=person, waiting=[booking.person_id for booking in waiting])


def _fill_limited(occasion: Occasion, *, now: dt.datetime) -> list[Offer]:
    waiting = _waiting(occasion)
    if not waiting:
        return []
    limits = see_limits(occasion, people=[booking.person_id for booking in waiting], now=now)
    return _offer_to_first(waiting, limits, occasion, now=now)


def _waiting(occasion: Occasion) -> list[Booking]:
    return list(Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).order_by("id"))


def _offer_to_first(waiting: list[Booking], limits: Limits, occasion: Occasion, *, now: dt.datetime) -> list[Offer]:
    made = []
    for booking in waiting:
        seats = limits.seats_for(booking.person_id) if limits.may_book(booking.person_id) else []
        if seats:
            limits.take(seats[0])
            made.append(_offer_place(booking, occasion, now=now, reservation_id=seats[0].reservation_id))
    return made


def _offer_place(booking: Booking, occasion: Occasion, *, now: dt.datetime, reservation_id: int | None = None) -> Offer:
    # After the cut-off nobody is promoted but by hand, so no offer is open longer.
    expires_at = min(add_working_hours(now, occasion.offer_hours), occasion.offers_end_at)
    booking.occasion = occasion
    if reservation_id is not None:
        booking.reservation_id = reservation_id
        booking.save(update_fields=["reservation"])
    change_state(booking, Booking.State.OFFERED, by=None, now=now)
    return Offer.objects.create(booking=booking, made_at=now, expires_at=expires_at)


def close_open_offer(booking: Booking, *, declined: bool, now: dt.datetime) -> None:
    """The caller changes the booking's state in the same transaction."""
    answer = Offer.Answer.DECLINED if declined else Offer.Answer.ACCEPTED
    booking.offers.filter(answer=Offer.Answer.OPEN).update(answer=answer, answered_at=now)


def end_offers_by_the_start(occasion: Occasion) -> None:
    """When an occasion is moved to an earlier day. A cut-off that is moved shortens no time that was promised."""
    late = Offer.objects.filter(booking__occasion=occasion, answer=Offer.Answer.OPEN, expires_at__gt=occasion.starts_at)
    late.update(expires_at=occasion.starts_at)


def accept_offer(offer: Offer, *, by: Person, now: dt.datetime) -> Booking:
    """The place is theirs. Accepting twice is accepting once; too late raises `offer_lapsed`."""
    with transaction.atomic():
        booking, occasion = lock_booking(offer.booking)
        fresh = Offer.objects.get(pk=offer.pk)
        fresh.booking = booking
        if fresh.answer == Offer.Answer.ACCEPTED:
            return booking
        if occasion.state == Occasion.State.CANCELLED:
            raise RuleBroken(_("The occasion is cancelled."), code="occasion_cancelled")
        if fresh.answer != Offer.Answer.OPEN or now >= fresh.expires_at:
            raise RuleBroken(_says_too_late(fresh), code="offer_lapsed")
        close_open_offer(booking, declined=False, now=now)
        approved = booking.replaces or _missed_by(booking)
        change_state(booking, state_with_a_place(occasion.course, instead_of=approved), by=by, now=now)
        give_up_replaced(booking, by=by, now=now)
        public_pages_changed()
    return booking


def _says_too_late(offer: Offer) -> str:
    if offer.answer != Offer.Answer.DECLINED and offer.is_the_last:
        return _("The offer has run out, and no more places are offered. The facilitator gives free places by hand.")
    return _("The offer is no longer open. The place has gone to the next.")


def _missed_by(booking: Booking) -> Booking | None:
    """The booking whose missed day this one makes up for: what was approved then is approved."""
    day = booking.made_up_days.select_related("original__occasion").first()
    return day.original if day is not None else None


def decline_offer(offer: Offer, *, by: Person, now: dt.datetime) -> Booking:
    """No, thank you: the person leaves the list and the place goes to the next."""
    with transaction.atomic():
        booking, occasion = lock_booking(offer.booking)
        fresh = Offer.objects.get(pk=offer.pk)
        if fresh.answer == Offer.Answer.DECLINED:
            return booking
        if fresh.answer != Offer.Answer.OPEN:
            raise RuleBroken(_("The offer is already answered."), code="offer_answered")
        close_open_offer(booking, declined=True, now=now)
        change_state(booking, Booking.State.CANCELLED, by=by, now=now)
        fill_free_places(occasion, now=now)
        public_pages_changed()
    return booking


def give_up_replaced(booking: Booking, *, by: Person | None, now: dt.datetime) -> None:
    """The new place is certain: the old one goes to its queue. The caller holds both occasions' locks.

    Called wherever a booking becomes booked. Who has begun on the old occasion by then, or has left it, keeps what is.
    """
    old = booking.replaces
    if old is None or booking.state != Booking.State.BOOKED:
        return
    if old.state not in {Booking.State.ASKED, Booking.State.BOOKED} or now >= old.occasion.starts_at:
        return
    change_state(old, Booking.State.MOVED, by=by, now=now, other=booking)
    if booking.occasion.asks_needs and not BookingNeeds.objects.filter(booking=booking).exists():
        BookingNeeds.objects.filter(booking=old).update(booking=booking)
    fill_free_places(old.occasion, now=now)


def lapse_offers(*, now: dt.datetime) -> int:
    """The sweep: offers that ran out lapse and go to the next, reservations whose moment has come are released, and
    no free place is left unoffered.

    Returns how many lapsed. Each occasion is its own transaction.
    """
    lapsed = 0
    for occasion_id in sorted(_occasions_to_sweep(now)):
        with transaction.atomic():
            occasion = lock_occasion(occasion_id)
            before = lapsed
            for offer in Offer.objects.select_related("booking").filter(
                booking__occasion=occasion, answer=Offer.Answer.OPEN, expires_at__lte=now
            ):
                _lapse(offer, occasion, now=now)
                lapsed += 1
            was_limited = occasion.limits_changed_at
            if fill_free_places(occasion, now=now) or lapsed > before or occasion.limits_changed_at != was_limited:
                public_pages_changed()
    return lapsed


def _lapse(offer: Offer, occasion: Occasion, *, now: dt.datetime) -> None:
    """Out of the queue, so that the place goes to the next. Where no next is offered it, the cut-off has cut the time
    short: whoever had it stands in the queue as before, for the facilitator to see."""
    Offer.objects.filter(pk=offer.pk).update(answer=Offer.Answer.LAPSED, answered_at=now)
    booking = offer.booking
    booking.occasion = occasion
    if not offer.is_the_last or now >= occasion.starts_at:
        change_state(booking, Booking.State.LAPSED, by=None, now=now)
        return
    change_state(booking, Booking.State.WAITING, by=None, now=now)
    if booking.reservation_id is not None:
        booking.reservation_id = None
        booking.save(update_fields=["reservation"])


def _occasions_to_sweep(now: dt.datetime) -> set[int]:
    run_out = Offer.objects.filter(answer=Offer.Answer.OPEN, expires_at__lte=now).values_list(
        "booking__occasion_id", flat=True
    )
    holding = Count("bookings", filter=Q(bookings__state__in=Booking.HOLDING))
    waiting = Count("bookings", filter=Q(bookings__state=Booking.State.WAITING))
    unoffered = (
        Occasion.objects.filter(state=Occasion.State.OPEN, starts_at__gt=now, offers_until__gt=now)
        .annotate(holding=holding, waiting=waiting)
        .filter(waiting__gt=0, holding__lt=F("places"))
        .values_list("pk", flat=True)
    )
    to_release = Reservation.objects.filter(released_at=None, until__lte=now).values_list("occasion_id", flat=True)
    return set(run_out) | set(unoffered) | set(to_release)
