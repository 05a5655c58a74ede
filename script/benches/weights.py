"""What a first visit downloads of each kind of page, and how many stylesheets it asks for."""

from figures import Line
from place import Place, Server
from weighing import MOST, MOST_SHEETS, weigh

ANYONES = {
    "front page": "/",
    "guide": "/guiden/",
    "step": "/guiden/undersoka/",
    "method": "/guiden/undersoka/intervju/",
    "courses": "/kurser/",
    "course": "/kurser/tjanstedesign-i-tva-dagar/",
    "log in": "/konto/login/",
}
OWN = {
    "my page": ("/min-sida/", "medarbetare"),
    "headcount": ("/uppfoljning/", "hr"),
    "journeys": ("/resor/", "admin"),
    "journey editor, with its modules": ("/resor/{journey}/", "medarbetare"),
}


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    journey = place.lay("rich_journey")
    lines = []
    with place.server() as server:
        for name, path in ANYONES.items():
            lines.append(_weigh(server, name, path, {}))
        for name, (path, who) in OWN.items():
            cookie = place.lay("log_in", f"{who}@skarvik.example")
            lines.append(_weigh(server, name, path.format(journey=journey), cookie))
    return lines


def _weigh(server: Server, name: str, path: str, cookie: dict[str, str]) -> Line:
    def ask(address: str) -> tuple[bytes, bytes]:
        sent, _headers = server.get(address, **{"Accept-Encoding": "br, gzip"}, **cookie)
        return sent, server.get(address, **cookie)[0]

    weight = weigh(path, ask)
    return Line(
        "weights", f"{name}: {len(weight.files)} files beside it, {len(weight.sheets)} of them stylesheets",
        f"{weight.total / 1000:.1f} kB", "", None, f"≤ {MOST // 1000} kB, ≤ {MOST_SHEETS} sheets", weight.is_within,
    )  # fmt: skip
