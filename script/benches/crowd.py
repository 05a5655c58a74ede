"""Catalogue and *Min sida* with a million bookings in the database, asked by fifty at once."""

from figures import Line, milliseconds, p50, p95
from headcount import fill
from place import Place
from say import Trouble

AT_ONCE, SECONDS, ROUNDS = 50, 4.0, 3
MOST = 0.1


def measure(place: Place) -> list[Line]:
    place.prepare("big")
    lines = fill(place)
    people = place.lay("log_in_some", str(AT_ONCE), which="big")
    everyone = {"Accept-Encoding": "br"}
    kinds = {
        "the catalogue, anyone": (True, [{"method": "GET", "path": "/kurser/", "headers": everyone}]),
        "the catalogue without any cache": (False, [{"method": "GET", "path": "/kurser/", "headers": everyone}]),
        "the catalogue, fifty people": (
            True, [{"method": "GET", "path": "/kurser/", "headers": cookie | everyone} for cookie in people]
        ),
        "my page, fifty people": (
            True, [{"method": "GET", "path": "/min-sida/", "headers": cookie | everyone} for cookie in people]
        ),
    }  # fmt: skip
    for what, (is_cached, requests) in kinds.items():
        with place.server("big", page_cache=is_cached) as server:
            body, _headers = server.get(requests[0]["path"], **requests[0]["headers"])
            kept = what.replace(" ", "-").replace(",", "")
            (place.bodies / kept).write_bytes(body)
            bare = [{"method": "GET", "path": f"/bare/bytes/{kept}", "headers": everyone}]
            times: dict[bool, list[float]] = {True: [], False: []}
            for _round in range(ROUNDS):
                for is_ours, asked in ((True, requests), (False, bare)):
                    answer = server.ask("repeat", asked, seconds=SECONDS, connections=AT_ONCE)
                    if set(answer["statuses"]) != {"200"}:
                        raise Trouble(f"{asked[0]['path']} answered {answer['statuses']}.")
                    times[is_ours] += answer["times"]
        lines.append(
            Line(
                "crowd",
                f"{what}, {AT_ONCE} requests at once, 1,000,000 bookings, p50 (p95)",
                f"{milliseconds(p50(times[True]))} ({milliseconds(p95(times[True]))})",
                f"{milliseconds(p50(times[False]))} ({milliseconds(p95(times[False]))})",
                p95(times[True]) / p95(times[False]),
                "p95 ≤ 100 ms",
                p95(times[True]) <= MOST,
            )
        )
    return lines
