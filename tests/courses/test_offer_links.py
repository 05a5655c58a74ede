"""The link in the letter answers one offer of one person, without a log-in, once."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from courses.models import Booking, Offer
from courses.services.booking import cancel_booking
from courses.services.occasions import cancel_occasion
from courses.services.offer_links import offer_token, read_offer_token
from courses.services.offers import lapse_offers
from courses.services.telling import tell_news
from letters.models import Letter
from people.models import Person
from tests.courses.test_booking import fill, state_of


@pytest.fixture
def offer(occasion, cast, now):
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    with time_machine.travel(now + dt.timedelta(hours=1), tick=False):
        yield Offer.objects.select_related("booking").get()


@pytest.fixture
def there(offer):
    return f"/erbjudanden/svar/{offer_token(offer)}/"


def stranger():
    """No cookies at all, as a mail program on a phone."""
    return Client(enforce_csrf_checks=True)


def test_the_letter_carries_the_link_and_a_get_changes_nothing(offer, there, now):
    tell_news(now=now)
    letter = Letter.objects.get(kind="offered")
    assert there in letter.text
    assert there in letter.html
    for _ in range(2):  # a scanner opens it, then the person
        page = stranger().get(there)
        assert page.status_code == 200
        assert "Tjänstedesign i två dagar" in page.content.decode()
    assert Offer.objects.get().answer == "open"


def test_a_yes_is_a_place_also_when_the_link_is_used_twice(offer, there, cast):
    for _ in range(2):
        page = stranger().post(there, {"answer": "accept"})
        assert (page.status_code, "Platsen är din" in page.content.decode()) == (200, True)
    assert list(offer.booking.events.values_list("state", flat=True)) == ["waiting", "offered", "booked"]
    assert offer.booking.events.last().by == cast.outsider


def test_a_yes_after_a_no_is_one_clear_sentence(offer, there):
    stranger().post(there, {"answer": "decline"})
    page = stranger().post(there, {"answer": "accept"})
    assert page.status_code == 409
    assert "Erbjudandet gäller inte längre. Platsen har gått vidare till nästa." in page.content.decode()
    assert state_of(offer.booking) == "cancelled"
    assert Booking.objects.filter(state="offered").count() == 1


@pytest.mark.parametrize("answer", ["", "accept"])
def test_a_link_to_an_occasion_that_is_cancelled_says_so(offer, there, cast, answer):
    if answer:
        stranger().post(there, {"answer": answer})
    cancel_occasion(offer.booking.occasion, by=cast.facilitator, now=timezone.now(), why="Sjuk")
    page = stranger().get(there).text
    assert "Kurstillfället är inställt" in page
    assert "Du tackade nej" not in page
    assert "Platsen är din" not in page


@pytest.mark.parametrize("swept", [True, False])
def test_a_link_that_ran_out_says_so(offer, there, swept):
    with time_machine.travel(offer.expires_at, tick=False):
        if swept:
            lapse_offers(now=offer.expires_at)
        assert "Erbjudandet har gått ut" in stranger().get(there).content.decode()
        assert stranger().post(there, {"answer": "accept"}).status_code == 409
    assert state_of(offer.booking) == ("lapsed" if swept else "offered")


def test_a_changed_link_and_one_made_for_someone_else_find_nothing(offer, there, cast):
    token = offer_token(offer)
    other = Offer(pk=offer.pk, booking=Booking(person=cast.hr))
    for wrong in (token[:-1], token.replace(".", ".1"), offer_token(other), "1.1", "x" * 300, "~"):
        assert read_offer_token(wrong) is None
        assert stranger().get(f"/erbjudanden/svar/{wrong}/").status_code == 404
        assert stranger().post(f"/erbjudanden/svar/{wrong}/", {"answer": "accept"}).status_code == 404
    Person.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    assert stranger().post(there, {"answer": "accept"}).status_code == 404
    assert Offer.objects.get().answer == "open"


def test_an_answer_that_is_none_changes_nothing_and_a_wrong_method_is_refused(offer, there):
    assert stranger().post(there, {"answer": "kanske"}).status_code == 200
    assert stranger().delete(there).status_code == 405
    assert Offer.objects.get().answer == "open"
