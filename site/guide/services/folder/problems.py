"""What is wrong with a folder: every problem, with its file and line."""

from dataclasses import dataclass, field

from shared.rules import RuleBroken


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.sentence}" if place else self.sentence


@dataclass
class Problems:
    """Gathers problems, so that all of them are told at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, sentence: object) -> None:
        problem = Problem(file, line, " ".join(str(sentence).split()))
        if problem not in self.found:
            self.found.append(problem)

    def stop_if_any(self) -> None:
        if self.found:
            raise FolderRefused(sorted(self.found))


class FolderRefused(RuleBroken):
    """Nothing of the folder was taken in."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)), code="folder")
        self.problems = problems
