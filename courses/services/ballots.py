"""A ballot is spent once, and what it was spent on goes into the sealed box: both or neither.

The link in the letter is all the authority there is: no log-in, so that no session that ran out loses an answer.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from courses.ballot_box import Answer, Box, seal, unseal
from courses.evaluation_questions import VALUES, read_questions
from courses.models import Ballot, BallotBox, Evaluation
from shared.rules import RuleBroken

# The kinds of letters that bring a ballot. Each holds the link that answers, and a reminder tells who had not.
ASKED, REMINDED = "evaluation", "evaluation_reminder"
LONGEST_TEXT = 2000
_SIGNER = signing.Signer(salt="courses.evaluations", sep="~")


def ballot_token(evaluation: int, ballot: uuid.UUID) -> str:
    return _SIGNER.sign(f"{evaluation}.{ballot.hex}")


def read_ballot_token(token: str) -> tuple[Evaluation, uuid.UUID] | None:
    """The evaluation and the ballot's name; None for whatever was not made here.

    The ballot itself is gone when the evaluation is closed: the page can still say that it is.
    """
    try:
        number, name = _SIGNER.unsign(token).split(".")
        pk, ballot = int(number), uuid.UUID(name)
    except (signing.BadSignature, ValueError):
        return None
    found = Evaluation.objects.select_related("occasion__course", "form").filter(pk=pk).first()
    return (found, ballot) if found is not None else None


def lock_evaluation(pk: int, *, waits: bool = True) -> Evaluation | None:
    """Held by whoever answers, asks or closes; None if it is gone, or held by another and `waits` is False."""
    rows = Evaluation.objects.select_for_update(of=("self",), no_key=True, skip_locked=not waits)
    return rows.select_related("occasion__course", "form").filter(pk=pk).first()


def box_name(evaluation: Evaluation) -> str:
    return f"{evaluation.pk}/{evaluation.occasion_id}"


def spend_ballot(evaluation: Evaluation, ballot: uuid.UUID, *, answer: Mapping[str, Answer], now: dt.datetime) -> None:
    """The whole box is written anew, in an order of chance. Nothing notes when, nor who was last but the ballot's row.

    Do not write a row for the answer here, whatever it is keyed by: its transaction would name the ballot.
    """
    said = _checked(evaluation, answer)
    with transaction.atomic():
        locked = lock_evaluation(evaluation.pk)
        if locked is None or locked.closed_on is not None or now >= locked.closes_at:
            raise RuleBroken(_("The evaluation is closed, so it takes no more answers."), code="evaluation_closed")
        spent = Ballot.objects.filter(pk=ballot, evaluation=locked, is_spent=False).update(is_spent=True)
        if not spent:
            raise RuleBroken(_("You have answered already. One answer counts for each person."), code="ballot_spent")
        row = BallotBox.objects.filter(evaluation=locked).first()
        box = unseal(bytes(row.sealed), name=box_name(locked)) if row is not None else Box()
        box.put(said)
        BallotBox.objects.update_or_create(evaluation=locked, defaults={"sealed": seal(box, name=box_name(locked))})


def _checked(evaluation: Evaluation, answer: Mapping[str, Answer]) -> dict[str, Answer]:
    """What the form asks for and nothing else."""
    said: dict[str, Answer] = {}
    for question in read_questions(evaluation.form.questions):
        given = answer.get(question.key)
        if question.is_scale and given in VALUES:
            said[question.key] = int(given)
        elif not question.is_scale and isinstance(given, str) and given.strip():
            said[question.key] = given.strip()[:LONGEST_TEXT]
    if not said:
        raise RuleBroken(_("Answer at least one question."), code="nothing_answered")
    return said
