"""What may be known of evaluations that are closed: figures per question, words, and figures over occasions.

Nothing here is a rule of secrecy. What may not be shown is not kept: see `courses.services.evaluation_closing`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.ballot_box import FEWEST
from courses.evaluation_questions import VALUES, Question, read_questions
from courses.models import Course, Evaluation, EvaluationFigure, Occasion
from courses.services.evaluating import ASKED_WITHIN, present_at
from shared.tables import Cell, Table


@dataclass(frozen=True)
class Bar:
    value: int
    count: int
    # Of those who answered the question.
    per_cent: int
    # Where it begins among the others, for a bar in parts.
    begins: int


@dataclass(frozen=True)
class Spread:
    """How the answers to a question lie; empty where fewer than five answered it."""

    counts: tuple[int, ...]

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        answers = self.answers
        return (
            sum(value * times for value, times in zip(VALUES, self.counts, strict=True)) / answers if answers else None
        )

    @property
    def bars(self) -> list[Bar]:
        bars, begins = [], 0
        for value, times in zip(VALUES, self.counts, strict=True):
            per_cent = round(100 * times / self.answers) if self.answers else 0
            bars.append(Bar(value, times, per_cent, begins))
            begins += per_cent
        return bars


@dataclass(frozen=True)
class Result:
    """`spread` of a scale, None where too few answered it; `texts` of words."""

    question: Question
    spread: Spread | None = None
    texts: Sequence[str] = ()


def results_of(evaluation: Evaluation) -> list[Result]:
    """In the order of the form: two queries."""
    spreads = _spreads(evaluation.figures.all())
    texts: dict[str, list[str]] = defaultdict(list)
    for question, text in evaluation.texts.values_list("question", "text"):
        texts[question].append(text)
    return [
        Result(question, spread=spreads.get(question.key))
        if question.is_scale
        else Result(question, texts=texts[question.key])
        for question in read_questions(evaluation.form.questions)
    ]


def _spreads(figures: Iterable[EvaluationFigure]) -> dict[str, Spread]:
    counts: dict[str, list[int]] = {}
    for figure in figures:
        counts.setdefault(figure.question, [0] * len(VALUES))[figure.value - 1] = figure.count
    return {question: Spread(tuple(times)) for question, times in counts.items()}


@dataclass(frozen=True)
class OnOccasion:
    occasion: Occasion
    spread: Spread


@dataclass
class Series:
    """One question over the occasions on which at least five answered it, as they were held."""

    question: Question
    rows: list[OnOccasion] = field(default_factory=list)

    @property
    def total(self) -> Spread:
        """Of the rows alone: nothing is in the sum that does not stand above it."""
        return Spread(tuple(sum(times) for times in zip(*(row.spread.counts for row in self.rows), strict=True)))


@dataclass(frozen=True)
class OverOccasions:
    """`earlier` are questions that the form no longer asks. `too_few` counts closed evaluations without figures."""

    series: list[Series]
    earlier: list[Series]
    evaluations: list[Evaluation]
    too_few: int


def over_occasions(course: Course) -> OverOccasions:
    """Three queries, however many occasions."""
    closed = (
        Evaluation.objects.filter(occasion__course=course, closed_on__isnull=False)
        .select_related("form", "occasion")
        .prefetch_related(Prefetch("figures"))
        .order_by("occasion__starts_at", "pk")
    )
    evaluations = list(closed)
    series: dict[str, Series] = {}
    asked_now: list[str] = []
    for evaluation in evaluations:
        questions = {question.key: question for question in read_questions(evaluation.form.questions)}
        for key, spread in _spreads(evaluation.figures.all()).items():
            series.setdefault(key, Series(questions[key])).rows.append(OnOccasion(evaluation.occasion, spread))
        asked_now = list(questions)
    known = [evaluation for evaluation in evaluations if (evaluation.answered or 0) >= FEWEST]
    return OverOccasions(
        series=[series[key] for key in asked_now if key in series],
        earlier=[each for key, each in series.items() if key not in asked_now],
        evaluations=known,
        too_few=len(evaluations) - len(known),
    )


@dataclass(frozen=True)
class Standing:
    """How far an occasion's evaluation has come. `state`: before, few_present, never, open, too_few, closed."""

    state: str
    evaluation: Evaluation | None = None
    asked: int = 0
    answered: int = 0

    @property
    def may_close(self) -> bool:
        return self.state == "open" and self.answered >= FEWEST


def standing_of_evaluation(occasion: Occasion, *, now: dt.datetime) -> Standing:
    evaluation = Evaluation.objects.select_related("form").filter(occasion=occasion).first()
    if evaluation is None:
        if occasion.state == Occasion.State.CANCELLED:
            return Standing("never")
        if now < occasion.ends_at or occasion.state != Occasion.State.OPEN:
            return Standing("before")
        if now >= occasion.ends_at + ASKED_WITHIN:
            return Standing("never")
        return Standing("few_present" if present_at(occasion).count() < FEWEST else "before")
    if evaluation.closed_on is None:
        # How many is no secret; who they are stays with the ballots.
        counted = evaluation.ballots.aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(is_spent=True)))
        return Standing("open", evaluation, counted["asked"], counted["answered"])
    asked, answered = evaluation.asked or 0, evaluation.answered or 0
    return Standing("closed" if answered >= FEWEST else "too_few", evaluation, asked, answered)


def results_table(evaluation: Evaluation) -> Table:
    """The figures of one occasion; words stay on the page."""
    rows = [
        _cells(evaluation.occasion, result.question, result.spread)
        for result in results_of(evaluation)
        if result.spread is not None
    ]
    return [_headings(), *rows]


def over_occasions_table(course: Course) -> Table:
    found = over_occasions(course)
    rows = [
        _cells(row.occasion, series.question, row.spread)
        for series in (*found.series, *found.earlier)
        for row in series.rows
    ]
    return [_headings(), *rows]


def _headings() -> list[Cell]:
    return [_("First day"), _("Question"), _("Answers"), _("Mean"), *(str(value) for value in VALUES)]


def _cells(occasion: Occasion, question: Question, spread: Spread) -> list[Cell]:
    mean = round(spread.mean, 2) if spread.mean is not None else None
    return [timezone.localdate(occasion.starts_at), question.text, spread.answers, mean, *spread.counts]
