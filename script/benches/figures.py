"""What a bench answers: a figure beside the limit's figure, their ratio, and whether that is good enough."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`limit` is what the barest thing gives; `ratio` compares with it; `wanted` says what we want."""

    bench: str
    what: str
    figure: str
    limit: str = ""
    ratio: float | None = None
    wanted: str = ""
    good: bool | None = None

    @property
    def verdict(self) -> str:
        return {None: "", True: "reached", False: "NOT reached"}[self.good]

    def cells(self) -> list[str]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.bench, self.what, self.figure, self.limit, ratio, self.wanted, self.verdict]


HEADINGS = ["Bench", "What", "Ours", "The limit", "Ratio", "Wanted", "Verdict"]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def p50(times: list[float]) -> float:
    return statistics.median(times)


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(0.95 * len(times)))]


def table(lines: list[Line]) -> str:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([texts[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *texts[1:]])
