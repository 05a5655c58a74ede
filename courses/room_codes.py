"""The codes of a room: made from its secret and the clock, and never stored.

So nothing has to be made in advance, kept in order or thrown away, every server shows the same code, and showing it
writes nothing. A code is on the wall for a minute. It counts for two minutes more, for those who were still typing
it; and a little before its time, for a server whose clock is behind.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare

from courses.models import RoomCode, Session
from shared.spoken_codes import SIGNS

LENGTH = 6
EACH = dt.timedelta(minutes=1)
STEPS_LATE = 2
STEPS_EARLY = 1
# Around the session: for those who come early, and those who remember it on their way out.
BEFORE, AFTER = dt.timedelta(hours=2), dt.timedelta(hours=1)
# Whoever read the code in time has so long to log in and say so.
TIME_TO_LOG_IN = dt.timedelta(minutes=15)
_SALT = "courses.room_codes"


def shown_code(room: RoomCode, *, at: dt.datetime) -> str:
    return _code(room, _step(at))


def shown_until(at: dt.datetime) -> dt.datetime:
    return dt.datetime.fromtimestamp((_step(at) + 1) * EACH.total_seconds(), dt.UTC)


def may_show(session: Session, *, at: dt.datetime) -> bool:
    return session.starts_at - BEFORE <= at <= session.ends_at + AFTER


def counts(room: RoomCode, code: str, *, at: dt.datetime) -> bool:
    """Whether the code was, or could have been, read from the wall at that moment."""
    if at < room.opened_at or (room.closed_at is not None and at > room.closed_at):
        return False
    now = _step(at)
    return any(
        constant_time_compare(_code(room, step), code) for step in range(now - STEPS_LATE, now + STEPS_EARLY + 1)
    )


def has_counted(room: RoomCode, code: str, *, at: dt.datetime) -> bool:
    """Whether it was a code of this room at any time since it was opened."""
    return any(constant_time_compare(_code(room, step), code) for step in range(_step(room.opened_at), _step(at) + 1))


def _step(at: dt.datetime) -> int:
    return int(at.timestamp() // EACH.total_seconds())


def _code(room: RoomCode, step: int) -> str:
    drawn = hmac.new(room.secret.encode(), f"{room.session_id}:{step}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(drawn[:8])
    signs = []
    for _sign in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)


@dataclass(frozen=True)
class Read:
    """A code, and when it was read."""

    code: str
    at: dt.datetime


def write_receipt(read: Read) -> str:
    """That a code was read at a moment, right or wrong: nobody learns by it whether the code is one."""
    return signing.dumps([read.code, read.at.isoformat()], salt=_SALT)


def read_receipt(receipt: str, *, now: dt.datetime) -> Read | None:
    """None where it is not ours, or older than the time there is to log in."""
    try:
        code, moment = signing.loads(receipt, salt=_SALT)
        at = dt.datetime.fromisoformat(moment)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    # Another server's clock may be a little ahead.
    return Read(code, at) if -dt.timedelta(seconds=1) <= now - at <= TIME_TO_LOG_IN else None
