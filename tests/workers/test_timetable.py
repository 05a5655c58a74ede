"""The timetable and the tasks it names."""

import datetime as dt

import pytest

from workers.celery import app
from workers.timetable import TIMETABLE


def test_every_bell_of_the_timetable_has_a_task():
    app.loader.import_default_modules()
    assert {line["task"] for line in TIMETABLE.values()} <= set(app.tasks)


def test_no_bell_waits_in_the_queue_for_longer_than_until_its_next_stroke():
    assert all(line["options"]["expires"] for line in TIMETABLE.values())


def test_the_clock_is_utc_and_nothing_is_kept_of_results():
    assert app.conf.timezone == "UTC"
    assert app.conf.result_backend is None
    assert app.conf.worker_prefetch_multiplier == 1


def test_the_bell_and_the_workers_agree(settings):
    """The shortest visibility timeout of all applications on one Redis wins, so there is one."""
    from letters.services.bell import _bell

    bell = _bell()
    assert bell.conf.task_default_queue == app.conf.task_default_queue
    assert (
        bell.conf.broker_transport_options["visibility_timeout"]
        == app.conf.broker_transport_options["visibility_timeout"]
    )


HOURLY, NIGHTLY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("task", "pace"),
    [
        ("courses.check_places", HOURLY),
        ("courses.pass_on_after_leaving", HOURLY),
        ("courses.erase_needs", NIGHTLY),
    ],
)
def test_what_is_promised_by_the_hour_or_night_is_rung_so(task, pace):
    (line,) = [line for line in TIMETABLE.values() if line["task"] == task]
    bell, now = line["schedule"], dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    bell.nowfun = lambda: now
    strokes = [now]
    for _stroke in range(2):
        now = strokes[-1]
        strokes.append(now + bell.remaining_estimate(now))
    assert strokes[2] - strokes[1] == pace
