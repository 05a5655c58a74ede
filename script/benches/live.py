"""A note that one adds reaches the others who have the journey open: until they hold it, beside a bare publish."""

import uuid
from typing import Any

from figures import Line, milliseconds, p50, p95
from place import Place

NOTES = 100
WITHIN = 1.0  # seconds
LISTENERS = (1, 20)


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    lines = []
    with place.server() as server, place.live_server() as live:
        for listeners in LISTENERS:
            laid = place.lay("journey")
            order = {"client": "listening.py", "live_port": live.port, "listeners": listeners, **laid}
            server.ask("notes", [], operations=_notes(laid, 10), **order)  # only to warm up
            ours = server.ask("notes", [], operations=_notes(laid, NOTES), **order)["times"]
            bare = server.ask("bare", [], redis=place.env["REDIS_URL"], rounds=NOTES, **order)["times"]
            who = "one listener" if listeners == 1 else f"each of {listeners} listeners"
            lines += [
                Line(
                    "live", f"a note is with {who}: p50", milliseconds(p50(ours)), milliseconds(p50(bare)),
                    p50(ours) / p50(bare), "", None,
                ),
                Line(
                    "live", "  p95", milliseconds(p95(ours)), milliseconds(p95(bare)),
                    p95(ours) / p95(bare), f"≤ {WITHIN:.0f} s", p95(ours) <= WITHIN,
                ),
                Line("live", "  the slowest", milliseconds(max(ours)), milliseconds(max(bare)), None, "", None),
            ]  # fmt: skip
    return lines


def _notes(laid: dict[str, Any], count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(uuid.uuid4()),
            "type": "add_note",
            "target": str(uuid.uuid4()),
            "based_on": 0,
            "fields": {"step": laid["step"], "lane": laid["lane"], "text": f"Lapp {number}"},
        }
        for number in range(count)
    ]
