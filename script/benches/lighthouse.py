"""Lighthouse (mobile) on the public pages, through npm, where npm and Chromium are installed."""

import json
import os
import shutil
import subprocess

from figures import Line
from pages import pages_of
from place import Place
from say import Trouble, say

WANTED = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
VERSION = "13"


def measure(place: Place) -> list[Line]:
    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if not shutil.which("npm") or not chromium:
        say("  Lighthouse needs npm and Chromium, and one of them is not installed: passed over.")
        return []
    place.prepare("small")
    lines = []
    with place.server() as server:
        for name, path in (pages_of(server) | {"course page": "/kurser/tjanstedesign-i-tva-dagar/"}).items():
            server.get(path)
            scores = _audit(f"http://127.0.0.1:{server.port}{path}", chromium)
            for category, least in WANTED.items():
                score = scores[category]
                lines.append(
                    Line("lighthouse", f"{name}: {category}", str(score), "100", None, f"≥ {least}", score >= least)
                )
    return lines


def _audit(url: str, chromium: str) -> dict[str, int]:
    command = [
        "npm", "exec", "--yes", f"lighthouse@{VERSION}", "--", url, "--output=json", "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
        f"--only-categories={','.join(WANTED)}",
    ]  # fmt: skip
    env = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise Trouble(f"Lighthouse gave up: {done.stderr[-1500:]}")
    report = json.loads(done.stdout)
    return {name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()}
