"""Making and revoking personal keys to the API."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import ApiToken, Person
from people.queries import working_tokens
from shared.rules import RuleBroken

PREFIX = "stigen_"
MOST_KEYS = 20


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make_token(
    person: Person, *, name: str, now: dt.datetime, lasts: dt.timedelta | None = None
) -> tuple[ApiToken, str]:
    """The row and the key itself, which is never stored and can't be shown again.

    Two keys that work never have the same name: a form sent twice makes one key, and a name says which to revoke.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        working = working_tokens(person, now=now)
        if working.filter(name=name[:80]).exists():
            raise RuleBroken(
                _("You already have a key with that name. Choose another, or revoke it."), code="key_named"
            )
        if working.count() >= MOST_KEYS:
            raise RuleBroken(_("You have as many keys as one may have. Revoke one first."), code="too_many_keys")
        token = ApiToken.objects.create(
            person=person,
            name=name[:80],
            digest=digest_of(key),
            created_at=now,
            expires_at=now + lasts if lasts else None,
        )
    return token, key


def revoke_token(token: ApiToken, *, now: dt.datetime) -> None:
    """At once and for good. Revoking it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
