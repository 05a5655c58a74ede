"""Places: booked, waited for, offered, given back."""

import datetime as dt

import pytest
from django.db import transaction

from courses.checks import find_faults
from courses.models import Booking, BookingEvent, Offer
from courses.services.approval import approve_request, may_decide, refuse_request
from courses.services.booking import book_place, cancel_booking, give_place
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from courses.working_hours import add_working_hours
from shared.rules import RuleBroken
from tests.support.cast import make_person

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def log_of(booking):
    return list(booking.events.values_list("state", flat=True))


def state_of(booking):
    return Booking.objects.get(pk=booking.pk).state


def fill(occasion, *people, now):
    return [book_place(occasion, person=person, now=now, wait=True)[0] for person in people]


def broken(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_booking_takes_a_place_and_writes_the_log(occasion, cast, now):
    booking, created = book_place(occasion, person=cast.employee, now=now)
    assert created
    assert booking.state == "booked"
    event = BookingEvent.objects.get()
    assert (event.booking, event.state, event.at, event.by) == (booking, "booked", now, cast.employee)


def test_the_same_click_twice_is_one_booking(occasion, cast, now):
    first, _ = book_place(occasion, person=cast.employee, now=now)
    again, created = book_place(occasion, person=cast.employee, now=now + SECOND, wait=True)
    assert (again, created) == (first, False)
    assert BookingEvent.objects.count() == 1


def test_a_full_occasion_refuses_or_queues(occasion, cast, now):
    fill(occasion, cast.employee, cast.colleague, now=now)
    assert broken(book_place, occasion, person=cast.outsider, now=now) == "occasion_full"
    booking, created = book_place(occasion, person=cast.outsider, now=now, wait=True)
    assert (booking.state, created) == ("waiting", True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"state": "cancelled"}, "occasion_cancelled"), ({"state": "draft"}, "occasion_not_open")],
)
def test_what_is_not_open_is_not_booked(plan_occasion, cast, now, changes, code):
    assert broken(book_place, plan_occasion(**changes), person=cast.employee, now=now) == code


@pytest.mark.parametrize(
    ("moment", "code"), [(-SECOND, None), (SECOND * 0, "booking_closed"), (SECOND, "booking_closed")]
)
def test_booking_closes_on_the_second(occasion, cast, moment, code):
    now = occasion.booking_closes_at + moment
    if code:
        assert broken(book_place, occasion, person=cast.employee, now=now) == code
    else:
        assert book_place(occasion, person=cast.employee, now=now)[1]


def test_nobody_books_what_has_started(plan_occasion, cast, start):
    occasion = plan_occasion(booking_closes_at=start + DAY)
    assert broken(book_place, occasion, person=cast.employee, now=start) == "occasion_started"
    assert book_place(occasion, person=cast.employee, now=start - SECOND)[1]


def test_a_freed_place_is_offered_to_the_first_who_waits(occasion, cast, now):
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    waiting, last = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    assert offer.booking == waiting
    assert offer.expires_at == add_working_hours(now, 8)
    assert [state_of(waiting), state_of(last)] == ["offered", "waiting"]
    assert find_faults(now=now) == []


def test_nobody_jumps_the_queue_while_an_offer_is_out(occasion, cast, now):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    assert broken(book_place, occasion, person=cast.editor, now=now) == "occasion_full"
    assert book_place(occasion, person=cast.employee, now=now, wait=True)[0].state == "waiting"


def test_an_accepted_offer_is_a_place_also_when_accepted_twice(occasion, cast, now):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    accept_offer(offer, by=cast.outsider, now=now)
    accept_offer(offer, by=cast.outsider, now=now + HOUR)
    assert log_of(waiting) == ["waiting", "offered", "booked"]


def test_a_declined_offer_goes_to_the_next(occasion, cast, now):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    one, two = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    decline_offer(offer, by=cast.outsider, now=now)
    decline_offer(offer, by=cast.outsider, now=now)
    assert [state_of(one), state_of(two)] == ["cancelled", "offered"]
    assert broken(accept_offer, offer, by=cast.outsider, now=now) == "offer_lapsed"


@pytest.mark.parametrize(("moment", "is_open"), [(-SECOND, True), (SECOND * 0, False), (SECOND, False)])
def test_an_offer_lapses_on_the_second_and_goes_to_the_next(occasion, cast, now, moment, is_open):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    one, two = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    then = offer.expires_at + moment
    lapsed = lapse_offers(now=then)
    if is_open:
        assert lapsed == 0
        assert accept_offer(offer, by=cast.outsider, now=then).state == "booked"
    else:
        assert lapsed == 1
        assert broken(accept_offer, offer, by=cast.outsider, now=then) == "offer_lapsed"
        assert [state_of(one), state_of(two)] == ["lapsed", "offered"]


def test_an_offer_that_ran_out_is_not_accepted_before_the_sweep_either(occasion, cast, now):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    assert broken(accept_offer, offer, by=cast.outsider, now=offer.expires_at) == "offer_lapsed"


@pytest.mark.parametrize(("moment", "state"), [(-SECOND, "offered"), (SECOND * 0, "waiting"), (SECOND, "waiting")])
def test_no_place_is_offered_by_itself_after_the_cut_off(occasion, cast, now, moment, state):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    then = occasion.offers_until + moment
    cancel_booking(first, by=cast.employee, now=then)
    lapse_offers(now=then)
    assert state_of(waiting) == state
    assert broken(book_place, occasion, person=cast.hr, now=then) == "occasion_full"


def test_after_the_cut_off_a_facilitator_gives_the_place_by_hand(occasion, cast, now):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    then = occasion.offers_until
    assert broken(give_place, waiting, by=cast.facilitator, now=then, why="Ringde") == "occasion_full"
    cancel_booking(first, by=cast.employee, now=then)
    assert broken(give_place, waiting, by=cast.facilitator, now=then, why=" ") == "reason_needed"
    give_place(waiting, by=cast.facilitator, now=then, why="Ringde och kan komma")
    assert state_of(waiting) == "booked"
    assert waiting.events.last().why == "Ringde och kan komma"


def test_leaving_the_list_moves_nobody_into_a_place(occasion, cast, now):
    fill(occasion, cast.employee, cast.colleague, now=now)
    one, two = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(one, by=cast.outsider, now=now)
    assert state_of(two) == "waiting"
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("moment", "may"), [(-SECOND, True), (SECOND * 0, False), (SECOND, False)])
def test_one_cancels_oneself_until_the_last_moment(occasion, cast, now, moment, may):
    (booking,) = fill(occasion, cast.employee, now=now)
    then = occasion.cancel_until + moment
    if may:
        assert cancel_booking(booking, by=cast.employee, now=then).state == "cancelled"
    else:
        assert broken(cancel_booking, booking, by=cast.employee, now=then) == "too_late_to_cancel"
        assert broken(cancel_booking, booking, by=cast.facilitator, now=then) == "reason_needed"
        cancel_booking(booking, by=cast.facilitator, now=then, why="Sjuk")
        assert booking.events.last().why == "Sjuk"


def test_an_outsider_cancels_nobody(occasion, cast, now):
    (booking,) = fill(occasion, cast.employee, now=now)
    assert broken(cancel_booking, booking, by=cast.outsider, now=now, why="x") == "too_late_to_cancel"
    assert state_of(booking) == "booked"


def test_cancelled_twice_is_cancelled_once_and_one_can_book_again(occasion, cast, now):
    (booking,) = fill(occasion, cast.employee, now=now)
    cancel_booking(booking, by=cast.employee, now=now)
    cancel_booking(booking, by=cast.employee, now=now)
    assert log_of(booking) == ["booked", "cancelled"]
    again, created = book_place(occasion, person=cast.employee, now=now)
    assert created
    assert again != booking


def test_where_the_manager_decides_the_place_is_held_meanwhile(plan_occasion, course, cast, now):
    course.needs_approval = True
    course.save()
    occasion = plan_occasion(places=1)
    (asked,) = fill(occasion, cast.employee, now=now)
    assert asked.state == "asked"
    assert broken(book_place, occasion, person=cast.colleague, now=now) == "occasion_full"
    assert may_decide(cast.manager, asked, now=now)
    assert not may_decide(cast.employee, asked, now=now)
    assert not may_decide(cast.outsider, asked, now=now)
    assert not may_decide(cast.facilitator, asked, now=now)
    assert approve_request(asked, by=cast.manager, now=now).state == "booked"
    assert broken(refuse_request, asked, by=cast.manager, now=now, why="Nej") == "request_answered"


def test_a_refused_request_frees_the_place_for_the_next(plan_occasion, course, cast, now):
    course.needs_approval = True
    course.save()
    occasion = plan_occasion(places=1)
    (asked,) = fill(occasion, cast.employee, now=now)
    (waiting,) = fill(occasion, cast.colleague, now=now)
    assert broken(refuse_request, asked, by=cast.manager, now=now, why="") == "reason_needed"
    refuse_request(asked, by=cast.manager, now=now, why="Inte i vår")
    assert state_of(waiting) == "offered"
    assert accept_offer(Offer.objects.get(), by=cast.colleague, now=now).state == "asked"


def test_with_no_manager_known_the_facilitator_decides(plan_occasion, course, cast, now):
    course.needs_approval = True
    course.save()
    stranger = make_person("Noa", "Ingenstans")
    (asked,) = fill(plan_occasion(), stranger, now=now)
    assert may_decide(cast.facilitator, asked, now=now)


def test_a_rolled_back_booking_leaves_nothing(occasion, cast, now):
    with transaction.atomic():
        book_place(occasion, person=cast.employee, now=now)
        transaction.set_rollback(True)
    assert not Booking.objects.exists()
    assert not BookingEvent.objects.exists()
