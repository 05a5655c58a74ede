"""Choosing a method: what fits, what each other choice would leave, and an address that can be shared."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from guide.library import library, read_filters
from guide.models import LibraryPage, MethodPage, StepPage
from guide.queries import methods_in_language, path_stops
from shared.public_pages import start_new_edition

PATH = "/metoder/"


@pytest.fixture
def shelves(guide):
    """The Swedish library as it stands, and a way to ask it."""
    locale = guide.locale_id

    def ask(query=""):
        stops = path_stops(locale)
        return library(methods_in_language(locale), stops, read_filters(QueryDict(query), stops))

    return ask


@pytest.fixture
def few(guide):
    """Four methods and no others, so that counts can be said exactly."""
    MethodPage.objects.filter(locale=guide.locale).update(live=False)
    first, fourth = (StepPage.objects.get(number=number, locale=guide.locale) for number in (1, 4))
    for step, title, minutes, people, where, preparation in (
        (first, "Kort", 15, (2, 4), (True, True), ""),
        (fourth, "Halv", 30, (4, 8), (True, False), ""),
        (fourth, "Hel", 60, (3, None), (True, True), "Samla lappar."),
        (fourth, "Lång", 61, (5, 5), (False, True), ""),
    ):
        step.refresh_from_db()
        step.add_child(
            instance=MethodPage(
                title=title, slug=title.lower(), lead=title, why=".", when_to_use=".", minutes=minutes,
                people_from=people[0], people_to=people[1], can_be_in_room=where[0], can_be_remote=where[1],
                preparation=preparation, steps="[]", locale=guide.locale,
            )
        )  # fmt: skip


def names(found):
    return [row.method.title for row in found.rows]


def counts(choices):
    return {choice.value: choice.count for choice in choices}


@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ("", ["Kort", "Halv", "Hel", "Lång"]),
        ("step=4", ["Halv", "Hel", "Lång"]),
        ("step=1&step=4", ["Kort", "Halv", "Hel", "Lång"]),
        ("minutes=15", ["Kort"]),
        ("minutes=30", ["Kort", "Halv"]),
        ("minutes=60", ["Kort", "Halv", "Hel"]),
        ("minutes=longer", ["Lång"]),
        ("people=1", []),
        ("people=4", ["Kort", "Halv", "Hel"]),
        ("people=5", ["Halv", "Hel", "Lång"]),
        ("people=6", ["Halv", "Hel"]),
        ("people=999", ["Hel"]),
        ("where=room", ["Kort", "Halv", "Hel"]),
        ("where=remote", ["Kort", "Hel", "Lång"]),
        ("preparation=none", ["Kort", "Halv", "Lång"]),
        ("preparation=some", ["Hel"]),
        ("step=4&minutes=30&people=8&where=room&preparation=none", ["Halv"]),
    ],
)
def test_what_fits_is_shown(few, shelves, query, fitting):
    assert names(shelves(query)) == fitting


def test_each_choice_says_how_many_it_leaves_with_the_others_as_they_are(few, shelves):
    found = shelves("step=4&minutes=60")
    assert counts(found.steps) == {"1": 1, "2": 0, "3": 0, "4": 2, "5": 0, "6": 0}
    assert counts(found.minutes) == {"": 3, "15": 0, "30": 1, "60": 2, "longer": 1}
    assert counts(found.where) == {"": 2, "room": 2, "remote": 1}
    assert counts(found.preparation) == {"": 2, "none": 1, "some": 1}


@pytest.mark.parametrize("query", ["step=4", "minutes=30&people=8", "where=remote&preparation=none&step=2&step=5"])
def test_following_a_choice_gives_as_many_as_it_said(shelves, query):
    found = shelves(query)
    for name, choices in (("minutes", found.minutes), ("where", found.where), ("preparation", found.preparation)):
        for choice in choices:
            asked = QueryDict(query, mutable=True)
            asked[name] = choice.value
            assert len(shelves(asked.urlencode()).rows) == choice.count, (query, name, choice.value)


def test_when_nothing_fits_it_says_which_choice_to_let_go_of(few, shelves):
    found = shelves("minutes=15&step=4")
    assert found.rows == []
    assert [(str(each.label), each.count, each.url) for each in found.loosened] == [
        ("Högst 15 min", 3, "step=4"),
        ("4. Ta fram idéer", 1, "minutes=15"),
    ]
    assert shelves("people=1&minutes=15&step=4").loosened == []


@pytest.mark.parametrize(
    "query",
    [
        "step=9",
        "step=x",
        "minutes=7",
        "minutes=-1",
        "where=moon",
        "preparation=maybe",
        "other=1",
        "people=",
        "step=%00",
    ],
)
def test_what_makes_no_sense_is_left_out_of_account(few, shelves, query):
    found = shelves(query)
    assert len(found.rows) == 4
    assert not found.is_filtered


@pytest.mark.parametrize("people", ["0", "-3", "åtta", "8,5", "1000", "²", "9" * 5000, "<b>"])
def test_a_number_that_is_none_is_kept_and_explained(client, few, people):
    text = client.get(PATH, {"people": people}).content.decode()
    assert "Skriv ett helt tal från 1 till 999." in text
    assert "4 metoder" in text
    assert "<b>" not in text


def test_the_page_works_without_script_and_keeps_every_choice(client, guide):
    text = client.get(PATH, {"step": ["4", "5"], "minutes": "30", "people": "8", "where": "room"}).content.decode()
    checked = re.findall(r'<input type="\w+" id="([\w-]+)"[^>]* checked>', text)
    assert checked == ["step-4", "step-5", "minutes-30", "where-room", "preparation-any"]
    assert 'name="people" min="1" max="999" value="8"' in text
    assert '<button class="ds-button" data-variant="secondary" type="submit">' in text


def test_a_fragment_is_given_an_address_without_what_is_not_chosen(client, guide):
    response = client.get(
        PATH, {"step": "4", "minutes": "", "people": "8", "where": ""}, headers={"HX-Request": "true"}
    )
    assert response["HX-Push-Url"] == "/metoder/?step=4&people=8"
    assert client.get(PATH, {"minutes": ""}, headers={"HX-Request": "true"})["HX-Push-Url"] == PATH


def test_each_choice_has_a_page_of_its_own_and_none_gets_anothers_from_the_cache(client, guide):
    start_new_edition()
    everything = client.get(PATH).content.decode()
    assert client.get(PATH).content.decode() == everything
    short = client.get(PATH, {"minutes": "15"}).content.decode()
    assert short != everything
    assert client.get(PATH).content.decode() == everything
    part = client.get(PATH, headers={"HX-Request": "true"})
    assert "HX-Push-Url" in part
    assert "HX-Push-Url" not in client.get(PATH)


def test_few_and_many_methods_cost_the_same_and_at_most_twelve_questions(client, cast, few, guide):
    def asked():
        client.get(PATH, {"step": "5"})  # the header's addresses are looked up again every half minute
        with CaptureQueriesContext(connection) as queries:
            client.get(PATH, {"step": "4", "minutes": "60"})
        return len(queries)

    client.force_login(cast.employee)
    asked()
    with_few = asked()
    step = StepPage.objects.get(number=4, locale=guide.locale)
    for number in range(40):
        step.refresh_from_db()
        step.add_child(
            instance=MethodPage(
                title=f"M{number}", slug=f"m{number}", lead="M", why=".", when_to_use=".", minutes=number + 1,
                people_from=2, steps="[]", locale=guide.locale,
            )
        )  # fmt: skip
    assert asked() == with_few <= 12
    client.logout()
    assert asked() <= 12


def test_an_empty_library_says_so(client, guide):
    MethodPage.objects.filter(locale=guide.locale).update(live=False)
    assert "Det finns inga metoder än" in client.get(PATH).content.decode()


def test_the_english_library_shows_english_methods(client, guide):
    page = LibraryPage.objects.get(locale__language_code="en")
    text = client.get(f"/en/{page.slug}/", {"step": "4"}).content.decode()
    assert "4. Ideate" in text
    assert "Ta fram" not in text
