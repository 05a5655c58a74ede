"""The questions of an evaluation: what one is made of, and a good set to begin with."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language

SCALE, TEXT = "scale", "text"
VALUES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Question:
    """`key` stays as long as the question asks the same: figures are compared over occasions by it.

    `low` and `high` are the words at the ends of a scale. English that is left out is read in Swedish.
    """

    key: str
    kind: str
    sv: str
    en: str = ""
    low_sv: str = ""
    low_en: str = ""
    high_sv: str = ""
    high_en: str = ""

    @property
    def is_scale(self) -> bool:
        return self.kind == SCALE

    @property
    def text(self) -> str:
        return self._spoken("")

    @property
    def low(self) -> str:
        return self._spoken("low_")

    @property
    def high(self) -> str:
        return self._spoken("high_")

    def _spoken(self, part: str) -> str:
        swedish, english = getattr(self, f"{part}sv"), getattr(self, f"{part}en")
        return str(english if english and (get_language() or "sv").startswith("en") else swedish)


def read_questions(rows: list[dict[str, Any]]) -> list[Question]:
    return [Question(**row) for row in rows]


def write_questions(questions: list[Question]) -> list[dict[str, Any]]:
    return [asdict(question) for question in questions]


STANDARD = [
    Question(
        "useful", SCALE, "Hur mycket nytta har du av det du lärde dig?", "How useful is what you learnt to you?",
        "Ingen alls", "Not at all", "Mycket stor", "Very",
    ),
    Question(
        "ready", SCALE, "Hur säker känner du dig på att börja använda det?",
        "How confident are you to begin using it?", "Osäker", "Not confident", "Säker", "Confident",
    ),
    Question(
        "pace", SCALE, "Hur väl passade upplägget och tempot dig?", "How well did the plan and the pace suit you?",
        "Inte alls", "Not at all", "Helt", "Completely",
    ),
    Question(
        "included", SCALE, "Hur väl kunde du delta på dina villkor?", "How well could you take part on your own terms?",
        "Inte alls", "Not at all", "Helt", "Completely",
    ),
    Question(
        "recommend", SCALE, "Skulle du råda en kollega att gå kursen?",
        "Would you advise a colleague to take the course?", "Nej", "No", "Ja, absolut", "Yes, absolutely",
    ),
    Question("keep", TEXT, "Vad var mest värt din tid?", "What was most worth your time?"),
    Question("change", TEXT, "Vad ska vi göra annorlunda nästa gång?", "What should we do differently next time?"),
]  # fmt: skip
