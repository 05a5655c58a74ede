"""What every request passes through."""

import contextvars
import re
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Names the request: the proxy's name where it gave one, else one of ours; in every log line and answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        name = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = name
        return response


class PolicyMiddleware(CSPMiddleware):
    """The strict content security policy, but for Wagtail's own editor, which writes inline styles and scripts."""

    EDITOR = re.compile(r"^/(?:en/)?cms/")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if self.EDITOR.match(request.path):
            response._csp_update = {  # noqa: SLF001 - django-csp's own way to change the policy of one answer
                "script-src": ["'unsafe-inline'", "'unsafe-eval'"],
                "style-src": ["'unsafe-inline'"],
                "img-src": ["blob:"],
                "frame-src": ["'self'"],
            }
        return super().process_response(request, response)
