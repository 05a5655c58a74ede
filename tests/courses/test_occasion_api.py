"""The contract of the API: one occasion as its page tells it."""

import pytest
from django.utils import timezone

from courses.models import Occasion
from courses.services.booking import book_place
from courses.services.reservations import decide_who_may_book
from tests.courses import test_api
from tests.courses.conftest import HOUR, session_of

call, start = test_api.call, test_api.start


@pytest.fixture
def met(plan_occasion, start):
    return plan_occasion(
        sessions=[session_of(start, place="Rådhuset", link="https://mote.example/1", room_access="Ramp")], places=5
    )


def test_an_occasion_tells_what_its_page_does_and_its_links_to_whoever_comes(call, met, cast):
    address = f"occasions/{met.pk}/"
    seen = call("get", address).json()
    assert (seen["id"], seen["state"], seen["is_bookable"], seen["places_left"]) == (met.pk, "open", True, 5)
    assert (seen["facilitators"], seen["administrations"]) == ([str(cast.facilitator)], [])
    assert (seen["booking"], seen["invitation"]) == (None, None)
    (session,) = seen["sessions"]
    assert (session["room_access"], session["remote"], session["link"]) == ("Ramp", True, "")
    assert call("get", address, cast.employee).json()["invitation"] == {
        "is_for_you": True, "has_place": True, "is_reserved": False, "decided_by": "",
    }  # fmt: skip
    booking = book_place(met, person=cast.employee, now=timezone.now())[0]
    for person, link in ((cast.employee, True), (cast.facilitator, True), (cast.colleague, False), (cast.hr, False)):
        (session,) = call("get", address, person).json()["sessions"]
        assert bool(session["link"]) is link
    mine = call("get", address, cast.employee).json()
    assert (mine["booking"]["id"], mine["booking"]["state"], mine["invitation"]) == (booking.pk, "booked", None)


def test_what_is_hidden_is_found_by_its_address_and_a_draft_by_those_who_lead(call, met, plan_occasion, cast):
    decide_who_may_book(met, administrations=[cast.schools], is_hidden=True, now=timezone.now())
    assert call("get", "occasions/").json()["count"] == 0
    seen = call("get", f"occasions/{met.pk}/", cast.outsider).json()
    assert (seen["is_hidden"], [each["code"] for each in seen["administrations"]]) == (True, [cast.schools.code])
    assert seen["invitation"]["is_for_you"] is False
    draft = plan_occasion(state="draft")
    assert call("get", f"occasions/{draft.pk}/", cast.facilitator).json()["state"] == "draft"
    refused = [call("get", f"occasions/{pk}/", person) for pk in (draft.pk, 999_999) for person in (None, cast.hr)]
    assert {answer.status_code for answer in refused} == {404}
    assert len({answer.text for answer in refused}) == 1


def test_an_occasion_takes_as_many_queries_however_many_come(call, met, cast, django_assert_max_num_queries):
    call("get", f"occasions/{met.pk}/", cast.employee)
    Occasion.objects.filter(pk=met.pk).update(places=9)
    for person in (cast.colleague, cast.manager, cast.outsider):
        book_place(met, person=person, now=timezone.now())
    with django_assert_max_num_queries(8):
        call("get", f"occasions/{met.pk}/", cast.employee)


def test_what_has_begun_is_no_longer_bookable_and_is_told_so(call, met, cast):
    Occasion.objects.filter(pk=met.pk).update(booking_closes_at=timezone.now() - HOUR)
    seen = call("get", f"occasions/{met.pk}/", cast.employee).json()
    assert (seen["is_bookable"], seen["invitation"]) == (False, None)
