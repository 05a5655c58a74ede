"""`script/bench`: runs the benches, prints their table, and after a whole run writes it to docs/bench.md."""

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import booking
import clone
import crowd
import documents
import guide_import
import headcount
import lighthouse
import live
import pages
import roster
import search
import weights
from figures import Line, table
from place import PYTHON, ROOT, bench_place
from say import Trouble, say
from server import guarded, stop_now

BENCHES = {
    "pages": pages,
    "booking": booking,
    "crowd": crowd,
    "headcount": headcount,
    "search": search,
    "live": live,
    "documents": documents,
    "roster": roster,
    "import": guide_import,
    "weights": weights,
    "clone": clone,
    "lighthouse": lighthouse,
}
# These fetch packages.
NEED_THE_NETWORK = {"clone", "lighthouse"}
REPORT = ROOT / "docs" / "bench.md"


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_now)
    return guarded(bench)


def bench() -> int:
    words = sys.argv[1:]
    unknown = [word for word in words if word not in {*BENCHES, "--all"}]
    if unknown:
        raise Trouble(f"There is no bench {unknown[0]}: choose among {', '.join(BENCHES)}, or --all.")
    chosen = [word for word in words if word != "--all"]
    names = chosen or [name for name in BENCHES if "--all" in words or name not in NEED_THE_NETWORK]
    began = time.monotonic()
    lines: list[Line] = []
    with bench_place() as place:
        for name in names:
            say(f"\n{name}")
            found = BENCHES[name].measure(place)
            lines += found
            for line in found:
                say("    " + " · ".join(cell for cell in line.cells()[1:] if cell))
    text = table(lines)
    say(f"\n{text}")
    if not chosen:
        REPORT.write_text(_report(text, minutes=(time.monotonic() - began) / 60), encoding="utf-8")
        say(f"\nWritten to {REPORT.relative_to(ROOT)}.")
    return 1 if any(line.good is False for line in lines) else 0


def _report(text: str, *, minutes: float) -> str:
    return f"""# What was measured

`script/bench{" --all" if "clone" in text else ""}` wrote this page: every figure and its limit come from the same run,
taken in turns on the same server and engines. *The limit* is the barest thing that could do the same: for a page a view
without middleware that returns the same bytes, for a booking a view that only locks, counts and inserts, for the
headcount the one SQL query it needs, for a note that reaches others a bare publish that a subscriber of Redis hears,
for the search PostgreSQL's own, with nothing forgiven, counted or marked, for a document Typst alone on the same text.
Times are seen by a client in a process of its own, over HTTP on loopback, and the client shares the cores with the
server and the database.

{_machine()}, {minutes:.0f} minutes. The server: gunicorn, 2 workers with 4 threads each, for event streams one uvicorn
beside it; production settings; engines:
{"those that DATABASE_URL and REDIS_URL name" if os.environ.get("DATABASE_URL") else "the embedded ones"}.

{text}
"""


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0] if names else cpu
    ask = "import django, wagtail, gunicorn as g; print(django.__version__, wagtail.__version__, g.__version__)"
    django, wagtail, gunicorn = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", ask], capture_output=True, text=True, check=True
    ).stdout.split()
    versions = f"Django {django}, Wagtail {wagtail}, gunicorn {gunicorn}"
    return f"{os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, {versions}"


if __name__ == "__main__":
    raise SystemExit(main())
