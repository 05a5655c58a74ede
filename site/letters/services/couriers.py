"""Who carries a letter out of the house: a mail server, or a folder where none is set.

A courier says exactly how far it came. What surely did not leave may be tried again; what surely was refused is
shown; what may have arrived is never guessed at.
"""

import contextlib
import hashlib
import os
import smtplib
import ssl
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol, Self

from django.conf import settings

# After the last byte a server may take its time to scan the letter before it answers.
_WAIT_FOR_RECEIPT = 60.0


class NotSent(Exception):  # noqa: N818 - an outcome, not an error of ours
    """The letter surely did not leave: it may be tried again later."""


class Unreachable(NotSent):
    """The courier itself can't be reached: nor can any other letter leave now."""


class Refused(Exception):  # noqa: N818 - an outcome
    """The receiver said no for good."""


class Unsure(Exception):  # noqa: N818 - an outcome
    """The letter was handed over, and no answer came."""


class Courier(Protocol):
    """Used in a `with`, so that one connection serves many letters."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...

    def deliver(self, message: EmailMessage, *, address: str, begin: Callable[[], bool]) -> bool:
        """Hand over one letter. `begin` is called at the point of no return; when it answers False nothing is sent.

        Answers whether the letter was delivered; raises NotSent, Refused or Unsure.
        """
        ...

    def was_delivered(self, message_id: str) -> bool | None:
        """Whether an unfinished hand-over came through; None where that can't be known."""
        ...


def choose_courier() -> Courier:
    return SmtpCourier() if settings.EMAIL_HOST else FolderCourier(settings.MAILBOX)


class SmtpCourier:
    def __init__(self) -> None:
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._hang_up()

    def deliver(self, message: EmailMessage, *, address: str, begin: Callable[[], bool]) -> bool:
        data = _as_data(message)
        server = self._reach()
        try:
            self._ask_to_send(server, address)
            if not begin():
                # Between DATA and its end a server takes every word as content: only hanging up stops it.
                server.close()
                return False
            # When this fails, the last line had not left, so the server can't have taken the letter.
            server.send(data)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(_words(error)) from error
        finally:
            if server.sock is None:
                self.server = None
        self._wait_for_receipt(server)
        return True

    def was_delivered(self, message_id: str) -> bool | None:
        return None

    def _reach(self) -> smtplib.SMTP:
        if self.server is None:
            try:
                server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
                if settings.EMAIL_USE_TLS:
                    server.starttls(context=ssl.create_default_context())
                if settings.EMAIL_HOST_USER:
                    server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
                server.ehlo_or_helo_if_needed()
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(_words(error)) from error
            self.server = server
        return self.server

    def _ask_to_send(self, server: smtplib.SMTP, address: str) -> None:
        """MAIL, RCPT and DATA: up to here nothing has left."""
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        local, _at, domain = address.rpartition("@")
        receiver = f"{local}@{domain.encode('idna').decode()}"
        code, answer = server.mail(sender)
        if code != 250:
            # It is us that the server does not want: no other letter would fare better.
            self._hang_up()
            raise Unreachable(_answer(code, answer))
        code, answer = server.rcpt(receiver)
        if code in {250, 251}:
            code, answer = server.docmd("DATA")
        if code != 354:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.rset()
            raise (Refused if 500 <= code < 600 else NotSent)(_answer(code, answer))

    def _wait_for_receipt(self, server: smtplib.SMTP) -> None:
        try:
            if server.sock is not None:
                server.sock.settimeout(_WAIT_FOR_RECEIPT)
            code, answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise Unsure(_words(error)) from error
        if server.sock is not None:
            server.sock.settimeout(settings.EMAIL_TIMEOUT)
        if code == 250:
            return
        if not 400 <= code < 600:
            self._hang_up()
            raise Unsure(_answer(code, answer))
        raise (Refused if code >= 500 else NotSent)(_answer(code, answer))

    def _hang_up(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


class FolderCourier:
    """Letters as .eml files in `new/`, as in a maildir: written aside, synced, then moved into place in one step.

    The name is made from the Message-ID, so a letter delivered again is the same file, and an unfinished hand-over
    can be checked rather than guessed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def deliver(self, message: EmailMessage, *, address: str, begin: Callable[[], bool]) -> bool:
        place = self._place_of(message["Message-ID"])
        aside = self.folder / "tmp" / f"{place.stem}.{os.getpid()}.{uuid.uuid4().hex}"
        try:
            for folder in (aside.parent, place.parent):
                folder.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise Unreachable(_words(error)) from error
        if not begin():
            aside.unlink(missing_ok=True)
            return False
        try:
            aside.replace(place)
            _sync_folder(place.parent)
        except OSError as error:
            raise NotSent(_words(error)) from error
        return True

    def was_delivered(self, message_id: str) -> bool | None:
        return self._place_of(message_id).exists()

    def _place_of(self, message_id: str) -> Path:
        return self.folder / "new" / f"{hashlib.sha256(message_id.encode()).hexdigest()[:40]}.eml"


def _as_data(message: EmailMessage) -> bytes:
    """What follows DATA: lines end in CRLF, a leading dot is doubled, and a single dot ends it."""
    lines = message.as_bytes().splitlines()
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join([*stuffed, b".", b""])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _answer(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}"


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
