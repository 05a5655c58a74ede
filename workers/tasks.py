"""The tasks: doorbells with names. Each asks the room it belongs to to do what is due now; none holds a rule."""

import django
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

django.setup()

from letters.services.sending import recover_letters, send_due  # noqa: E402 - models need the set-up

# Every task here may be run again at any moment, so it is acknowledged when it is done: a message whose worker
# died is given to another.
doorbell = {"acks_late": True, "ignore_result": True}


@shared_task(name="letters.send_due", **doorbell)
def send_due_letters() -> None:
    send_due()


@shared_task(name="letters.recover", **doorbell)
def look_after_silent_senders() -> None:
    recover_letters(now=timezone.now())


@shared_task(name="people.clear_sessions", **doorbell)
def clear_old_sessions() -> None:
    call_command("clearsessions")
