"""`Authorization: Bearer stigen_…` on the API."""

import datetime as dt
from functools import cache

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from people.models import ApiToken, Person
from people.services.tokens import digest_of
from shared.rows import columns_of, split_rows


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = _find(key.strip(), now)
        if token is None:
            raise AuthenticationFailed(_("The key is not valid."), code="token_invalid")
        today = timezone.localdate(now)
        if token.last_used_on != today:  # a day is exact enough, and costs one write a day
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Stigen"'


@cache
def _statement() -> str:
    return (
        f"SELECT {columns_of(ApiToken, 't')}, {columns_of(Person, 'p')} "  # noqa: S608 - names come from the models
        "FROM people_apitoken t JOIN people_person p ON p.id = t.person_id AND p.is_active "
        "WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s)"
    )


def _find(key: str, now: dt.datetime) -> ApiToken | None:
    """The valid key with its person. Written out: every call of the API passes here."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [digest_of(key), now])
        row = cursor.fetchone()
    if row is None:
        return None
    token, person = split_rows(row, ApiToken, Person)
    token.person = person
    return token
