"""Mail that parts we build on want to send (Wagtail's about reviews and comments) becomes letters like all others."""

import hashlib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from letters.services.writing import write_letter
from people.models import Person

KIND = "editors"


class LetterBackend(BaseEmailBackend):
    """An address that belongs to nobody in the register gets nothing."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        return sum(self._write(message) for message in messages)

    def _write(self, message: EmailMessage) -> bool:
        now = timezone.now()
        people = Person.objects.filter(email__in=[address.lower() for address in message.recipients()], is_active=True)
        for person in people:
            # The same news about the same page may come again another day.
            said = f"{person.pk}:{message.subject}:{message.body}:{now:%Y-%m-%dT%H}"
            digest = hashlib.sha256(said.encode()).hexdigest()[:32]
            write_letter(
                key=f"{KIND}:{digest}",
                kind=KIND,
                person=person,
                subject=str(message.subject),
                text=f"{str(message.body).strip()}\n",
                now=now,
            )
        return bool(people)
