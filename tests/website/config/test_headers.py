"""What every answer carries: the policy, the cookies, the request's name, and the line in the log."""

import io
import json
import logging
import logging.config

import pytest
from django.conf import settings

from config.logs import logging_settings, request_id

PAGES = ["/konto/login/", "/finns-inte/", "/api/v1/schema/"]


@pytest.mark.parametrize("page", PAGES)
def test_the_policy_is_strict_on_every_page(db, client, page):
    policy = client.get(page)["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy


def test_only_the_editor_may_write_inline(db, client):
    assert "unsafe-inline" in client.get("/cms/login/")["Content-Security-Policy"]
    assert "unsafe" not in client.get("/cmsfake/")["Content-Security-Policy"]


def test_answers_say_what_they_are_and_tell_no_one_else_where_one_came_from(db, client):
    response = client.get("/konto/login/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_cannot_be_read_by_scripts_or_sent_from_elsewhere(db, client):
    cookie = client.get("/konto/login/").cookies["csrftoken"]
    assert cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY


def test_a_request_keeps_the_name_the_proxy_gave_and_no_nonsense(db, client):
    assert client.get("/konto/login/", headers={"X-Request-ID": "abcdef-0123"})["X-Request-ID"] == "abcdef-0123"
    assert client.get("/konto/login/", headers={"X-Request-ID": "a b\nc"})["X-Request-ID"].isalnum()


@pytest.fixture
def lines():
    """The log as production writes it, gathered."""
    stream = io.StringIO()
    made = logging_settings(as_json=True, level="INFO")
    made["handlers"]["stderr"]["stream"] = stream
    made["loggers"] = {}
    handler_before = logging.getLogger().handlers[:]
    logging.config.dictConfig(made)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger().handlers[:] = handler_before


def test_the_log_is_json_with_request_person_status_and_time(db, cast, client, lines):
    client.force_login(cast.employee)
    client.get("/konto/logout/?secret=search", headers={"X-Request-ID": "abcdef-0123"})
    line = next(line for line in lines() if line["logger"] == "stigen.requests")
    assert line["request_id"] == "abcdef-0123"
    assert line["person_id"] == cast.employee.pk
    assert (line["method"], line["path"], line["status"]) == ("GET", "/konto/logout/", 200)
    assert line["ms"] >= 0
    assert line["level"] == "INFO"
    assert "secret" not in json.dumps(line)


def test_every_line_within_a_request_carries_its_name(lines):
    token = request_id.set("abcdef-0123")
    logging.getLogger("anyone").warning("something")
    request_id.reset(token)
    assert lines()[-1]["request_id"] == "abcdef-0123"
