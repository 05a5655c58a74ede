"""What every request passes through."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as RedisIsAway
from redis.exceptions import TimeoutError as RedisIsSilent

from config.logs import person_id, request_id
from shared.problems import problem

log = logging.getLogger("stigen.requests")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Names the request: the proxy's name where it gave one, else one of ours; in every log line and answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        name = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        token, no_person = request_id.set(name), person_id.set(None)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            self._write_down(request, response, began)
        finally:
            request_id.reset(token)
            person_id.reset(no_person)
        response["X-Request-ID"] = name
        return response

    def _write_down(self, request: HttpRequest, response: HttpResponse, began: float) -> None:
        # The person as far as the request itself found out: the log asks the database nothing.
        person = request.__dict__.get("user")
        if type(person) is SimpleLazyObject:
            person = getattr(request, "_cached_user", None)
        ms = round((time.monotonic() - began) * 1000, 1)
        # The path only: what stands after the question mark may be what someone searched for. A view whose path is
        # itself a secret gives another.
        path = getattr(request, "path_to_log", request.path)
        log.info(
            "%s %s %s in %s ms", request.method, path, response.status_code, ms,
            extra={
                "method": request.method, "path": path, "status": response.status_code, "ms": ms,
                "person_id": person.pk if person is not None and person.is_authenticated else None,
            },
        )  # fmt: skip


class AwayMiddleware:
    """An engine that does not answer is not the visitor's fault: 503, when to come back, what became of the input."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError | RedisIsAway | RedisIsSilent):
            return None
        logging.getLogger("stigen.engines").error("An engine does not answer: %s", error, exc_info=error)
        if request.path.startswith("/api/"):
            response: HttpResponse = problem("unavailable", _("The site is away for a moment."), status_code=503)
        else:
            response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "30"
        return response


class PolicyMiddleware(CSPMiddleware):
    """The strict content security policy, but for Wagtail's own editor, which writes inline styles and scripts."""

    EDITOR = re.compile(r"^/(?:en/)?cms/")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if self.EDITOR.match(request.path):
            update = {
                "script-src": ["'unsafe-inline'", "'unsafe-eval'"],
                "style-src": ["'unsafe-inline'"],
                "img-src": ["blob:"],
                "frame-src": ["'self'"],
            }
            setattr(response, "_csp_update", update)  # noqa: B010 - django-csp's own way to change one answer's policy
        return super().process_response(request, response)
