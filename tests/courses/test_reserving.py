"""Places kept for a unit, on their pages: reserved by whoever leads, named by the manager, let go in time."""

import re

import pytest
from django.utils import timezone, translation

from courses.models import Booking, Occasion, Reservation
from courses.services.booking import book_place
from courses.services.occasions import cancel_occasion, change_occasion
from courses.services.reservation_letters import tell_managers
from courses.services.reservations import name_for_place, reserve_places
from courses.services.telling import tell_news
from courses.working_hours import working_days_before
from letters.models import Letter
from people.models import Unit
from tests.courses import test_pages
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_occasions import plans_of
from tests.courses.test_pages import as_
from tests.support.cast import make_person

start = test_pages.start


@pytest.fixture
def occasion(plan_occasion):
    return plan_occasion(places=4)


@pytest.fixture
def address(occasion):
    return f"/kurstillfallen/{occasion.pk}/reserverade/"


def asked(occasion, **changes):
    until = timezone.localtime(occasion.offers_until).strftime("%Y-%m-%dT%H:%M")
    return {"unit": "", "places": "2", "until": until} | changes


@pytest.fixture
def reserved(occasion, cast):
    return reserve_places(occasion, unit=cast.school, places=2, until=occasion.offers_until, now=timezone.now())


def test_two_places_are_reserved_and_the_manager_names_who_comes(client, occasion, address, cast):
    as_(client, cast.facilitator)
    answer = client.post(address, asked(occasion, unit=cast.school.pk), follow=True)
    assert "Märta Chefsson får ett brev och utser vilka som kommer." in answer.text
    kept = Reservation.objects.get()
    tell_news(now=timezone.now())
    letter = Letter.objects.get()
    assert (letter.person, letter.subject) == (cast.manager, "Utse vilka som ska gå Tjänstedesign i två dagar")
    assert f"/reserverade-platser/{kept.pk}/" in letter.text
    assert "2 platser på Tjänstedesign i två dagar hålls för Åsaskolan" in letter.text

    assert "vilka som ska få platserna. Sedan blir de allas." in letter.text

    as_(client, cast.manager)
    assert "0 av 2 tagna" in client.get("/kurser/att-godkanna/").text
    page = client.get(f"/reserverade-platser/{kept.pk}/").text
    assert '<option value="Elin Ek">' in page
    assert "Olle Utan" not in page
    for _turn in range(2):
        answer = client.post(f"/reserverade-platser/{kept.pk}/", {"person": " elin  ek "}, follow=True)
    assert "Elin Ek har redan en plats." in answer.text
    booking = Booking.objects.get()
    assert (booking.person, booking.state, booking.reservation) == (cast.employee, "booked", kept)
    assert booking.events.get().by == cast.manager


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": ""}, "Fyll i det här."),
        ({"unit": "999999"}, "Välj något av det som finns"),
        ({"places": "0"}, "1"),
        ({"places": "5"}, "Det finns 4 lediga platser att reservera."),
        ({"until": "2020-01-01T09:00"}, "medan lediga platser fortfarande erbjuds"),
        ({"until": "2099-01-01T09:00"}, "medan lediga platser fortfarande erbjuds"),
        ({"until": "2028-03-26T02:30"}, "Den tiden finns inte"),
        ({"until": "2028-10-29T02:30"}, "Den tiden finns två gånger"),
    ],
)
def test_what_can_not_be_reserved_says_why_at_its_field(client, occasion, address, cast, changes, sentence):
    answer = as_(client, cast.facilitator).post(address, asked(occasion, **({"unit": cast.school.pk} | changes)))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{changes.get("places", "2")}"' in answer.text
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    ("free", "sentence"),
    [(1, "Det finns 1 ledig plats att reservera."), (0, "Det finns ingen ledig plats att reservera.")],
)
def test_one_free_place_and_none_are_said_as_such(client, occasion, address, cast, free, sentence):
    Occasion.objects.filter(pk=occasion.pk).update(places=1)
    if not free:
        book_place(occasion, person=cast.employee, now=timezone.now())
    answer = as_(client, cast.facilitator).post(address, asked(occasion, unit=cast.school.pk))
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_unit_reserves_once_and_within_the_chosen_administrations(client, occasion, address, reserved, cast):
    as_(client, cast.facilitator)
    answer = client.post(address, asked(occasion, unit=cast.school.pk, places="1"))
    assert "Enheten har redan reserverade platser här." in answer.text
    occasion.administrations.add(cast.schools)
    assert "Vård- och omsorgsförvaltningen" not in client.get(address).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Fyll i det här."),
        ("Olle Utan", "Ingen på enheten har det namnet eller den adressen."),
        ("Nisse Nilsson", "Ingen på enheten har det namnet eller den adressen."),
        ("Ek", "Menar du Elin Ek? Skriv hela namnet."),
        ("Anna Andersson", "Fler än en heter så. Skriv adressen på jobbet."),
        ("\0", "Null"),
    ],
)
def test_who_can_not_be_named_is_told_so_and_nobody_gets_a_place(client, reserved, cast, typed, sentence):
    for _number in range(2):
        make_person("Anna", "Andersson", unit=cast.school)
    answer = as_(client, cast.manager).post(f"/reserverade-platser/{reserved.pk}/", {"person": typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Booking.objects.exists()


def test_namesakes_are_named_by_their_addresses(client, reserved, cast):
    people = [make_person("Anna", "Andersson", unit=cast.school) for _ in range(2)]
    page = as_(client, cast.manager).get(f"/reserverade-platser/{reserved.pk}/").text
    assert f'<option value="{people[1].email}">' in page
    client.post(f"/reserverade-platser/{reserved.pk}/", {"person": people[1].email.upper()})
    assert Booking.objects.get().person == people[1]


def test_only_as_many_are_named_as_there_are_places(client, reserved, cast):
    as_(client, cast.manager)
    for person in (cast.employee, cast.colleague):
        client.post(f"/reserverade-platser/{reserved.pk}/", {"person": person.email})
    answer = client.post(f"/reserverade-platser/{reserved.pk}/", {"person": cast.manager.email})
    assert (answer.status_code, Booking.objects.count()) == (422, 2)


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_places_of_what_is_cancelled_or_begun_are_kept_for_nobody(
    client, occasion, address, reserved, cast, is_cancelled
):
    page = f"/reserverade-platser/{reserved.pk}/"
    ways = (page, f"{page}slapp/")
    as_(client, cast.facilitator)
    before, own = client.get(address).text, client.get(page).text
    assert ("hålls till" in before, *(f'"{way}"' in before for way in ways)) == (True, True, True)
    assert ("platser är kvar att utse" in own, "Kurstillfället är inställt." in own) == (True, False)
    if is_cancelled:
        cancel_occasion(occasion, by=cast.facilitator, now=timezone.now(), why="Salen brann")
    else:
        begun = timezone.now() - HOUR
        earlier = dict.fromkeys(("booking_closes_at", "cancel_until", "offers_until", "starts_at"), begun)
        Occasion.objects.update(**earlier, ends_at=begun + 2 * HOUR)
        Reservation.objects.update(until=begun)
    after, own = client.get(address).text, client.get(page).text
    assert ("0 av 2 tagna" in after, "hålls till" in after) == (True, False)
    assert [f'"{way}"' in after for way in ways] == [False, False]
    assert ("Kurstillfället är inställt." in after) == ("Kurstillfället är inställt." in own) == is_cancelled
    assert ("att utse någon" in own, "inte längre reserverade" in own) == (False, not is_cancelled)
    assert 'name="person"' not in own


def test_what_is_let_go_is_everyones_at_once(client, occasion, reserved, cast):
    name_for_place(reserved, person=cast.employee, by=cast.manager, now=timezone.now())
    as_(client, cast.facilitator)
    for _turn in range(2):
        answer = client.post(f"/reserverade-platser/{reserved.pk}/slapp/", follow=True)
    assert "Inga platser är reserverade" in answer.text
    assert not Occasion.objects.get().is_limited
    page = as_(client, cast.manager).get(f"/reserverade-platser/{reserved.pk}/").text
    assert "Platserna är inte längre reserverade." in page
    assert 'name="person"' not in page


def test_the_pages_are_for_the_manager_those_above_and_whoever_leads(client, address, reserved, cast):
    page = f"/reserverade-platser/{reserved.pk}/"
    Unit.objects.filter(pk=cast.schools.pk).update(manager=cast.hr)
    for person in (cast.manager, cast.hr, cast.facilitator, cast.administrator):
        assert as_(client, person).get(page).status_code == 200
    for person in (cast.employee, cast.outsider, cast.editor):
        assert as_(client, person).get(page).status_code == 404
        assert client.post(page, {"person": cast.employee.email}).status_code == 404
    for person in (cast.manager, cast.employee, cast.outsider, cast.hr):
        as_(client, person)
        assert client.get(address).status_code == 404
        assert client.post(f"{page}slapp/").status_code == 404
    assert as_(client, cast.facilitator).get(f"{page}slapp/").status_code == 405
    assert not Booking.objects.exists()
    client.logout()
    assert client.get(page).status_code == 302


def test_a_draft_keeps_places_and_the_manager_hears_when_it_opens(client, plan_occasion, cast, start):
    draft = plan_occasion(places=4, state="draft")
    as_(client, cast.facilitator)
    answer = client.post(f"/kurstillfallen/{draft.pk}/reserverade/", asked(draft, unit=cast.school.pk), follow=True)
    assert "får ett brev när tillfället öppnar" in answer.text
    now = timezone.now()
    assert tell_managers(now=now) == 0
    assert "inte öppet för bokning" in client.post(answer.request["PATH_INFO"], {"person": cast.employee.email}).text
    change_occasion(draft, plan=plan_for(start, places=4), sessions=plans_of(draft), now=now)
    assert tell_managers(now=now) == 1


def test_a_manager_hears_once_and_once_more_before_the_places_go(reserved, cast):
    now = timezone.now()
    last_call = working_days_before(reserved.until, 2)
    assert [tell_managers(now=moment) for moment in (now, now + HOUR, last_call - HOUR)] == [1, 0, 0]
    assert [tell_managers(now=moment) for moment in (last_call, last_call + HOUR)] == [1, 0]
    subjects = list(Letter.objects.order_by("id").values_list("subject", flat=True))
    assert subjects[1] == "Platserna på Tjänstedesign i två dagar blir snart allas"
    assert tell_managers(now=reserved.until) == 0


def test_who_becomes_the_manager_hears_too_and_nobody_when_all_are_named(occasion, reserved, cast):
    now = timezone.now()
    assert tell_managers(now=now) == 1
    Unit.objects.filter(pk=cast.school.pk).update(manager=cast.hr)
    assert tell_managers(now=now) == 1
    other = reserve_places(occasion, unit=cast.care, places=1, until=occasion.offers_until, now=now)
    assert tell_managers(now=now) == 0  # nobody is known there
    Unit.objects.filter(pk=cast.care.pk).update(manager=cast.editor)
    name_for_place(other, person=cast.outsider, by=cast.facilitator, now=now)
    assert tell_managers(now=now) == 0


def test_the_letter_speaks_the_managers_language(reserved, cast):
    cast.manager.language = "en"
    cast.manager.save()
    with translation.override("sv"):
        tell_managers(now=timezone.now())
    letter = Letter.objects.get()
    assert letter.subject.startswith("Name who comes to")
    assert f"/en/reserverade-platser/{reserved.pk}/" in letter.html


def test_letters_to_managers_take_as_many_questions_with_1_as_with_20(
    plan_occasion, cast, start, django_assert_max_num_queries
):
    now = timezone.now()
    for number in range(20):
        each = plan_occasion(places=4, sessions=two_days(start + number * 3 * DAY))
        reserve_places(each, unit=cast.school, places=1, until=each.offers_until, now=now)
    assert tell_managers(now=now) == 20
    with django_assert_max_num_queries(2):
        assert tell_managers(now=now) == 0


def test_each_administration_stands_above_its_units(client, address, cast):
    page = as_(client, cast.facilitator).get(address).text
    shown = re.findall(r'<option value="(\d+)"', page.split('name="unit"')[1].split("</select>")[0])
    assert [int(pk) for pk in shown][:2] == [cast.schools.pk, cast.school.pk]
