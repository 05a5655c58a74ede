"""A letter as the bytes that a mail server takes."""

import datetime as dt
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings

from letters.models import Attachment, Letter
from letters.services.writing import one_line

# Only ASCII goes over the wire: every server takes it, whatever it says about 8BITMIME.
_WIRE = SMTP.clone(cte_type="7bit")


def build_message(letter: Letter, *, now: dt.datetime) -> EmailMessage:
    """text, HTML and a single calendar file as alternatives; every file as an attachment."""
    files = list(letter.attachments.all())
    message = EmailMessage(policy=_WIRE)
    _write_headers(message, letter, now=now)
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    calendars = [part for part in files if _is_calendar(part)]
    if len(calendars) == 1:
        # Mail clients show an invitation only where it is an alternative, and offer it as a file only where attached.
        if not letter.html:
            message.make_alternative()
        message.attach(_as_part(calendars[0]))
    _attach(message, files, invitation=calendars[0] if len(calendars) == 1 else None)
    # Last: every new layer takes the Content-… headers with it into its first part.
    message["Content-Language"] = letter.language
    return message


def _write_headers(message: EmailMessage, letter: Letter, *, now: dt.datetime) -> None:
    message["From"] = _mailbox(*parseaddr(settings.DEFAULT_FROM_EMAIL))
    name = letter.person.get_full_name() if letter.person else ""
    message["To"] = _mailbox(name, letter.address)
    message["Subject"] = one_line(letter.subject, longest=250)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = letter.message_id
    # Keeps "out of office" answers from being sent to a machine (RFC 3834; the second is Exchange's own word).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _mailbox(name: str, address: str) -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(one_line(name, longest=120), local, domain.encode("idna").decode())


def _is_calendar(part: Attachment) -> bool:
    return part.content_type.lower().startswith("text/calendar")


def _attach(message: EmailMessage, files: Iterable[Attachment], *, invitation: Attachment | None) -> None:
    for file in files:
        content_type = "application/ics" if file == invitation else file.content_type
        if message.get_content_type() != "multipart/mixed":
            message.make_mixed()
        message.attach(_as_part(file, content_type=content_type, file_name=file.name))


def _as_part(file: Attachment, *, content_type: str = "", file_name: str = "") -> Any:
    kind, *parameters = [word.strip() for word in (content_type or file.content_type).split(";")]
    main, _slash, sub = kind.partition("/")
    part = MIMEPart(policy=_WIRE)
    part.set_content(bytes(file.content), maintype=main, subtype=sub or "octet-stream", cte="base64")
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        part.set_param(name.strip(), value.strip().strip('"'))
    if file_name:
        part.add_header("Content-Disposition", "attachment", filename=file_name)
    return part
