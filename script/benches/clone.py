"""From a clean clone, with a warm package cache, to the first page."""

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from figures import Line
from place import ROOT, Place, free_port
from say import Trouble

MOST = 60
PATIENCE = 300


def measure(_place: Place) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="stigen-clone-") as folder:
        clone = Path(folder) / "stigen"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
        kept = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}
        env = {
            name: value
            for name, value in os.environ.items()
            if name in kept or name.startswith(("PIP_", "UV_", "SSL_"))
        }
        env["PORT"] = str(free_port())
        began = time.monotonic()
        server = subprocess.Popen(
            ["script/server"], cwd=clone, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            seconds = _wait_for_first_page(server, began)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    return [
        Line(
            "clone",
            "from a clean clone to the first page",
            f"{seconds:.0f} s",
            "",
            None,
            f"≤ {MOST} s",
            seconds <= MOST,
        )
    ]


def _wait_for_first_page(server: "subprocess.Popen[str]", began: float) -> float:
    said = ""
    assert server.stdout
    for line in server.stdout:
        said += line
        if re.match(r"Stigen is at http", line):
            return time.monotonic() - began
        if time.monotonic() - began > PATIENCE:
            break
    raise Trouble(f"script/server did not come to its first page:\n{said[-2000:]}")
