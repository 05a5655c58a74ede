"""The tasks: doorbells with names. Each fetches what is due from the database and hands it to the room it belongs to."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

django.setup()

from letters.services.sending import recover_letters, send_due  # noqa: E402 - models need the set-up

# Every task here may be run again at any moment, so it is acknowledged when it is done: a killed worker's task is
# taken by another.
doorbell = {"acks_late": True, "ignore_result": True}


@shared_task(name="letters.send_due", **doorbell)
def ring_for_letters() -> None:
    send_due()


@shared_task(name="letters.recover", **doorbell)
def ring_for_silent_senders() -> None:
    recover_letters(now=timezone.now())


@shared_task(name="courses.write_reminders", **doorbell)
def ring_for_reminders() -> None:
    _act("courses.services.reminders", "write_reminders")(now=timezone.now())


@shared_task(name="courses.lapse_offers", **doorbell)
def ring_for_offers() -> None:
    _act("courses.services.offers", "lapse_offers")(now=timezone.now())


@shared_task(name="courses.check_places", **doorbell)
def ring_for_places() -> None:
    _act("courses.services.places", "check_places")(now=timezone.now())


@shared_task(name="people.clear_sessions", **doorbell)
def ring_for_old_sessions() -> None:
    call_command("clearsessions")
