"""Interest without a date: one letter for each occasion there is to book, and a link that ends it."""

import uuid

import pytest
from django.test import Client

from courses.models import Interest
from courses.services.booking import book_place, cancel_booking
from courses.services.interest import end_interest, note_interest, tell_interested
from courses.services.reservations import decide_who_may_book
from letters.models import Letter
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill


@pytest.fixture
def interest(course, cast, now):
    return note_interest(course, person=cast.employee, now=now)[0]


def told():
    return list(Letter.objects.filter(kind="interest").order_by("id").values_list("person__given_name", flat=True))


def test_the_same_interest_twice_is_one(course, interest, cast, now):
    assert note_interest(course, person=cast.employee, now=now + DAY) == (interest, False)
    end_interest(interest, now=now)
    assert note_interest(course, person=cast.employee, now=now + DAY)[1]


def test_an_occasion_with_places_is_told_once(interest, plan_occasion, start, now):
    assert tell_interested(now=now) == 0
    plan_occasion()
    assert [tell_interested(now=now) for _ in range(2)] == [1, 0]
    plan_occasion(sessions=two_days(start + 30 * DAY))
    assert tell_interested(now=now) == 1
    letter = Letter.objects.filter(kind="interest").first()
    assert letter.subject == "Det finns ett tillfälle av Tjänstedesign i två dagar att boka"
    assert letter.unsubscribe_url.endswith(f"/kurser/sag-till/{interest.key}/")
    assert letter.unsubscribe_url in letter.text


def test_a_full_occasion_is_told_when_it_gets_places(interest, occasion, cast, now):
    first, _second = fill(occasion, cast.colleague, cast.outsider, now=now)
    assert tell_interested(now=now) == 0
    cancel_booking(first, by=cast.colleague, now=now)
    assert tell_interested(now=now) == 1


@pytest.mark.parametrize("changes", [{"state": "draft"}, {"state": "cancelled"}])
def test_what_can_not_be_booked_is_not_told(interest, plan_occasion, now, changes):
    plan_occasion(**changes)
    assert tell_interested(now=now) == 0


def test_who_has_a_booking_ahead_or_has_ended_the_interest_is_left_in_peace(interest, course, occasion, cast, now):
    book_place(occasion, person=cast.employee, now=now)
    ended, _new = note_interest(course, person=cast.colleague, now=now)
    end_interest(ended, now=now)
    assert tell_interested(now=now) == 0


def test_hidden_occasions_and_those_for_others_are_not_told(interest, course, plan_occasion, cast, start, now):
    note_interest(course, person=cast.outsider, now=now)
    decide_who_may_book(plan_occasion(), administrations=[], is_hidden=True, now=now)
    for_care = plan_occasion(sessions=two_days(start + 30 * DAY))
    decide_who_may_book(for_care, administrations=[cast.care], is_hidden=False, now=now)
    assert tell_interested(now=now) == 1
    assert told() == ["Olle"]


def test_the_link_shows_by_get_and_ends_by_post_without_a_log_in(interest, db):
    stranger = Client(enforce_csrf_checks=True)
    there = f"/kurser/sag-till/{interest.key}/"
    assert "Tjänstedesign i två dagar" in stranger.get(there).content.decode()
    assert Interest.objects.get().ended_at is None
    for _ in range(2):
        answer = stranger.post(there, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "Du får inga fler brev" in answer.content.decode()) == (200, True)
    assert Interest.objects.get().ended_at is not None
    assert stranger.post(f"/kurser/sag-till/{uuid.uuid4()}/").status_code == 404
    assert stranger.put(there).status_code == 405
