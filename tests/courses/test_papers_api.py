"""The contract of the API: the papers of an occasion are the bytes that the pages give."""

import pytest

from courses.services.booking import book_place
from people.services.tokens import make_token
from tests.courses.test_bookings_api import assert_refused


@pytest.fixture
def fetch(client, now):
    keys = {}

    def ask(path, person, **headers):
        if person.pk not in keys:
            keys[person.pk] = make_token(person, name="prov", now=now)[1]
        return client.get(f"/api/v1/{path}", headers=headers | {"Authorization": f"Bearer {keys[person.pk]}"})

    return ask


def test_the_table_is_the_one_of_the_page_for_those_who_lead_and_hr(fetch, client, occasion, cast, now):
    book_place(occasion, person=cast.employee, now=now)
    there = f"occasions/{occasion.pk}/participants-file/"
    for person in (cast.facilitator, cast.hr):
        client.force_login(person)
        page = client.get(f"/kurstillfallen/{occasion.pk}/deltagare.csv")
        client.logout()
        answer = fetch(f"{there}?kind=csv", person, Accept="text/csv")
        assert (answer.content, answer["Content-Type"]) == (page.content, page["Content-Type"])
        assert answer["Content-Disposition"] == page["Content-Disposition"]
    sheet = fetch(there, cast.hr)
    assert sheet["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sheet.content.startswith(b"PK")
    for wrong in ("?kind=pdf", "?slag=csv"):
        assert_refused(fetch(there + wrong, cast.hr), "invalid", 400)
    for person in (cast.outsider, cast.employee, cast.manager):
        assert_refused(fetch(there, person, Accept="text/csv"), "not_found", 404)


def test_the_day_s_list_is_a_pdf_for_those_who_lead(fetch, occasion, cast):
    there = f"occasions/{occasion.pk}/sessions/{occasion.sessions.first().pk}/roster/"
    answer = fetch(there, cast.facilitator, Accept="application/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    for person in (cast.outsider, cast.employee, cast.hr):
        assert_refused(fetch(there, person), "not_found", 404)
    assert fetch(f"occasions/{occasion.pk}/sessions/999999/roster/", cast.facilitator).status_code == 404
