"""The headcount page on 100,000 employees and 1,000,000 bookings, beside the one SQL query it needs."""

import subprocess

from figures import Line, milliseconds, p50, p95
from place import HERE, PYTHON, ROOT, Place
from say import Trouble, say, step

COURSE = "kurs-1"
ROUNDS, TIMES = 3, 12


def measure(place: Place) -> list[Line]:
    place.prepare("big")
    lines = fill(place)
    address = place.lay("first_becomes_hr", which="big")
    cookie = place.lay("log_in", address, which="big")
    page = [{"method": "GET", "path": f"/uppfoljning/?course={COURSE}", "headers": cookie | {"Accept-Encoding": "br"}}]
    ours: list[float] = []
    query: list[float] = []
    with place.server("big") as server:
        for _round in range(ROUNDS):
            answer = server.ask("repeat", page, seconds=60, connections=1, most=TIMES)
            if set(answer["statuses"]) != {"200"}:
                raise Trouble(f"The headcount page answered {answer['statuses']}.")
            ours += answer["times"][2:]
            query += place.lay("query", COURSE, str(TIMES), which="big")
    ratio = p50(ours) / p50(query)
    return [
        *lines,
        Line(
            "headcount",
            "the page on the big data beside its one query, p50 (p95)",
            f"{milliseconds(p50(ours))} ({milliseconds(p95(ours))})",
            f"{milliseconds(p50(query))} ({milliseconds(p95(query))})",
            ratio,
            "≤ 2",
            ratio <= 2,
        ),
    ]


def fill(place: Place) -> list[Line]:
    """Writes the big data unless it is there; the time is told only when it was written now."""
    if place.lay("has_big_data", which="big"):
        say("  The big data are there from an earlier run (delete var/bench to have them written anew).")
        return []
    with step("Writes 100,000 employees and 1,000,000 bookings"):
        command = [PYTHON, str(HERE / "big_data.py")]
        done = subprocess.run(
            command, env=place.with_database("big"), cwd=ROOT, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise Trouble(f"The big data could not be written: {done.stderr[-2000:]}")
    seconds = float(done.stdout.split()[-1])
    return [
        Line(
            "headcount", "100,000 employees and 1,000,000 bookings written with COPY", f"{seconds:.0f} s", "", None,
            "≤ 300 s", seconds <= 300,
        )
    ]  # fmt: skip
