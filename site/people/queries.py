"""What is known about people."""

import datetime as dt

from django.db.models import Q, QuerySet

from people.models import ApiToken, Person


def working_tokens(person: Person, *, now: dt.datetime) -> QuerySet[ApiToken]:
    """The person's keys to the API that open something now, newest first."""
    return person.api_keys.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)
