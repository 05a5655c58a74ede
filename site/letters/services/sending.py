"""Sending what is due. Any number of senders may run at once, and any of them may die at any moment.

See the states in `letters.models.letter`. Each step is one conditional UPDATE: who changes the row may act, everyone
else leaves the letter alone.
"""

import datetime as dt
import logging
import os
import socket
import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.bell import ring_for_letters
from letters.services.couriers import Courier, NotSent, Refused, Unreachable, Unsure, choose_courier
from letters.services.message import build_message
from people.models import Person
from shared.rules import RuleBroken

logger = logging.getLogger(__name__)

State = Letter.State
Clock = Callable[[], dt.datetime]

BATCH = 20
# Longer than any single hand-over can take (see the courier's timeouts).
LEASE = dt.timedelta(minutes=5)
LONGEST_ROUND = dt.timedelta(minutes=1)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(minutes=15)
# A letter that a server has put off for so long is shown as failed instead.
GIVE_UP_AFTER = dt.timedelta(days=3)


def send_due(
    *, courier: Courier | None = None, clock: Clock = timezone.now, at_most: int = 1000, sender: str = ""
) -> int:
    """Send what is due, oldest first; answers how many letters were sent.

    The clock is asked anew for each letter: a slow mail server takes time, and leases count it. After a while it
    stops by itself, long before the worker's time limit would cut a hand-over in two; the next bell goes on.
    """
    sender = sender or new_sender()
    courier = courier or choose_courier()
    stops_at = clock() + LONGEST_ROUND
    sent = tried = 0
    with courier:
        while tried < at_most and clock() < stops_at:
            claimed = claim_letters(sender=sender, now=clock(), at_most=min(BATCH, at_most - tried))
            if not claimed:
                break
            tried += len(claimed)
            for place, letter in enumerate(claimed):
                try:
                    sent += send_letter(letter, courier=courier, sender=sender, clock=clock)
                except Unreachable as trouble:
                    for waiting in claimed[place:]:
                        _put_off(waiting, sender=sender, trouble=str(trouble), now=clock())
                    logger.warning("Letters can't leave now: %s", trouble)
                    return sent
    return sent


def new_sender() -> str:
    """A name that no other sender has had: a claim is held by one process, once."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def claim_letters(*, sender: str, now: dt.datetime, at_most: int) -> list[Letter]:
    """Take letters that are due for oneself until the lease runs out; what another is just taking is passed over."""
    with transaction.atomic():
        chosen = list(
            Letter.objects.select_for_update(skip_locked=True)
            .filter(state=State.DUE, try_at__lte=now)
            .order_by("try_at", "id")
            .values_list("pk", flat=True)[:at_most]
        )
        Letter.objects.filter(pk__in=chosen).update(state=State.CLAIMED, claimed_by=sender, claimed_until=now + LEASE)
    return list(
        Letter.objects.filter(pk__in=chosen)
        .select_related("person")
        .prefetch_related("attachments")
        .order_by("try_at", "id")
    )


def send_letter(letter: Letter, *, courier: Courier, sender: str, clock: Clock) -> bool:
    """Hand over one claimed letter and write down how it went. Raises Unreachable, having written nothing."""
    begun = False

    def begin() -> bool:
        nonlocal begun
        begun = _begin(letter, sender=sender, now=clock())
        return begun

    try:
        message = build_message(letter, now=clock())
        delivered = courier.deliver(message, address=letter.address, begin=begin)
    except Unreachable:
        raise
    except NotSent as trouble:
        _put_off(letter, sender=sender, trouble=str(trouble), now=clock())
        return False
    except Refused as trouble:
        _settle(letter, sender=sender, state=State.FAILED, trouble=str(trouble))
        return False
    except Unsure as trouble:
        _settle(letter, sender=sender, state=State.UNCERTAIN, trouble=str(trouble))
        return False
    except Exception as error:
        logger.exception("Letter %s could not be handed over", letter.pk)
        state = State.UNCERTAIN if begun else State.FAILED
        _settle(letter, sender=sender, state=state, trouble=f"{type(error).__name__}: {error}")
        return False
    return delivered and _settle(letter, sender=sender, state=State.SENT, sent_at=clock())


def recover_letters(*, now: dt.datetime, courier: Courier | None = None) -> dict[str, int]:
    """Look after letters whose sender fell silent.

    Claimed: nothing had left, so they are due again. In the middle of the hand-over: the courier is asked whether they
    arrived; where it can't tell, a person decides.
    """
    courier = courier or choose_courier()
    expired = Q(claimed_until__lt=now)
    found = {
        "due": Letter.objects.filter(expired, state=State.CLAIMED).update(
            state=State.DUE, claimed_by="", claimed_until=None
        ),
        "sent": 0,
        "uncertain": 0,
    }
    for letter in Letter.objects.filter(expired, state=State.SENDING):
        arrived = courier.was_delivered(letter.message_id)
        still_silent = Letter.objects.filter(expired, pk=letter.pk, state=State.SENDING, claimed_by=letter.claimed_by)
        if arrived is None:
            trouble = _("The sender stopped in the middle of handing the letter over.")
            found["uncertain"] += still_silent.update(state=State.UNCERTAIN, trouble=trouble)
        elif arrived:
            found["sent"] += still_silent.update(state=State.SENT, sent_at=now, claimed_by="", claimed_until=None)
        else:
            found["due"] += still_silent.update(state=State.DUE, claimed_by="", claimed_until=None)
    return found


def decide_letter(letter: Letter, *, send_again: bool, by: Person, now: dt.datetime) -> None:
    """A person says what became of an uncertain letter, or what shall become of one that could not be sent.

    Not sending again means: the uncertain one arrived; the failed one is no longer needed.
    """
    if send_again:
        # A corrected address counts for a letter that was refused; an uncertain one goes where it went.
        address = letter.person.email if letter.person and letter.state == State.FAILED else letter.address
        change = {"state": State.DUE, "try_at": now, "attempts": 0, "address": address}
    elif letter.state == State.FAILED:
        change = {"state": State.DROPPED}
    else:
        change = {"state": State.SENT, "sent_at": now}
    with transaction.atomic():
        decided = Letter.objects.filter(pk=letter.pk, state=letter.state).filter(
            state__in=[State.UNCERTAIN, State.FAILED]
        )
        if not decided.update(decided_by=by, decided_at=now, claimed_by="", claimed_until=None, **change):
            raise RuleBroken(_("This letter needs no decision any more."), code="letter_decided")
        if send_again:
            ring_for_letters()
    letter.refresh_from_db()


def _begin(letter: Letter, *, sender: str, now: dt.datetime) -> bool:
    """The last look before the point of no return: the letter is still ours, and still wanted."""
    ours = Letter.objects.filter(pk=letter.pk, state=State.CLAIMED, claimed_by=sender)
    return bool(ours.update(state=State.SENDING, claimed_until=now + LEASE, attempts=F("attempts") + 1))


def _settle(letter: Letter, *, sender: str, state: str, trouble: str = "", sent_at: dt.datetime | None = None) -> bool:
    """Write how the hand-over ended. A sender so slow that it was given up on may still bring certainty."""
    ours = Letter.objects.filter(
        pk=letter.pk, state__in=[State.CLAIMED, State.SENDING, State.UNCERTAIN], claimed_by=sender
    )
    keep = {} if state == State.UNCERTAIN else {"claimed_by": "", "claimed_until": None}
    return bool(ours.update(state=state, trouble=trouble, sent_at=sent_at, **keep))


def _put_off(letter: Letter, *, sender: str, trouble: str, now: dt.datetime) -> None:
    """The letter surely did not leave: try again later, with longer and longer pauses."""
    if now - max(letter.due_at, letter.decided_at or letter.due_at) > GIVE_UP_AFTER:
        _settle(letter, sender=sender, state=State.FAILED, trouble=trouble)
        return
    pause = min(FIRST_PAUSE * 2 ** min(letter.attempts, 10), LONGEST_PAUSE)
    ours = Letter.objects.filter(pk=letter.pk, state__in=[State.CLAIMED, State.SENDING], claimed_by=sender)
    ours.update(
        state=State.DUE,
        try_at=now + pause,
        attempts=letter.attempts + 1,
        trouble=trouble,
        claimed_by="",
        claimed_until=None,
    )
