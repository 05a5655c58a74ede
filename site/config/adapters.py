"""Log-in, as this site wants it."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from letters.services.rendering import Rendered, render_letter
from letters.services.writing import write_letter
from people.models import Person

# A link that sets a new password.
KIND = "account"
# allauth's word for a mail → our letter about it.
OUR_LETTERS = {
    "account/email/password_reset_key": "account/letters/new_password",
    "account/email/password_reset": "account/letters/password_changed",
    "account/email/password_changed": "account/letters/password_changed",
    "account/email/password_set": "account/letters/password_changed",
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Employees come from HR's system, not from a form."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What log-in has to say becomes a letter like any other, so that the worker sends it, not the request.

        The key is made from what is said: the same secret link twice is one letter. An address that belongs to nobody
        gets nothing: a form that anyone can fill in is no way to send mail to strangers.
        """
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            return
        said = self._set(template_prefix, email, context, person)
        digest = hashlib.sha256(f"{person.pk}:{said.text}".encode()).hexdigest()[:32]
        name = template_prefix.rpartition("/")[2]
        write_letter(
            key=f"{KIND}:{name}:{digest}",
            kind=KIND,
            person=person,
            subject=said.subject,
            text=said.text,
            html=said.html,
            now=timezone.now(),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Always at the address the settings say: a request's own Host header must not choose where a secret goes."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.SITE_URL}{path}"

    def format_email_subject(self, subject: str) -> str:
        return subject

    def _set(self, template_prefix: str, email: str, context: dict[str, Any], person: Person) -> Rendered:
        ours = OUR_LETTERS.get(template_prefix)
        if ours:
            return render_letter(ours, context, person=person)
        everything = {"request": allauth_context.request, "email": email, "current_site": settings.SITE_URL, **context}
        with translation.override(person.language):
            message = self.render_mail(template_prefix, email, everything)
        return Rendered(subject=str(message.subject), text=str(message.body), html="")
