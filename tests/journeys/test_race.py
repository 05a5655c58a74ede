"""Two who write at once: numbers without gaps, in the order in which they were committed."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection

from journeys.models import Journey, Operation
from journeys.services import desk as desk_module
from journeys.services import operations as operations_module
from journeys.services.operations import Asked, apply_operations
from tests.journeys.conftest import make_journey

pytestmark = pytest.mark.django_db(transaction=True)


def write_at_once(journey, people, now, *, gate, monkeypatch):
    """Each adds a note in a thread of its own; all wait at the gate after they have read and before they write."""
    save = desk_module.Desk.save

    def wait_then_save(self):
        try:
            gate.wait()
        except threading.BrokenBarrierError:
            pass  # the other could not get here: the lock holds it
        save(self)

    monkeypatch.setattr(desk_module.Desk, "save", wait_then_save)
    step, lane = journey.steps.first(), journey.lanes.first()
    outcomes = []

    def write(person):
        fields = {"step": str(step.id), "lane": str(lane.id), "text": f"Från {person}"}
        try:
            answer = apply_operations(
                journey, operations=[Asked(uuid.uuid4(), "add_note", uuid.uuid4(), 0, fields)], by=person, now=now
            )
            outcomes.append(answer.results[0].revision)
        except IntegrityError:
            outcomes.append("same number")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_writers_get_numbers_without_gaps(cast, now, monkeypatch):
    journey = make_journey(cast, now)
    gate = threading.Barrier(2, timeout=0.5)
    outcomes = write_at_once(journey, [cast.employee, cast.colleague], now, gate=gate, monkeypatch=monkeypatch)
    assert sorted(outcomes) == [1, 2]
    journey.refresh_from_db()
    assert journey.revision == 2
    assert list(Operation.objects.order_by("pk_row").values_list("number", flat=True)) == [1, 2]


def test_without_the_lock_both_take_the_same_number(cast, now, monkeypatch):
    """The control: the same gate with the lock taken out. Only the constraint then saves the log."""
    monkeypatch.setattr(operations_module, "lock_journey", lambda pk: Journey.objects.get(pk=pk))
    journey = make_journey(cast, now)
    gate = threading.Barrier(2, timeout=60)
    outcomes = write_at_once(journey, [cast.employee, cast.colleague], now, gate=gate, monkeypatch=monkeypatch)
    assert sorted(outcomes, key=str) == [1, "same number"]


def test_a_reader_who_asks_all_the_while_misses_nothing(cast, now):
    journey = make_journey(cast, now)
    step, lane = journey.steps.first(), journey.lanes.first()
    fields = {"step": str(step.id), "lane": str(lane.id), "text": "x"}
    writers = 4
    done = threading.Event()

    def write():
        for _ in range(15):
            asked = [Asked(uuid.uuid4(), "add_note", uuid.uuid4(), 0, fields)]
            apply_operations(journey, operations=asked, by=cast.employee, now=now)
        connection.close()

    seen = []

    def read():
        last = 0
        while True:
            finished = done.is_set()
            new = list(Operation.objects.filter(journey=journey, number__gt=last).values_list("number", flat=True))
            seen.extend(new)
            last = new[-1] if new else last
            if finished and not new:
                break
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    reader = threading.Thread(target=read)
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert seen == list(range(1, writers * 15 + 1))
