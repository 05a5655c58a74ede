"""The people on an occasion, for whoever leads it: where each stands and why, who came not, who could come."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from courses.models import Attendance, Booking, Completion, Occasion
from courses.participant_queries import eligible_for
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking
from courses.services.interest import note_interest
from courses.services.inviting import invite_people
from courses.services.needs import Needs, write_needs
from courses.services.offers import lapse_offers
from courses.services.reservations import decide_who_may_book
from letters.models import Letter
from people.models import Person
from people.queries import who_else
from people.roles import FACILITATOR
from people.services.roles import give_role
from shared.rules import RuleBroken
from tests.courses import test_pages
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill
from tests.courses.test_pages import as_
from tests.support.cast import make_person

start = test_pages.start


@pytest.fixture
def leader(client, cast):
    return as_(client, cast.facilitator)


@pytest.fixture
def address(occasion):
    return f"/kurstillfallen/{occasion.pk}"


def held_before(plan_occasion, start, *people, marks):
    """An occasion forty days back on which each person is marked so on each day."""
    occasion = plan_occasion(sessions=two_days(start - 70 * DAY), places=20)
    for person, states in zip(people, marks, strict=True):
        booking, _ = book_place(occasion, person=person, now=start - 90 * DAY)
        for session, state in zip(occasion.sessions.all(), states, strict=True):
            mark_attendance(booking, session, state=state, by=occasion.facilitators.get(), now=timezone.now())
    return occasion


# --- Where each stands ---------------------------------------------------------------------------
def test_each_states_history_is_told_in_words(leader, plan_occasion, cast):
    occasion, now = plan_occasion(places=1), timezone.now()
    (first,) = fill(occasion, cast.employee, now=now)
    fill(occasion, cast.colleague, cast.outsider, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    lapse_offers(now=now + 10 * DAY)
    page = leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/").text
    each = [
        leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/{booking.pk}/").text for booking in Booking.objects.all()
    ]
    for sentence in ("Bokade", "Avbokade", "Ställde sig på väntelistan", "Erbjöds en plats", "Erbjudandet gick ut"):
        assert f"{sentence} " in "".join(each)
    assert "Avbokade " in page  # the list tells the last of each
    assert "2 bokningar som upphört" in page
    assert "Du " not in page.split("</header>")[-1].split("Hämta")[0]


def test_needs_are_shown_to_the_occasions_own_facilitators_alone(client, occasion, address, cast):
    now = timezone.now()
    Occasion.objects.update(asks_needs=True)
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    write_needs(booking, by=cast.employee, needs=Needs(food="Vegan", wheelchair=True), now=now)
    page = as_(client, cast.facilitator).get(f"{address}/deltagare/").text
    assert "Vegan. Plats för rullstol." in page
    assert "Vegan" not in as_(client, cast.administrator).get(f"{address}/deltagare/").text


def test_who_stayed_away_without_cancelling_is_a_fact_for_the_facilitators(
    client, plan_occasion, occasion, address, cast, start
):
    away = held_before(
        plan_occasion, start, cast.employee, cast.colleague, marks=[("absent", "absent"), ("absent", "present")]
    )
    excused = held_before(plan_occasion, start - 30 * DAY, cast.employee, marks=[("absent", "excused")])
    fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    page = as_(client, cast.facilitator).get(f"{address}/deltagare/").text
    assert page.count("Uteblev utan att avboka") == 1
    assert "Uteblev utan att avboka en gång: Tjänstedesign i två dagar" in " ".join(page.split())
    assert excused != away
    assert "Uteblev" not in as_(client, cast.administrator).get(f"{address}/deltagare/").text
    again, _ = book_place(occasion, person=cast.employee, now=timezone.now())
    cancel_booking(again, by=cast.facilitator, now=timezone.now(), why="Sjuk")
    assert "Uteblev" not in as_(client, cast.facilitator).get(f"{address}/deltagare/").text


def test_who_may_be_the_same_person_is_shown_with_its_signs(client, occasion, address, cast):
    twin = make_person("Elin", "Ek", unit=cast.school)
    fill(occasion, cast.employee, now=timezone.now())
    page = as_(client, cast.facilitator).get(f"{address}/deltagare/").text
    assert f"Kan vara samma person som Elin Ek ({twin.email}):" in page
    assert "samma namn, samma enhet, lika adresser" in page
    assert "/cms/" not in page.split("Kan vara samma")[1].split("</p>")[0]
    assert "Titta i registret" in as_(client, cast.administrator).get(f"{address}/deltagare/").text


def person(name, family, email, unit=None):
    made = make_person(name, family, unit=unit)
    made.email = email
    made.save()
    made.refresh_from_db()
    return made


def test_namesakes_alone_are_two_people(cast, now):
    one = person("Anna", "Berg", "anna.berg@skarvik.example", cast.school)
    namesake = person("Anna", "Berg", "ab1204@skarvik.example", cast.care)
    married = person("Anna", "Lind", "anna.berg2@skarvik.example", cast.care)
    day = now.date()
    assert [sign.person for sign in who_else([namesake], day=day).get(namesake.pk, [])] == []
    assert who_else([one], day=day).get(one.pk) is None
    # Beside each other on one list one sign is enough: a place may be taken twice.
    beside = who_else([one, namesake, married], day=day)
    assert {sign.person for sign in beside[one.pk]} == {namesake, married}
    type(one).objects.filter(pk=namesake.pk).update(is_active=False)
    assert {sign.person for sign in who_else([one, married], day=day)[one.pk]} == {married}


@pytest.mark.parametrize("is_limited", [False, True])
def test_whoever_waits_has_the_number_there_that_the_person_sees(leader, client, plan_occasion, cast, is_limited):
    occasion, now = plan_occasion(places=1), timezone.now()
    fill(occasion, cast.employee, now=now)
    waiting = fill(occasion, cast.colleague, cast.outsider, cast.manager, now=now)
    if is_limited:
        decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    page = leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/").text
    numbers = [1, 2, 2] if is_limited else [1, 2, 3]
    assert re.findall(r'<span class="muted">(\d+)\.</span> <strong>([^<]+)', page) == [
        (str(number), booking.person.name_in_lists) for number, booking in zip(numbers, waiting, strict=True)
    ]
    for number, booking in zip(numbers, waiting, strict=True):
        own = as_(client, booking.person).get(f"/bokningar/{booking.pk}/").text
        assert f"Du står som nummer {number} på väntelistan" in own


# --- What the facilitator does ---------------------------------------------------------------------
def test_a_place_is_given_past_the_list_with_a_reason_that_is_kept(leader, plan_occasion, cast):
    occasion = plan_occasion(places=1)
    Occasion.objects.update(offers_until=timezone.now() - DAY)
    (first,) = fill(occasion, cast.employee, now=timezone.now())
    fill(occasion, cast.colleague, now=timezone.now())
    cancel_booking(first, by=cast.employee, now=timezone.now())
    page = f"/kurstillfallen/{occasion.pk}/ge-plats/"
    assert "1 person väntar. Du ger platsen förbi listan." in leader.get(page).text
    for _turn in range(2):
        answer = leader.post(page, {"person": "Utan, Olle", "why": "Håller i en del av dagen"}, follow=True)
    assert "Olle Utan har redan en plats." in answer.text
    given = Booking.objects.get(person=cast.outsider)
    assert (given.state, given.events.get().why) == ("booked", "Håller i en del av dagen")
    assert "Håller i en del av dagen" in leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/").text


def test_a_part_of_many_names_lists_none_of_them(leader, address):
    for number in range(6):
        Person.objects.create(email=f"anna{number}@skarvik.example", given_name="Anna", family_name=f"Ek {number}")
    page = leader.post(f"{address}/ge-plats/", {"person": "ann", "why": "Ringde"}).text
    assert "Flera har ett namn som börjar så. Skriv hela namnet." in page
    assert "Ek 3" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"person": "", "why": "Ringde"}, "Fyll i det här."),
        ({"person": "Ingen Alls", "why": "Ringde"}, "Ingen här har det namnet eller den adressen."),
        ({"person": "Olle", "why": "Ringde"}, "Menar du Olle Utan? Skriv hela namnet."),
        ({"person": "Olle Utan", "why": "  "}, "Fyll i det här."),
        ({"person": "Olle Utan", "why": "Ringde"}, "Alla platser är tagna."),
        ({"person": "Olle Utan", "why": "x" * 251}, "250"),
        ({"person": "Olle\0", "why": "Ringde"}, "Null"),
    ],
)
def test_a_place_that_can_not_be_given_keeps_what_was_typed(leader, occasion, address, cast, sent, sentence):
    fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    answer = leader.post(f"{address}/ge-plats/", sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sent["why"].strip() in answer.text
    assert Booking.objects.count() == 2


def test_a_booking_is_moved_with_a_reason(leader, occasion, address, plan_occasion, cast, start):
    later = plan_occasion(sessions=two_days(start + 7 * DAY))
    (booking,) = fill(occasion, cast.employee, now=timezone.now())
    page = leader.get(f"{address}/deltagare/{booking.pk}/").text
    assert f'<option value="{later.pk}">' in page
    assert "Bokade " in page
    act = {"act": "move", "to": later.pk}
    answer = leader.post(f"{address}/deltagare/{booking.pk}/", act)
    assert (answer.status_code, "Skriv varför bokningen flyttas" in answer.text) == (422, True)
    assert f'value="{later.pk}" selected' in answer.text
    leader.post(f"{address}/deltagare/{booking.pk}/", act | {"why": "Salen är för liten"})
    new = Booking.objects.get(occasion=later)
    assert (new.state, new.events.get().why) == ("booked", "Salen är för liten")
    for to in ("999999", "x", ""):
        answer = leader.post(f"{address}/deltagare/{booking.pk}/", {"act": "move", "to": to, "why": "Nej"})
        assert answer.status_code == 404


# --- Who could come --------------------------------------------------------------------------------
def test_eligible_are_those_it_is_for_who_are_neither_trained_nor_booked_ahead(
    occasion, cast, course, plan_occasion, start
):
    day = timezone.localdate()
    everyone = {
        cast.employee, cast.colleague, cast.manager, cast.hr, cast.editor, cast.administrator, cast.outsider,
    }  # fmt: skip
    assert set(eligible_for(occasion, day=day)) == everyone  # not the facilitator
    fill(plan_occasion(sessions=two_days(start + 7 * DAY)), cast.colleague, now=timezone.now())
    Completion.objects.create(person=cast.manager, course=course, completed_on=day, recorded_at=timezone.now())
    occasion.administrations.add(cast.schools)
    assert set(eligible_for(occasion, day=day)) == {cast.employee}
    cast.school.employments.filter(person=cast.employee).update(ends_on=day - DAY)
    assert not eligible_for(occasion, day=day)


def test_the_list_narrows_by_interest_administration_and_name(leader, occasion, address, course, cast):
    note_interest(course, person=cast.outsider, now=timezone.now())
    page = leader.get(f"{address}/vilka-kan/?who=interested").text
    assert "Utan, Olle" in page
    assert "Har bett om besked sedan" in page
    assert "Ek, Elin" not in page
    page = leader.get(f"{address}/vilka-kan/?unit={cast.schools.pk}&q=ELIN").text
    assert "Ek, Elin" in page
    assert "Kvist, Kaj" not in page
    assert "Ingen passar" in leader.get(f"{address}/vilka-kan/?q=zzz").text
    for query in ("?who=x&unit=y", "?page=999", "?unit=999999", "?q=%00"):
        assert leader.get(f"{address}/vilka-kan/{query}").status_code == 200


def test_each_is_invited_once_by_a_letter_with_the_link(leader, occasion, address, cast):
    ticked = {"person": [cast.employee.pk, cast.outsider.pk, cast.facilitator.pk, 999999, "x"]}
    answer = leader.post(f"{address}/vilka-kan/?q=e", ticked)
    assert answer["Location"].endswith("/vilka-kan/?q=e")
    assert "2 personer är inbjudna med brev." in leader.get(f"{address}/vilka-kan/").text
    assert "0 personer är inbjudna" in leader.post(f"{address}/vilka-kan/", ticked, follow=True).text
    letters = Letter.objects.filter(kind="invited")
    assert {letter.person for letter in letters} == {cast.employee, cast.outsider}
    assert "Frida Fors, som leder Tjänstedesign i två dagar, undrar om du vill komma." in letters[0].text
    assert f"/kurstillfallen/{occasion.pk}/" in letters[0].html
    page = leader.get(f"{address}/vilka-kan/").text
    assert page.count("Inbjuden ") == 2


def test_nobody_is_invited_who_can_not_book(leader, occasion, address, cast):
    assert "Kryssa för" in leader.post(f"{address}/vilka-kan/", {}, follow=True).text
    Occasion.objects.update(booking_closes_at=timezone.now())
    answer = leader.post(f"{address}/vilka-kan/", {"person": cast.employee.pk}, follow=True)
    assert "inte öppet för bokning" in answer.text
    assert not Letter.objects.exists()
    act = {"people": range(101), "by": cast.facilitator, "now": timezone.now() - 2 * DAY}
    with pytest.raises(RuleBroken) as refusal:
        invite_people(Occasion.objects.get(), **act)
    assert refusal.value.code == "too_many"


@pytest.mark.parametrize("path", ["deltagare", "ge-plats", "vilka-kan"])
def test_the_pages_exist_for_whoever_leads_alone(client, occasion, address, cast, path):
    give_role(cast.outsider, role=FACILITATOR)
    for somebody in (cast.employee, cast.outsider, cast.hr, cast.editor, cast.manager):
        assert as_(client, somebody).get(f"{address}/{path}/").status_code == 404
        sent = {"person": cast.employee.pk, "why": "Nej"}
        assert client.post(f"{address}/{path}/", sent).status_code in {404, 405}
    assert not Booking.objects.exists()
    assert not Letter.objects.exists()
    client.logout()
    assert client.get(f"{address}/{path}/").status_code == 302


def test_the_page_takes_as_many_queries_with_1_as_with_60(
    leader, plan_occasion, cast, start, django_assert_max_num_queries
):
    occasion = plan_occasion(places=50)
    for number in range(60):
        someone = make_person("Förnamn", f"Efternamn {number}", unit=cast.school)
        book_place(occasion, person=someone, now=timezone.now() - dt.timedelta(hours=1), wait=True)
    assert Attendance.objects.count() == 0
    leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/")
    with django_assert_max_num_queries(22):
        leader.get(f"/kurstillfallen/{occasion.pk}/deltagare/")
    with django_assert_max_num_queries(18):
        leader.get(f"/kurstillfallen/{occasion.pk}/vilka-kan/")


def test_a_change_that_a_rule_refuses_keeps_its_reason(leader, plan_occasion, cast):
    occasion = plan_occasion(places=1)
    _first, waits = fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    page = f"/kurstillfallen/{occasion.pk}/deltagare/{waits.pk}/"
    answer = leader.post(page, {"act": "give", "why": "Ringde i går"})
    assert answer.status_code == 422
    assert "Alla platser är tagna." in answer.text
    assert ">Ringde i går</textarea>" in answer.text
    assert leader.post(page, {"act": "cancel", "why": "Ville inte vänta"}, follow=True).status_code == 200
    assert "Ville inte vänta" in leader.get(page).text
    assert 'name="act"' not in leader.get(page).text


def test_anothers_booking_has_no_page_here(client, occasion, address, plan_occasion, cast, start):
    other = plan_occasion(sessions=two_days(start + 7 * DAY))
    (booking,) = fill(other, cast.employee, now=timezone.now())
    as_(client, cast.facilitator)
    assert client.get(f"{address}/deltagare/{booking.pk}/").status_code == 404
    for somebody in (cast.employee, cast.outsider, cast.hr):
        assert as_(client, somebody).get(f"/kurstillfallen/{other.pk}/deltagare/{booking.pk}/").status_code == 404
