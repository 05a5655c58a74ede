"""Who may book: hidden occasions, chosen administrations, places reserved for a unit."""

import datetime as dt

import pytest

from courses.checks import find_faults
from courses.models import Booking, Occasion, Offer, Reservation
from courses.own_queries import suggested_occasion
from courses.queries import places_of, upcoming_occasions
from courses.services.booking import book_place, cancel_booking, give_place, give_place_to
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import change_occasion
from courses.services.offers import lapse_offers
from courses.services.reservations import (
    decide_who_may_book,
    name_for_place,
    release_reservation,
    reserve_places,
)
from people.models import Unit
from tests.courses.conftest import DAY, plan_for, two_days
from tests.courses.test_booking import broken, fill, state_of
from tests.courses.test_checks import run
from tests.courses.test_occasions import plans_of
from tests.support.cast import make_person

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def for_schools(occasion, cast, now):
    return decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)


@pytest.fixture
def reserved(plan_occasion, cast, now):
    """Three places, one of them the school's until the offers end."""
    occasion = plan_occasion(places=3)
    return reserve_places(occasion, unit=cast.school, places=1, until=occasion.offers_until, now=now)


def codes(now):
    return sorted({fault.code for fault in find_faults(now=now)})


def test_an_occasion_for_one_administration_takes_nobody_else(for_schools, cast, now):
    assert broken(book_place, for_schools, person=cast.outsider, now=now, wait=True) == "not_for_you"
    assert broken(book_place, for_schools, person=make_person("Noa", "Ingenstans"), now=now) == "not_for_you"
    assert book_place(for_schools, person=cast.employee, now=now)[0].state == "booked"
    assert codes(now) == []


def test_only_whole_administrations_are_chosen(occasion, cast, now):
    act = {"administrations": [cast.school], "is_hidden": False, "now": now}
    assert broken(decide_who_may_book, occasion, **act) == "not_an_administration"


def test_nobody_is_moved_or_handed_in_who_may_not_book(plan_occasion, for_schools, cast, start, now):
    elsewhere = plan_occasion(sessions=two_days(start + 7 * DAY))
    (booking,) = fill(elsewhere, cast.outsider, now=now)
    assert broken(move_booking, booking, to=for_schools, by=cast.outsider, now=now) == "not_for_you"
    (own,) = fill(for_schools, cast.employee, now=now)
    assert broken(hand_over_place, own, to=cast.outsider, by=cast.employee, now=now) == "not_for_you"
    assert hand_over_place(own, to=cast.colleague, by=cast.employee, now=now).state == "booked"


def test_a_freed_place_passes_over_who_may_no_longer_book(occasion, cast, now):
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    outside, inside = fill(occasion, cast.outsider, cast.manager, now=now)
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    cancel_booking(first, by=cast.employee, now=now + SECOND)
    assert [state_of(outside), state_of(inside)] == ["waiting", "offered"]
    assert codes(now + SECOND) == []


def test_opened_to_all_again_the_free_place_is_offered_at_once(occasion, cast, now):
    decide_who_may_book(occasion, administrations=[cast.schools, cast.care], is_hidden=False, now=now)
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    (outside,) = fill(occasion, cast.outsider, now=now)
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    assert state_of(outside) == "waiting"
    opened = decide_who_may_book(occasion, administrations=[], is_hidden=False, now=now)
    assert state_of(outside) == "offered"
    assert not opened.is_limited


def test_whoever_waits_and_may_not_book_keeps_nobody_else_waiting(occasion, cast, now):
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, now=now)
    limited = decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    assert book_place(limited, person=cast.manager, now=now)[0].state == "booked"


def test_a_hidden_occasion_stands_in_no_list_and_is_booked_by_its_link(occasion, cast, now, client):
    decide_who_may_book(occasion, administrations=[], is_hidden=True, now=now)
    assert not upcoming_occasions(now=now)
    assert suggested_occasion(cast.employee, now=now) is None
    assert client.get("/api/v1/occasions/?from=2027-01-01").json()["count"] == 0
    assert client.get(f"/kurstillfallen/{occasion.pk}/").status_code == 200
    assert book_place(occasion, person=cast.employee, now=now)[0].state == "booked"


def test_nothing_is_suggested_that_one_may_not_book(for_schools, cast, now):
    assert suggested_occasion(cast.employee, now=now) == for_schools
    assert suggested_occasion(cast.outsider, now=now) is None


def test_reserved_places_are_not_taken_by_others(reserved, cast, now):
    occasion = reserved.occasion
    assert [b.state for b in fill(occasion, cast.outsider, cast.hr, cast.editor, now=now)] == [
        "booked", "booked", "waiting",
    ]  # fmt: skip
    own = book_place(occasion, person=cast.employee, now=now)[0]
    assert (own.state, own.reservation_id) == ("booked", reserved.pk)
    assert codes(now) == []


def test_the_units_own_people_use_the_reserved_places_first_and_then_the_others(reserved, cast, now):
    people = [cast.employee, cast.colleague, cast.manager]
    assert [b.reservation_id for b in fill(reserved.occasion, *people, now=now)] == [reserved.pk, None, None]
    assert broken(book_place, reserved.occasion, person=cast.outsider, now=now) == "occasion_full"


def test_a_unit_above_counts_as_the_unit(plan_occasion, cast, now):
    occasion = plan_occasion(places=1)
    reserve_places(occasion, unit=cast.schools, places=1, until=occasion.offers_until, now=now)
    assert broken(book_place, occasion, person=cast.outsider, now=now) == "occasion_full"
    assert book_place(occasion, person=cast.employee, now=now)[0].state == "booked"


def test_a_freed_reserved_place_goes_to_the_first_of_the_unit(reserved, cast, now):
    occasion = reserved.occasion
    (own,) = fill(occasion, cast.employee, now=now)
    fill(occasion, cast.hr, cast.administrator, now=now)
    outside, inside = fill(occasion, cast.outsider, cast.colleague, now=now)
    cancel_booking(own, by=cast.employee, now=now)
    assert [state_of(outside), state_of(inside)] == ["waiting", "offered"]
    assert Booking.objects.get(pk=inside.pk).reservation == reserved
    assert codes(now) == []


@pytest.mark.parametrize(("moment", "state"), [(-SECOND, "waiting"), (SECOND * 0, "offered"), (SECOND, "offered")])
def test_reserved_places_are_released_at_their_moment_and_offered_to_the_queue(plan_occasion, cast, now, moment, state):
    occasion = plan_occasion(places=1)
    reservation = reserve_places(occasion, unit=cast.school, places=1, until=now + 2 * DAY, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    assert waiting.state == "waiting"
    then = now + 2 * DAY + moment
    lapse_offers(now=then)
    assert state_of(waiting) == state
    assert Reservation.objects.filter(pk=reservation.pk, released_at=None).exists() == (state == "waiting")
    assert Occasion.objects.get(pk=occasion.pk).is_limited == (state == "waiting")
    assert codes(then) == []


def test_who_books_in_the_minute_before_the_sweep_does_not_pass_those_who_wait(plan_occasion, cast, now):
    occasion = plan_occasion(places=1)
    reserve_places(occasion, unit=cast.school, places=1, until=now + DAY, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    newcomer, _created = book_place(occasion, person=cast.hr, now=now + DAY, wait=True)
    assert (state_of(waiting), newcomer.state) == ("offered", "waiting")


def test_a_reservation_is_released_by_hand_once(reserved, cast, now):
    occasion = reserved.occasion
    fill(occasion, cast.outsider, cast.hr, now=now)
    (waiting,) = fill(occasion, cast.editor, now=now)
    released = release_reservation(reserved, now=now)
    assert release_reservation(reserved, now=now + DAY).released_at == released.released_at
    assert state_of(waiting) == "offered"


def test_no_more_is_reserved_than_is_free(occasion, cast, now):
    fill(occasion, cast.outsider, now=now)
    act = {"unit": cast.school, "until": occasion.offers_until, "now": now}
    assert broken(reserve_places, occasion, places=2, **act) == "reservation_too_large"
    reserve_places(occasion, places=1, **act)
    assert broken(reserve_places, occasion, places=1, **act) == "already_reserved"
    assert broken(reserve_places, occasion, places=1, **act | {"unit": cast.care}) == "reservation_too_large"


@pytest.mark.parametrize("until", [-SECOND, SECOND * 0, 12 * DAY])
def test_places_are_reserved_until_a_moment_when_they_can_still_be_offered(occasion, cast, now, until):
    act = {"unit": cast.school, "places": 1, "until": now + until, "now": now}
    assert broken(reserve_places, occasion, **act) == "reservation_moment"


def test_a_reservation_stays_within_the_chosen_administrations(for_schools, occasion, cast, now):
    act = {"places": 1, "until": occasion.offers_until, "now": now}
    assert broken(reserve_places, for_schools, unit=cast.care, **act) == "reservation_outside"
    reserve_places(for_schools, unit=cast.school, **act)
    change = {"administrations": [cast.care], "is_hidden": False, "now": now}
    assert broken(decide_who_may_book, for_schools, **change) == "reservation_outside"


def test_the_manager_names_who_comes(reserved, cast, now):
    act = {"person": cast.employee, "now": now}
    assert broken(name_for_place, reserved, by=cast.outsider, **act) == "not_your_reservation"
    assert broken(name_for_place, reserved, by=cast.manager, person=cast.outsider, now=now) == "not_of_the_unit"
    booking, created = name_for_place(reserved, by=cast.manager, **act)
    assert (booking.state, booking.reservation_id, created) == ("booked", reserved.pk, True)
    assert booking.events.get().by == cast.manager
    assert name_for_place(reserved, by=cast.manager, **act) == (booking, False)
    assert broken(name_for_place, reserved, by=cast.manager, person=cast.colleague, now=now) == "reservation_full"


def test_a_manager_above_names_too_and_a_released_place_is_nobodys_to_name(reserved, cast, now):
    Unit.objects.filter(pk=cast.schools.pk).update(manager=cast.hr)
    assert name_for_place(reserved, person=cast.colleague, by=cast.hr, now=now)[1]
    release_reservation(reserved, now=now)
    act = {"person": cast.employee, "by": cast.manager, "now": now}
    assert broken(name_for_place, reserved, **act) == "reservation_released"


def test_a_reserved_place_is_handed_over_within_the_unit(reserved, cast, now):
    (own,) = fill(reserved.occasion, cast.employee, now=now)
    assert broken(hand_over_place, own, to=cast.outsider, by=cast.employee, now=now) == "reserved_for_unit"
    assert hand_over_place(own, to=cast.colleague, by=cast.employee, now=now).reservation_id == reserved.pk


def test_by_hand_too_others_get_no_reserved_place(plan_occasion, cast, now):
    occasion = plan_occasion(places=1)
    reserve_places(occasion, unit=cast.school, places=1, until=occasion.offers_until, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    act = {"by": cast.facilitator, "now": now, "why": "Ringde"}
    assert broken(give_place, waiting, **act) == "occasion_full"
    assert broken(give_place_to, cast.hr, on=occasion, **act) == "occasion_full"
    assert give_place_to(cast.employee, on=occasion, **act).reservation_id is not None


def test_by_hand_someone_comes_in_past_the_list_and_past_the_closing(for_schools, cast, now):
    then = for_schools.booking_closes_at + SECOND
    act = {"on": for_schools, "by": cast.facilitator, "now": then}
    assert broken(give_place_to, cast.outsider, why=" ", **act) == "reason_needed"
    given = give_place_to(cast.outsider, why="Håller i en del av dagen", **act)
    assert (given.state, given.events.get().why) == ("booked", "Håller i en del av dagen")
    assert give_place_to(cast.outsider, why="Igen", **act) == given


def test_fewer_places_than_are_held_and_reserved_is_refused_with_the_list(reserved, cast, start, now):
    fill(reserved.occasion, cast.outsider, now=now)
    plan = plan_for(start, places=1)
    act = {"plan": plan, "sessions": plans_of(reserved.occasion), "now": now}
    with pytest.raises(Exception, match=r"Olle Utan, Åsaskolan \(1\)") as refusal:
        change_occasion(reserved.occasion, **act)
    assert refusal.value.code == "places_below_booked"


def test_lists_count_what_is_reserved_as_taken(reserved, cast, now):
    (listed,) = upcoming_occasions(now=now)
    assert (places_of(listed).reserved, places_of(listed).left) == (1, 2)
    fill(reserved.occasion, cast.employee, now=now)
    (listed,) = upcoming_occasions(now=now)
    assert (places_of(listed).reserved, places_of(listed).left) == (0, 2)


def test_a_limited_occasion_is_booked_in_a_fixed_number_of_queries(reserved, cast, now, django_assert_max_num_queries):
    others = [make_person(f"Person {n}", "Prov", unit=cast.care) for n in range(20)]
    fill(reserved.occasion, *others, now=now)
    with django_assert_max_num_queries(11):
        book_place(reserved.occasion, person=cast.employee, now=now)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE courses_occasion SET is_limited = false", "limits_disagree"),
        ("UPDATE courses_reservation SET places = 3", "reserved_too_much"),
        ("UPDATE courses_booking SET reservation_id = (SELECT id FROM courses_reservation)", "reservation_overused"),
        ("UPDATE courses_reservation SET until = '2027-03-01', made_at = '2027-02-01'", "reservation_not_released"),
    ],
)
def test_the_proof_finds_what_is_wrong_with_limits(reserved, cast, now, statement, code):
    fill(reserved.occasion, cast.employee, cast.outsider, now=now)
    assert codes(now) == []
    run(statement)
    assert code in codes(now)


def test_the_proof_finds_a_place_counted_elsewhere_and_one_kept_from_the_unit(
    plan_occasion, reserved, cast, start, now
):
    other = plan_occasion(sessions=two_days(start + 7 * DAY))
    fill(other, cast.hr, now=now)
    run("UPDATE courses_booking SET reservation_id = %s", reserved.pk)
    assert codes(now) == ["reservation_elsewhere"]
    run("UPDATE courses_booking SET reservation_id = NULL")
    fill(reserved.occasion, cast.outsider, cast.editor, now=now)
    run("UPDATE courses_occasion SET places = 2 WHERE id = %s", reserved.occasion_id)
    run("UPDATE courses_reservation SET released_at = %s", now)
    run("UPDATE courses_occasion SET is_limited = false")
    (waiting,) = fill(reserved.occasion, cast.employee, now=now)
    assert waiting.state == "waiting"
    run("UPDATE courses_occasion SET places = 3, is_limited = true WHERE id = %s", reserved.occasion_id)
    run("UPDATE courses_reservation SET released_at = NULL")
    assert codes(now + dt.timedelta(hours=1)) == ["place_not_offered"]
    assert not Offer.objects.exists()
