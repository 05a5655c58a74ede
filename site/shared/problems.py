"""Errors of the API: `application/problem+json` (RFC 9457) with a stable `code`.

    {"type": "about:blank", "title": "Conflict", "status": 409, "code": "occasion_full", "detail": "…a sentence…"}

`errors` maps a field to its sentences where a field is wrong. Clients go by `status` and `code`; `detail` is for
people.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from shared.parsing import BodyTooBig
from shared.rules import RuleBroken

PROBLEM = "application/problem+json"
_KEPT = ("WWW-Authenticate", "Retry-After", "Allow")


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy("The rules do not allow it.")
    default_code = "conflict"


def answer_with_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: every refusal in one shape. A broken rule answers 409 with its own code."""
    if isinstance(error, RuleBroken):
        error = Conflict(error.sentence, code=error.code)
    elif isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = BodyTooBig()
    response = exception_handler(error, context)
    if response is None:
        return None
    assert isinstance(error, exceptions.APIException)
    kept = {name: response[name] for name in _KEPT if name in response}
    body = _describe(error, response.status_code)
    return Response(body, status=response.status_code, headers=kept, content_type=PROBLEM)


def problem(code: str, detail: str, *, status_code: int) -> JsonResponse:
    """The same shape for a view outside REST framework."""
    return JsonResponse(_body(status_code, code, detail), status=status_code, content_type=PROBLEM)


class ProblemMiddleware:
    """Whatever refuses under /api/ beside the API's views – the resolver, Django, a crash – says so alike."""

    CODES = {400: "bad_request", 403: "permission_denied", 404: "not_found", 405: "method_not_allowed", 413: "too_big"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/") or response.streaming:
            return response
        if response.get("Content-Type", "").startswith(PROBLEM) or (settings.DEBUG and response.status_code >= 500):
            return response
        code = self.CODES.get(response.status_code, "server_error" if response.status_code >= 500 else "error")
        answer = problem(code, self._sentence(response.status_code), status_code=response.status_code)
        for name in _KEPT:
            if name in response:
                answer[name] = response[name]
        return answer

    @staticmethod
    def _sentence(status_code: int) -> str:
        if status_code == 404:
            return _("There is nothing here.")
        if status_code == 405:
            return _("This can't be done here.")
        if status_code >= 500:
            return _("Something went wrong on our side. It is logged with the X-Request-ID of this answer.")
        return _("The request can't be understood.")


def _body(status_code: int, code: str, detail: str) -> dict[str, Any]:
    title = HTTPStatus(status_code).phrase
    return {"type": "about:blank", "title": title, "status": status_code, "code": code, "detail": detail}


def _describe(error: exceptions.APIException, status_code: int) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        codes = error.get_codes()
        return _body(status_code, codes if isinstance(codes, str) else "error", str(error.detail))
    body = _body(status_code, "invalid", _first_sentence(error.detail))
    body["errors"] = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    return body


def _first_sentence(detail: Any) -> str:
    while isinstance(detail, (dict, list)) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)
