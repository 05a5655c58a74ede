"""Addresses of engines, turned to another part of them. Nothing but Python's own: `script/test` uses it too."""

from urllib.parse import urlsplit, urlunsplit


def with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    # Put together by hand: urlunsplit drops the empty host that a Unix socket's address has.
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


def with_drawer(url: str, number: int) -> str:
    """Redis has sixteen drawers."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))
