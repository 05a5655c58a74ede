"""What the page of an occasion tells someone who has no booking, and being told of a course that has no date."""

import pytest
from django.utils import timezone

from courses.models import Booking, Course, Interest
from courses.services.booking import book_place
from courses.services.interest import note_interest
from courses.services.reservations import decide_who_may_book, reserve_places
from tests.courses.conftest import DAY, session_of, two_days
from tests.courses.test_booking import fill


@pytest.fixture
def start():
    """Pages ask the clock of the machine."""
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + 30 * DAY


@pytest.fixture
def own(client, cast):
    client.force_login(cast.employee)
    return client


@pytest.fixture
def other_course(db):
    return Course.objects.create(slug="annan", title="En annan kurs", hours=7)


def test_what_one_has_at_the_same_time_is_named_and_the_occasion_can_be_booked_all_the_same(
    own, occasion, plan_occasion, other_course, cast, start
):
    path = f"/kurstillfallen/{occasion.pk}/"
    assert "Du har något annat då" not in own.get(path).text
    book_place(
        plan_occasion(on=other_course, sessions=[session_of(start, place="Torget")]),
        person=cast.employee,
        now=timezone.now(),
    )
    page = own.get(path).text
    assert "Du har något annat då" in page
    assert "En annan kurs" in page
    assert "Boka plats</button>" in page
    own.post(f"{path}boka/")
    assert "Du har något annat då" not in own.get(path).text
    assert Booking.objects.filter(person=cast.employee, state="booked").count() == 2


def test_who_is_of_another_administration_is_told_and_offered_no_button(client, occasion, cast):
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=True, now=timezone.now())
    path = f"/kurstillfallen/{occasion.pk}/"
    client.force_login(cast.outsider)
    page = client.get(path).text
    assert "Inte för din förvaltning" in page
    assert "Bara för" in page
    assert "står inte i någon lista" in page
    assert "Boka plats</button>" not in page
    refused = client.post(f"{path}boka/", {"wait": "1"}, follow=True)
    assert "bara för vissa förvaltningar" in refused.text
    client.force_login(cast.employee)
    assert "Boka plats</button>" in client.get(path).text


def test_a_place_kept_for_the_own_unit_is_said_and_others_wait(client, occasion, cast):
    reserve_places(occasion, unit=cast.school, places=2, until=occasion.offers_until, now=timezone.now())
    path = f"/kurstillfallen/{occasion.pk}/"
    client.force_login(cast.employee)
    page = client.get(path).text
    assert "reserverad för din enhet" in page
    assert "Boka plats</button>" in page
    client.force_login(cast.outsider)
    assert "Ställ dig på väntelistan" in client.get(path).text


def test_interest_is_asked_for_where_nothing_can_be_booked_and_ended_again(own, other_course, cast):
    page = own.get("/kurser/annan/").text
    assert "Säg till när det finns ett tillfälle" in page
    for _turn in range(2):
        answer = own.post("/kurser/annan/sag-till/", follow=True)
    assert "Vi säger till dig" in answer.text
    assert Interest.objects.get().person == cast.employee
    mine = own.get("/min-sida/").text
    assert "Vi säger till när det finns ett tillfälle av" in mine
    answer = own.post("/kurser/annan/sag-till/", {"act": "end", "next": "/min-sida/"})
    assert answer["Location"] == "/min-sida/"
    assert Interest.objects.get().ended_at is not None
    assert "Vi säger till när" not in own.get("/min-sida/").text


def test_interest_is_not_asked_for_where_there_are_places(own, occasion, cast):
    path = "/kurser/tva-dagar/"
    assert "Säg till när" not in own.get(path).text
    fill(occasion, cast.colleague, cast.outsider, now=timezone.now())
    assert "Inget tillfälle har plats kvar" in own.get(path).text


def test_interest_is_ones_own_and_needs_a_log_in(client, other_course, cast):
    assert "/konto/login/" in client.post("/kurser/annan/sag-till/")["Location"]
    note_interest(other_course, person=cast.employee, now=timezone.now())
    client.force_login(cast.outsider)
    client.post("/kurser/annan/sag-till/", {"act": "end"})
    assert Interest.objects.get().ended_at is None
    assert "Vi säger till när" not in client.get("/min-sida/").text
    assert client.get("/kurser/annan/sag-till/")["Location"] == "/kurser/annan/"
    assert client.post("/kurser/okand/sag-till/").status_code == 404
    Course.objects.update(is_listed=False)
    assert client.post("/kurser/annan/sag-till/").status_code == 404
    client.force_login(cast.employee)
    answer = client.post("/kurser/annan/sag-till/", {"act": "end", "next": "https://elak.example/"})
    assert answer["Location"] == "/kurser/annan/"
    assert Interest.objects.get().ended_at is not None


@pytest.mark.parametrize("is_limited", [False, True])
def test_the_occasions_page_takes_as_many_queries_with_1_as_with_50(
    own, occasion, plan_occasion, cast, start, is_limited, django_assert_max_num_queries
):
    for number in range(50):
        book_place(plan_occasion(sessions=two_days(start + number * 3 * DAY)), person=cast.employee, now=timezone.now())
    if is_limited:
        decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=timezone.now())
    own.get(f"/kurstillfallen/{occasion.pk}/")
    with django_assert_max_num_queries(20 if is_limited else 14):
        own.get(f"/kurstillfallen/{occasion.pk}/")
