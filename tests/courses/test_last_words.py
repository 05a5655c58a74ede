"""Pages and API at the edges: no manager known, a draft published, a clock that changes, a booking after the start."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from courses.models import Booking, Course, Occasion
from courses.rules import Places
from courses.services.approval import lapse_requests
from courses.services.booking import book_place
from tests.courses import test_api, test_pages, test_planning
from tests.courses.conftest import DAY, HOUR, session_of, two_days
from tests.courses.test_bookings_api import assert_refused
from tests.courses.test_pages import as_
from tests.support.cast import make_person

call, start, leader = test_api.call, test_pages.start, test_planning.leader


@pytest.fixture
def ask(plan_occasion, course):
    """A request of someone whose manager nobody knows."""
    Course.objects.update(needs_approval=True)
    course.refresh_from_db()
    occasion = plan_occasion()

    def ask_one(name="Noa"):
        return book_place(occasion, person=make_person(name, "Ingenstans"), now=timezone.now())[0]

    return ask_one


def test_with_no_manager_known_whoever_leads_answers_on_the_page_of_participants(client, ask, cast):
    yes, no = ask("Noa"), ask("Nils")
    people = f"/kurstillfallen/{yes.occasion_id}/deltagare/"
    page = as_(client, cast.facilitator).get(people).text
    for booking in (yes, no):
        address = f"/kurser/att-godkanna/{booking.pk}/"
        assert f'action="{address}"' in page
        for person in (cast.manager, cast.outsider, booking.person):
            assert as_(client, person).post(address, {"answer": "approve"}).status_code == 404
    as_(client, cast.facilitator)
    said = client.post(f"/kurser/att-godkanna/{yes.pk}/", {"answer": "approve"}, follow=True)
    assert "Noa Ingenstans har en plats." in said.text
    said = client.post(f"/kurser/att-godkanna/{no.pk}/", {"answer": "refuse", "why": "Inte i vår"}, follow=True)
    assert "Du sa nej till Nils Ingenstans." in said.text
    late = ask("Lo")
    lapse_requests(now=late.decide_by)
    said = client.post(f"/kurser/att-godkanna/{late.pk}/", {"answer": "approve"}, follow=True)
    assert said.redirect_chain[-1][0] == people
    assert "Förfrågan är redan besvarad." in said.text
    states = Booking.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["booked", "refused", "lapsed"]


def test_a_draft_is_published_by_its_form(leader, client, plan_occasion, cast):
    draft = plan_occasion(state="draft")
    address = f"/kurstillfallen/{draft.pk}/"
    form = test_planning.read_form(leader.get(f"{address}andra/").text)
    assert form["state"] == "draft"
    assert as_(client, cast.employee).get(address).status_code == 404
    as_(client, cast.facilitator).post(f"{address}andra/", form | {"state": "open"})
    assert Occasion.objects.get().state == "open"
    assert "Boka plats" in as_(client, cast.employee).get(address).text
    client.logout()
    assert address in client.get("/kurser/?published=now").text


@pytest.mark.parametrize("moment", ["2028-03-26T02:30:00", "2028-10-29T02:30:00"])
@pytest.mark.parametrize("field", ["start", "booking_closes_at"])
def test_a_moment_that_the_clock_skips_or_shows_twice_is_one_problem_by_api(call, plan_occasion, cast, moment, field):
    """Without an offset; with one the moment is the one it says."""
    occasion = plan_occasion(sessions=two_days(timezone.localtime().replace(hour=9) + 900 * DAY))
    address = f"occasions/{occasion.pk}/plan/"
    plan = call("get", address, cast.facilitator).json()
    wrong = {field: moment} if field != "start" else {"sessions": [plan["sessions"][0] | {"start": moment}]}
    answer = call("put", address, cast.facilitator, plan | wrong)
    assert_refused(answer, "invalid", 400)
    assert field in str(answer.json())
    assert call("get", address, cast.facilitator).json() == plan


def test_a_booking_after_the_start_is_told_so_on_the_page_and_by_api(client, call, plan_occasion, cast):
    begun = plan_occasion(
        sessions=[session_of(timezone.now() - HOUR, place="Aulan")], booking_closes_at=timezone.now() + HOUR
    )
    address = f"/kurstillfallen/{begun.pk}/"
    assert "Kurstillfället har börjat och kan inte bokas." in as_(client, cast.employee).get(address).text
    said = client.post(f"{address}boka/", follow=True)
    assert "Kurstillfället har redan börjat." in said.text
    answer = call("post", f"occasions/{begun.pk}/bookings/", cast.employee, {})
    assert_refused(answer, "occasion_started")
    assert "redan börjat" in answer.json()["detail"]
    assert not Booking.objects.exists()


def test_the_catalogue_and_its_pages_say_what_one_needs_to_choose(client, plan_occasion, course, start, cast):
    Course.objects.update(
        outcome="Du kan intervjua dem det gäller.", audience="För alla som möter invånare.", hours="13.5"
    )
    Course.objects.create(slug="annan", title="Annan kurs", hours=2, days=1, outcome="Du kan rita.")
    other = plan_occasion(
        on=Course.objects.get(slug="annan"), sessions=two_days(start + 70 * DAY), places=5, language="en"
    )
    occasion = plan_occasion(places=4)
    book_place(occasion, person=cast.employee, now=timezone.now())

    listed = client.get("/kurser/?shown=all").text
    for words in ("Du kan intervjua dem det gäller.", "2 dagar", "13,5 timmar", "Du kan rita.", "på engelska"):
        assert words in listed
    bars = [dict(re.findall(r'(min|max|value)="(\d+)"', tag)) for tag in re.findall(r"<meter[^>]*>", listed)]
    assert {"min": "0", "max": "4", "value": "1"} in bars
    assert {"min": "0", "max": "5", "value": "0"} in bars
    assert "3 av 4 platser kvar" in listed

    told = client.get("/kurser/tva-dagar/").text + client.get(f"/kurstillfallen/{other.pk}/").text
    for words in ("För alla som möter invånare.", "2 dagar, 13,5 timmar", "English", "Du kan rita."):
        assert words in told

    for query, here in (("course=tva-dagar", occasion), (f"month={start:%Y-%m}", occasion), ("course=annan", other)):
        page = client.get(f"/kurser/?{query}").text
        shown = [each.pk for each in (occasion, other) if f"/kurstillfallen/{each.pk}/" in page]
        assert shown == [here.pk], query


def test_from_the_catalogue_a_place_is_two_clicks_away(client, plan_occasion, cast):
    occasion = plan_occasion()
    address = f"/kurstillfallen/{occasion.pk}/"
    as_(client, cast.employee)
    assert f'href="{address}"' in client.get("/kurser/?clicks=none").text
    (form,) = re.findall(rf'<form[^>]*action="{address}boka/".*?</form>', client.get(address).text, re.DOTALL)
    assert not re.findall(r'<(?:select|textarea|input(?![^>]*type="hidden"))', form)  # nothing to fill in
    assert form.count("<button") == 1
    assert "Du har en plats" in client.post(f"{address}boka/", follow=True).text


def test_thousands_are_written_with_a_space():
    places = {"places": Places(places=2500, held=1, waiting=0)}
    assert "2\u00a0499 av 2\u00a0500 platser kvar" in render_to_string("courses/parts/places.html", places)
    full = render_to_string("courses/parts/places.html", {"places": Places(places=1, held=1, waiting=1922)})
    assert "1\u00a0922 väntar" in full
    assert "meter--full" in full
