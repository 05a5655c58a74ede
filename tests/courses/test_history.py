"""A history that explains itself, a place in the queue, and what else stands at the same time."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from courses.history import history_of, standing_of
from courses.history_words import histories_of
from courses.models import Booking, Course, Offer
from courses.queries import clashes_of, position_in_queue, positions_in_queue
from courses.services.approval import approve_request, lapse_requests
from courses.services.booking import book_place, cancel_booking
from courses.services.moving import hand_over_place, move_booking
from courses.services.offers import lapse_offers
from courses.services.reservations import decide_who_may_book
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_booking import fill


def said(booking):
    with translation.override("sv"):
        return [line.says for line in history_of(booking)]


def test_an_offer_that_ran_out_is_told_with_its_moments(occasion, cast, now):
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now + HOUR)
    lapse_offers(now=Offer.objects.get().expires_at)
    assert said(waiting) == [
        "Du ställde dig på väntelistan tisdag 2 mars kl.\u00a009.00.",
        "Du erbjöds en plats tisdag 2 mars kl.\u00a010.00. Den hölls åt dig till tisdag 2 mars kl.\u00a018.00.",
        "Erbjudandet gick ut tisdag 2 mars kl.\u00a018.00.",
    ]
    assert said(first) == ["Du bokades tisdag 2 mars kl.\u00a009.00.", "Du avbokade tisdag 2 mars kl.\u00a010.00."]


def test_an_end_is_told_by_what_was_left(plan_occasion, occasion, cast, now):
    """A place in the queue and a request are not cancelled: they are left, taken back, or taken away by another."""
    fill(occasion, cast.employee, cast.colleague, now=now)
    left, removed = fill(occasion, cast.outsider, cast.manager, now=now)
    cancel_booking(left, by=cast.outsider, now=now)
    cancel_booking(removed, by=cast.facilitator, now=now, why="Går i pension.")
    Course.objects.update(needs_approval=True)
    (asked,) = fill(plan_occasion(on=Course.objects.get()), cast.employee, now=now)
    cancel_booking(asked, by=cast.employee, now=now)
    at = "tisdag 2 mars kl.\u00a009.00"
    assert said(left)[-1] == f"Du lämnade väntelistan {at}."
    assert said(removed)[-1] == f"{cast.facilitator} tog bort dig från väntelistan {at}."
    assert said(asked)[-1] == f"Du tog tillbaka din förfrågan {at}."
    with translation.override("sv"):
        assert histories_of([left])[left.pk][-1].says == f"Lämnade väntelistan {at}."


@pytest.mark.parametrize(
    "change", ["DELETE FROM courses_bookingevent", *(f"UPDATE courses_bookingevent SET {what}" for what in (
        "why = 'annat'", "by_id = NULL", "at = at - interval '1 day'", "state = 'cancelled'"
    ))],
)  # fmt: skip
def test_a_line_of_the_log_is_never_changed_or_deleted(occasion, cast, now, change):
    (booking,) = fill(occasion, cast.employee, now=now)
    before = said(booking)
    with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert said(booking) == before
    booking.events.update(to_tell=False)


def test_the_other_end_of_a_line_is_filled_in_once(occasion, cast, now):
    booking, other = fill(occasion, cast.employee, cast.colleague, now=now)
    booking.events.update(other=other)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        booking.events.update(other=None)


def test_both_ends_of_a_move_and_of_a_hand_over_tell_of_each_other(plan_occasion, occasion, cast, start, now):
    there = plan_occasion(sessions=two_days(start + 7 * DAY))
    (booking,) = fill(occasion, cast.employee, now=now)
    new = move_booking(booking, to=there, by=cast.employee, now=now)
    received = hand_over_place(new, to=cast.colleague, by=cast.employee, now=now)
    assert said(booking)[-1] == (
        "Du flyttade tisdag 2 mars kl.\u00a009.00 till Tjänstedesign i två dagar, som börjar 23 mars 2027."
    )
    assert said(new)[0] == "Du flyttade hit tisdag 2 mars kl.\u00a009.00 från Tjänstedesign i två dagar, 16 mars 2027."
    assert said(new)[-1] == "Du lämnade över din plats till Kaj Kvist tisdag 2 mars kl.\u00a009.00."
    assert said(received) == ["Elin Ek lämnade över platsen till dig tisdag 2 mars kl.\u00a009.00."]


def test_a_request_tells_who_said_yes_or_that_nobody_did(plan_occasion, cast, now):
    Course.objects.update(needs_approval=True)
    one, two = fill(plan_occasion(on=Course.objects.get()), cast.employee, cast.colleague, now=now)
    approve_request(one, by=cast.manager, now=now)
    lapse_requests(now=two.decide_by)
    assert said(one)[-1] == "Märta Chefsson godkände din förfrågan tisdag 2 mars kl.\u00a009.00."
    assert said(two)[-1] == "Ingen svarade i tid på din förfrågan. Den förföll fredag 5 mars kl.\u00a009.00."


def test_the_position_counts_those_who_may_still_book(occasion, cast, now):
    fill(occasion, cast.employee, cast.colleague, now=now)
    _outside, inside = fill(occasion, cast.outsider, cast.manager, now=now)
    assert position_in_queue(inside, now=now) == 2
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    again = Booking.objects.select_related("occasion").get(pk=inside.pk)
    assert position_in_queue(again, now=now) == 1


@pytest.mark.parametrize(("is_limited", "queries"), [(False, 0), (True, 4)])
def test_all_positions_come_of_one_look_and_are_those_each_is_told(
    occasion, cast, now, django_assert_num_queries, is_limited, queries
):
    fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, cast.manager, cast.hr, cast.editor, cast.administrator, now=now)
    if is_limited:
        decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    waiting = list(Booking.objects.filter(state="waiting").select_related("occasion").order_by("id"))
    with django_assert_num_queries(queries):
        positions = positions_in_queue(waiting[0].occasion, waiting, now=now)
    assert positions == {booking.pk: position_in_queue(booking, now=now) for booking in waiting}
    assert list(positions.values()) == ([1, 1, 2, 2, 2] if is_limited else [1, 2, 3, 4, 5])


def test_a_standing_says_the_rule_and_its_moments(occasion, cast, now, django_assert_max_num_queries):
    fill(occasion, cast.employee, cast.colleague, now=now)
    (waiting,) = fill(occasion, cast.outsider, now=now)
    booking = Booking.objects.select_related("occasion__course").get(pk=waiting.pk)
    with translation.override("sv"), django_assert_max_num_queries(6):
        standing = standing_of(booking, now=now)
    assert (standing.state, standing.position, standing.may_cancel) == ("waiting", 1, True)
    assert "8 arbetstimmar" in standing.rule
    assert "lördag 13 mars kl.\u00a009.00" in standing.rule
    with translation.override("sv"):
        assert "för hand" in standing_of(booking, now=occasion.offers_until).rule


@pytest.mark.parametrize(("hours", "clashes"), [(-7, 0), (-6, 1), (0, 1), (6, 1), (7, 0)])
def test_sessions_at_the_same_time_are_warned_about(plan_occasion, occasion, cast, start, now, hours, clashes):
    """One before, on and one after the border: sessions that only touch do not clash."""
    other = plan_occasion(sessions=two_days(start + hours * HOUR)[:1])
    book_place(other, person=cast.employee, now=now)
    found = clashes_of(cast.employee, occasion)
    assert len(found) == clashes
    assert all((clash.other.occasion, clash.leads) == (other, False) for clash in found)


def test_what_one_leads_clashes_too_but_a_waiting_list_does_not(plan_occasion, occasion, cast, start, now):
    other = plan_occasion(places=1)
    fill(other, cast.colleague, cast.employee, now=now)
    assert clashes_of(cast.employee, occasion) == []
    assert [clash.leads for clash in clashes_of(cast.facilitator, occasion)] == [True, True]
    assert book_place(occasion, person=cast.facilitator, now=now)[0].state == "booked"
