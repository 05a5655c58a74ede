"""What a first visit downloads, compressed by us: page, styles, scripts and pictures; fonts and photos apart."""

import re

from figures import Line
from place import Place, Server

PAGES = {"front page": "/", "courses": "/kurser/", "log in": "/konto/login/"}
OWN = {"my page": ("/min-sida/", "medarbetare"), "headcount": ("/uppfoljning/", "hr"), "journeys": ("/resor/", "admin")}
MOST = 150_000
_LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_APART = (".woff2", ".jpg", ".jpeg", ".png", ".webp", ".avif")


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    lines = []
    with place.server() as server:
        for name, path in PAGES.items():
            lines.append(_weigh(server, name, path, {}))
        for name, (path, who) in OWN.items():
            lines.append(_weigh(server, name, path, place.lay("log_in", f"{who}@skarvik.example")))
    return lines


def _weigh(server: Server, name: str, path: str, cookie: dict[str, str]) -> Line:
    wants = {"Accept-Encoding": "br, gzip"}
    body, _headers = server.get(path, **wants, **cookie)
    plain, _headers = server.get(path, **cookie)
    linked = {link for link in _LINKED.findall(plain.decode()) if not link.endswith(_APART)}
    weight = len(body) + sum(len(server.get(link, **wants)[0]) for link in linked)
    return Line(
        "weights", f"{name}, with {len(linked)} files beside it", f"{weight / 1000:.1f} kB", "", None,
        f"≤ {MOST // 1000} kB", weight <= MOST,
    )  # fmt: skip
