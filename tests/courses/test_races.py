"""Places under pressure, on the real engine: a gate shows the race, the control shows that the lock closes it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, close_old_connections, connection

from courses.checks import find_faults
from courses.models import Booking, BookingEvent, Course, Occasion, Offer
from courses.services import booking as booking_service
from courses.services import moving as moving_service
from courses.services import occasions as occasions_service
from courses.services import offers as offers_service
from courses.services import places as places_service
from courses.services.approval import approve_request, lapse_requests
from courses.services.booking import book_place, cancel_booking
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import change_occasion, create_occasion
from courses.services.offers import accept_offer, lapse_offers
from people.models import Person
from shared.rules import RuleBroken
from tests.courses.conftest import plan_for, two_days

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(acts, *, workers=None):
    """Each act in a thread and a connection of its own; answers what each returned or which rule said no."""

    def run(act):
        close_old_connections()
        try:
            return act()
        except RuleBroken as broken:
            return broken.code
        finally:
            connection.close()

    with ThreadPoolExecutor(workers or len(acts)) as pool:
        return list(pool.map(run, acts))


def make_people(count):
    return Person.objects.bulk_create(
        Person(email=f"person{number}@skarvik.example", given_name=f"Person {number}") for number in range(count)
    )


@pytest.fixture
def occasion_of(now):
    course = Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=14, days=2)
    start = now.replace(day=16)

    def plan_one(places):
        return create_occasion(course, plan=plan_for(start, places=places), sessions=two_days(start), facilitators=[])

    return plan_one


def take_the_lock_out(monkeypatch):
    def read_only(pk):
        return Occasion.objects.select_related("course").get(pk=pk)

    monkeypatch.setattr(booking_service, "lock_occasion", read_only)
    monkeypatch.setattr(places_service, "lock_occasion", read_only)


def patience(is_locked):
    """Seconds at a gate: behind the lock not all can come, and without it they do, however slow the machine."""
    return 0.4 if is_locked else 60


def hold_at_the_gate(monkeypatch, count, *, is_locked):
    """Everyone looks, and nobody writes until all have looked (or, behind the lock, until it is clear they can't)."""
    gate = threading.Barrier(count)
    look = booking_service.look_at_places

    def look_and_wait(*args, **kwargs):
        seen = look(*args, **kwargs)
        try:
            gate.wait(timeout=patience(is_locked))
        except threading.BrokenBarrierError:
            pass
        return seen

    monkeypatch.setattr(booking_service, "look_at_places", look_and_wait)


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_last_place_goes_to_one(occasion_of, now, monkeypatch, is_locked):
    occasion, people = occasion_of(1), make_people(4)
    hold_at_the_gate(monkeypatch, 4, is_locked=is_locked)
    if not is_locked:
        take_the_lock_out(monkeypatch)
    answers = in_threads([lambda p=person: book_place(occasion, person=p, now=now)[0].state for person in people])
    booked = Booking.objects.filter(state="booked").count()
    if is_locked:
        assert sorted(answers) == ["booked", "occasion_full", "occasion_full", "occasion_full"]
        assert booked == 1
        assert find_faults(now=now) == []
    else:
        assert booked == 4  # the control: without the lock the gate oversells every time
        assert [fault.code for fault in find_faults(now=now)] == ["oversold"]


def test_500_callers_on_10_places_are_10_bookings_and_each_gets_an_answer(occasion_of, now):
    occasion, people = occasion_of(10), make_people(500)
    answers = in_threads(
        [lambda p=person: book_place(occasion, person=p, now=now)[0].state for person in people], workers=40
    )
    assert sorted(set(answers)) == ["booked", "occasion_full"]
    assert answers.count("booked") == Booking.objects.count() == BookingEvent.objects.count() == 10
    assert find_faults(now=now) == []


def test_those_who_wait_stand_in_the_order_in_which_they_were_served(occasion_of, now):
    occasion, people = occasion_of(3), make_people(40)
    bookings = in_threads(
        [lambda p=person: book_place(occasion, person=p, now=now, wait=True)[0] for person in people], workers=20
    )
    assert sorted(booking.state for booking in bookings) == ["booked"] * 3 + ["waiting"] * 37
    assert set(Booking.objects.order_by("id").values_list("state", flat=True)[:3]) == {"booked"}


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_same_click_many_times_is_one_booking(occasion_of, now, monkeypatch, is_locked):
    occasion, (person,) = occasion_of(10), make_people(1)
    hold_at_the_gate(monkeypatch, 8, is_locked=is_locked)
    clicks = [lambda: book_place(occasion, person=person, now=now)] * 8
    if not is_locked:
        take_the_lock_out(monkeypatch)
        # The control: without the lock all but one write a second booking, and only the database says no.
        with pytest.raises(IntegrityError, match="booking_one_live_per_person"):
            in_threads(clicks)
        return
    answers = in_threads(clicks)
    assert len({booking.pk for booking, _created in answers}) == 1
    assert [created for _booking, created in answers].count(True) == 1
    assert BookingEvent.objects.count() == 1


@pytest.mark.parametrize("is_locked", [False, True])
def test_two_cancels_are_two_offers_to_two_people(occasion_of, now, monkeypatch, is_locked):
    occasion, people = occasion_of(2), make_people(5)
    bookings = [book_place(occasion, person=person, now=now, wait=True)[0] for person in people]
    # When an offer is about to be made: both have seen who stands first.
    hold_the_second_look(monkeypatch, offers_service, "add_working_hours", 2, is_locked=is_locked)
    cancels = [
        lambda b=b, p=p: cancel_booking(b, by=p, now=now).state for b, p in zip(bookings[:2], people[:2], strict=True)
    ]
    if not is_locked:
        take_every_lock_out(monkeypatch)
        # The control: without the lock both see the same person first on the list.
        with pytest.raises(IntegrityError, match="offer_one_open_per_booking"):
            in_threads(cancels)
        return
    in_threads(cancels)
    assert list(Offer.objects.order_by("booking").values_list("booking", flat=True)) == [b.pk for b in bookings[2:4]]
    assert find_faults(now=now) == []


def test_the_same_cancel_many_times_frees_one_place(occasion_of, now):
    occasion, people = occasion_of(1), make_people(4)
    bookings = [book_place(occasion, person=person, now=now, wait=True)[0] for person in people]
    in_threads([lambda: cancel_booking(bookings[0], by=people[0], now=now).state] * 6)
    assert Offer.objects.count() == 1
    assert BookingEvent.objects.filter(state="cancelled").count() == 1


def test_an_offer_is_accepted_or_lapses_but_never_both(occasion_of, now):
    occasion, people = occasion_of(1), make_people(3)
    bookings = [book_place(occasion, person=person, now=now, wait=True)[0] for person in people]
    cancel_booking(bookings[0], by=people[0], now=now)
    offer = Offer.objects.get()
    just_before = offer.expires_at.replace(second=0) - (offer.expires_at - now) / 1000
    in_threads(
        [
            lambda: accept_offer(offer, by=people[1], now=just_before).state,
            lambda: lapse_offers(now=offer.expires_at),
            lambda: accept_offer(offer, by=people[1], now=just_before).state,
            lambda: lapse_offers(now=offer.expires_at),
        ]
    )
    held = Booking.objects.filter(state__in=Booking.HOLDING)
    assert held.count() == 1
    assert find_faults(now=offer.expires_at) == []


def test_fewer_places_against_booking_never_leaves_too_many(occasion_of, now):
    occasion, people = occasion_of(6), make_people(6)
    start = occasion.starts_at

    def lower():
        from tests.courses.test_occasions import plans_of

        change_occasion(occasion, plan=plan_for(start, places=3), sessions=plans_of(occasion), now=now)
        return "lowered"

    acts = [lambda p=person: book_place(occasion, person=p, now=now)[0].state for person in people]
    in_threads([*acts[:3], lower, *acts[3:]])
    occasion.refresh_from_db()
    assert Booking.objects.filter(state="booked").count() <= occasion.places
    assert find_faults(now=now) == []


def hold_the_second_look(monkeypatch, module, name, count, *, is_locked):
    """A gate at the last question before an act writes: all have asked, and none has written."""
    gate = threading.Barrier(count)
    ask = getattr(module, name)

    def ask_and_wait(*args, **kwargs):
        answer = ask(*args, **kwargs)
        try:
            gate.wait(timeout=patience(is_locked))
        except threading.BrokenBarrierError:
            pass
        return answer

    monkeypatch.setattr(module, name, ask_and_wait)


def take_every_lock_out(monkeypatch):
    def read_only(pk):
        return Occasion.objects.select_related("course").get(pk=pk)

    def read_booking(booking):
        fresh = Booking.objects.select_related("person", "occasion__course", "replaces__occasion").get(pk=booking.pk)
        return fresh, fresh.occasion

    for module in (booking_service, places_service, occasions_service):
        monkeypatch.setattr(module, "lock_occasion", read_only)
    for module in (booking_service, moving_service):
        monkeypatch.setattr(module, "lock_booking", read_booking)


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_move_against_a_cancel_is_one_of_them(occasion_of, now, monkeypatch, is_locked):
    occasion, there, (person,) = occasion_of(1), occasion_of(1), make_people(1)
    booking = book_place(occasion, person=person, now=now)[0]
    hold_the_second_look(monkeypatch, moving_service, "may_cancel_oneself", 2, is_locked=is_locked)
    hold_the_second_look(monkeypatch, booking_service, "may_cancel_oneself", 2, is_locked=is_locked)
    if not is_locked:
        take_every_lock_out(monkeypatch)
        gate = threading.Barrier(2)
        for module in (moving_service, booking_service):
            monkeypatch.setattr(module, "may_cancel_oneself", lambda *a, **k: gate.wait(timeout=60) >= 0)
    answers = in_threads(
        [
            lambda: move_booking(booking, to=there, by=person, now=now).state,
            lambda: cancel_booking(booking, by=person, now=now).state,
        ]
    )
    lines = sorted(booking.events.values_list("state", flat=True))
    if not is_locked:
        assert lines == ["booked", "cancelled", "moved"]  # the control: both happened to one booking
        return
    moved = Booking.objects.filter(occasion=there, state="booked").exists()
    assert lines == (["booked", "moved"] if moved else ["booked", "cancelled"])
    assert sorted(answers) in (["booked", "booking_not_live"], ["booking_not_live", "cancelled"])
    assert find_faults(now=now) == []


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_hand_over_against_a_cancel_is_one_of_them(occasion_of, now, monkeypatch, is_locked):
    occasion, (person, colleague, waits) = occasion_of(1), make_people(3)
    booking = book_place(occasion, person=person, now=now)[0]
    book_place(occasion, person=waits, now=now, wait=True)
    if is_locked:
        hold_the_second_look(monkeypatch, moving_service, "may_cancel_oneself", 2, is_locked=is_locked)
        hold_the_second_look(monkeypatch, booking_service, "may_cancel_oneself", 2, is_locked=is_locked)
    else:
        take_every_lock_out(monkeypatch)
        gate = threading.Barrier(2)
        for module in (moving_service, booking_service):
            monkeypatch.setattr(module, "may_cancel_oneself", lambda *a, **k: gate.wait(timeout=60) >= 0)
    in_threads(
        [
            lambda: hand_over_place(booking, to=colleague, by=person, now=now).state,
            lambda: cancel_booking(booking, by=person, now=now).state,
        ]
    )
    held = Booking.objects.filter(occasion=occasion, state__in=Booking.HOLDING).count()
    if is_locked:
        assert held == 1
        assert find_faults(now=now) == []
    else:
        # The control: the place was given to the colleague and gone from the log of the one who cancelled too.
        assert sorted(booking.events.values_list("state", flat=True)) == ["booked", "cancelled", "handed_over"]


def test_two_who_move_past_each_other_never_wait_for_each_other_for_ever(occasion_of, now):
    """Locks in the order of ids: without it PostgreSQL would end one of them as a deadlock."""
    one, other, people = occasion_of(8), occasion_of(8), make_people(8)
    bookings = [
        book_place(one if number % 2 else other, person=person, now=now)[0] for number, person in enumerate(people)
    ]
    answers = in_threads(
        [
            lambda b=b, p=p: move_booking(b, to=other if b.occasion_id == one.pk else one, by=p, now=now).state
            for b, p in zip(bookings, people, strict=True)
        ]
    )
    assert answers == ["booked"] * 8
    assert find_faults(now=now) == []


def test_the_same_move_many_times_is_one_move(occasion_of, now):
    occasion, there, (person,) = occasion_of(1), occasion_of(5), make_people(1)
    booking = book_place(occasion, person=person, now=now)[0]
    answers = in_threads([lambda: move_booking(booking, to=there, by=person, now=now).pk] * 6)
    assert len(set(answers)) == 1
    assert Booking.objects.filter(occasion=there).count() == 1


def test_moves_to_two_places_at_once_are_a_move_to_one(occasion_of, now):
    occasion, there, elsewhere, (person,) = occasion_of(1), occasion_of(5), occasion_of(5), make_people(1)
    booking = book_place(occasion, person=person, now=now)[0]
    answers = in_threads(
        [lambda to=to: move_booking(booking, to=to, by=person, now=now).state for to in (there, elsewhere)]
    )
    assert sorted(answers) == ["booked", "booking_not_live"]
    assert Booking.objects.filter(state="booked").count() == 1


def test_a_yes_meets_the_sweep_that_lapses_and_one_of_them_wins(occasion_of, now):
    occasion, (person, manager) = occasion_of(1), make_people(2)
    Course.objects.update(needs_approval=True)
    asked = book_place(occasion, person=person, now=now)[0]
    then = asked.decide_by
    in_threads(
        [
            lambda: approve_request(asked, by=manager, now=then).state,
            lambda: lapse_requests(now=then),
            lambda: approve_request(asked, by=manager, now=then).state,
            lambda: lapse_requests(now=then),
        ]
    )
    assert sorted(asked.events.values_list("state", flat=True)) in (["asked", "booked"], ["asked", "lapsed"])
    assert find_faults(now=then) == []


@pytest.mark.parametrize("is_locked", [False, True])
def test_capacity_lowered_against_booking_oversells_only_without_the_lock(occasion_of, now, monkeypatch, is_locked):
    from tests.courses.test_occasions import plans_of

    occasion, people = occasion_of(2), make_people(2)
    book_place(occasion, person=people[0], now=now)
    plans, plan = plans_of(occasion), plan_for(occasion.starts_at, places=1)
    hold_at_the_gate(monkeypatch, 2, is_locked=is_locked)
    hold_the_second_look(monkeypatch, occasions_service, "set_sessions", 2, is_locked=is_locked)
    if not is_locked:
        take_every_lock_out(monkeypatch)
        gate = threading.Barrier(2)
        look = places_service.look_at_places

        def look_and_wait(*args, **kwargs):
            seen = look(*args, **kwargs)
            gate.wait(timeout=60)
            return seen

        def set_and_wait(*args, **kwargs):
            gate.wait(timeout=60)

        monkeypatch.setattr(booking_service, "look_at_places", look_and_wait)
        monkeypatch.setattr(occasions_service, "set_sessions", set_and_wait)
    in_threads(
        [
            lambda: book_place(occasion, person=people[1], now=now)[0].state,
            lambda: change_occasion(occasion, plan=plan, sessions=plans, now=now).places,
        ]
    )
    occasion.refresh_from_db()
    booked = Booking.objects.filter(state="booked").count()
    assert (booked > occasion.places) is not is_locked
    assert [fault.code for fault in find_faults(now=now)] == ([] if is_locked else ["oversold"])
