"""What silences a checker says why, on the same line; files stay short enough to read."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SILENCED = re.compile(r"#\s*(?:type:\s*ignore|noqa)\b.*")
# What is left of a line's comments without the silencing words themselves: there has to be a reason in it.
WORDS = re.compile(r"#\s*type:\s*ignore(?:\[[\w-]+(?:,\s*[\w-]+)*\])?|#\s*noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?")
NAMELESS = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")
LONGEST = 400


def tracked(*endings: str) -> list[Path]:
    """Every file of ours that git knows or would add, with such an ending."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *(f"*.{ending}" for ending in endings)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = [ROOT / name for name in sorted(set(names)) if "vendor" not in Path(name).parts]
    return [path for path in found if path.exists()]


def reason_in(line: str) -> str:
    comment = SILENCED.search(line)
    return WORDS.sub("", comment.group()).strip(" -#") if comment else ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = 1  # noqa: S311", ""),
        ("x = 1  # noqa: S311 - jitter", "jitter"),
        ("x = 1  # type: ignore[arg-type]", ""),
        ("x = 1  # type: ignore[arg-type]  # a class is hashable", "a class is hashable"),
        ("x = 1  # type: ignore[a-b]  # noqa: A1, B2 - so", "so"),
    ],
)
def test_a_reason_is_what_stands_beside_the_silencing_words(line, reason):
    assert reason_in(line) == reason


def test_every_suppression_says_what_it_silences_and_why():
    here = Path(__file__)
    wrong, seen = [], 0
    for path in tracked("py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if path == here or not SILENCED.search(line):
                continue
            seen += 1
            if NAMELESS.search(line) or not reason_in(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert wrong == []
    assert seen > 20


def test_no_file_of_ours_is_longer_than_one_reads():
    """About 400 lines: past that, split by noun."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_bytes().splitlines()) for path in tracked("py", "css", "js")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert len(lengths) > 200
