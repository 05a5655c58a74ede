"""The roster of a day with 200 participants, as whoever leads it opens it; beside Typst alone on the same list."""

import time

from figures import Line, milliseconds, p50, p95
from place import Place

PEOPLE, ROUNDS = 200, 12
MOST_SECONDS = 2.0


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    laid = place.lay("roster", str(PEOPLE))
    bare = place.lay("bare_roster", str(PEOPLE), str(ROUNDS))
    cookie = place.lay("log_in", laid["leader"])
    times = []
    with place.server() as server:
        for turn in range(ROUNDS + 2):
            began = time.perf_counter()
            body, _headers = server.get(laid["path"], **cookie)
            if turn >= 2:  # one for each process to warm up
                times.append(time.perf_counter() - began)
            assert body.startswith(b"%PDF")
    return [
        Line(
            "roster",
            f"a roster of {PEOPLE} in one PDF, p50 (p95), {len(body) / 1000:.0f} kB; the limit: Typst alone",
            f"{milliseconds(p50(times))} ({milliseconds(p95(times))})",
            f"{milliseconds(p50(bare))} ({milliseconds(p95(bare))})",
            p50(times) / p50(bare),
            f"p95 ≤ {MOST_SECONDS:g} s",
            p95(times) <= MOST_SECONDS,
        )
    ]
