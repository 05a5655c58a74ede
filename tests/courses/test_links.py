"""A remote session's link lets anyone into the meeting: it is shown to those who have a place, and to nobody else."""

import dataclasses

import pytest

from courses.models import Booking
from courses.services.booking import book_place
from tests.courses.conftest import two_days

LINK = "https://mote.skarvik.example/hemligt-rum"


@pytest.fixture
def remote(plan_occasion, start):
    return plan_occasion(sessions=[dataclasses.replace(day, link=LINK) for day in two_days(start)], places=1)


def page_of(client, occasion, person=None):
    if person:
        client.force_login(person)
    return client.get(f"/kurstillfallen/{occasion.pk}/").content.decode()


def test_the_link_is_shown_to_whoever_has_a_place_and_whoever_leads(client, cast, remote, now):
    book_place(remote, person=cast.employee, now=now)
    assert LINK in page_of(client, remote, cast.employee)
    assert LINK in page_of(client, remote, cast.facilitator)


def test_the_link_is_not_shown_to_strangers_outsiders_and_those_who_wait(client, cast, remote, now):
    book_place(remote, person=cast.employee, now=now)
    waiting, _made = book_place(remote, person=cast.colleague, now=now, wait=True)
    assert waiting.state == Booking.State.WAITING
    for person in (None, cast.outsider, cast.colleague):
        page = page_of(client, remote, person)
        assert LINK not in page
        assert "På distans" in page


def test_the_api_says_that_a_session_is_remote_and_not_where(client, cast, remote):
    answer = client.get("/api/v1/occasions/", {"from": "2027-01-01"})
    assert LINK not in answer.content.decode()
    assert [session["remote"] for session in answer.json()["results"][0]["sessions"]] == [True, True]
