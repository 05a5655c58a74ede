"""Event streams over a real server with an event loop."""

import gzip
import http.client
import json
import threading
import time
import uuid

import pytest
import uvicorn
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client
from django.utils import timezone

from journeys import live
from journeys.models import JourneyMember
from journeys.services.journeys import remove_member
from journeys.services.operations import Asked, apply_operations
from tests.journeys.conftest import make_journey
from tests.support.site import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port():
    from config.asgi import application

    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def journey(cast, now):
    return make_journey(cast, now)


class Reader:
    """An open event stream, read line by line, with the moment at which each revision came."""

    def __init__(self, port, journey, person, last_seen=None):
        client = Client()
        client.force_login(person)
        self.session_key = client.session.session_key
        headers = {"Cookie": f"sessionid={self.session_key}", "Accept-Encoding": "gzip"}
        if last_seen is not None:
            headers["Last-Event-ID"] = str(last_seen)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", f"/api/v1/journeys/{journey.pk}/events/", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self):
        """The next event as (name, data), past comments."""
        name = None
        while True:
            raw = self.answer.readline()
            if not raw:
                return None
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))

    def close(self):
        self.connection.close()


def add_note(journey, person):
    step, lane = journey.steps.first(), journey.lanes.first()
    fields = {"step": str(step.id), "lane": str(lane.id), "text": "Hej"}
    asked = [Asked(uuid.uuid4(), "add_note", uuid.uuid4(), 0, fields)]
    return apply_operations(journey, operations=asked, by=person, now=timezone.now()).revision


def test_a_stream_begins_with_the_present_revision_and_hears_the_next(port, cast, journey):
    add_note(journey, cast.colleague)
    reader = Reader(port, journey, cast.employee)
    assert reader.answer.status == 200
    assert reader.answer.getheader("Content-Type").startswith("text/event-stream")
    assert reader.answer.getheader("X-Accel-Buffering") == "no"
    assert reader.answer.getheader("Content-Encoding") == "identity"
    assert reader.next() == ("revision", {"revision": 1})
    for number in range(2, 22):
        assert add_note(journey, cast.colleague) == number
        assert reader.next() == ("revision", {"revision": number})
    reader.close()


def test_a_stream_holds_no_database_connection_while_it_waits(port, cast, journey):
    readers = [Reader(port, journey, cast.employee) for _ in range(5)]
    for reader in readers:
        assert reader.next() == ("revision", {"revision": 0})

    def open_connections():
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    wait_until(lambda: open_connections() <= 2, seconds=30, what="that the streams let go of their connections")
    for reader in readers:
        reader.close()


def test_a_stream_is_closed_when_the_right_is_taken_away(port, cast, journey):
    reader = Reader(port, journey, cast.manager)
    assert reader.next() == ("revision", {"revision": 0})
    remove_member(journey, person=cast.manager, by=cast.employee)
    assert reader.next() == ("closed", {})
    assert reader.next() is None


def test_a_stream_is_closed_when_the_session_has_ended(port, cast, journey, monkeypatch):
    monkeypatch.setattr(live, "LOOK_AGAIN", 0.1)
    monkeypatch.setattr(live, "HEARTBEAT", 0.2)
    reader = Reader(port, journey, cast.employee)
    assert reader.next() == ("revision", {"revision": 0})
    SessionStore(reader.session_key).delete()
    assert reader.next() == ("closed", {})


def test_a_ring_that_was_lost_is_made_up_for(port, cast, journey, monkeypatch):
    monkeypatch.setattr(live, "LOOK_AGAIN", 0.1)
    monkeypatch.setattr(live, "HEARTBEAT", 0.2)
    monkeypatch.setattr("journeys.services.operations.ring", lambda *args, **kwargs: None)
    reader = Reader(port, journey, cast.employee)
    assert reader.next() == ("revision", {"revision": 0})
    add_note(journey, cast.colleague)
    assert reader.next() == ("revision", {"revision": 1})
    reader.close()


def test_outsiders_and_strangers_get_no_stream(port, cast, journey):
    assert Reader(port, journey, cast.outsider).answer.status == 404
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/api/v1/journeys/{journey.pk}/events/")
    assert connection.getresponse().status == 401
    JourneyMember.objects.filter(journey=journey).delete()


def test_past_the_bound_one_is_told_to_poll(port, cast, journey, settings):
    settings.EVENT_STREAMS = 1
    first = Reader(port, journey, cast.employee)
    assert first.next()
    second = Reader(port, journey, cast.colleague)
    assert second.answer.status == 503
    body = second.answer.read()
    packed = second.answer.getheader("Content-Encoding") == "gzip"
    assert json.loads(gzip.decompress(body) if packed else body)["code"] == "too_many_streams"
    first.close()
