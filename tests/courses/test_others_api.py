"""The contract of the API: what whoever leads, and HR, know and do about the people of an occasion."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Certificate, Completion, Occasion
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.certificates import issue_certificate
from courses.services.interest import note_interest
from courses.services.needs import Needs, write_needs
from letters.models import Letter
from tests.courses import test_api
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_bookings_api import assert_refused
from tests.support.cast import make_person

call, start = test_api.call, test_api.start


@pytest.fixture
def rows(call):
    """A list's rows, and how many queries it took."""

    def ask(path, person):
        with CaptureQueriesContext(connection) as asked:
            answer = call("get", path, person)
        return answer.json()["results"], len(asked)

    return ask


def attend(occasion, person, by, state="present"):
    booking = book_place(occasion, person=person, now=occasion.starts_at - 5 * DAY)[0]
    for session in occasion.sessions.all():
        mark_attendance(booking, session, state=state, by=by, now=occasion.ends_at + HOUR)
    return booking


@pytest.fixture
def held(plan_occasion, start):
    return plan_occasion(sessions=two_days(start - 90 * DAY), places=9)


def test_the_certificates_of_an_occasion_are_listed_and_issued_anew(call, rows, held, cast):
    attend(held, cast.employee, cast.facilitator)
    certificate = issue_certificate(Completion.objects.get(), now=timezone.now())
    there = f"occasions/{held.pk}/certificates/"
    rows(there, cast.facilitator)
    ((one,), asked) = rows(there, cast.facilitator)
    assert (one["person"]["email"], [each["id"] for each in one["certificates"]]) == (
        cast.employee.email, [certificate.pk],
    )  # fmt: skip
    for person in (cast.colleague, cast.manager):
        attend(held, person, cast.facilitator)
    listed, many = rows(there, cast.facilitator)
    assert ([row["person"]["family_name"] for row in listed], many) == (["Chefsson", "Ek", "Kvist"], asked)

    anew = f"certificates/{certificate.pk}/reissue/"
    body = {"name": "Elin Ek-Åberg", "why": "Namnet var felstavat."}
    for person in (cast.outsider, cast.manager, cast.colleague):
        assert call("post", anew, person, body).status_code == 404
        assert call("get", f"certificates/{certificate.pk}/", person).status_code == 404
        assert call("get", there, person).status_code == 404
    assert call("post", anew, cast.employee, body).status_code == 403
    for wrong in ({"name": "Elin"}, {"why": " "}, {"why": "x", "hours": "0"}, {"why": "x", "hours": "många"}):
        assert_refused(call("post", anew, cast.facilitator, wrong), "invalid", 400)
    assert_refused(call("post", anew, cast.hr, {"why": "Inget"}), "nothing_changed")
    made = call("post", anew, cast.hr, body)
    assert (made.status_code, made.json()["name"], made.json()["replaces"]) == (201, body["name"], certificate.number)
    assert call("get", f"certificates/{made.json()['id']}/file/", cast.facilitator)["Content-Type"] == "application/pdf"
    assert_refused(call("post", anew, cast.facilitator, body), "certificate_not_genuine")
    assert [row["person"]["family_name"] for row in rows(f"{there}?replaced=true", cast.hr)[0]] == ["Ek"]
    assert rows(f"{there}?replaced=false&order=newest", cast.hr)[0][0]["person"]["family_name"] != "Ek"
    assert Certificate.objects.count() == 2


def test_who_could_come_is_narrowed_and_invited_once(call, rows, occasion, cast):
    there = f"occasions/{occasion.pk}/eligible/"
    note_interest(occasion.course, person=cast.outsider, now=timezone.now())
    book_place(occasion, person=cast.colleague, now=timezone.now())
    rows(there, cast.facilitator)
    people, asked = rows(there, cast.facilitator)
    emails = [row["email"] for row in people]
    assert cast.colleague.email not in emails
    assert cast.facilitator.email not in emails
    for number in range(3):
        make_person("Ny", f"Person{number}", unit=cast.school)
    assert rows(there, cast.facilitator)[1] == asked
    assert rows(f"{there}?order=interest", cast.facilitator)[0][0]["email"] == cast.outsider.email
    assert [row["email"] for row in rows(f"{there}?interested=true", cast.facilitator)[0]] == [cast.outsider.email]
    at_school = [row["unit"] for row in rows(f"{there}?unit={cast.schools.code}", cast.facilitator)[0]]
    assert set(at_school) == {cast.school.name}
    assert [row["email"] for row in rows(f"{there}?q=elin+ek", cast.facilitator)[0]] == [cast.employee.email]
    assert rows(f"{there}?unit=FINNS-INTE", cast.facilitator)[0] == []

    invite = f"occasions/{occasion.pk}/invitations/"
    body = {"people": [cast.employee.pk, cast.outsider.pk, cast.colleague.pk, 999_999]}
    assert [call("post", invite, cast.facilitator, body).json() for _ in range(2)] == [{"letters": 2}, {"letters": 0}]
    assert Letter.objects.filter(kind="invited").count() == 2
    assert rows(f"{there}?q=elin+ek", cast.facilitator)[0][0]["invited_at"]
    for wrong in ({}, {"people": []}, {"people": ["x"]}, {"people": [*range(1, 103)]}):
        assert_refused(call("post", invite, cast.facilitator, wrong), "invalid", 400)
    for person, status in ((cast.outsider, 404), (cast.manager, 404), (cast.hr, 403)):
        assert call("post", invite, person, body).status_code == status
        assert call("get", there, person).status_code == status
    Occasion.objects.update(booking_closes_at=timezone.now() - HOUR)
    assert_refused(call("post", invite, cast.facilitator, body), "occasion_not_open")


def test_what_there_is_to_know_about_those_who_come_is_told_to_those_it_is_for(
    call, rows, plan_occasion, held, cast, start
):
    attend(held, cast.employee, cast.facilitator, state="absent")
    occasion = plan_occasion(places=20, sessions=two_days(start + 5 * DAY))
    Occasion.objects.filter(pk=occasion.pk).update(asks_needs=True)
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    write_needs(booking, by=cast.employee, needs=Needs(food="Vegan"), now=timezone.now())
    twin = make_person("Elin", "Ek", unit=cast.school)
    there = f"occasions/{occasion.pk}/participants/"
    rows(there, cast.facilitator)
    ((one,), asked) = rows(there, cast.facilitator)
    assert one["needs"] == {"food": "Vegan", "hearing_loop": False, "wheelchair": False, "other": ""}
    assert [each["occasion"] for each in one["no_shows"]] == [held.pk]
    ((like,), _asked) = (one["likenesses"], asked)
    assert (like["person"]["id"], like["has_same_name"], like["has_same_unit"]) == (twin.pk, True, True)
    for number in range(4):
        book_place(occasion, person=make_person("Prov", f"Prov{number}", unit=cast.care), now=timezone.now())
    assert rows(there, cast.facilitator)[1] == asked
    for person, knows in ((cast.administrator, 1), (cast.hr, 0)):
        one = rows(there, person)[0][0]
        assert (one["needs"], one["no_shows"], len(one["likenesses"])) == (None, [], knows)
    assert call("get", there, cast.outsider).status_code == 404
