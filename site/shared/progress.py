"""How far a long command has come: a line that grows in a terminal, a line now and then in a log."""

import time
from collections.abc import Mapping
from typing import Any

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Called with what is done, how many are, and of how many."""

    def __init__(self, out: Any, names: Mapping[str, str]) -> None:
        self.out = out
        self.names = names
        self.is_terminal = bool(out.isatty())
        self.is_open = False
        self.told_at = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        is_last = done >= of
        if now - self.told_at < (0.1 if self.is_terminal else SECONDS_BETWEEN_LINES) and not (
            is_last and self.is_terminal
        ):
            return
        self.told_at = now
        text = f"{self.names.get(what, what)}: {done} of {of}"
        self.out.write(f"\r{text}" if self.is_terminal else text, ending="" if self.is_terminal else "\n")
        self.is_open = self.is_terminal
        if is_last:
            self.end()

    def end(self) -> None:
        if self.is_open:
            self.out.write("")
            self.is_open = False
        self.out.flush()
