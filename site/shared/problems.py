"""Errors of the API: `application/problem+json` (RFC 9457) with a stable `code`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from shared.rules import RuleBroken

PROBLEM = "application/problem+json"


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def answer_with_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: every refusal in one shape.

    `type`, `title`, `status`, `detail`, `code`; `errors` maps a field to its sentences where a field is wrong.
    A broken rule answers 409 with the rule's own code.
    """
    if isinstance(error, RuleBroken):
        error = Conflict(error.sentence, code=error.code)
    elif isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    body = _describe(error, response.status_code)
    return Response(body, status=response.status_code, headers=_kept_headers(response), content_type=PROBLEM)


def _kept_headers(response: Response) -> dict[str, str]:
    return {name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if name in response}


def _describe(error: Exception, code: int) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "status": code}
    if isinstance(error, exceptions.ValidationError):
        details = error.get_full_details()
        body |= {"title": "Invalid input", "code": "invalid", "detail": _first_sentence(error.detail)}
        body["errors"] = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        if isinstance(details, list) and len(details) == 1 and isinstance(details[0], dict):
            body["code"] = details[0]["code"]
        return body
    assert isinstance(error, exceptions.APIException)
    codes = error.get_codes()
    body |= {
        "title": str(type(error).default_detail),
        "code": codes if isinstance(codes, str) else "error",
        "detail": str(error.detail),
    }
    return body


def _first_sentence(detail: Any) -> str:
    while isinstance(detail, (dict, list)) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)


def problem(code: str, detail: str, *, status_code: int) -> JsonResponse:
    """The same shape for a view outside REST framework."""
    body = {"type": "about:blank", "title": detail, "status": status_code, "code": code, "detail": detail}
    return JsonResponse(body, status=status_code, content_type=PROBLEM)
