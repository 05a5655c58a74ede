"""500 pages taken in by `manage.py guide_import`, beside the same rows written bare."""

import shutil
import subprocess
import time

from figures import Line
from place import PYTHON, ROOT, Place
from say import Trouble, step

PAGES = 500
MOST_SECONDS = 60


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    folder = place.folder.path / "guide-to-import"
    shutil.rmtree(folder, ignore_errors=True)
    place.lay("forget_generated_pages")
    with step(f"Writes a folder of {PAGES} pages"):
        place.lay("generated_folder", str(folder), str(PAGES))
    with step("Takes it in"):
        seconds = _import(place, str(folder))
    again = _import(place, str(folder))
    bare = place.lay("bare_guide_rows")
    place.lay("forget_generated_pages")
    return [
        Line(
            "import",
            f"{PAGES} pages taken in by manage.py guide_import; the limit: their bare rows in three bulk inserts",
            f"{seconds:.1f} s",
            f"{bare:.2f} s",
            seconds / bare,
            f"≤ {MOST_SECONDS} s",
            seconds <= MOST_SECONDS,
        ),
        Line("import", f"the same {PAGES} pages again: all unchanged", f"{again:.1f} s"),
    ]


def _import(place: Place, folder: str) -> float:
    began = time.perf_counter()
    command = [PYTHON, "manage.py", "guide_import", folder]
    done = subprocess.run(
        command, env=place.with_database("small"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"The folder could not be taken in: {done.stderr[-2000:]}")
    return time.perf_counter() - began
