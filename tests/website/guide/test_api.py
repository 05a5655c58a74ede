"""The guide by API: open to everyone, paged, filtered, in either language."""

import re
import uuid
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guide.models import MethodPage
from guide.search.asking import answer as search
from shared.sorting import swedish_sort_key

LISTS = ["steps", "methods", "glossary", "cases"]


def ask(client, path, status=200, **parameters):
    answer = client.get(f"/api/v1/guide/{path}/", parameters)
    assert answer.status_code == status, answer.content
    return answer.json()


def titles(client, path, **parameters):
    return [each["title"] for each in ask(client, path, page_size=500, **parameters)["results"]]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_everyone_may_read_each_list_in_each_language(client, guide, path, language):
    body = ask(client, path, language=language)
    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] == len(body["results"]) or body["next"]
    for each in body["results"]:
        assert each["language"] == language
        assert each["title"]
        uuid.UUID(each["key"])
        assert ("/en/" in each["url"]) is (language == "en")


def test_the_steps_come_in_order_with_what_they_say(client, guide):
    steps = ask(client, "steps")["results"]
    assert [step["number"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step["aim"] and step["questions"] and step["results"] and step["mistakes"] for step in steps)


@pytest.mark.parametrize("path", ["methods", "glossary"])
def test_titles_come_as_swedes_sort(client, guide, path):
    there = titles(client, path)
    assert there == sorted(there, key=swedish_sort_key)
    assert len(there) >= 26


def swedish(**wanted):
    return MethodPage.objects.live().filter(locale__language_code="sv", **wanted)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ({"step": "4"}, lambda m: m["step"]["number"] == 4),
        ({"minutes_max": "30"}, lambda m: m["minutes"] <= 30),
        ({"people": "8"}, lambda m: m["people_from"] <= 8 and (m["people_to"] is None or m["people_to"] >= 8)),
        ({"remote": "false"}, lambda m: not m["remote"]),
        ({"in_room": "true"}, lambda m: m["in_room"]),
        ({"preparation": "false"}, lambda m: not m["preparation"]),
        (
            {"step": "4", "people": "6", "minutes_max": "30"},
            lambda m: (
                m["step"]["number"] == 4
                and m["minutes"] <= 30
                and m["people_from"] <= 6
                and (m["people_to"] is None or m["people_to"] >= 6)
            ),
        ),
    ],
)
def test_each_filter_gives_those_that_fit_and_only_those(client, guide, asked, holds):
    every = ask(client, "methods", page_size=500)["results"]
    found = ask(client, "methods", page_size=500, **asked)["results"]
    assert found == [each for each in every if holds(each)]
    assert 0 < len(found) < len(every)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("text", ["intervju", "brainwritting", "dagböcker", "proto", "interview xyzzy", "test"])
@pytest.mark.parametrize(("path", "kind"), [("methods", "method"), ("glossary", "term")])
def test_words_find_what_the_search_page_finds_in_its_order(client, guide, path, kind, text, language):
    shown, page = [], 1
    while (found := search(text, language=language, kind=kind, page=page)).page == page:
        shown += [re.sub("</?mark>", "", hit.title) for hit in found.hits]
        page += 1
    assert titles(client, path, q=text, language=language) == [unescape(each) for each in shown]


def test_words_are_forgiven_and_joined_with_the_other_filters(client, guide):
    assert titles(client, "methods", q="brainwritting")[0] == "Brainwriting"
    assert "Brainwriting" not in titles(client, "methods", q="brainwritting", minutes_max=10)
    assert "prototyp" in [title.lower() for title in titles(client, "glossary", q="PROTO")]
    assert titles(client, "methods", q="  ") == titles(client, "methods")
    assert titles(client, "methods", q="\x00 ' % _ \" 😀" + "a" * 5000) == []


def test_words_cost_as_many_queries_whatever_they_find(client, guide):
    def count(text):
        with CaptureQueriesContext(connection) as queries:
            found = titles(client, "methods", q=text)
        return len(found), len(queries)

    count("a")
    (few, asked_few), (many, asked_many) = count("brainwriting"), count("att")
    assert few < many
    assert asked_few == asked_many


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("methods", {"step": "7"}), ("methods", {"step": "0"}), ("methods", {"step": "fyra"}),
        ("methods", {"minutes_max": "-1"}), ("methods", {"minutes_max": "1e3"}), ("methods", {"people": "²"}),
        ("methods", {"people": "9" * 40}), ("methods", {"remote": "ja"}), ("methods", {"in_room": "1"}),
        ("methods", {"preparation": "maybe"}), ("steps", {"language": "fi"}), ("glossary", {"language": "'"}),
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_told_at_its_name(client, guide, path, asked):
    answer = client.get(f"/api/v1/guide/{path}/", asked)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    body = answer.json()
    assert body["code"] == "invalid"
    assert set(body["errors"]) == set(asked)


def test_a_method_comes_with_all_that_is_needed_to_lead_it(client, guide):
    page = swedish(slug="intervju").get()
    method = ask(client, f"methods/{page.translation_key}")
    assert method["title"] == "Intervju"
    assert sum(step["minutes"] for step in method["steps"]) == method["minutes"]
    assert all(step["text"] and "<" not in step["text"] and "linktype" not in step["html"] for step in method["steps"])
    assert method["why"]
    assert method["material"]
    assert all(set(each) == {"key", "title"} for each in method["related"])
    english = ask(client, f"methods/{page.translation_key}", language="en")
    assert english["title"] == "Interview"
    assert english["key"] == method["key"]


def test_worksheets_are_told_with_their_boxes(client, guide):
    page = next(method for method in swedish() if method.worksheets)
    sheet = ask(client, f"methods/{page.translation_key}")["worksheets"][0]
    assert sheet["columns"] >= 1
    assert set(sheet["boxes"][0]) == {"label", "hint", "height", "is_wide"}


def test_an_unknown_method_is_not_found_as_a_problem(client, guide):
    assert ask(client, f"methods/{uuid.uuid4()}", status=404)["code"] == "not_found"
    assert ask(client, "methods/intervju", status=404)["code"] == "not_found"


def test_what_is_not_published_is_not_told(client, guide):
    page = swedish(slug="intervju").get()
    page.unpublish()
    assert "Intervju" not in titles(client, "methods")
    ask(client, f"methods/{page.translation_key}", status=404)


@pytest.mark.parametrize("path", LISTS)
def test_nobody_may_write(client, guide, path, cast):
    client.force_login(cast.editor)
    assert client.post(f"/api/v1/guide/{path}/", {}, content_type="application/json").status_code in {403, 405}


def test_lists_are_paged(client, guide):
    first = ask(client, "methods", page_size=10)
    assert len(first["results"]) == 10
    second = client.get(first["next"]).json()
    assert not {each["key"] for each in first["results"]} & {each["key"] for each in second["results"]}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_as_many_queries_with_one_as_with_many(client, guide, path):
    def count(size):
        with CaptureQueriesContext(connection) as queries:
            ask(client, path, page_size=size)
        return len(queries)

    count(1)
    assert count(1) == count(500) <= 6


def test_the_schema_tells_of_every_list(client, db):
    schema = client.get("/api/v1/schema/?format=json").json()
    for path in LISTS:
        assert f"/api/v1/guide/{path}/" in schema["paths"]
    names = {each["name"] for each in schema["paths"]["/api/v1/guide/methods/"]["get"]["parameters"]}
    assert names >= {"step", "minutes_max", "people", "remote", "in_room", "preparation", "language", "q"}
