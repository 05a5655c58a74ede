"""500 simultaneous callers over HTTP, beside a bare view that only locks, counts and inserts."""

import statistics
from collections import Counter
from typing import Any

from figures import Line
from place import Place, Server

CALLERS = 500
ROUNDS = 3


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    lines = []
    with place.server() as server:
        _race(place, server, places=CALLERS, callers=50)
        for places, waits in ((10, False), (20, True), (CALLERS, False)):
            rounds = [_race(place, server, places=places, callers=CALLERS, waits=waits) for _round in range(ROUNDS)]
            ours = statistics.median(one["ours"] for one in rounds)
            bare = statistics.median(one["bare"] for one in rounds)
            what = "the last 10 places" if places == 10 else f"{places} places"
            whole = f"exactly {places} booked, every caller answered, nothing went wrong"
            if waits:
                what += ", the others wait"
                whole = f"exactly {places} booked, the others wait in the order they were served, nothing went wrong"
            lines += [
                Line(
                    "booking", f"{CALLERS} callers for {what}: answers a second", f"{ours:.0f}", f"{bare:.0f}",
                    ours / bare, "≥ 0.60", ours / bare >= 0.6,
                ),
                *(
                    []
                    if waits
                    else [Line("booking", "  that alone", f"{ours:.0f} a second", "", None, "≥ 150", ours >= 150)]
                ),
                Line(
                    "booking", f"  {whole}",
                    "; ".join(sorted({one["answers"] for one in rounds})), "", None, "always",
                    all(one["exact"] for one in rounds),
                ),
            ]  # fmt: skip
    return lines


def _race(place: Place, server: Server, *, places: int, callers: int, waits: bool = False) -> dict[str, Any]:
    bare = place.lay("occasion", str(places), str(callers))
    requests = [
        {"method": "POST", "path": f"/bare/book/{bare['occasion']}/{person}{'?wait' * waits}", "body": "{}"}
        for person in bare["keys"]
    ]
    limit = server.ask("at_once", requests)
    ours = place.lay("occasion", str(places), str(callers))
    requests = [
        {
            "method": "POST",
            "path": f"/api/v1/occasions/{ours['occasion']}/bookings/",
            "headers": {"Authorization": f"Bearer {key}", "Accept": "application/json"},
            "body": '{"wait": true}' if waits else "{}",
        }
        for key in ours["keys"].values()
    ]
    answer = server.ask("at_once", requests)
    statuses = Counter(status for status, _body in answer["answers"])
    served = place.lay("served", str(ours["occasion"]))
    booked = min(places, callers)
    waiting = callers - booked if waits else 0
    expected = Counter({201: booked + waiting}) + Counter({409: callers - booked - waiting})
    return {
        "ours": callers / answer["seconds"],
        "bare": callers / limit["seconds"],
        "answers": ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items())),
        "exact": statuses == expected and served == {"booked": booked, "waiting": waiting, "in_order": True},
    }
