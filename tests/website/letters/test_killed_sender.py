"""A sender that is killed (kill -9) in the middle: no letter is lost, and none is doubled without being shown."""

import datetime as dt
import threading
from collections import Counter

import pytest

from letters.models import Letter
from letters.services.sending import LEASE, recover_letters, send_due
from tests.support.processes import start

pytestmark = pytest.mark.django_db(transaction=True)

State = Letter.State
LATER = LEASE + dt.timedelta(minutes=1)
# Longer than any claim: what a killed sender held has run out by then.
KEYS = [f"news:{number}" for number in range(5)]


def subjects(server):
    return Counter(letter["Subject"] for letter in server.letters)


@pytest.fixture
def real_now():
    """The killed process reads the machine's clock, so these tests do too."""
    from django.utils import timezone

    return timezone.now()


def test_killed_while_the_server_has_the_letter_but_has_not_answered(write, mail_server, real_now, states):
    for key in KEYS:
        write(key, now=real_now)
    mail_server.script.hold_before_answer = gate = threading.Event()
    sender = start("manage.py", "send_letters")
    assert mail_server.has_whole_letter.wait(60)
    sender.kill()
    sender.communicate()
    gate.set()
    mail_server.script.hold_before_answer = None

    recover_letters(now=real_now + LATER)
    assert Counter(states().values()) == {State.UNCERTAIN: 1, State.DUE: 4}
    send_due(clock=lambda: real_now + LATER)

    uncertain = Letter.objects.get(state=State.UNCERTAIN)
    assert uncertain.trouble
    assert subjects(mail_server) == {f"Om {key}": 1 for key in KEYS}  # none lost, none doubled
    assert Counter(states().values()) == {State.UNCERTAIN: 1, State.SENT: 4}


def test_killed_before_the_server_had_anything_needs_nobodys_decision(write, mail_server, real_now, states):
    for key in KEYS:
        write(key, now=real_now)
    mail_server.script.hold_at_mail = gate = threading.Event()
    sender = start("manage.py", "send_letters")
    assert mail_server.is_asked.wait(60)
    sender.kill()
    sender.communicate()
    gate.set()

    recover_letters(now=real_now + LATER)
    assert set(states().values()) == {State.DUE}
    send_due(clock=lambda: real_now + LATER)
    assert set(states().values()) == {State.SENT}
    assert subjects(mail_server) == {f"Om {key}": 1 for key in KEYS}


_DIES = """
import os, signal, django
from pathlib import Path
django.setup()
from letters.services import couriers
from letters.services.sending import send_due

def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)

{where} = die
send_due()
"""


@pytest.mark.parametrize(
    ("where", "arrived"), [("Path.replace", 0), ("couriers._sync_folder", 1)], ids=["before it arrived", "after"]
)
def test_killed_while_delivering_into_the_folder_needs_nobodys_decision(
    write, mailbox, real_now, states, where, arrived
):
    for key in KEYS:
        write(key, now=real_now)
    sender = start("-c", _DIES.format(where=where))
    sender.communicate(timeout=60)
    assert sender.returncode == -9
    assert len(list(mailbox.glob("new/*.eml"))) == arrived
    assert Counter(states().values()) == {State.SENDING: 1, State.CLAIMED: 4}

    recover_letters(now=real_now + LATER)
    send_due(clock=lambda: real_now + LATER)
    assert set(states().values()) == {State.SENT}
    assert len(list(mailbox.glob("new/*.eml"))) == 5
