"""What the doors say while they work: one line a step with its time, and one sentence when something is wrong."""

import contextlib
import errno
import sys
import time
from collections.abc import Iterator

FULL = "No space left on device"


class Trouble(Exception):  # noqa: N818 - read aloud: "except Trouble"
    """Something the person at the terminal can put right: one sentence, shown as it stands."""


class Stopped(BaseException):
    """Ctrl-C, a termination or the terminal's hang-up: not an error, and never swallowed as one."""


def say(text: str = "", *, end: str = "\n") -> None:
    # The terminal may be gone (hang-up) or the pipe closed: what we started must still be stopped in order.
    with contextlib.suppress(OSError, ValueError):
        print(text, end=end, flush=True)


def complain(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Says what is being done while it is done, and then how long it took."""
    say(f"  {what} ", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("✗")
        raise
    say(f"{_dots(what)} {time.monotonic() - began:5.1f} s")


def show_done(what: str, seconds: float, *, good: bool, note: str = "") -> None:
    """The same line for something that ran beside other things."""
    say(f"  {what} {_dots(what)} {seconds:5.1f} s {'' if good else '✗ '}{note}".rstrip())


def _dots(what: str) -> str:
    return "·" * max(1, 58 - len(what))


def in_a_sentence(error: OSError, *, doing: str) -> Trouble:
    """What the system answered, in words."""
    place = error.filename or "the folder"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble(f"The disk is full: {doing} needs room in {place}. Free some space and start again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Trouble(f"{doing} is not possible: {place} can't be written by this user.")
    return Trouble(f"{doing} is not possible: {error.strerror or error} ({place}).")
