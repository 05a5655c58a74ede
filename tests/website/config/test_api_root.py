"""The API as a whole: its schema, its page, and one shape for every refusal."""

import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from config import api as api_root
from config.openapi import schema_for_reading, whole_schema
from journeys.models import Journey, JourneyMember
from people.services.tokens import make_token


@pytest.fixture
def api(client, cast):
    client.force_login(cast.employee)
    return client


@pytest.fixture
def operations(cast, now):
    """Where the employee may write."""
    journey = Journey.objects.create(title="Elevens resa", created_at=now, changed_at=now)
    JourneyMember.objects.create(journey=journey, person=cast.employee)
    return f"/api/v1/journeys/{journey.pk}/operations/"


def assert_is_problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert body["title"]
    assert body["detail"]


def test_the_schema_is_valid_openapi_3_1_without_a_warning(tmp_path, capsys):
    """Against the OpenAPI 3.1 schema of the OpenAPI initiative, which drf-spectacular carries."""
    call_command("spectacular", fail_on_warn=True, validate=True, api_version="v1", file=str(tmp_path / "schema.yaml"))
    assert whole_schema()["openapi"].startswith("3.1")


def test_the_schema_tells_the_contract(client, db):
    schema = json.loads(client.get("/api/v1/schema/?format=json").content)
    assert set(schema["paths"]) >= {
        "/api/v1/courses/",
        "/api/v1/occasions/",
        "/api/v1/occasions/{id}/bookings/",
        "/api/v1/bookings/",
        "/api/v1/bookings/{id}/",
        "/api/v1/journeys/",
        "/api/v1/journeys/{id}/",
        "/api/v1/journeys/{id}/operations/",
        "/api/v1/journeys/{id}/events/",
        "/api/v1/headcount/",
    }
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
    schemes = schema["components"]["securitySchemes"].values()
    assert {"http", "apiKey"} == {scheme["type"] for scheme in schemes}


def test_every_address_of_the_api_stands_in_the_schema():
    """Also those that REST framework does not answer."""
    rooms = [part for part in api_root.urlpatterns if hasattr(part, "url_patterns")]
    addresses = {str(each.pattern) for room in rooms for each in room.url_patterns}
    told = {path.removeprefix("/api/v1/") for path in whole_schema()["paths"]}
    written = {re.sub(r"<\w+:(\w+)>", r"{\1}", address.replace("<int:pk>", "{id}")) for address in addresses}
    assert written == told


def test_the_event_stream_is_described_with_the_header_that_takes_it_up_again():
    operation = whole_schema()["paths"]["/api/v1/journeys/{id}/events/"]["get"]
    assert list(operation["responses"]["200"]["content"]) == ["text/event-stream"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["id", "Last-Event-ID"]
    assert operation["security"] == whole_schema()["paths"]["/api/v1/journeys/{id}/"]["get"]["security"]
    assert {"4XX", "503"} <= set(operation["responses"])


def test_the_page_shows_every_operation(client, db):
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    for group in schema_for_reading():
        for operation in group["operations"]:
            assert f'id="{operation["id"]}"' in page.text
    for forbidden in ("<style", "style=", "onclick", "cdn"):
        assert forbidden not in page.text


def test_the_page_shows_what_is_written_in_markdown_as_it_is_meant(client, db):
    text = client.get("/api/v1/docs/").text
    assert "* `" not in text
    assert "`Last-Event-ID`" not in text
    assert "<code>Last-Event-ID</code>" in text
    assert "<li><code>" in text


def test_the_index_leads_everywhere(client, db):
    index = client.get("/api/v1/").json()
    assert {"schema", "docs", "courses", "journeys"} <= set(index)
    assert client.get(index["docs"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/", "/api/v2/courses/", "/api/v1/courses/x/y/z/", "/api/å/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem(api, path, method):
    assert_is_problem(getattr(api, method)(path), 404, "not_found")


def test_a_wrong_method_is_a_problem_that_says_what_is_right(api):
    answer = api.delete("/api/v1/journeys/")
    assert_is_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]
    assert_is_problem(api.post("/api/v1/docs/"), 405, "method_not_allowed")


def test_who_is_not_logged_in_gets_401(client, db):
    answer = client.get("/api/v1/journeys/")
    assert_is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "half"),
        (b"\xff\xfe", "no text"),
        (b"[" * 100_000, "too deep"),
        (b'{"a": NaN}', "no number"),
        (b'{"fields": {"text": "\\u0000"}}', "a zero"),
        (b'[{"text": "\\ud800"}]', "half a character"),
        (b"1" * 5000, "a number too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malformed_json_is_a_problem(api, operations, body, why):
    assert_is_problem(api.post(operations, body, content_type="application/json"), 400, "parse_error")


def test_a_body_too_big_is_a_problem(api, operations, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps([{"x": "y" * 1000}])
    assert_is_problem(api.post(operations, body, content_type="application/json"), 413, "too_big")


def test_another_kind_of_body_is_a_problem(api, operations):
    assert_is_problem(api.post(operations, "<a/>", content_type="text/xml"), 415, "unsupported_media_type")


def test_the_session_needs_its_token_against_forgery_and_the_key_does_not(cast, operations):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.employee)
    assert_is_problem(browser.post(operations, "[]", content_type="application/json"), 403, "permission_denied")
    _token, key = make_token(cast.employee, name="k", now=timezone.now())
    other = Client(enforce_csrf_checks=True)
    bearer = {"authorization": f"Bearer {key}"}
    answer = other.post(operations, "[]", content_type="application/json", headers=bearer)
    assert answer.status_code in {200, 400}


def test_a_crash_is_a_problem_that_tells_nothing_of_the_inside(api, monkeypatch):
    from journeys import api as journeys_api

    def crash(*args, **kwargs):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(journeys_api, "readable_journeys", crash)
    api.raise_request_exception = False
    answer = api.get("/api/v1/journeys/")
    assert_is_problem(answer, 500, "server_error")
    assert "secret" not in answer.text
    assert answer["X-Request-ID"]


def test_a_wrong_host_is_a_problem(api, settings):
    settings.ALLOWED_HOSTS = ["stigen.skarvik.example"]
    assert_is_problem(api.get("/api/v1/journeys/", headers={"host": "evil.example"}), 400, "bad_request")


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=99999999999999999999"])
def test_a_page_that_is_not_there_is_a_problem(api, query):
    assert_is_problem(api.get(f"/api/v1/journeys/{query}"), 404, "not_found")


@pytest.mark.parametrize(("asked", "size"), [("0", 50), ("x", 50), ("-1", 50), ("7", 7), ("100000", 500)])
def test_the_size_of_a_page_has_bounds(rf, asked, size):
    from rest_framework.request import Request

    from shared.paging import Pages

    assert Pages().get_page_size(Request(rf.get("/", {"page_size": asked}))) == size
