"""Writing a letter: a row in the caller's transaction. If that rolls back, there is no letter.

letter = render_letter("courses/letters/booked", {"booking": booking}, person=booking.person)
write_letter(
    key=f"booked:{booking.pk}", kind="booked", person=booking.person, now=now,
    subject=letter.subject, text=letter.text, html=letter.html, attachments=[Attachable("dag-1.ics", …)],
)
"""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from letters.models import Attachment, Letter
from letters.services.bell import ring_for_letters
from people.models import Person

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY_BREAK = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")
_CALENDAR_METHOD = re.compile(rb"^METHOD:([A-Za-z-]+)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Attachable:
    """A file that goes with a letter. `content_type` is the whole header value, parameters included."""

    name: str
    content_type: str
    content: bytes


def write_letter(
    *,
    key: str,
    kind: str,
    person: Person | None,
    subject: str,
    text: str,
    now: dt.datetime,
    html: str = "",
    attachments: Sequence[Attachable] = (),
    due_at: dt.datetime | None = None,
    address: str = "",
    language: str = "",
    unsubscribe_url: str = "",
) -> tuple[Letter, bool]:
    """The letter with this key, and whether this call wrote it.

    `key` is what the letter is about ("booked:417"): the same news twice is one letter, also when two write it at
    once. A letter that already stands is left as it is. `person` is None only for someone who is not in the
    register; then `address` is needed. `unsubscribe_url` is for letters that one may turn off: a POST to it, without
    log-in, does so.
    """
    letter = Letter(
        key=key,
        kind=kind,
        person=person,
        address=address or _address_of(person),
        language=language or (person.language if person else settings.LANGUAGE_CODE),
        subject=one_line(subject, longest=250),
        text=_CONTROL.sub("", text),
        html=_CONTROL.sub("", html),
        message_id=message_id_for(key),
        unsubscribe_url=unsubscribe_url,
        written_at=now,
        due_at=due_at or now,
        try_at=due_at or now,
    )
    parts = [_checked(attachable) for attachable in attachments]
    with transaction.atomic(savepoint=False):
        if not _insert_once(letter):
            return Letter.objects.get(key=key), False
        if parts:
            Attachment.objects.bulk_create(
                Attachment(letter=letter, name=part.name, content_type=part.content_type, content=part.content)
                for part in parts
            )
        if letter.due_at <= now:
            ring_for_letters()
    return letter, True


def drop_letter(key: str) -> bool:
    """Take back a letter that is no longer needed; answers whether it could still be stopped.

    A letter that a sender has only claimed is stopped too: the sender asks again before it hands over.
    """
    stopped = Letter.objects.filter(key=key, state__in=[Letter.State.DUE, Letter.State.CLAIMED]).update(
        state=Letter.State.DROPPED, claimed_by="", claimed_until=None
    )
    return bool(stopped)


def one_line(words: str, *, longest: int) -> str:
    """Text for a header: no line break of any kind gets through, whoever wrote it."""
    line = _ANY_BREAK.sub(" ", words).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def message_id_for(key: str) -> str:
    """The same key gives the same Message-ID, so that a letter sent again is known as the same by mail servers."""
    sender_domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    domain = sender_domain or urlsplit(settings.SITE_URL).hostname
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _address_of(person: Person | None) -> str:
    if person is None:
        raise ValueError("A letter to someone outside the register needs an address.")
    return person.email


def _insert_once(letter: Letter) -> bool:
    """INSERT … ON CONFLICT DO NOTHING: waits for another writer of the same key, and never breaks the transaction.

    No conflict target: the key and the Message-ID made from it both count.
    """
    fields = [field for field in Letter._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = [field.get_db_prep_save(field.pre_save(letter, add=True), connection) for field in fields]
    holes = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(Letter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({holes}) ON CONFLICT DO NOTHING RETURNING id", values)  # noqa: S608 - names come from the model
        row = cursor.fetchone()
    if row is None:
        return False
    letter.pk = row[0]
    letter._state.adding = False
    letter._state.db = connection.alias
    return True


def _checked(part: Attachable) -> Attachable:
    """A calendar part says in its header the method that its file says; mail clients ignore it otherwise."""
    name = one_line(part.name, longest=120).replace("/", "-").replace("\\", "-")
    content_type = one_line(part.content_type, longest=120)
    if not content_type.lower().startswith("text/calendar"):
        return Attachable(name, content_type, part.content)
    found = _CALENDAR_METHOD.search(part.content)
    method = found[1].decode().upper() if found else ""
    said = re.search(r"method=([A-Za-z-]+)", content_type)
    if said and said[1].upper() != method:
        raise ValueError(f"{name}: the header says {said[1]}, the calendar file says {method or 'nothing'}.")
    parameters = f"; method={method}" if method else ""
    return Attachable(name, f"text/calendar{parameters}; charset=utf-8", part.content)
