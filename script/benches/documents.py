"""A method's card: made the first time, beside Typst alone on the same source; and found again in the store."""

import time

from figures import Line, milliseconds, p50, p95
from place import Place, Server

MOST_SECONDS = 1.5
ROUNDS, SECONDS = 3, 1.0


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    # Each card of the guide, so that none is made twice; the texts differ much in length.
    bare = place.lay("bare_cards")
    with place.server() as server:
        cards = place.lay("forget_documents")
        server.get("/")
        made = [_seconds(server, path) for path in cards]
        return [_made(made, bare), _kept(place, server, cards[0])]


def _seconds(server: Server, path: str) -> float:
    began = time.perf_counter()
    body, _headers = server.get(path)
    assert body.startswith(b"%PDF")
    return time.perf_counter() - began


def _made(made: list[float], bare: list[float]) -> Line:
    return Line(
        "documents",
        f"a method's card made for the first time, p50 (p95) of {len(made)}; the limit: Typst alone",
        f"{milliseconds(p50(made))} ({milliseconds(p95(made))})",
        f"{milliseconds(p50(bare))} ({milliseconds(p95(bare))})",
        p50(made) / p50(bare),
        f"p95 ≤ {MOST_SECONDS:g} s",
        p95(made) <= MOST_SECONDS,
    )


def _kept(place: Place, server: Server, path: str) -> Line:
    body, _headers = server.get(path)
    (place.bodies / "card").write_bytes(body)
    times: dict[str, list[float]] = {path: [], "/bare/bytes/card": []}
    for _round in range(ROUNDS):
        for asked, found in times.items():
            answer = server.ask(
                "repeat", [{"method": "GET", "path": asked, "headers": {}}], seconds=SECONDS, connections=1
            )
            if set(answer["statuses"]) != {"200"}:
                raise SystemExit(f"{asked} answered {answer['statuses']}")
            found.extend(answer["times"])
    ours, bare = times.values()
    return Line(
        "documents",
        f"the card from the store, p50 (p95), {len(body) / 1000:.1f} kB; the limit: a bare view of the same bytes",
        f"{milliseconds(p50(ours))} ({milliseconds(p95(ours))})",
        f"{milliseconds(p50(bare))} ({milliseconds(p95(bare))})",
        p50(ours) / p50(bare),
    )
