"""The folder into which a site without a mail server delivers its letters."""

import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def letters(self, *, to: str = "", about: str = "") -> list[EmailMessage]:
        """Oldest first; `to` is an address, `about` a part of the subject."""
        files = sorted((self.folder / "new").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [letter for letter in letters if to in str(letter["To"]) and about in str(letter["Subject"])]

    def wait_for(self, *, to: str, about: str = "", beside: int = 0, seconds: float = 40) -> EmailMessage:
        """The newest letter as soon as there are more than `beside` of them: the worker sends it, not the request."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            letters = self.letters(to=to, about=about)
            if len(letters) > beside:
                return letters[-1]
            time.sleep(0.2)
        subjects = [f"{letter['To']}: {letter['Subject']}" for letter in self.letters()]
        raise AssertionError(f"No letter to {to} about {about!r} within {seconds} s. There are: {subjects}")
