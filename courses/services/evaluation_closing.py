"""The closing of an evaluation: the box is counted, all at once, and everything that knew of people is erased.

Results appear here and at no other moment. Whoever watches them sees one change, from nothing to at least five
answers, and never the difference that one more answer makes. Of fewer than five nothing is kept, so no total
over occasions can be made that a small group could be taken out of.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.ballot_box import FEWEST, Count, count, unseal
from courses.evaluation_questions import read_questions
from courses.models import Ballot, BallotBox, Evaluation, EvaluationFigure, EvaluationText
from courses.rules import may_lead
from courses.services.ballots import REMINDED, box_name, lock_evaluation
from letters.models import Letter
from letters.services.forgetting import forget_letters
from people.models import Person
from shared.rules import RuleBroken


def close_evaluation(evaluation: Evaluation, *, by: Person, now: dt.datetime) -> Evaluation:
    """By whoever leads, before its last day, once five have answered. The same click twice is one closing."""
    with transaction.atomic():
        locked = lock_evaluation(evaluation.pk)
        assert locked is not None
        if not may_lead(by, locked.occasion):
            raise RuleBroken(_("Only whoever leads the occasion does this."), code="not_your_occasion")
        if locked.closed_on is None:
            if Ballot.objects.filter(evaluation=locked, is_spent=True).count() < FEWEST:
                raise RuleBroken(
                    _("At least five must have answered: otherwise nobody may see the answers."), code="too_few"
                )
            close_locked(locked, now=now)
    return locked


def close_locked(evaluation: Evaluation, *, now: dt.datetime) -> None:
    """The caller holds the evaluation's lock, so nobody is in the middle of answering."""
    ballots = Ballot.objects.filter(evaluation=evaluation)
    evaluation.asked, evaluation.answered = ballots.count(), ballots.filter(is_spent=True).count()
    evaluation.closed_on = timezone.localdate(now)
    known = _count(evaluation, answered=evaluation.answered)
    EvaluationFigure.objects.bulk_create(
        EvaluationFigure(evaluation=evaluation, question=question, value=value, count=times)
        for question, values in sorted(known.figures.items())
        for value, times in sorted(values.items())
    )
    EvaluationText.objects.bulk_create(
        EvaluationText(evaluation=evaluation, question=question, text=text)
        for question, texts in sorted(known.texts.items())
        for text in texts
    )
    BallotBox.objects.filter(evaluation=evaluation).delete()
    ballots.delete()
    forget_letters(_reminders_of(evaluation.pk))
    evaluation.save(update_fields=["asked", "answered", "closed_on"])


def _count(evaluation: Evaluation, *, answered: int) -> Count:
    """The box of fewer than five is not even opened, so it needs no key."""
    row = BallotBox.objects.filter(evaluation=evaluation).first()
    if row is None or answered < FEWEST:
        return Count({}, {})
    box = unseal(bytes(row.sealed), name=box_name(evaluation))
    return count(box, answered=answered, questions=read_questions(evaluation.form.questions))


def forget_left_reminders() -> None:
    """Those that a sender held when the evaluation closed: who was reminded tells who had not answered by then."""
    left = Letter.objects.filter(key__startswith=_reminders_of()).values_list("key", flat=True)
    of = {int(key.split(":")[1]) for key in left}
    for pk in Evaluation.objects.filter(pk__in=of, closed_on__isnull=False).values_list("pk", flat=True):
        forget_letters(_reminders_of(pk))


def _reminders_of(evaluation: int | None = None) -> str:
    """How their keys begin; of every evaluation, if of none."""
    return f"{REMINDED}:" if evaluation is None else f"{REMINDED}:{evaluation}:"
