"""The contract of the API: courses, occasions, bookings."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.models import Booking, Course
from courses.services.booking import book_place
from people.services.tokens import make_token
from tests.courses.conftest import DAY, HOUR, session_of, two_days
from tests.support.cast import make_person


@pytest.fixture
def start():
    """The API asks the clock of the machine."""
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + 30 * DAY


@pytest.fixture
def call(client, cast, now):
    keys = {}

    def ask(method, path, person=None, body=None):
        headers = {}
        if person is not None:
            if person.pk not in keys:
                keys[person.pk] = make_token(person, name="prov", now=now)[1]
            headers["Authorization"] = f"Bearer {keys[person.pk]}"
        return getattr(client, method)(f"/api/v1/{path}", data=body, content_type="application/json", headers=headers)

    return ask


def test_courses_are_open_to_everyone_in_swedish_order(call, course):
    for title in ("Öppen kurs", "Ärlig kurs", "Åtta steg"):
        Course.objects.create(slug=title[:2].encode().hex(), title=title, hours=1)
    Course.objects.create(slug="dold", title="Dold", hours=1, is_listed=False)
    body = call("get", "courses/").json()
    assert (body["count"], body["next"], body["previous"]) == (4, None, None)
    assert [one["title"] for one in body["results"]] == [
        "Tjänstedesign i två dagar", "Åtta steg", "Ärlig kurs", "Öppen kurs",
    ]  # fmt: skip


def test_an_occasion_tells_its_sessions_and_places(call, occasion, cast):
    for person in (cast.employee, cast.colleague, cast.outsider):
        book_place(occasion, person=person, now=timezone.now(), wait=True)
    (one,) = call("get", "occasions/").json()["results"]
    assert (one["id"], one["course"]["slug"]) == (occasion.pk, "tva-dagar")
    assert (one["places"], one["places_left"], one["waiting"]) == (2, 0, 1)
    assert dt.datetime.fromisoformat(one["sessions"][0]["start"]) == occasion.starts_at
    assert dt.datetime.fromisoformat(one["sessions"][1]["end"]) == occasion.ends_at


def test_occasions_are_filtered(call, plan_occasion, occasion, cast, course, start):
    other = Course.objects.create(slug="annan", title="Annan", hours=2)
    later = plan_occasion(on=other, sessions=two_days(start + 60 * DAY), places=5)
    plan_occasion(state="draft")
    plan_occasion(state="cancelled")

    def found(query=""):
        return [one["id"] for one in call("get", f"occasions/{query}").json()["results"]]

    assert found() == [occasion.pk, later.pk]
    assert found("?course=annan") == found(f"?course={other.pk}") == [later.pk]
    assert found(f"?from={(start + DAY).date()}") == [later.pk]
    assert found(f"?from={start.date()}") == [occasion.pk, later.pk]
    assert found("?places_left=3") == [later.pk]
    book_place(occasion, person=cast.employee, now=timezone.now())
    assert found("?places_left=1") == [occasion.pk, later.pk]
    assert found("?places_left=2") == [later.pk]


def test_the_catalogue_s_choices_narrow_the_list_alike(call, plan_occasion, start):
    met = plan_occasion(sessions=[session_of(start, place="Rådhuset", link="https://mote.example/1")], places=5)
    far = plan_occasion(sessions=two_days(start + 70 * DAY))
    afar = plan_occasion(
        on=Course.objects.create(slug="kort", title="Kort", hours=1),
        sessions=[session_of(start + 71 * DAY, link="https://mote.example/2")],
    )

    def found(query):
        return [each["id"] for each in call("get", f"occasions/?{query}").json()["results"]]

    month = f"{timezone.localtime(far.starts_at):%Y-%m}"
    same = [each.pk for each in (far, afar) if f"{timezone.localtime(each.starts_at):%Y-%m}" == month]
    assert found(f"month={month}") == same
    assert found("month=2001-01") == []
    assert found("place=R%C3%A5dhuset") == [met.pk]
    assert found("place=R%C3%A5dhuset,%20Stora%20salen&course=tva-dagar") == [far.pk]
    assert found("remote=true") == [afar.pk]
    assert found("remote=false") == [met.pk, far.pk]
    assert found("remote=false&places_left=3&order=-start") == [met.pk]
    for wrong in ("month=mars", "month=2027-13", "remote=kanske"):
        answer = call("get", f"occasions/?{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert wrong.split("=")[0] in answer.json()["errors"]


@pytest.mark.parametrize("query", ["from=igår", "from=2027-13-01", "places_left=många", "places_left=-1"])
def test_what_can_not_be_read_is_a_problem_at_its_field(call, course, query):
    answer = call("get", f"occasions/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert query.split("=")[0] in answer.json()["errors"]


def test_booking_is_201_then_200_with_the_same_one(call, occasion, cast):
    first = call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, {})
    again = call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, {})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "booked"
    assert first.json()["occasion"] == occasion.pk


def test_full_is_409_or_the_waiting_list(call, occasion, cast):
    for person in (cast.employee, cast.colleague):
        call("post", f"occasions/{occasion.pk}/bookings/", person, {})
    refused = call("post", f"occasions/{occasion.pk}/bookings/", cast.outsider, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "occasion_full")
    assert refused["Content-Type"] == "application/problem+json"
    waiting = call("post", f"occasions/{occasion.pk}/bookings/", cast.outsider, {"wait": True})
    assert (waiting.status_code, waiting.json()["state"]) == (201, "waiting")


@pytest.mark.parametrize("body", [{"wait": "kanske"}, {"wait": 1}, []])
def test_a_body_that_can_not_be_read_is_400(call, occasion, cast, body):
    assert call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, body).status_code == 400
    assert not Booking.objects.exists()


def test_unknown_and_draft_occasions_are_404_alike(call, plan_occasion, cast):
    draft = plan_occasion(state="draft")
    bodies = [call("post", f"occasions/{pk}/bookings/", cast.employee, {}) for pk in (draft.pk, 999_999)]
    assert [answer.status_code for answer in bodies] == [404, 404]
    assert bodies[0].json() == bodies[1].json()


def test_booking_needs_a_log_in(call, occasion):
    assert call("post", f"occasions/{occasion.pk}/bookings/", None, {}).status_code == 401
    assert call("get", "bookings/").status_code == 401


def test_one_sees_and_cancels_ones_own_only(call, occasion, cast):
    pk = call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, {}).json()["id"]
    assert [one["id"] for one in call("get", "bookings/", cast.employee).json()["results"]] == [pk]
    assert call("get", "bookings/", cast.outsider).json()["count"] == 0
    assert call("get", f"bookings/{pk}/", cast.outsider).status_code == 404
    assert call("delete", f"bookings/{pk}/", cast.outsider).status_code == 404
    assert Booking.objects.get().state == "booked"
    assert call("delete", f"bookings/{pk}/", cast.employee).status_code == 204
    assert call("delete", f"bookings/{pk}/", cast.employee).status_code == 204
    assert call("get", f"bookings/{pk}/", cast.employee).json()["state"] == "cancelled"


def test_too_late_to_cancel_is_409(call, plan_occasion, cast, start):
    occasion = plan_occasion(cancel_until=timezone.now() - HOUR)
    pk = call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, {}).json()["id"]
    answer = call("delete", f"bookings/{pk}/", cast.employee)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_cancel")


def test_a_wrong_method_is_405(call, occasion, cast):
    assert call("put", f"occasions/{occasion.pk}/bookings/", cast.employee, {}).status_code == 405


@pytest.mark.parametrize("path", ["courses/", "occasions/", "bookings/"])
def test_lists_take_as_many_queries_with_1_as_with_50(
    call, plan_occasion, cast, course, start, django_assert_max_num_queries, path
):
    person = make_person("Många", "Bokningar")
    for number in range(50):
        occasion = plan_occasion(sessions=two_days(start + number * 3 * DAY))
        book_place(occasion, person=person, now=timezone.now())
    call("get", path, person)
    with django_assert_max_num_queries(5):
        assert call("get", path, person).json()["count"] in {1, 50}


def test_booking_takes_six_queries(call, occasion, cast, django_assert_num_queries):
    """The key, BEGIN, the lock, the look, the booking with its log, COMMIT: a seventh would cost every caller."""
    call("get", "bookings/", cast.employee)
    with django_assert_num_queries(6):
        call("post", f"occasions/{occasion.pk}/bookings/", cast.employee, {})
