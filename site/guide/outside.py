"""Asking an address outside the site whether it answers, without being led anywhere else.

What editors write decides where the server goes, so it goes only to addresses of the open net, to the ports of the
web, and to the very address that was looked at: the name is not asked again between the look and the call.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.conf import settings

TIMEOUT = 10
REDIRECTS = 5
_PORTS = {80, 443}
# They answer, but not to machines, or not just now.
_ANSWERS_NO = {401, 402, 403, 406, 407, 408, 418, 425, 429, 451, 999}
_ASK_WITH_GET = {400, 403, 404, 405, 406, 410, 500, 501, 503}


@dataclass(frozen=True)
class Answer:
    """`state` as in ExternalLink.State."""

    state: str
    trouble: str = ""


class _NotOpen(Exception):  # noqa: N818 - an outcome
    """The address is not one of the open net."""


def look_at(url: str) -> Answer:
    try:
        for method in ("HEAD", "GET"):
            status = _status(url, method)
            if method == "HEAD" and status in _ASK_WITH_GET:
                continue
            break
    except _NotOpen as refused:
        return Answer("passed", str(refused))
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        return Answer("broken", _in_words(trouble))
    if status < 400 or status in _ANSWERS_NO:
        return Answer("works")
    return Answer("broken", f"{status} {http.client.responses.get(status, '')}".strip())


def _in_words(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return f"no answer within {TIMEOUT} s"
    if isinstance(trouble, socket.gaierror):
        return "no such host"
    if isinstance(trouble, ssl.SSLError):
        return f"certificate: {trouble.reason or trouble}"
    return f"{type(trouble).__name__}: {trouble}"


def _status(url: str, method: str) -> int:
    for _hop in range(REDIRECTS + 1):
        status, target = _ask(url, method)
        if status not in {301, 302, 303, 307, 308} or not target:
            return status
        url = urljoin(url, target)
    raise ValueError("leads round in a circle")


def _ask(url: str, method: str) -> tuple[int, str]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise _NotOpen(f"{parts.scheme or '?'} is not looked at")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    family, place = _open_address(parts.hostname, port)
    connection = _Connection(parts.hostname, port, family=family, place=place, is_secret=parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        headers = {"User-Agent": f"Stigen-links (+{settings.SITE_URL})", "Accept": "*/*", "Connection": "close"}
        connection.request(method, path.encode("ascii", "ignore").decode() or "/", headers=headers)
        response = connection.getresponse()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()


def _open_address(host: str, port: int) -> tuple[int, str]:
    """The family and address to call. All addresses of the name must be open: a name with a foot inside is shut."""
    found = [
        (family, str(place[0])) for family, _k, _p, _n, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    if settings.LINK_CHECK_MAY_LOOK_INSIDE:
        return found[0]
    if port not in _PORTS:
        raise _NotOpen(f"port {port} is not looked at")
    for _family, place in found:
        known = ipaddress.ip_address(place.partition("%")[0])
        inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None) or known
        if not inner.is_global or not known.is_global or inner.is_multicast:
            raise _NotOpen("an address inside")
    return found[0]


class _Connection(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, *, family: int, place: str, is_secret: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._family, self._place, self._is_secret = family, place, is_secret
        self.default_port = 443 if is_secret else 80

    def connect(self) -> None:
        called = socket.socket(self._family, socket.SOCK_STREAM)
        called.settimeout(TIMEOUT)
        try:
            called.connect((self._place, self.port))
            if self._is_secret:
                called = ssl.create_default_context().wrap_socket(called, server_hostname=self.host)
        except BaseException:
            called.close()
            raise
        self.sock = called
