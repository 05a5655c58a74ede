"""The contract of the API: requests for a place are listed for those who decide, and answered once."""

import pytest
from django.utils import timezone

from courses.models import Booking, Course
from courses.services.booking import book_place
from tests.courses import test_api
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill, log_of, state_of
from tests.courses.test_bookings_api import assert_refused
from tests.support.cast import make_person

call, start = test_api.call, test_api.start


@pytest.fixture
def asked(course, occasion, cast):
    Course.objects.update(needs_approval=True)
    return book_place(occasion, person=cast.employee, now=timezone.now())[0]


def ids(answer):
    return [each["id"] for each in answer.json()["results"]]


def test_a_manager_finds_the_requests_of_co_workers_filtered_and_in_order(call, asked, plan_occasion, cast, start):
    later = plan_occasion(sessions=two_days(start + 9 * DAY))
    other = book_place(later, person=cast.colleague, now=timezone.now())[0]
    (first, second) = call("get", "requests/", cast.manager).json()["results"]
    assert (first["id"], first["state"], second["id"]) == (asked.pk, "asked", other.pk)
    assert first["person"]["email"] == cast.employee.email
    assert first["answer_by"]
    assert ids(call("get", "requests/?order=-start", cast.manager)) == [other.pk, asked.pk]
    assert ids(call("get", f"requests/?occasion={later.pk}", cast.manager)) == [other.pk]
    assert ids(call("get", "requests/?course=annan", cast.manager)) == []
    assert ids(call("get", "requests/?occasion=tusen", cast.manager)) == []
    for person in (cast.outsider, cast.facilitator, cast.employee, cast.hr):
        assert ids(call("get", "requests/", person)) == []


def test_yes_and_no_are_said_once_and_a_no_says_why(call, asked, occasion, cast):
    (other,) = fill(occasion, cast.colleague, now=timezone.now())
    for _twice in range(2):
        answer = call("post", f"requests/{asked.pk}/approve/", cast.manager)
        assert (answer.status_code, answer.json()["state"]) == (200, "booked")
    assert log_of(asked) == ["asked", "booked"]
    assert_refused(call("post", f"requests/{asked.pk}/refuse/", cast.manager, {"why": "Nej"}), "request_answered")
    for body in ({}, {"why": " "}, {"why": "x" * 251}):
        assert_refused(call("post", f"requests/{other.pk}/refuse/", cast.manager, body), "invalid", 400)
    assert state_of(other) == "asked"
    for _twice in range(2):
        answer = call("post", f"requests/{other.pk}/refuse/", cast.manager, {"why": "Vi är för få den dagen."})
        assert (answer.status_code, answer.json()["state"]) == (200, "refused")
    assert other.events.last().why == "Vi är för få den dagen."
    assert_refused(call("post", f"requests/{other.pk}/approve/", cast.manager), "request_answered")


def test_for_everyone_else_a_request_does_not_exist(call, asked, cast):
    for person in (cast.outsider, cast.employee, cast.facilitator, cast.hr):
        assert call("post", f"requests/{asked.pk}/approve/", person).status_code == 404
        assert call("post", f"requests/{asked.pk}/refuse/", person, {"why": "Nej"}).status_code == 404
    assert call("post", "requests/999999/approve/", cast.manager).status_code == 404
    assert call("get", "requests/").status_code == 401
    assert state_of(asked) == "asked"


def test_where_no_manager_is_known_whoever_leads_decides(call, asked, plan_occasion, cast):
    alone = make_person("Noa", "Ingenstans")
    mine = book_place(asked.occasion, person=alone, now=timezone.now())[0]
    own = book_place(plan_occasion(), person=cast.facilitator, now=timezone.now())[0]
    for person in (cast.facilitator, cast.administrator):
        assert ids(call("get", "requests/", person)) == [mine.pk]
    assert ids(call("get", "requests/", cast.manager)) == [asked.pk, own.pk]
    assert call("post", f"requests/{mine.pk}/approve/", cast.facilitator).json()["state"] == "booked"
    assert Booking.objects.filter(state="asked").count() == 2


def test_many_requests_take_as_many_queries_as_one(call, asked, plan_occasion, cast, django_assert_num_queries):
    crowd = plan_occasion(places=20)
    call("get", "requests/", cast.manager)
    with django_assert_num_queries(4):
        call("get", "requests/", cast.manager)
    for number in range(8):
        book_place(crowd, person=make_person("Prov", str(number), unit=cast.school), now=timezone.now())
    with django_assert_num_queries(4):
        assert call("get", "requests/", cast.manager).json()["count"] == 9
