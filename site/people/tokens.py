"""`Authorization: Bearer stigen_…` on the API."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from people.models import ApiToken, Person
from people.services.tokens import digest_of


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("person")
            .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest_of(key.strip()), revoked_at=None)
            .filter(person__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("The key is not valid."), code="token_invalid")
        today = timezone.localdate(now)
        if token.last_used_on != today:  # a day is exact enough, and costs one write a day
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Stigen"'
