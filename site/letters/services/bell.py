"""The doorbell of the workers: "there is something to do". Never more than a hint.

The work itself is a row, and a sweep finds it within seconds also if nobody rang. So the bell may fail, but it may
never fail or delay the request that rings: short timeouts, no second try, and silence for a while after a failure.
"""

import logging
import time
from functools import cache
from typing import Any

from celery import Celery
from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

SEND_DUE = "letters.send_due"
_QUIET_AFTER_FAILURE = 5.0  # seconds
_quiet_until = 0.0


def ring_for_letters() -> None:
    """Rings when the transaction has committed, once however many letters it wrote."""
    if not any(_ring_letters in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_ring_letters, robust=True)


def _ring_letters() -> None:
    ring(SEND_DUE)


def ring(task: str, **arguments: Any) -> bool:
    """Ask a worker to run the task of this name now; answers whether the message left."""
    global _quiet_until  # noqa: PLW0603 - one per process, and a race only costs a hint
    if time.monotonic() < _quiet_until:
        return False
    try:
        _bell().send_task(task, kwargs=arguments, ignore_result=True, retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - whatever the broker throws, the request goes on
        _quiet_until = time.monotonic() + _QUIET_AFTER_FAILURE
        logger.warning("The workers' bell can't be reached: %s", error)
        return False
    return True


@cache
def _bell() -> Celery:
    """A Celery application that only publishes; the tasks live above, in the room `workers`."""
    app = Celery("bell", set_as_current=False)
    app.conf.update(
        broker_url=settings.CELERY_BROKER_URL,
        broker_transport_options={
            **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.3,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
        broker_connection_timeout=0.5,
        task_default_queue=settings.CELERY_TASK_DEFAULT_QUEUE,
        task_ignore_result=True,
    )
    return app
