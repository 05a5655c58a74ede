"""The doorbell: heard when Redis is there; never a trouble to the one who rings when it is not."""

import socket
import time

import pytest
import redis
from django.db import transaction

from letters.services import bell


@pytest.fixture
def fresh_bell(monkeypatch):
    """No connection and no silence from before, and none left behind."""
    bell._bell.cache_clear()
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    yield
    bell._bell.cache_clear()


@pytest.fixture
def queue(settings, fresh_bell):
    """A queue of its own beside the workers', on the real Redis."""
    settings.CELERY_TASK_DEFAULT_QUEUE = "stigen-test-bell"
    server = redis.Redis.from_url(settings.REDIS_URL)
    server.delete("stigen-test-bell")
    yield lambda: server.llen("stigen-test-bell")
    server.delete("stigen-test-bell")


@pytest.mark.django_db(transaction=True)
def test_a_letter_rings_when_it_is_committed_and_not_before(write, queue):
    with transaction.atomic():
        write()
        assert queue() == 0
    assert queue() == 1


@pytest.mark.parametrize("trouble", ["refused", "silent"])
def test_a_redis_that_is_away_neither_fails_nor_delays(settings, fresh_bell, trouble):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        if trouble == "silent":
            nobody.listen()  # takes the call and never says a word
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        began = time.monotonic()
        assert bell.ring("letters.send_due") is False
        assert time.monotonic() - began < 10
        began = time.monotonic()
        for _next_letter in range(100):
            assert bell.ring("letters.send_due") is False
        assert time.monotonic() - began < 10  # after a failure it is quiet for a while: not a hundred times that
