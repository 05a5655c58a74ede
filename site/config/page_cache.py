"""Public pages, kept ready-made and compressed for readers who are not logged in.

A hit is one round trip to Redis and touches neither database, session nor template. A page is served only if it was
made in the current edition (`shared.public_pages`), so it goes stale the moment something it shows has changed. It
is never older than `PAGE_CACHE_SECONDS`, because some pages show what the clock changes (an occasion that began).
"""

import gzip
import hashlib
import re
from collections.abc import Callable

import brotli
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from courses.kept_lists import COOKIE as LIST_KEY
from shared.public_pages import EDITION, start_new_edition

# The addresses that never hold a public page: not even asked for.
NEVER = ("/static/", "/media/", "/documents/", "/api/", "/cms/", "/konto/", "/en/konto/", "/health/")
# A query that we know changes the page, and so is part of what is kept. Any other query is answered afresh.
KNOWN_QUERY = frozenset({"page"})
# Whoever sends one of these may see something of their own.
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
OWN_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH", "HTTP_RANGE")
_CODING = re.compile(r"\b(br|gzip)\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_NOT_KEPT_HEADERS = {"content-length", "content-encoding", "x-request-id", "etag", "set-cookie"}

Kept = tuple[str, list[tuple[str, str]], bytes]


class PageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PAGE_CACHE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _name_of(request)
        if name is None:
            return self.get_response(request)
        coding = _coding_for(request)
        found = cache.get_many([EDITION, f"{name}:{coding}"])
        edition, kept = found.get(EDITION), found.get(f"{name}:{coding}")
        if edition is not None and kept is not None and kept[0] == edition:
            return _answer(request, kept, coding)
        # Below us the page is made without compression, so that each coding is made of the same bytes.
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
        response = self.get_response(request)
        if not _may_be_kept(response):
            return _compressed(response, coding)
        if edition is None:
            # Redis is new, has lost it, or is away: begin an edition, and keep from the next request on.
            start_new_edition()
            return _answer(request, _made_now("", response, coding), coding)
        every = {each: _made_now(edition, response, each) for each in ("br", "gzip", "")}
        cache.set_many({f"{name}:{each}": made for each, made in every.items()}, settings.PAGE_CACHE_SECONDS)
        return _answer(request, every[coding], coding)


def _name_of(request: HttpRequest) -> str | None:
    """The name that the page is kept under; None for a request that must be answered afresh."""
    meta = request.META
    if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NEVER):
        return None
    if any(header in meta for header in OWN_HEADERS):
        return None
    # The key of a list is taken back below us, if the log-in that it was given to has ended.
    cookies = meta.get("HTTP_COOKIE")
    if cookies and (LIST_KEY in cookies or any(cookie in request.COOKIES for cookie in OWN_COOKIES)):
        return None
    query = meta.get("QUERY_STRING", "")
    if query:
        if not KNOWN_QUERY.issuperset(request.GET):
            return None
        query = "&".join(sorted(query.split("&")))
    place = f"{request.scheme}://{request.get_host()}{request.path}?{query}"
    return f"page:{hashlib.blake2b(place.encode(), digest_size=16).hexdigest()}"


def _coding_for(request: HttpRequest) -> str:
    accepted = _CODING.findall(request.META.get("HTTP_ACCEPT_ENCODING", "").lower())
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        getattr(response, "is_for_everyone", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "no-store" not in response.get("Cache-Control", "")
        and "private" not in response.get("Cache-Control", "")
    )


def _compress(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, compresslevel=6, mtime=0) if coding == "gzip" else body


def _made_now(edition: str, response: HttpResponse, coding: str) -> Kept:
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    headers = [(key, value) for key, value in response.items() if key.lower() not in _NOT_KEPT_HEADERS]
    if not response.has_header("Cache-Control"):
        # Browsers keep it too, but ask each time whether it still holds: a 304 has no body.
        headers.append(("Cache-Control", "no-cache"))
    mark = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    body = _compress(response.content, coding)
    headers += [("ETag", f'W/"{mark}"'), ("Content-Length", str(len(body)))]
    if coding:
        headers.append(("Content-Encoding", coding))
    return edition, headers, body


def _answer(request: HttpRequest, kept: Kept, coding: str) -> HttpResponse:
    _edition, headers, body = kept
    told = request.META.get("HTTP_IF_NONE_MATCH", "")
    if told and dict(headers)["ETag"] in told:
        response = HttpResponse(status=304)
        del response["Content-Type"]
        for key, value in headers:
            if key not in {"Content-Length", "Content-Encoding", "Content-Type"}:
                response[key] = value
        return response
    response = HttpResponse(b"" if request.method == "HEAD" else body)
    for key, value in headers:
        response[key] = value
    return response


def _compressed(response: HttpResponse, coding: str) -> HttpResponse:
    """What may not be kept is compressed as it would have been without us."""
    if (
        coding
        and not response.streaming
        and not response.has_header("Content-Encoding")
        and len(response.content) > 500
    ):
        response.content = _compress(response.content, coding)
        response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(response.content))
        patch_vary_headers(response, ["Accept-Encoding"])
    return response
