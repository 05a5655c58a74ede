"""What those who watch over the site hear, and what visitors see while an engine is away."""

import datetime as dt
import json

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

import config.urls
from config import health
from letters.models import Letter

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def watcher():
    """Comes by the machine's own address, without TLS."""
    return Client(headers={"host": "10.1.2.3:8000"})


def write_letter(due_at: dt.datetime, state: str = "due") -> Letter:
    return Letter.objects.create(
        key=f"test:{due_at}", kind="test", address="a@b.example", subject="Hej", text="Hej",
        message_id=f"<{due_at.timestamp()}@b.example>", written_at=due_at, due_at=due_at, try_at=due_at, state=state,
    )  # fmt: skip


def test_live_answers_without_asking_any_engine(watcher, settings):
    settings.REDIS_URL = NOWHERE
    settings.ALLOWED_HOSTS = ["stigen.example"]
    settings.SECURE_SSL_REDIRECT = True
    response = watcher.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "live"})


def test_ready_tells_each_engine_the_migrations_and_the_letters(db, watcher):
    response = watcher.get("/health/ready")
    body = response.json()
    assert response.status_code == 200, body
    assert list(body) == ["status", "database", "redis", "migrations", "letters"]
    assert body["migrations"]["pending"] == 0
    assert body["letters"]["oldest_due_seconds"] == 0
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.parametrize(("seconds", "status"), [(590, 200), (610, 503)])
def test_ready_says_no_when_letters_lie_waiting(db, watcher, seconds, status):
    write_letter(timezone.now() - dt.timedelta(seconds=seconds))
    response = watcher.get("/health/ready")
    assert response.status_code == status
    assert abs(response.json()["letters"]["oldest_due_seconds"] - seconds) <= 2


def test_a_letter_for_tomorrow_and_a_sent_one_are_not_late(db, watcher):
    write_letter(timezone.now() + dt.timedelta(days=1))
    Letter.objects.filter(pk=write_letter(timezone.now() - dt.timedelta(days=1)).pk).update(
        state="sent", sent_at=timezone.now()
    )
    assert watcher.get("/health/ready").json()["letters"]["oldest_due_seconds"] == 0


def test_ready_says_which_engine_is_away_and_not_where_it_is(db, watcher, settings):
    settings.REDIS_URL = "redis://user:secret-word@127.0.0.1:1/0"
    response = watcher.get("/health/ready")
    assert response.status_code == 503
    body = response.json()
    assert (body["status"], body["redis"]["ok"], body["database"]["ok"]) == ("not ready", False, True)
    assert "secret-word" not in response.content.decode()
    assert "127.0.0.1" not in response.content.decode()


def test_ready_counts_pending_migrations(db, watcher, monkeypatch):
    known = [*health._known_migrations(), (("courses", "9999_of_tomorrow"), [])]
    monkeypatch.setattr(health, "_known_migrations", lambda: known)
    body = watcher.get("/health/ready").json()
    assert body["migrations"] | {"ms": 0} == {"ok": False, "pending": 1, "first": ["courses.9999_of_tomorrow"], "ms": 0}


def test_only_looking_is_allowed(watcher):
    assert watcher.post("/health/ready").status_code == 405


def fall_over(request):
    raise OperationalError("connection to server at 10.0.0.9 failed")


urlpatterns = [path("api/v1/falls/", fall_over), path("falls/", fall_over), *config.urls.urlpatterns]


@override_settings(ROOT_URLCONF=__name__)
def test_a_visitor_meets_a_plain_page_while_the_database_is_away(client):
    response = client.get("/falls/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Stigen är borta en stund" in response.content.decode()
    assert "10.0.0.9" not in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_program_meets_a_problem_with_a_stable_code(client):
    response = client.get("/api/v1/falls/")
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, json.loads(response.content)["code"]) == (503, "unavailable")
