"""A place that changes hands: moved to another occasion, handed over to a colleague."""

import datetime as dt

import pytest

from courses.checks import find_faults
from courses.models import Booking, Course, Offer
from courses.services import moving as moving_service
from courses.services import offers as offers_service
from courses.services.approval import approve_request, refuse_request
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking, give_place
from courses.services.moving import hand_over_place, move_booking
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from courses.services.telling import tell_news
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import broken, fill, log_of, state_of
from tests.courses.test_telling import event_of, files_of, news
from tests.courses.ways.seen import everything

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def later(plan_occasion, start):
    """Another occasion of the same course, a week after."""
    return plan_occasion(sessions=two_days(start + 7 * DAY), places=1)


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


@pytest.fixture
def approval(course):
    Course.objects.filter(pk=course.pk).update(needs_approval=True)
    course.refresh_from_db()
    return course


def test_a_move_leaves_the_old_place_and_takes_the_new_in_one_breath(booking, later, cast, now):
    new = move_booking(booking, to=later, by=cast.employee, now=now)
    assert (state_of(booking), new.state, new.occasion_id) == ("moved", "booked", later.pk)
    assert log_of(booking) == ["booked", "moved"]
    assert booking.events.last().other == new
    assert new.events.get().other == booking
    assert find_faults(now=now) == []


def test_the_same_click_twice_is_one_move(booking, later, cast, now):
    new = move_booking(booking, to=later, by=cast.employee, now=now)
    assert move_booking(booking, to=later, by=cast.employee, now=now + SECOND) == new
    assert Booking.objects.count() == 2


def test_the_place_that_was_left_is_offered_to_the_first_who_waits(occasion, booking, later, cast, now):
    fill(occasion, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    move_booking(booking, to=later, by=cast.employee, now=now)
    assert state_of(waiting) == "offered"


def test_a_full_occasion_takes_nobody_and_nothing_has_changed(booking, later, cast, now):
    fill(later, cast.colleague, now=now)
    assert broken(move_booking, booking, to=later, by=cast.employee, now=now) == "occasion_full"
    assert log_of(booking) == ["booked"]
    assert Booking.objects.count() == 2


def test_whoever_waits_to_move_keeps_the_old_place_until_the_offer_is_accepted(occasion, booking, later, cast, now):
    (holder,) = fill(later, cast.colleague, now=now)
    new = move_booking(booking, to=later, by=cast.employee, now=now, wait=True)
    assert (new.state, state_of(booking)) == ("waiting", "booked")
    assert move_booking(booking, to=later, by=cast.employee, now=now, wait=True) == new
    cancel_booking(holder, by=cast.colleague, now=now)
    assert (state_of(new), state_of(booking)) == ("offered", "booked")
    accept_offer(Offer.objects.get(), by=cast.employee, now=now)
    assert (state_of(new), state_of(booking)) == ("booked", "moved")
    assert find_faults(now=now) == []


@pytest.mark.parametrize("way", ["decline", "lapse", "leave"])
def test_a_move_that_comes_to_nothing_leaves_the_old_place_alone(booking, later, cast, now, way):
    (holder,) = fill(later, cast.colleague, now=now)
    new = move_booking(booking, to=later, by=cast.employee, now=now, wait=True)
    cancel_booking(holder, by=cast.colleague, now=now)
    offer = Offer.objects.get()
    if way == "decline":
        decline_offer(offer, by=cast.employee, now=now)
    elif way == "lapse":
        lapse_offers(now=offer.expires_at)
    else:
        cancel_booking(new, by=cast.employee, now=now)
    assert state_of(booking) == "booked"
    assert find_faults(now=now) == []


def test_whoever_is_given_the_place_by_hand_has_moved_too(booking, later, cast, now):
    (holder,) = fill(later, cast.colleague, now=now)
    new = move_booking(booking, to=later, by=cast.employee, now=now, wait=True)
    then = later.offers_until
    cancel_booking(holder, by=cast.facilitator, now=then, why="Sjuk")
    give_place(new, by=cast.facilitator, now=then, why="Ringde")
    assert state_of(new) == "booked"
    # By then the old occasion has begun: what was attended there stays.
    assert state_of(booking) == "booked"


def test_one_waits_to_move_to_one_place_at_a_time(plan_occasion, booking, later, cast, start, now):
    fill(later, cast.colleague, now=now)
    third = plan_occasion(sessions=two_days(start + 20 * DAY))
    move_booking(booking, to=later, by=cast.employee, now=now, wait=True)
    assert broken(move_booking, booking, to=third, by=cast.employee, now=now) == "move_pending"


@pytest.mark.parametrize(("moment", "may"), [(-SECOND, True), (SECOND * 0, False), (SECOND, False)])
def test_one_moves_oneself_until_the_last_moment_to_cancel(occasion, booking, later, cast, moment, may):
    then = occasion.cancel_until + moment
    if may:
        assert move_booking(booking, to=later, by=cast.employee, now=then).state == "booked"
        return
    assert broken(move_booking, booking, to=later, by=cast.employee, now=then) == "too_late_to_move"
    assert broken(move_booking, booking, to=later, by=cast.outsider, now=then, why="x") == "too_late_to_move"
    assert broken(move_booking, booking, to=later, by=cast.facilitator, now=then) == "reason_needed"
    new = move_booking(booking, to=later, by=cast.facilitator, now=then, why="Sjuk dag ett")
    assert (new.person, new.events.get().why) == (cast.employee, "Sjuk dag ett")


def test_whose_attendance_is_marked_is_not_moved(occasion, booking, later, cast):
    then = occasion.cancel_until
    mark_attendance(booking, occasion.sessions.first(), state="excused", by=cast.facilitator, now=then)
    act = {"to": later, "by": cast.facilitator, "now": then, "why": "Sjuk"}
    assert broken(move_booking, booking, **act) == "attendance_marked"


@pytest.mark.parametrize(
    ("changes", "code"), [({"state": "cancelled"}, "occasion_cancelled"), ({"state": "draft"}, "occasion_not_open")]
)
def test_nobody_moves_to_what_can_not_be_booked(plan_occasion, booking, cast, start, now, changes, code):
    there = plan_occasion(sessions=two_days(start + 7 * DAY), **changes)
    assert broken(move_booking, booking, to=there, by=cast.employee, now=now) == code
    assert state_of(booking) == "booked"


def test_one_does_not_move_to_where_one_is_or_stands_already(occasion, booking, later, cast, now):
    assert broken(move_booking, booking, to=occasion, by=cast.employee, now=now) == "same_occasion"
    fill(later, cast.employee, now=now)
    assert broken(move_booking, booking, to=later, by=cast.employee, now=now) == "already_there"


def test_who_waits_has_no_place_to_move(occasion, later, cast, now):
    fill(occasion, cast.colleague, cast.outsider, now=now)
    (waiting,) = fill(occasion, cast.employee, now=now)
    assert broken(move_booking, waiting, to=later, by=cast.employee, now=now) == "no_place_yet"
    cancel_booking(waiting, by=cast.employee, now=now)
    assert broken(move_booking, waiting, to=later, by=cast.employee, now=now) == "booking_not_live"


def test_who_is_approved_for_the_course_stays_approved(approval, occasion, later, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    approve_request(asked, by=cast.manager, now=now)
    new = move_booking(asked, to=later, by=cast.employee, now=now)
    assert (new.state, state_of(asked)) == ("booked", "moved")


def test_a_request_moves_as_a_request(approval, occasion, later, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    new = move_booking(asked, to=later, by=cast.employee, now=now)
    assert (new.state, state_of(asked)) == ("asked", "moved")
    assert find_faults(now=now) == []


def test_to_a_course_that_needs_a_yes_the_old_place_is_kept_until_it_comes(plan_occasion, booking, cast, start, now):
    other = Course.objects.create(slug="annan", title="Annan", hours=7, needs_approval=True)
    there = plan_occasion(on=other, sessions=two_days(start + 7 * DAY))
    new = move_booking(booking, to=there, by=cast.employee, now=now)
    assert (new.state, state_of(booking)) == ("asked", "booked")
    approve_request(new, by=cast.manager, now=now)
    assert (state_of(new), state_of(booking)) == ("booked", "moved")


def test_a_no_to_the_new_course_leaves_the_old_place(plan_occasion, booking, cast, start, now):
    other = Course.objects.create(slug="annan", title="Annan", hours=7, needs_approval=True)
    there = plan_occasion(on=other, sessions=two_days(start + 7 * DAY))
    new = move_booking(booking, to=there, by=cast.employee, now=now)
    refuse_request(new, by=cast.manager, now=now, why="Inte i vår")
    assert state_of(booking) == "booked"


def test_the_calendar_follows_a_move(booking, later, cast, now):
    tell_news(now=now)
    move_booking(booking, to=later, by=cast.employee, now=now)
    tell_news(now=now)
    tell_news(now=now)
    kinds = {letter.kind: letter for letter in news().order_by("id")[1:]}
    assert sorted(kinds) == ["booked", "moved"]
    assert {event_of(content)[0] for content in files_of(kinds["moved"])} == {"CANCEL"}
    assert {event_of(content)[0] for content in files_of(kinds["booked"])} == {"REQUEST"}
    there, here = (
        kinds["moved"].text.index(day) for day in ("tisdag 23 mars 2027, 09.00", "tisdag 16 mars 2027, 09.00")
    )
    assert there < here
    assert find_faults(now=now) == []


def test_a_place_goes_from_hand_to_hand_and_never_to_the_queue(occasion, booking, cast, now):
    fill(occasion, cast.outsider, now=now)
    (waiting,) = fill(occasion, cast.hr, now=now)
    new = hand_over_place(booking, to=cast.colleague, by=cast.employee, now=now)
    assert (state_of(booking), new.state, state_of(waiting)) == ("handed_over", "booked", "waiting")
    assert (booking.events.last().other, new.events.get().other) == (new, booking)
    assert new.events.get().by == cast.employee
    assert hand_over_place(booking, to=cast.colleague, by=cast.employee, now=now + SECOND) == new
    assert find_faults(now=now) == []


def test_the_colleague_may_cancel_and_then_the_queue_has_its_turn(occasion, booking, cast, now):
    fill(occasion, cast.outsider, now=now)
    (waiting,) = fill(occasion, cast.hr, now=now)
    new = hand_over_place(booking, to=cast.colleague, by=cast.employee, now=now)
    cancel_booking(new, by=cast.colleague, now=now)
    assert state_of(waiting) == "offered"


@pytest.mark.parametrize(("moment", "may"), [(-SECOND, True), (SECOND * 0, False), (SECOND, False)])
def test_a_place_is_handed_over_until_the_last_moment_to_cancel(occasion, booking, cast, moment, may):
    then = occasion.cancel_until + moment
    if may:
        assert hand_over_place(booking, to=cast.colleague, by=cast.employee, now=then).state == "booked"
    else:
        assert (
            broken(hand_over_place, booking, to=cast.colleague, by=cast.employee, now=then) == "too_late_to_hand_over"
        )


def test_a_place_is_not_handed_to_just_anyone(occasion, booking, cast, now):
    assert broken(hand_over_place, booking, to=cast.employee, by=cast.employee, now=now) == "no_such_colleague"
    fill(occasion, cast.colleague, now=now)
    assert broken(hand_over_place, booking, to=cast.colleague, by=cast.employee, now=now) == "already_there"
    cast.outsider.is_active = False
    assert broken(hand_over_place, booking, to=cast.outsider, by=cast.employee, now=now) == "no_such_colleague"
    assert broken(hand_over_place, booking, to=cast.hr, by=cast.outsider, now=now) == "too_late_to_hand_over"
    assert log_of(booking) == ["booked"]


def test_who_only_waits_has_nothing_to_hand_over(occasion, cast, now):
    fill(occasion, cast.colleague, cast.outsider, now=now)
    (waiting,) = fill(occasion, cast.employee, now=now)
    assert broken(hand_over_place, waiting, to=cast.hr, by=cast.employee, now=now) == "no_place_yet"


def test_where_a_manager_decides_the_colleagues_manager_decides_anew(approval, occasion, cast, now):
    (asked,) = fill(occasion, cast.employee, now=now)
    approve_request(asked, by=cast.manager, now=now)
    new = hand_over_place(asked, to=cast.colleague, by=cast.employee, now=now)
    assert (new.state, state_of(asked)) == ("asked", "handed_over")
    refuse_request(new, by=cast.manager, now=now, why="Nej")
    assert find_faults(now=now) == []


def test_both_are_told_of_a_hand_over_and_both_calendars_follow(booking, cast, now):
    tell_news(now=now)
    hand_over_place(booking, to=cast.colleague, by=cast.employee, now=now)
    tell_news(now=now)
    gone, received = news().order_by("id")[1:]
    assert (gone.kind, gone.person, received.kind, received.person) == (
        "handed_over", cast.employee, "received", cast.colleague,
    )  # fmt: skip
    assert gone.subject == "Du har lämnat över din plats på Tjänstedesign i två dagar"
    assert received.subject == "Elin Ek ger dig en plats på Tjänstedesign i två dagar"
    assert "avboka före 14 mars kl.\u00a009.00" in received.text
    assert {event_of(content)[0] for content in files_of(gone)} == {"CANCEL"}
    assert {event_of(content)[0] for content in files_of(received)} == {"REQUEST"}
    assert find_faults(now=now) == []


@pytest.mark.parametrize(
    ("module", "act"),
    [(moving_service, "give_up_replaced"), (offers_service, "change_state"), (offers_service, "fill_free_places")],
)
def test_a_move_that_breaks_halfway_leaves_all_as_it_was(booking, later, cast, now, monkeypatch, module, act):
    """Between the new booking and giving up the old, while giving it up, and when its place is to go on."""
    before = everything()

    def break_off(*args, **kwargs):
        assert everything() != before
        raise ConnectionError

    monkeypatch.setattr(module, act, break_off)
    with pytest.raises(ConnectionError):
        move_booking(booking, to=later, by=cast.employee, now=now)
    assert everything() == before
