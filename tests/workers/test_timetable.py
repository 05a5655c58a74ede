"""The timetable and the tasks it names."""

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
