"""The Celery application: clock and courier, no rules of the house.

    celery -A workers.celery worker     takes work (any number of them)
    celery -A workers.celery beat       rings the bells of the timetable (one)
    celery -A workers.celery worker --beat    both, on one machine

`CELERY_…` settings stand in config/settings.py. What a task works on is always a row in the database, found anew by a
sweep: a message that is lost, doubled or late costs nothing but time.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from workers.timetable import TIMETABLE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("stigen", include=["workers.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
Path(settings.DATA).mkdir(parents=True, exist_ok=True)
app.conf.update(
    beat_schedule=TIMETABLE,
    beat_schedule_filename=str(Path(settings.DATA) / "beat-schedule"),
    # Never sleep past the next bell by more than this: a clock that was set does not silence the house.
    beat_max_loop_interval=5,
)


@setup_logging.connect
def log_as_the_site_does(**_options: Any) -> None:
    """Celery keeps its hands off the logging that Django's settings laid."""
