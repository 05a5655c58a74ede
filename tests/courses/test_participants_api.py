"""The contract of the API: the people on an occasion, for those who lead it and for HR."""

import pytest
from django.utils import timezone

from courses.models import Attendance, Booking, Occasion
from courses.services.booking import book_place
from courses.services.needs import Needs, write_needs
from people.roles import FACILITATOR
from people.services.roles import give_role
from tests.courses import test_api
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill, state_of
from tests.courses.test_bookings_api import assert_refused
from tests.support.cast import make_person

call, start = test_api.call, test_api.start


@pytest.fixture
def booking(occasion, cast):
    return book_place(occasion, person=cast.employee, now=timezone.now())[0]


def names(answer):
    return [one["person"]["family_name"] for one in answer.json()["results"]]


def test_the_list_is_filtered_ordered_and_paged(call, occasion, cast):
    now = timezone.now()
    fill(occasion, cast.colleague, cast.employee, now=now)
    fill(occasion, cast.outsider, now=now)
    path = f"occasions/{occasion.pk}/participants/"
    first = call("get", path, cast.facilitator)
    assert names(first) == ["Ek", "Kvist", "Utan"]
    (one, *_rest) = first.json()["results"]
    assert (one["unit"], one["state"], one["reserved"], one["attendance"]) == ("Åsaskolan", "booked", False, [])
    assert (one["person"]["email"], one["person"]["employee_id"]) == (cast.employee.email, cast.employee.employee_id)
    assert names(call("get", f"{path}?order=queue", cast.facilitator)) == ["Kvist", "Ek", "Utan"]
    assert names(call("get", f"{path}?order=-queue&state=booked&state=waiting", cast.hr)) == ["Utan", "Ek", "Kvist"]
    assert names(call("get", f"{path}?state=cancelled", cast.hr)) == []
    page = call("get", f"{path}?page_size=2&page=2", cast.facilitator).json()
    assert (page["count"], len(page["results"])) == (3, 1)
    for query in ("?order=slump", "?state=borta"):
        assert call("get", path + query, cast.facilitator).status_code == 400


def test_attendance_is_read_and_needs_are_not(call, booking, occasion, cast):
    Occasion.objects.update(asks_needs=True)
    write_needs(booking, by=cast.employee, needs=Needs(food="Vegan"), now=timezone.now())
    session = occasion.sessions.first()
    Attendance.objects.create(
        booking=booking, session=session, state="excused", marked_by=cast.facilitator, marked_at=timezone.now()
    )
    answer = call("get", f"occasions/{occasion.pk}/participants/", cast.hr)
    assert answer.json()["results"][0]["attendance"] == [{"session": session.pk, "state": "excused", "minutes": None}]
    assert "Vegan" not in answer.text


def test_the_led_occasions_are_ones_own_drafts_too(call, occasion, plan_occasion, cast, start):
    draft = plan_occasion(state="draft", min_places=1, sessions=two_days(start + 7 * DAY))
    past = plan_occasion(sessions=two_days(start - 60 * DAY))

    def found(query, person=cast.facilitator):
        return [one["id"] for one in call("get", f"occasions/led/{query}", person).json()["results"]]

    assert found("") == [draft.pk, occasion.pk, past.pk]
    assert found("?when=coming&state=draft") == [draft.pk]
    assert found("?when=past") == [past.pk]
    assert found("", cast.employee) == found("", cast.hr) == []
    one = call("get", "occasions/led/?state=draft", cast.facilitator).json()["results"][0]
    assert (one["min_places"], one["held"], one["is_hidden"]) == (1, 0, False)
    for query in ("?when=nu", "?state=borta"):
        assert call("get", f"occasions/led/{query}", cast.facilitator).status_code == 400


def test_a_place_is_given_once_with_its_reason(call, occasion, cast):
    path, body = f"occasions/{occasion.pk}/participants/", {"person": cast.outsider.email.upper(), "why": "Ringde"}
    answers = [call("post", path, cast.facilitator, body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [line["why"] for line in answers[0].json()["history"]] == ["Ringde"]
    assert answers[0].json()["history"][0]["says"].startswith("Frida Fors gav platsen ")
    fill(occasion, cast.employee, now=timezone.now())
    assert_refused(call("post", path, cast.facilitator, {"person": cast.hr.email, "why": "Nej"}), "occasion_full")
    for wrong, field in (({"person": "ingen@x.example", "why": "a"}, "person"), ({"person": cast.hr.email}, "why")):
        answer = call("post", path, cast.facilitator, wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_booking_is_cancelled_with_a_reason_and_twice_is_once(call, booking, cast):
    path = f"participants/{booking.pk}/cancel/"
    assert call("post", path, cast.facilitator, {"why": " "}).status_code == 400
    for _ in range(2):
        answer = call("post", path, cast.facilitator, {"why": "Dubbelbokad"}).json()
    assert (answer["state"], [line["why"] for line in answer["history"]]) == ("cancelled", ["", "Dubbelbokad"])
    assert_refused(
        call("post", f"participants/{booking.pk}/give/", cast.facilitator, {"why": "Nej"}), "booking_not_live"
    )


def test_someone_who_waits_is_given_a_place_when_there_is_one(call, plan_occasion, cast):
    occasion = plan_occasion(places=1)
    Occasion.objects.filter(pk=occasion.pk).update(offers_until=timezone.now() - DAY)
    (first,) = fill(occasion, cast.employee, now=timezone.now())
    (waits,) = fill(occasion, cast.colleague, now=timezone.now())
    path = f"participants/{waits.pk}/give/"
    assert_refused(call("post", path, cast.facilitator, {"why": "Ringde"}), "occasion_full")
    call("post", f"participants/{first.pk}/cancel/", cast.facilitator, {"why": "Sjuk"})
    assert call("post", path, cast.facilitator, {"why": "Ringde"}).json()["state"] == "booked"


def test_a_place_is_moved_with_a_reason(call, booking, plan_occasion, cast, start):
    there = plan_occasion(sessions=two_days(start + 7 * DAY))
    draft = plan_occasion(state="draft", sessions=two_days(start + 9 * DAY))
    path = f"participants/{booking.pk}/move/"
    for pk in (draft.pk, 999_999):
        assert call("post", path, cast.facilitator, {"occasion": pk, "why": "Salen"}).status_code == 400
    assert call("post", path, cast.facilitator, {"occasion": there.pk}).status_code == 400
    answers = [call("post", path, cast.facilitator, {"occasion": there.pk, "why": "Salen"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["occasion"], answers[0]["state"], state_of(booking)) == (there.pk, "booked", "moved")


def test_hr_reads_and_does_not_act(call, booking, occasion, cast):
    assert call("get", f"participants/{booking.pk}/", cast.hr).json()["person"]["family_name"] == "Ek"
    body = {"why": "Nej", "person": cast.outsider.email, "occasion": occasion.pk}
    for path in ("cancel/", "give/", "move/"):
        assert_refused(call("post", f"participants/{booking.pk}/{path}", cast.hr, body), "permission_denied", 403)
    assert_refused(call("post", f"occasions/{occasion.pk}/participants/", cast.hr, body), "permission_denied", 403)
    assert (state_of(booking), Booking.objects.count()) == ("booked", 1)


def test_for_everyone_else_there_is_nobody(call, booking, occasion, cast):
    give_role(cast.outsider, role=FACILITATOR)  # leads others
    body = {"why": "Nej", "person": cast.outsider.email, "occasion": occasion.pk}
    for somebody in (cast.employee, cast.outsider, cast.manager, cast.editor):
        assert call("get", f"occasions/{occasion.pk}/participants/", somebody).status_code == 404
        assert call("post", f"occasions/{occasion.pk}/participants/", somebody, body).status_code == 404
        assert call("get", f"participants/{booking.pk}/", somebody).status_code == 404
        for path in ("cancel/", "give/", "move/"):
            assert call("post", f"participants/{booking.pk}/{path}", somebody, body).status_code == 404
    for path in (f"occasions/{occasion.pk}/participants/", f"participants/{booking.pk}/", "occasions/led/"):
        assert call("get", path).status_code == 401
    assert (state_of(booking), Booking.objects.count()) == ("booked", 1)
    unknown = call("get", "participants/999999/", cast.facilitator)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def test_a_page_takes_as_many_queries_with_1_as_with_50(call, plan_occasion, cast, django_assert_max_num_queries):
    occasion = plan_occasion(places=50)
    for number in range(50):
        person = make_person("Förnamn", f"Efternamn {number}", unit=cast.school)
        book_place(occasion, person=person, now=timezone.now())
    path = f"occasions/{occasion.pk}/participants/"
    call("get", path, cast.facilitator)
    with django_assert_max_num_queries(15):
        assert len(call("get", path, cast.facilitator).json()["results"]) == 50
