"""The day's list, kept in a facilitator's browser for when the network goes: until when, and the key that opens it.

What lies in the browser is locked. The key lies in a cookie that ends when the list does, and that is taken back as
soon as the browser is logged out, or is someone else's: then what was kept can't be read, whether or not a script had
the chance to erase it.
"""

import base64
import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.models import Session

COOKIE = "stigen_list_"
KEPT_BEFORE = dt.timedelta(days=3)
KEPT_AFTER = dt.timedelta(hours=12)


def kept_until(session: Session, *, now: dt.datetime) -> dt.datetime | None:
    """When the kept list ends; None for a day that is too far away, or over, to keep anything of."""
    until = session.ends_at + KEPT_AFTER
    return until if session.starts_at - KEPT_BEFORE <= now < until else None


def cookie_of(session_pk: int) -> str:
    return f"{COOKIE}{session_pk}"


def key_for(log_in: str, name: str) -> str:
    """256 bits for one list and one log-in, made anew from both, so that nothing need be remembered of it."""
    made = salted_hmac("courses.kept_lists", f"{name}:{log_in}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def give_key(response: HttpResponseBase, session: Session, *, log_in: str, until: dt.datetime) -> None:
    """The page's script reads it, so it can't be hidden from scripts; it opens names and marks, and no account."""
    name = cookie_of(session.pk)
    response.set_cookie(
        name, key_for(log_in, name), expires=until, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict"
    )


class ListKeyMiddleware:
    """Takes the keys back from a browser whose log-in has ended or is another's. It asks the database nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        held = [name for name in request.COOKIES if name.startswith(COOKIE)]
        if held:
            log_in = _log_in_after(request, response)
            for name in held:
                is_its_own = log_in and constant_time_compare(request.COOKIES[name], key_for(log_in, name))
                if not is_its_own and name not in response.cookies:
                    response.delete_cookie(name, samesite="Strict")
        return response


def _log_in_after(request: HttpRequest, response: HttpResponseBase) -> str:
    """The session the browser holds after this answer; empty for none."""
    given = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return given.value if given is not None else request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
