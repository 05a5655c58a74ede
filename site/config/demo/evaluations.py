"""What those who were there thought, of the last occasions: figures and words, as a closed evaluation leaves them."""

import datetime as dt
import random

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from config.demo import Demo
from config.demo.courses import INTRODUCTION, TWO_DAYS
from courses.evaluation_questions import STANDARD, VALUES
from courses.models import Course, Evaluation, EvaluationFigure, EvaluationText, Occasion
from courses.services.evaluating import ASKED_WITHIN, OPEN_DAYS, form_of

# So many of the latest occasions of each course, with how likely 1 to 5 was by question.
SHOWN = 8
LIKELY = {
    "useful": (1, 2, 8, 20, 16),
    "ready": (2, 6, 14, 16, 6),
    "pace": (2, 5, 10, 18, 9),
    "included": (1, 2, 5, 14, 22),
    "recommend": (1, 2, 6, 14, 24),
}
WORDS = {
    "keep": (
        "Att få prata med riktiga användare redan första dagen.",
        "Övningen med pappersprototyper. Så enkelt, och så mycket man såg!",
        "Att jobba med ett verkligt fall från förvaltningen.",
        "Tålmodiga processledare som förklarade utan krångliga ord.",
        "”Hur kan vi…?”-frågorna. Dem har jag redan använt på ett möte.",
        "Att träffa kollegor från andra förvaltningar.",
        "Intervjuguiden – den tar jag med mig direkt.",
    ),
    "change": (
        "Lite långa pass efter lunch. Fler korta pauser.",
        "Skicka materialet några dagar före, så hinner man läsa.",
        "Mer tid till att testa, mindre till att berätta.",
        "Det var svårt att höra längst bak i salen.",
        "Gärna ett exempel från vården också.",
        "Dag två kunde ha legat en vecka senare, så hinner man göra fler intervjuer.",
    ),
}


@transaction.atomic
def lay(demo: Demo) -> None:
    if not Evaluation.objects.exists():
        for slug in (TWO_DAYS, INTRODUCTION):
            course = Course.objects.get(slug=slug)
            for occasion in _held(course, demo.now):
                _evaluate(occasion, demo.chance(f"evaluation {slug} {occasion.starts_at:%Y-%m-%d}"))
    demo.say(f"{Evaluation.objects.count()} evaluations")


def _held(course: Course, now: dt.datetime) -> list[Occasion]:
    """Those whose evaluation has closed by now; newer ones the worker asks about."""
    there = Q(bookings__attendances__state="present")
    held = Occasion.objects.filter(course=course, state=Occasion.State.OPEN, ends_at__lte=now - ASKED_WITHIN)
    held = held.annotate(present=Count("bookings__person", distinct=True, filter=there)).filter(present__gte=6)
    return list(held.order_by("-starts_at")[:SHOWN])


def _evaluate(occasion: Occasion, chance: random.Random) -> None:
    present: int = vars(occasion)["present"]
    opened = timezone.localdate(occasion.ends_at)
    closed = opened + dt.timedelta(days=OPEN_DAYS + 1)
    answered = max(5, round(present * chance.uniform(0.55, 0.9)))
    evaluation = Evaluation.objects.create(
        occasion=occasion,
        form=form_of(occasion.course, now=occasion.ends_at),
        opened_on=opened,
        closes_at=timezone.make_aware(dt.datetime.combine(closed, dt.time())),
        closed_on=closed,
        is_reminded=True,
        asked=present,
        answered=answered,
    )
    for question in STANDARD:
        if question.is_scale:
            chosen = chance.choices(VALUES, LIKELY[question.key], k=answered)
            EvaluationFigure.objects.bulk_create(
                EvaluationFigure(evaluation=evaluation, question=question.key, value=value, count=chosen.count(value))
                for value in VALUES
            )
        else:
            words = chance.sample(WORDS[question.key], min(4, answered - 1))
            EvaluationText.objects.bulk_create(
                EvaluationText(evaluation=evaluation, question=question.key, text=text) for text in words
            )
