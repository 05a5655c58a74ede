"""The evaluation as one who was there fills it in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.ballot_box import Answer
from courses.evaluation_questions import VALUES, Question
from courses.services.ballots import LONGEST_TEXT
from shared.rules import RuleBroken


class EvaluationAnswerForm(forms.Form):
    """A field for each question, named by its key; every one of them may be left out."""

    def __init__(self, data: Any = None, *, questions: list[Question]) -> None:
        super().__init__(data)
        self.questions = questions
        for question in questions:
            self.fields[self._name(question)] = _scale(question) if question.is_scale else _words(question)

    @staticmethod
    def _name(question: Question) -> str:
        return f"q-{question.key}"

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each question with its field, in order."""
        return [{"question": question, "field": self[self._name(question)]} for question in self.questions]

    def answer(self) -> dict[str, Answer]:
        given = {question.key: self.cleaned_data[self._name(question)] for question in self.questions}
        return {key: said for key, said in given.items() if said not in (None, "")}

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error(None, str(broken.sentence))


def _scale(question: Question) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=question.text,
        choices=[(value, str(value)) for value in VALUES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a number from 1 to 5.")},
    )


def _words(question: Question) -> forms.CharField:
    return forms.CharField(
        label=question.text,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Whoever leads reads it word for word. Leave out names and such that shows who you are."
        ),
    )
