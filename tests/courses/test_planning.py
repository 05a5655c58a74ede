"""The planning form: copied from earlier, for some, with a fewest; what can't be says so where it stands."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from courses.copying import shifted
from courses.models import BookingNeeds, Occasion, Reservation, Session
from courses.queries import with_places
from courses.rules import fewest_of
from courses.services.booking import book_place
from courses.services.needs import Needs, write_needs
from courses.services.reservations import reserve_places
from people.roles import FACILITATOR
from people.services.roles import give_role
from tests.courses import test_pages
from tests.courses.conftest import DAY, HOUR, session_of, two_days
from tests.courses.test_pages import as_, form_of
from tests.support.cast import make_person

start = test_pages.start
CLOCK = "%Y-%m-%dT%H:%M"


def read_form(text):
    """What a browser would send back of the planning form, unchanged."""
    body = text.split('class="plan-form"')[1].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", body):
        about = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in about or (about.get("type") in {"checkbox", "radio"} and " checked" not in tag):
            continue
        value = about.get("value", "on" if about.get("type") == "checkbox" else "")
        if about["name"] in {"facilitators", "administrations"}:
            sent.setdefault(about["name"], []).append(value)
        else:
            sent[about["name"]] = value
    for name, options in re.findall(r'<select name="([\w-]+)".*?>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def wall(moment):
    return timezone.localtime(moment).strftime(CLOCK)


@pytest.fixture
def leader(client, cast):
    return as_(client, cast.facilitator)


@pytest.fixture
def helper(cast):
    return make_person("Hugo", "Hjälp", unit=cast.school, role=FACILITATOR)


def test_who_moves_the_first_day_is_told_what_stays_as_it_was(leader, plan_occasion, start):
    occasion = plan_occasion(sessions=[session_of(start, place="Rådhuset")])
    address = f"/kurstillfallen/{occasion.pk}/andra/"
    sent = read_form(leader.get(address).text)
    stays = f"bokningen stänger {date_format(timezone.localtime(start - DAY), 'l j F')}"

    def said(**changes):
        return leader.post(address, sent | changes, follow=True).text

    later = {"session-0-day": f"{timezone.localtime(start + 7 * DAY):%Y-%m-%d}"}
    assert stays not in said(places="9")
    assert stays in said(**later)
    assert stays not in said(**later)  # not moved again
    assert stays not in said(cancel_until=wall(start + 5 * DAY), **{"session-0-day": f"{start + 8 * DAY:%Y-%m-%d}"})


def test_a_copy_keeps_days_apart_clocks_and_last_moments_across_the_clock_change(leader, plan_occasion, cast, helper):
    winter = timezone.make_aware(dt.datetime(2027, 1, 11, 9))
    sessions = [
        session_of(winter, place="Rådhuset", title="Dag 1"),
        session_of(winter + 14 * DAY + HOUR, place="Torget", title="Dag 2"),
    ]
    earlier = plan_occasion(
        sessions=sessions, places=7, min_places=3, booking_closes_at=winter - 2 * DAY, cancel_until=winter - 5 * DAY
    )
    earlier.facilitators.add(helper)
    earlier.administrations.add(cast.schools)
    page = leader.get(f"/processledare/nytt/?copy={earlier.pk}&start=2027-03-22")
    assert "Formuläret är ifyllt" in page.text
    answer = leader.post("/processledare/nytt/", read_form(page.text))
    assert answer.status_code == 302, answer.text
    new = Occasion.objects.exclude(pk=earlier.pk).get()
    # The clock is put forward between the two days: the second is still at ten.
    assert [(wall(s.starts_at), wall(s.ends_at), s.place) for s in new.sessions.all()] == [
        ("2027-03-22T09:00", "2027-03-22T16:00", "Rådhuset"),
        ("2027-04-05T10:00", "2027-04-05T17:00", "Torget"),
    ]
    assert (wall(new.booking_closes_at), wall(new.cancel_until)) == ("2027-03-20T09:00", "2027-03-17T09:00")
    assert (new.places, new.min_places, new.is_limited) == (7, 3, True)
    assert set(new.facilitators.all()) == {cast.facilitator, helper}
    assert list(new.administrations.all()) == [cast.schools]


def test_places_kept_for_a_unit_are_kept_again_if_one_wants(leader, plan_occasion, cast, start):
    earlier, now = plan_occasion(places=5), timezone.now()
    until = min(earlier.offers_until, earlier.starts_at)
    reserve_places(earlier, unit=cast.school, places=2, until=until, now=now)
    day = timezone.localdate(start) + 28 * DAY
    page = leader.get(f"/processledare/nytt/?copy={earlier.pk}&start={day:%Y-%m-%d}").text
    assert "Reservera platser för samma enheter igen: Åsaskolan (2)" in page
    sent = read_form(page)
    assert leader.post("/processledare/nytt/", sent | {"places": "x"}).text.count("Åsaskolan (2)") == 1
    for ticked, count in ((True, 1), (False, 1)):
        asked = sent | {"keep_again": "on"} if ticked else {k: v for k, v in sent.items() if k != "keep_again"}
        assert leader.post("/processledare/nytt/", asked).status_code == 302
        kept = Reservation.objects.exclude(occasion=earlier)
        assert [(row.unit, row.places) for row in kept] == [(cast.school, 2)] * count


@given(
    moment=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1), timezones=st.just(dt.UTC)),
    days=st.integers(-800, 800),
)
def test_what_is_shifted_shows_the_same_time_of_day(moment, days):
    before, after = timezone.localtime(moment), shifted(moment, dt.timedelta(days))
    assert (after.time(), (after.date() - before.date()).days) == (before.time(), days)


def test_a_copied_time_that_does_not_exist_is_asked_about_at_its_field(leader, plan_occasion):
    night = timezone.make_aware(dt.datetime(2027, 1, 10, 2, 30))
    earlier = plan_occasion(sessions=[session_of(night, place="Natten")])
    page = leader.get(f"/processledare/nytt/?copy={earlier.pk}&start=2027-03-28").text
    answer = leader.post("/processledare/nytt/", read_form(page))
    assert answer.status_code == 422
    assert "Den tiden finns inte" in answer.text
    assert Occasion.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("copy=999999&start=2027-03-22", "Det finns inget sådant tillfälle att kopiera."),
        ("copy=x&start=2027-03-22", "Det finns inget sådant tillfälle att kopiera."),
        ("copy={pk}&start=2027-02-30", "Skriv en dag som finns."),
        ("copy={pk}&start=0001-01-01", "Välj en dag mellan 2000 och 2099."),
        ("copy={pk}&start=", "Fyll i"),
    ],
)
def test_what_can_not_be_copied_says_so_and_fills_in_nothing(leader, occasion, query, sentence):
    page = leader.get(f"/processledare/nytt/?{query.format(pk=occasion.pk)}")
    assert page.status_code == 200
    assert sentence in page.text
    assert "Formuläret är ifyllt" not in page.text


def test_anothers_draft_is_not_copied_and_anothers_meeting_link_stays_there(client, plan_occasion, cast, start):
    other = make_person("Ulla", "Utomstående", unit=cast.care, role=FACILITATOR)
    link = "https://mote.example/hemligt"
    shown = plan_occasion(sessions=[session_of(start, place="", link=link)])
    draft = plan_occasion(state="draft")
    as_(client, other)
    page = client.get(f"/processledare/nytt/?copy={shown.pk}&start=2027-03-22").text
    assert "Formuläret är ifyllt" in page
    assert link not in page
    page = client.get(f"/processledare/nytt/?copy={draft.pk}&start=2027-03-22").text
    assert "Det finns inget sådant tillfälle att kopiera." in page


def test_everything_of_the_form_is_planned_at_once(leader, course, cast, helper):
    sent = form_of(course, min_places=5, state="hidden", facilitators=[helper.pk], administrations=[cast.schools.pk])
    assert leader.post("/processledare/nytt/", sent | {"asks_needs": "on"}).status_code == 302
    occasion = Occasion.objects.get()
    assert (occasion.min_places, occasion.state, occasion.is_hidden) == (5, "open", True)
    assert (occasion.is_limited, occasion.asks_needs) == (True, True)
    assert set(occasion.facilitators.all()) == {cast.facilitator, helper}


def change_form(leader, occasion, **changes):
    sent = read_form(leader.get(f"/kurstillfallen/{occasion.pk}/andra/").text)
    return leader.post(f"/kurstillfallen/{occasion.pk}/andra/", sent | changes)


def test_a_form_sent_back_as_it_came_changes_nothing(leader, plan_occasion, helper):
    occasion = plan_occasion(min_places=1)
    occasion.facilitators.add(helper)
    before = Occasion.objects.values().get()
    assert change_form(leader, occasion).status_code == 302
    assert Occasion.objects.values().get() == before
    assert occasion.facilitators.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"places": "1"}, "Elin Ek, Kaj Kvist"),
        ({"min_places": "99"}, "Det minsta antalet kan inte vara större än antalet platser."),
        ({"min_places": "-1"}, "0"),
        ({"facilitators": []}, "Någon måste leda tillfället."),
        ({"facilitators": ["999999"]}, "999999"),
        ({"session-0-ends": "08:00"}, "Passet måste sluta efter att det börjat."),
        ({"session-1-day": "{first}"}, "Överlappar passet före, som slutar 16.00."),
        ({"session-1-day": "2028-03-26", "session-1-starts": "02:30"}, "Den tiden finns inte"),
        ({"session-1-day": "2028-10-29", "session-1-starts": "02:30"}, "Den tiden finns två gånger"),
        ({"cancel_until": "i morgon"}, "Skriv en dag och en tid som finns."),
        ({"booking_closes_at": "2099-01-01T00:00"}, "Bokningen måste stänga innan"),
    ],
)
def test_a_change_that_can_not_be_keeps_what_was_typed_and_does_nothing(
    leader, occasion, cast, start, changes, sentence
):
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=timezone.now())
    changes = {
        name: value.format(first=start.date()) if isinstance(value, str) else value for name, value in changes.items()
    }
    before = (Occasion.objects.values().get(), list(Session.objects.values()))
    answer = change_form(leader, occasion, **({"session-0-title": "Ny rubrik", "asks_needs": "on"} | changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Ny rubrik" in answer.text
    assert (Occasion.objects.values().get(), list(Session.objects.values())) == before


def test_all_that_is_wrong_is_told_at_once_each_with_a_way_to_its_field(leader, occasion):
    wrong = {"session-0-ends": "08:00", "session-0-place": "", "session-1-starts": "nio", "places": "0"}
    page = change_form(leader, occasion, **wrong).text
    summary = page[page.index("data-error-summary") : page.index('<form class="plan-form"')]
    for field, says in (
        ("session-0-ends", "Pass 1, Till: Passet måste sluta efter att det börjat."),
        ("session-0-place", "Pass 1, Plats: Skriv en plats, eller en länk"),
        ("session-1-starts", "Pass 2, Från: Skriv en tid, till exempel 09:00."),
        ("places", "Antal platser: "),
    ):
        assert f'href="#id_{field}">{says}' in summary
        assert f'id="id_{field}"' in page


def test_limits_that_reservations_stand_against_are_refused_whole(leader, plan_occasion, cast):
    from courses.services.reservations import reserve_places

    occasion = plan_occasion(places=4)
    now = timezone.now()
    reserve_places(occasion, unit=cast.school, places=1, until=occasion.offers_until, now=now)
    answer = change_form(leader, occasion, administrations=[cast.care.pk], places="9")
    assert answer.status_code == 422
    assert "reserverade" in answer.text
    assert Occasion.objects.get().places == 4


def test_no_longer_asking_erases_what_was_told(leader, occasion, cast):
    now = timezone.now()
    Occasion.objects.update(asks_needs=True)
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    write_needs(booking, by=cast.employee, needs=Needs(food="Vegan"), now=now)
    sent = read_form(leader.get(f"/kurstillfallen/{occasion.pk}/andra/").text)
    del sent["asks_needs"]
    assert leader.post(f"/kurstillfallen/{occasion.pk}/andra/", sent).status_code == 302
    assert not BookingNeeds.objects.exists()


def test_more_places_and_narrower_limits_at_once_offer_to_nobody_left_out(leader, plan_occasion, cast):
    occasion = plan_occasion(places=1)
    now = timezone.now()
    book_place(occasion, person=cast.employee, now=now)
    outside, _ = book_place(occasion, person=cast.outsider, now=now, wait=True)
    inside, _ = book_place(occasion, person=cast.colleague, now=now, wait=True)
    assert change_form(leader, occasion, administrations=[cast.schools.pk], places="2").status_code == 302
    for booking in (outside, inside):
        booking.refresh_from_db()
    assert (outside.state, inside.state) == ("waiting", "offered")


def test_one_more_session_is_room_in_the_form_and_nothing_else(leader, course):
    sent = form_of(course, more="1", places="x", **{"session-0-ends": "fel"})
    page = leader.post("/processledare/nytt/", sent)
    assert page.status_code == 200
    assert 'value="fel"' in page.text
    assert page.text.count('type="date"') == 2  # the empty second falls away, one stands ready
    again = leader.post("/processledare/nytt/", read_form(page.text) | {"more": "1", "session-1-day": "2028-03-15"})
    assert again.text.count('type="date"') == 3
    assert not Occasion.objects.exists()


def test_whoever_leads_sees_how_many_are_missing_and_how_long_is_left(leader, plan_occasion, cast, client):
    occasion = plan_occasion(min_places=2)
    now = timezone.now()
    book_place(occasion, person=cast.employee, now=now)
    for address in ("/processledare/", f"/kurstillfallen/{occasion.pk}/deltagare/"):
        page = leader.get(address).text
        assert "1 av minst 2" in page
        assert "bokningen stänger om 29 dagar" in page
    book_place(occasion, person=cast.colleague, now=now)
    assert "Tillräckligt många: 2 av minst 2" in leader.get("/processledare/").text
    assert "minst 2" not in as_(client, cast.employee).get(f"/kurstillfallen/{occasion.pk}/").text


@pytest.mark.parametrize(
    ("after", "days"), [(-2 * DAY, 2), (-HOUR, 0), (-dt.timedelta(seconds=1), 0), (dt.timedelta(0), None)]
)
def test_the_days_left_end_with_the_booking(plan_occasion, after, days):
    occasion = with_places(Occasion.objects.filter(pk=plan_occasion(min_places=1).pk)).get()
    fewest = fewest_of(occasion, held=0, now=occasion.booking_closes_at + after)
    assert (fewest.missing, fewest.days_left) == (1, days)
    assert fewest_of(occasion, held=0, now=occasion.starts_at) is None


def test_who_may_not_plan_finds_nothing(client, occasion, cast):
    for person in (cast.employee, cast.outsider, cast.hr, cast.manager):
        as_(client, person)
        assert client.get(f"/processledare/nytt/?copy={occasion.pk}&start=2027-03-22").status_code == 404
        assert client.post("/processledare/nytt/", {"more": "1"}).status_code == 404
        assert client.post(f"/kurstillfallen/{occasion.pk}/andra/", {"more": "1"}).status_code == 404
    give_role(cast.outsider, role=FACILITATOR)
    assert as_(client, cast.outsider).get(f"/kurstillfallen/{occasion.pk}/andra/").status_code == 404


def test_the_planning_form_takes_as_many_queries_with_1_as_with_20(
    leader, plan_occasion, cast, start, django_assert_max_num_queries
):
    for number in range(20):
        plan_occasion(sessions=two_days(start + number * 3 * DAY))
        make_person("Vera", f"Ledare {number}", unit=cast.school, role=FACILITATOR)
    leader.get("/processledare/nytt/")
    with django_assert_max_num_queries(14):
        leader.get("/processledare/nytt/")


def test_a_link_names_an_occasion_however_old_it_is(leader, plan_occasion, start):
    oldest = plan_occasion(sessions=two_days(start - 400 * DAY))
    for number in range(61):
        plan_occasion(sessions=two_days(start - 300 * DAY + number * 3 * DAY))
    assert f'value="{oldest.pk}"' not in leader.get("/processledare/nytt/").text
    page = leader.get(f"/processledare/nytt/?copy={oldest.pk}").text
    assert f'value="{oldest.pk}" selected' in page
    assert "Fyll i det här." not in page
    assert "Formuläret är ifyllt" in leader.get(f"/processledare/nytt/?copy={oldest.pk}&start=2027-03-22").text


def test_of_an_occasion_that_is_over_the_list_says_how_many_had_a_place(leader, occasion, cast):
    now = timezone.now()
    book_place(occasion, person=cast.employee, now=now)
    assert "1 av 2 platser kvar" in leader.get("/processledare/").text
    over = dict.fromkeys(("booking_closes_at", "cancel_until", "offers_until", "starts_at"), now - 3 * DAY)
    Occasion.objects.filter(pk=occasion.pk).update(**over, ends_at=now - 2 * DAY)
    page = leader.get("/processledare/").text
    assert "1 av 2 platser var bokade" in page
    assert "kvar" not in page


def test_one_more_session_is_where_the_button_leads_and_what_is_missing_where_the_sentence_does(leader, course):
    page = leader.post("/processledare/nytt/", form_of(course, more="1")).text
    assert 'formaction="#new-session"' in page
    assert page.split('id="new-session"')[1].count('class="ds-card plan-session"') == 0  # it is the last
    empty = form_of(course, **{f"session-0-{name}": "" for name in ("day", "starts", "ends", "place", "title")})
    page = leader.post("/processledare/nytt/", empty).text
    assert '<a class="ds-link" href="#id_session-0-day">Ett kurstillfälle behöver minst ett pass.</a>' in page
