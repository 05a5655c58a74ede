"""The contract of the API: one's own calendar address, and the certificates of what one has completed."""

import pytest
from django.utils import timezone

from courses.models import CalendarFeed, Certificate, Completion, Course
from courses.services.certificates import issue_certificate
from tests.courses import test_api
from tests.courses.test_bookings_api import assert_refused

call = test_api.call


def test_the_calendar_s_address_is_made_renewed_and_turned_off(call, client, cast):
    assert call("get", "calendar-feed/", cast.employee).status_code == 404
    made = [call("post", "calendar-feed/", cast.employee) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 200]
    assert made[0].json() == made[1].json() == call("get", "calendar-feed/", cast.employee).json()
    assert made[0]["Cache-Control"] == "private, no-store"
    first = made[0].json()["address"]
    assert client.get(first).status_code == 200
    renewed = call("post", "calendar-feed/renew/", cast.employee).json()["address"]
    assert (client.get(first).status_code, client.get(renewed).status_code) == (404, 200)
    assert call("get", "calendar-feed/", cast.outsider).status_code == 404
    assert call("delete", "calendar-feed/", cast.outsider).status_code == 204
    assert CalendarFeed.objects.get().person == cast.employee
    assert [call("delete", "calendar-feed/", cast.employee).status_code for _twice in range(2)] == [204, 204]
    assert client.get(renewed).status_code == 404
    assert call("post", "calendar-feed/").status_code == 401


@pytest.fixture
def complete(cast, now):
    def complete_one(course, day="2020-05-04", person=cast.employee, **more):
        about = {"completed_on": day, "unit": cast.school, "recorded_at": now} | more
        return Completion.objects.create(person=person, course=course, **about)

    return complete_one


def test_the_certificate_of_an_older_completion_is_asked_for_once(call, complete, course, cast):
    completion = complete(course)
    (row,) = call("get", "completions/", cast.employee).json()["results"]
    assert (row["id"], row["course"]["slug"], row["certificate"]) == (completion.pk, course.slug, None)
    address = f"completions/{completion.pk}/certificate/"
    assert call("post", address, cast.outsider).status_code == 404
    assert call("post", address, cast.facilitator).status_code == 404
    made = [call("post", address, cast.employee) for _ in range(2)]
    assert made[0].json() == made[1].json()
    assert (made[0].status_code, made[0].json()["standing"]) == (200, "genuine")
    (row,) = call("get", "completions/", cast.employee).json()["results"]
    assert row["certificate"] == Certificate.objects.get().pk
    Completion.objects.update(withdrawn_at=timezone.now())
    assert call("get", "completions/", cast.employee).json()["count"] == 0
    assert call("post", address, cast.employee).status_code == 404


def test_what_is_completed_is_filtered_and_ordered_and_asks_no_more_for_many(
    call, complete, course, cast, now, django_assert_num_queries
):
    issue_certificate(complete(course), now=now)
    complete(course, person=cast.outsider)
    call("get", "completions/", cast.employee)
    with django_assert_num_queries(4):
        call("get", "completions/", cast.employee)
    for number in range(3):
        complete(Course.objects.create(slug=f"kurs-{number}", title="Kurs", hours=1), f"2021-05-0{number + 1}")
    with django_assert_num_queries(4):
        rows = call("get", "completions/", cast.employee).json()["results"]
    assert [row["completed_on"] for row in rows] == ["2021-05-03", "2021-05-02", "2021-05-01", "2020-05-04"]
    oldest = call("get", "completions/?order=oldest&page_size=1", cast.employee).json()
    assert (oldest["count"], oldest["results"][0]["completed_on"]) == (4, "2020-05-04")
    assert call("get", "completions/?course=kurs-1", cast.employee).json()["count"] == 1
    assert_refused(call("get", "completions/?order=slump", cast.employee), "invalid", 400)
