"""No promotion after the cut-off except by hand: an offer made just before it is open until then, and no longer."""

from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.checks import find_faults
from courses.history import history_of
from courses.models import Booking, Offer
from courses.services.booking import cancel_booking, give_place
from courses.services.occasions import change_occasion
from courses.services.offer_links import offer_token
from courses.services.offers import accept_offer, lapse_offers
from courses.services.telling import tell_news
from letters.models import Letter
from tests.courses.conftest import DAY, HOUR, plan_for
from tests.courses.test_booking import SECOND, broken, fill, log_of, state_of
from tests.courses.test_occasions import plans_of


@pytest.fixture
def late_offer(occasion, cast, now):
    """Made an hour before the cut-off, with eight working hours to answer by the occasion's rule."""
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    waiting, _last = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=occasion.offers_until - 2 * HOUR)
    return waiting.offers.get()


@pytest.mark.parametrize(("moment", "is_open"), [(-SECOND, True), (SECOND * 0, False), (SECOND, False)])
def test_an_offer_made_just_before_the_cut_off_is_open_until_the_cut_off_and_no_longer(
    occasion, cast, late_offer, moment, is_open
):
    then = occasion.offers_until + moment
    assert late_offer.expires_at == occasion.offers_until
    if is_open:
        assert accept_offer(late_offer, by=cast.outsider, now=then).state == "booked"
    else:
        assert broken(accept_offer, late_offer, by=cast.outsider, now=then) == "offer_lapsed"
    assert find_faults(now=then) == []


def test_whom_the_cut_off_left_no_time_stands_in_the_queue_as_before(occasion, cast, late_offer):
    then = occasion.offers_until
    assert lapse_offers(now=then) == 1
    assert lapse_offers(now=then + HOUR) == 0
    assert log_of(late_offer.booking) == ["waiting", "offered", "waiting"]
    assert Booking.objects.filter(state="waiting").earliest("id") == late_offer.booking
    assert find_faults(now=then + HOUR) == []
    give_place(late_offer.booking, by=cast.facilitator, now=then + HOUR, why="Ringde")
    assert state_of(late_offer.booking) == "booked"


def test_a_later_cut_off_offers_the_place_to_the_same_person_again(occasion, plan_occasion, cast, late_offer, start):
    then = occasion.offers_until
    lapse_offers(now=then)
    plan = plan_for(start, offers_until=start - DAY)
    change_occasion(occasion, plan=plan, sessions=plans_of(occasion), now=then + HOUR)
    assert late_offer.booking.offers.filter(answer="open").count() == 1


def test_who_is_left_no_time_by_the_cut_off_is_told_how_it_stands(occasion, cast, late_offer, now):
    tell_news(now=late_offer.made_at)
    asked = Letter.objects.get(kind="offered")
    assert "Därefter ger processledaren den för hand." in asked.text
    assert "går den till nästa" not in asked.text
    lapse_offers(now=occasion.offers_until)
    tell_news(now=occasion.offers_until)
    ended = Letter.objects.get(kind="offer_ended")
    assert ended.person == cast.outsider
    assert "Du behåller din plats i kön." in ended.text
    assert history_of(late_offer.booking)[-1].says.endswith("Du behöll din plats i kön.")
    assert not Letter.objects.filter(kind="lapsed").exists()


def test_a_cut_off_that_was_moved_is_not_the_moment_until_which_the_place_was_held(occasion, cast, now, start):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    waiting, _last = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    until = waiting.offers.get().expires_at
    plan = plan_for(start, offers_until=until - 2 * HOUR)
    change_occasion(occasion, plan=plan, sessions=plans_of(occasion), now=now)
    lapse_offers(now=until)
    tell_news(now=until)
    ended = Letter.objects.get(kind="offer_ended")
    for words in (ended.text, ended.html):
        assert f"{timezone.localtime(until):%H:%M}" in words.replace(".", ":")
        assert f"{timezone.localtime(until - 2 * HOUR):%H:%M}" not in words.replace(".", ":")


@pytest.mark.parametrize(("closes", "until", "again", "next_one"), [
    (1, 0, False, False),
    (10, 1, False, True),
    (1, 1, True, True),
])  # fmt: skip
def test_who_lost_an_offer_is_told_of_no_next_and_no_queue_that_there_is_not(
    plan_occasion, cast, now, start, closes, until, again, next_one
):
    """`closes` and `until` are days before the start: when the booking closes, and the last offer is made."""
    plan = {"booking_closes_at": start - closes * DAY, "offers_until": start - until * DAY}
    occasion = plan_occasion(places=2, **plan)
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    lost, _last = fill(occasion, cast.outsider, cast.hr, now=now)
    cancelled_at = start - 9 * DAY if until else start - HOUR
    cancel_booking(first, by=cast.facilitator, now=cancelled_at, why="Sjuk")
    offer = lost.offers.get()
    lapse_offers(now=offer.expires_at)
    assert state_of(lost) == "lapsed"
    Letter.objects.all().delete()
    tell_news(now=offer.expires_at)
    letter = Letter.objects.get(kind="lapsed", person=cast.outsider)
    with time_machine.travel(offer.expires_at, tick=False):
        page = Client()
        page.force_login(cast.outsider)
        shown = page.get(reverse("booking", args=[lost.pk])).text
        linked = page.get(reverse("offer_by_letter", args=[offer_token(offer)])).text
    for words in (letter.text, letter.html):
        assert ("väntelistan igen" in words) is again
        assert ("till nästa" in words) is next_one
    assert ("väntelistan igen" in linked) is again
    assert ("till nästa" in linked) is next_one
    assert ("boka igen" in shown) is again


def test_an_occasion_moved_to_an_earlier_day_leaves_no_offer_open_when_it_begins(occasion, cast, now, start):
    first, _ = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    earlier = [
        replace(day, starts_at=now + 2 * HOUR * n, ends_at=now + 2 * HOUR * n + HOUR)
        for n, day in enumerate(plans_of(occasion), 1)
    ]
    plan = plan_for(start, booking_closes_at=now + HOUR)
    change_occasion(occasion, plan=plan, sessions=earlier, now=now)
    assert broken(accept_offer, Offer.objects.get(), by=cast.outsider, now=now + 2 * HOUR) == "offer_lapsed"
    assert find_faults(now=now) == []
    lapse_offers(now=now + 2 * HOUR)
    assert Booking.objects.get(person=cast.outsider).state == "lapsed"
