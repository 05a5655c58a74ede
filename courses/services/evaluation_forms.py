"""The questions of a course, as those who look after it write them. What was asked once is never changed."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from courses.evaluation_questions import Question, read_questions, write_questions
from courses.models import Course, EvaluationForm
from courses.services.evaluating import form_of
from people.models import Person
from shared.rules import RuleBroken

MOST_QUESTIONS = 15


def change_questions(
    course: Course, *, questions: Sequence[Question], based_on: int, by: Person, now: dt.datetime
) -> EvaluationForm:
    """A new version, asked from the next evaluation on; the newest one if nothing is new.

    `based_on` is the version that the writer began with. A question keeps its key while it asks the same in Swedish
    on the same scale; another English wording is a better translation and no other question.
    """
    if not by.has_perm("courses.change_evaluationform"):
        raise RuleBroken(_("Only those who look after courses change the questions."), code="not_yours")
    if not questions:
        raise RuleBroken(_("An evaluation needs at least one question."), code="no_questions")
    if len(questions) > MOST_QUESTIONS:
        raise RuleBroken(_("So many questions nobody answers. Take some away."), code="too_many_questions")
    with transaction.atomic():
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        newest = form_of(course, now=now)
        known = {question.key: question for question in read_questions(newest.questions)}
        rows = write_questions(_named(questions, known))
        if rows == newest.questions:
            return newest
        if newest.version != based_on:
            raise RuleBroken(
                _("Somebody else has changed the questions meanwhile. Open them anew in another tab and compare."),
                code="changed_meanwhile",
            )
        return EvaluationForm.objects.create(
            course=course, version=newest.version + 1, questions=rows, made_at=now, made_by=by
        )


def _named(questions: Sequence[Question], known: dict[str, Question]) -> list[Question]:
    named: list[Question] = []
    for question in questions:
        before = known.pop(question.key, None)
        asks_the_same = before is not None and _asks(before) == _asks(question)
        named.append(question if asks_the_same else replace(question, key=secrets.token_hex(6)))
    return named


def _asks(question: Question) -> tuple[str, ...]:
    return (question.kind, question.sv, question.low_sv, question.high_sv)
