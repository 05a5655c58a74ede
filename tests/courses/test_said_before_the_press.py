"""What a page says of a place before the button is pressed is what the press does."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from courses.models import Course, MadeUpDay, Occasion
from courses.services.booking import book_place
from tests.courses.conftest import DAY, session_of, two_days
from tests.courses.test_booking import fill, state_of
from tests.courses.test_own_booking import path_of

FINAL = "En plats här kan du inte längre avboka själv"
TO_THE_QUEUE = "Platsen går till den som står först på väntelistan"
BY_HAND = "De som håller i kursen ger platsen till någon på väntelistan"
TO_ANYONE = "Platsen blir ledig för någon annan"


@pytest.fixture
def start():
    """Pages ask the clock of the machine."""
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + 30 * DAY


@pytest.fixture
def there(plan_occasion, start):
    return plan_occasion(sessions=two_days(start + 7 * DAY), places=1)


@pytest.fixture
def own(client, cast):
    client.force_login(cast.employee)
    return client


@pytest.fixture
def asked(course, occasion, cast):
    Course.objects.filter(pk=course.pk).update(needs_approval=True)
    return book_place(occasion, person=cast.employee, now=timezone.now())[0]


def too_late(occasion):
    Occasion.objects.filter(pk=occasion.pk).update(cancel_until=timezone.now() - dt.timedelta(minutes=1))


def test_a_place_that_can_not_be_cancelled_oneself_says_so_before_it_is_booked(client, occasion, cast):
    page = f"/kurstillfallen/{occasion.pk}/"
    for reader in (None, cast.employee):
        if reader:
            client.force_login(reader)
        Occasion.objects.filter(pk=occasion.pk).update(cancel_until=timezone.now() + DAY)
        early = client.get(page).text
        assert ("Du kan avboka till och med" in early, FINAL in early) == (True, False)
        too_late(occasion)
        late = client.get(page).text
        assert ("Du kan avboka till och med" in late, FINAL in late) == (False, True)
        assert "Bokningen stänger" in late


def test_so_does_the_choice_to_move_there(own, occasion, there, plan_occasion, cast, start):
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    plan_occasion(sessions=two_days(start + 14 * DAY))
    assert FINAL not in own.get(path_of(booking, "flytta/")).text
    too_late(there)
    page = own.get(path_of(booking, "flytta/")).text
    assert page.count(FINAL) == 1
    assert page.index(f'href="/kurstillfallen/{there.pk}/"') < page.index(FINAL) < page.index(f'value="{there.pk}"')


@pytest.mark.parametrize("act", ["", "avboka/"])
def test_a_move_is_offered_only_where_there_is_something_to_move_to(own, occasion, plan_occasion, cast, start, act):
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    assert path_of(booking, "flytta/") not in own.get(path_of(booking, act)).text
    plan_occasion(sessions=two_days(start + 7 * DAY))
    assert path_of(booking, "flytta/") in own.get(path_of(booking, act)).text


def test_a_request_is_moved_in_the_words_of_a_request(own, asked, there):
    page = own.get(path_of(asked, "flytta/")).text
    assert ("Nu ber du om en plats på" in page, "Nu går du" in page) == (True, False)
    assert ("Din förfrågan följer med" in page, "Du behåller din plats" in page) == (True, False)
    moved = own.post(path_of(asked, "flytta/"), {"occasion": there.pk}, follow=True).text
    assert state_of(asked) == "moved"
    assert ("Platsen hålls åt dig så länge" in moved, "Du behåller din gamla plats" in moved) == (True, False)


def test_a_request_stands_while_one_waits_elsewhere(own, asked, there, cast):
    fill(there, cast.outsider, now=timezone.now())
    moved = own.post(path_of(asked, "flytta/"), {"occasion": there.pk, "wait": "1"}, follow=True).text
    assert state_of(asked) == "asked"
    assert "Din förfrågan står kvar tills du har fått en plats." in moved
    kept = own.get(path_of(asked)).text
    for page, stands in ((moved, "står kvar tills du har en plats här."), (kept, "Din förfrågan står kvar till dess.")):
        assert (stands in page, "Du behåller din plats" in page) == (True, False)
    assert "Den här platsen är din" not in kept


def test_with_nothing_to_move_to_a_request_has_no_place_to_hand_over(own, asked):
    page = own.get(path_of(asked, "flytta/")).text
    assert ("Din förfrågan står kvar" in page, "lämna över" in page) == (True, False)


def test_a_place_goes_to_the_queue_only_where_there_is_one(own, occasion, cast):
    now = timezone.now()
    booking, _other = fill(occasion, cast.employee, cast.colleague, now=now)
    for act in ("", "avboka/"):
        page = own.get(path_of(booking, act)).text
        assert (TO_ANYONE in page, TO_THE_QUEUE in page) == (True, False)
    book_place(occasion, person=cast.outsider, now=now, wait=True)
    for act in ("", "avboka/"):
        page = own.get(path_of(booking, act)).text
        assert (TO_ANYONE in page, TO_THE_QUEUE in page, BY_HAND in page) == (False, True, False)
    Occasion.objects.filter(pk=occasion.pk).update(offers_until=now - DAY)
    for act in ("", "avboka/"):
        page = own.get(path_of(booking, act)).text
        assert (TO_ANYONE in page, TO_THE_QUEUE in page, BY_HAND in page) == (False, False, True)


def test_a_full_occasion_says_how_a_place_that_becomes_free_is_given(client, occasion, cast):
    now = timezone.now()
    fill(occasion, cast.employee, cast.colleague, now=now)
    page = f"/kurstillfallen/{occasion.pk}/"
    for reader in (None, cast.outsider):
        if reader:
            client.force_login(reader)
        Occasion.objects.filter(pk=occasion.pk).update(offers_until=occasion.booking_closes_at)
        early = client.get(page).text
        Occasion.objects.filter(pk=occasion.pk).update(offers_until=now - DAY)
        late = client.get(page).text
        for said, here in ((early, True), (late, False)):
            assert "Alla platser är tagna" in said
            ways = ("erbjuds platsen den som står först", "ger de som håller i kursen platsen till någon på")
            assert [way in said for way in ways] == [here, not here]


def test_who_comes_for_one_day_alone_is_told_of_cancelling_only(own, occasion, there, cast):
    missed_there = book_place(there, person=cast.employee, now=timezone.now())[0]
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    move, cancel = "Du kan avboka, flytta eller lämna över fram till", "Du kan avboka fram till"
    page = own.get(path_of(booking)).text
    assert (move in page, cancel in page) == (True, False)
    missed, instead = there.sessions.first(), occasion.sessions.first()
    MadeUpDay.objects.create(
        booking=booking, original=missed_there, missed=missed, instead=instead, made_at=timezone.now()
    )
    page = own.get(path_of(booking)).text
    assert (move in page, cancel in page) == (False, True)


def test_the_manager_sees_every_day_that_is_asked_for(client, asked, cast, django_assert_max_num_queries):
    client.force_login(cast.manager)
    page = client.get("/kurser/att-godkanna/").text
    for session in asked.occasion.sessions.all():
        day = date_format(localtime(session.starts_at), "j F")
        assert f'{day}, <span class="nowrap">09.00–16.00</span>' in page
    with django_assert_max_num_queries(15):
        client.get("/kurser/att-godkanna/")


def test_of_an_occasion_that_is_over_every_page_says_how_many_had_a_place(client, occasion, cast):
    now = timezone.now()
    book_place(occasion, person=cast.employee, now=now)
    client.force_login(cast.facilitator)
    pages = [f"/kurstillfallen/{occasion.pk}/{act}" for act in ("", "deltagare/")]
    assert all("1 av 2 platser kvar" in client.get(page).text for page in pages)
    over = dict.fromkeys(("booking_closes_at", "cancel_until", "offers_until", "starts_at"), now - 3 * DAY)
    Occasion.objects.filter(pk=occasion.pk).update(**over, ends_at=now - 2 * DAY)
    for page in pages:
        shown = client.get(page).text
        assert ("1 av 2 platser var bokade" in shown, "platser kvar" in shown) == (True, False)


def test_where_nobody_is_booked_nobody_loses_a_place(client, occasion, cast):
    client.force_login(cast.facilitator)
    page = client.get(f"/kurstillfallen/{occasion.pk}/stall-in/").text
    assert ("Ingen är bokad eller väntar" in page, "förlorar" in page) == (True, False)


def test_what_can_not_be_cancelled_says_so_before_anything_is_typed(client, occasion, cast):
    client.force_login(cast.facilitator)
    page, form = f"/kurstillfallen/{occasion.pk}/stall-in/", f"/kurstillfallen/{occasion.pk}/andra/"
    assert ('name="why"' in client.get(page).text, page in client.get(form).text) == (True, True)
    Occasion.objects.filter(pk=occasion.pk).update(starts_at=timezone.now())
    begun = client.get(page).text
    assert ("Kurstillfället har redan börjat." in begun, 'name="why"' in begun) == (True, False)
    assert page not in client.get(form).text
    begun = client.get(f"/kurstillfallen/{occasion.pk}/").text
    assert "Kurstillfället har börjat och kan inte bokas." in begun
    Occasion.objects.filter(pk=occasion.pk).update(booking_closes_at=timezone.now(), ends_at=timezone.now())
    over = client.get(f"/kurstillfallen/{occasion.pk}/").text
    assert ("Kurstillfället är över." in over, "har börjat" in over) == (True, False)


def test_where_no_place_is_free_none_is_promised_by_hand(client, occasion, cast):
    now = timezone.now()
    _first, _second, waits = fill(occasion, cast.employee, cast.colleague, cast.manager, now=now)
    client.force_login(cast.facilitator)
    pages = [f"/kurstillfallen/{occasion.pk}/{where}/" for where in ("ge-plats", f"deltagare/{waits.pk}")]
    add, past = f'href="/kurstillfallen/{occasion.pk}/andra/#id_places"', "Du ger platsen förbi listan."
    for page in pages:
        full = client.get(page).text
        assert ("det finns ingen att ge" in full, add in full, past in full) == (True, True, False)
    Occasion.objects.filter(pk=occasion.pk).update(places=3)
    shown = [client.get(page).text for page in pages]
    assert [("det finns ingen att ge" in said, past in said) for said in shown] == [(False, True), (False, False)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "cancelled"}, "Kurstillfället är inställt, så ingen plats kan ges."),
        ({"state": "draft"}, "Kurstillfället är ett utkast, så ingen plats kan ges."),
        ({}, "Kurstillfället är över, så ingen plats kan ges."),
    ],
)
def test_where_no_place_can_be_given_any_more_a_sentence_stands_for_the_form(client, occasion, cast, change, sentence):
    client.force_login(cast.facilitator)
    pages = [f"/kurstillfallen/{occasion.pk}/{where}/" for where in ("ge-plats", "vilka-kan", "deltagare")]
    give, eligible, participants = pages
    assert [give in client.get(page).text for page in (eligible, participants)] == [True, True]
    begun = timezone.now() - dt.timedelta(hours=1)
    earlier = dict.fromkeys(("booking_closes_at", "cancel_until", "offers_until", "starts_at"), begun)
    Occasion.objects.update(**earlier, ends_at=begun + 2 * dt.timedelta(hours=1))
    assert 'name="person"' in client.get(give).text
    Occasion.objects.update(**change or {"ends_at": timezone.now()})
    assert [give in client.get(page).text for page in (eligible, participants)] == [False, False]
    shown, sent = client.get(give), client.post(give, {"person": "Olle Utan", "why": "Ringde"})
    assert (shown.status_code, sent.status_code) == (200, 422)
    for page in (shown.text, sent.text):
        assert (sentence in page, 'name="person"' in page, "Något behöver rättas" in page) == (True, False, False)
        assert f'href="{participants}">Tillbaka till deltagarna' in page
    client.force_login(cast.outsider)
    assert client.get(give).status_code == 404


def test_a_draft_is_not_said_to_be_closed_and_shows_the_way_to_open_it(client, occasion, cast):
    Occasion.objects.update(state=Occasion.State.DRAFT)
    client.force_login(cast.facilitator)
    page = client.get(f"/kurstillfallen/{occasion.pk}/").text
    assert ("Kurstillfället är inte öppet för bokning." in page, "Bokningen stängde" in page) == (True, False)
    assert f'href="/kurstillfallen/{occasion.pk}/andra/#id_state"' in page
    assert 'id="id_state"' in client.get(f"/kurstillfallen/{occasion.pk}/andra/").text
    Occasion.objects.update(state=Occasion.State.OPEN, booking_closes_at=timezone.now())
    assert "Bokningen stängde" in client.get(f"/kurstillfallen/{occasion.pk}/").text


def test_a_cancelled_occasion_promises_no_letter_to_nobody_and_no_place(client, occasion, cast):
    client.force_login(cast.facilitator)
    page, day = f"/kurstillfallen/{occasion.pk}/", occasion.sessions.first()
    done = client.post(f"{page}stall-in/", {"why": "Salen brann"}, follow=True).text
    assert ("Kurstillfället är inställt." in done, "får ett brev" in done) == (True, False)
    for shown in (done, *(client.get(f"{page}{where}/").text for where in ("deltagare", f"dag/{day.pk}"))):
        told = ("Kurstillfället är inställt." in shown, "platser kvar" in shown, "Den som bokar står här" in shown)
        assert told == (True, False, False)


def test_a_code_that_can_not_be_shown_yet_has_no_button_and_says_when(client, plan_occasion, cast):
    client.force_login(cast.facilitator)
    now = timezone.localtime()
    for begins, button in ((now + DAY, False), (now, True)):
        occasion = plan_occasion(sessions=[session_of(begins, place="Aulan")])
        page = client.get(f"/kurstillfallen/{occasion.pk}/dag/{occasion.sessions.get().pk}/kod/").text
        assert (">Visa koden</button>" in page, "Koden kan visas från" in page) == (button, not button)
