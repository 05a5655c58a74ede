"""Workshops: planned on a journey, joined by a code, with or without an account."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Journey, JourneyMember
from shared import guessing as shared_guessing
from shared.rules import RuleBroken
from shared.spoken_codes import tidy_code
from tests.support.forgetting import forget
from workshops.models import Participant, Workshop
from workshops.queries import digest_of, time_plan
from workshops.services import guessing
from workshops.services.workshops import close_workshop, join_workshop, plan_workshop

AGENDA = [("Välkomna", 10), ("Fyll i resan", 30), ("Avslut", 5)]


@pytest.fixture
def journey(cast, now):
    journey = Journey.objects.create(title="Elevens resa", created_at=now, changed_at=now)
    JourneyMember.objects.create(journey=journey, person=cast.facilitator)
    return journey


@pytest.fixture
def workshop(cast, journey, now):
    return plan_workshop(journey, title="Kartlägg skolstarten", starts_at=now, agenda=AGENDA, by=cast.facilitator)


@pytest.fixture
def as_():
    def log_in(person):
        client = Client()
        client.force_login(person)
        return client

    return log_in


def plan_of(workshop, minutes):
    return [planned.moment for planned in time_plan(workshop, now=workshop.starts_at + dt.timedelta(minutes=minutes))]


@pytest.mark.parametrize(
    ("minutes", "moments"),
    [
        (-1, ["later", "later", "later"]),
        (0, ["now", "later", "later"]),
        (9.99, ["now", "later", "later"]),
        (10, ["past", "now", "later"]),
        (44.99, ["past", "past", "now"]),
        (45, ["past", "past", "past"]),
    ],
)
def test_the_agenda_says_where_in_it_we_are(workshop, minutes, moments):
    assert plan_of(workshop, minutes) == moments


def test_a_facilitator_plans_and_gets_a_code(as_, cast, journey):
    said = {
        "title": "Kartlägg",
        "journey": journey.pk,
        "starts_at": "2027-03-02T09:00",
        "agenda": "10 Välkomna\n\n30 min: Fyll i resan\n 5 – Avslut",
    }
    page = as_(cast.facilitator).post(reverse("new_workshop"), said, follow=True)
    made = Workshop.objects.get()
    assert made.join_code in page.text
    assert list(made.agenda.values_list("title", "minutes")) == AGENDA


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"agenda": "Välkomna"}, "agenda"),
        ({"agenda": "0 Välkomna"}, "agenda"),
        ({"agenda": ""}, "agenda"),
        ({"agenda": "10 " + "x" * 200}, "agenda"),
        ({"starts_at": "2027-02-30T09:00"}, "starts_at"),
        ({"starts_at": "2027-03-28T02:30"}, "starts_at"),  # the hour that the clocks skip
        ({"title": "a\x00b"}, "title"),
        ({"journey": "999999"}, "journey"),
    ],
)
def test_a_wrong_plan_gets_a_sentence_and_keeps_what_was_typed(as_, cast, journey, changed, field):
    said = {"title": "Kartlägg", "journey": journey.pk, "starts_at": "2027-03-02T09:00", "agenda": "10 Hej"} | changed
    page = as_(cast.facilitator).post(reverse("new_workshop"), said)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert not Workshop.objects.exists()


def test_a_journey_that_is_closed_to_the_facilitator_can_t_be_chosen(as_, cast, now):
    closed = Journey.objects.create(title="Annans resa", created_at=now, changed_at=now)
    page = as_(cast.facilitator).get(reverse("new_workshop"))
    assert closed not in page.context["form"].fields["journey"].queryset


def test_an_employee_joins_once_however_the_code_is_typed(as_, cast, workshop):
    client = as_(cast.employee)
    typed = f" {workshop.join_code[:3].lower()}-{workshop.join_code[3:]} "
    for _again in range(2):
        page = client.post(reverse("join"), {"code": typed}, follow=True)
    assert "Fyll i resan" in page.text
    assert "Elevens resa" not in page.text  # no right to the journey, no link to it
    assert [participant.person for participant in Participant.objects.all()] == [cast.employee]


def test_a_guest_joins_by_name_and_only_a_digest_of_their_key_is_kept(workshop):
    guest = Client()
    page = guest.post(reverse("join"), {"code": workshop.join_code, "name": "Ingrid, förälder"}, follow=True)
    assert "Ingrid, förälder" in page.text
    assert "Elevens resa" not in page.text
    key = guest.session["workshop_guest_key"]
    assert Participant.objects.get().guest_digest == digest_of(key)
    guest.post(reverse("join"), {"code": workshop.join_code, "name": "Ingrid"})
    assert Participant.objects.count() == 1


def test_who_may_read_the_journey_is_led_to_it(as_, cast, workshop):
    assert (
        reverse("journey", args=[workshop.journey_id])
        in as_(cast.facilitator).get(reverse("workshop", args=[workshop.pk])).text
    )


@pytest.mark.parametrize("code", ["", "ABC", "ZZZZZZ", "x" * 200])
def test_an_unknown_code_gets_a_sentence(client, workshop, code):
    page = client.post(reverse("join"), {"code": code, "name": "Ingrid"})
    assert page.status_code == 200
    assert page.context["form"].errors["code"]


def test_a_link_with_the_code_joins_nobody_by_itself(client, workshop):
    page = client.get(reverse("join") + f"?kod={workshop.join_code}")
    assert workshop.join_code in page.text
    assert not Participant.objects.exists()


def test_who_has_not_joined_learns_nothing(as_, cast, workshop):
    for client in (Client(), as_(cast.outsider), as_(cast.administrator), as_(cast.employee)):
        assert client.get(reverse("workshop", args=[workshop.pk])).status_code == 404
        assert client.get(reverse("workshop", args=[999_999])).status_code == 404
    outsider = as_(cast.outsider)
    assert outsider.get(reverse("new_workshop")).status_code == 404
    assert outsider.post(reverse("new_workshop"), {}).status_code == 404
    assert outsider.post(reverse("close_workshop", args=[workshop.pk])).status_code == 404
    assert workshop.title not in outsider.get(reverse("workshops")).text
    assert Client().get(reverse("workshops")).status_code == 302


def test_a_closed_workshop_takes_nobody_more_and_is_still_seen(as_, cast, workshop, now):
    join_workshop(workshop, person=cast.employee, now=now)
    assert as_(cast.facilitator).post(reverse("close_workshop", args=[workshop.pk])).status_code == 302
    assert "stängd" in Client().post(reverse("join"), {"code": workshop.join_code, "name": "Ingrid"}).text
    assert as_(cast.employee).get(reverse("workshop", args=[workshop.pk])).status_code == 200
    with pytest.raises(RuleBroken):
        join_workshop(workshop, person=cast.colleague, now=now)


def test_closing_twice_keeps_the_first_moment(workshop, now):
    close_workshop(workshop, now=now)
    close_workshop(workshop, now=now + dt.timedelta(hours=1))
    assert workshop.closed_at == now


def test_the_list_asks_the_same_number_of_questions_for_one_and_many(
    as_, cast, journey, workshop, django_assert_max_num_queries, now
):
    client = as_(cast.facilitator)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("workshops"))
    for _more in range(10):
        plan_workshop(journey, title="Till", starts_at=now, agenda=AGENDA, by=cast.facilitator)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("workshops"))


def test_a_code_is_read_as_it_was_meant():
    assert tidy_code(" ab c-3 ") == "ABC3"


@pytest.fixture
def few_guesses(monkeypatch):
    forget("workshops:guesses:")
    monkeypatch.setattr(guessing, "MOST_FROM_ONE", 3)
    monkeypatch.setattr(guessing, "MOST_FROM_GUESTS", 5)
    yield
    forget("workshops:guesses:")


def guess(client, code="ZZZZZZ", **more):
    return client.post(reverse("join"), {"code": code, "name": "Ingrid"}, **more)


@pytest.mark.usefixtures("few_guesses")
def test_who_guesses_is_stopped_and_not_told_when_the_guess_is_right(workshop):
    client = Client()
    assert [guess(client).status_code for _try in range(4)] == [200, 200, 200, 429]
    stopped = guess(client, workshop.join_code)
    assert stopped.status_code == 429
    assert "Vänta tio minuter" in stopped.text
    assert 'value="Ingrid"' in stopped.text  # what was typed is kept
    assert not Participant.objects.exists()
    # A new session is the same address; another address is another matter.
    assert guess(Client(), workshop.join_code).status_code == 429
    assert guess(Client(), workshop.join_code, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.usefixtures("few_guesses")
def test_guests_from_many_addresses_are_counted_together_and_those_with_an_account_get_in(as_, cast, workshop):
    for number in range(5):
        assert guess(Client(), REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    assert guess(Client(), workshop.join_code, REMOTE_ADDR="192.0.2.99").status_code == 429
    assert guess(as_(cast.employee), workshop.join_code).status_code == 302


@pytest.mark.usefixtures("few_guesses")
def test_after_a_while_one_may_try_again(workshop, now):
    for _try in range(3):
        assert guessing.find_by_code("ZZZZZZ", asker="a", is_guest=True, now=now) is None
    with pytest.raises(RuleBroken):
        guessing.find_by_code(workshop.join_code, asker="a", is_guest=True, now=now)
    later = now + shared_guessing.WINDOW
    assert guessing.find_by_code(workshop.join_code, asker="a", is_guest=True, now=later) == workshop


@pytest.mark.usefixtures("few_guesses")
def test_right_codes_are_not_counted(workshop, now):
    for _try in range(9):
        assert guessing.find_by_code(workshop.join_code, asker="a", is_guest=True, now=now) == workshop


def test_one_ipv6_network_is_one_guesser():
    one, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"
    assert guessing.name_of_address(one) == guessing.name_of_address(other)
    assert guessing.name_of_address(one) != guessing.name_of_address("2001:db8:1:3::1")
    assert guessing.name_of_address("192.0.2.1") != guessing.name_of_address("192.0.2.2")
