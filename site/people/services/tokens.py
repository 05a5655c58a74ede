"""Making and revoking personal keys to the API."""

import datetime as dt
import hashlib
import secrets

from people.models import ApiToken, Person

PREFIX = "stigen_"


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make_token(
    person: Person, *, name: str, now: dt.datetime, lasts: dt.timedelta | None = None
) -> tuple[ApiToken, str]:
    """The row and the key itself, which is never stored and can't be shown again."""
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name[:80], digest=digest_of(key), created_at=now, expires_at=now + lasts if lasts else None
    )
    return token, key


def revoke_token(token: ApiToken, *, now: dt.datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
