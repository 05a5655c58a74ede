"""Django's sessions in the database; the question that every page of someone logged in asks is written beforehand."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as SessionsInDatabase
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from shared.ready import Given, Ready

_SESSION = Ready(
    lambda: Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField()))
)


class SessionStore(SessionsInDatabase):
    def _get_session_from_db(self) -> Any:
        found = _SESSION.ask(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None
