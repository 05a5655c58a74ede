"""The questions of an evaluation as a form each, in both languages."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.evaluation_questions import SCALE, TEXT, Question
from courses.services.evaluation_forms import MOST_QUESTIONS

ENDS = ("low_sv", "low_en", "high_sv", "high_en")


class QuestionForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    sv = forms.CharField(label=gettext_lazy("Question in Swedish"), max_length=200)
    en = forms.CharField(
        label=gettext_lazy("Question in English"), max_length=200, required=False,
        help_text=gettext_lazy("If you leave it empty, the Swedish is shown."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("How it is answered"),
        choices=[(SCALE, gettext_lazy("On a scale from 1 to 5")), (TEXT, gettext_lazy("In own words"))],
        # What a browser sends of a row that nobody touched: without it the row would count as begun.
        initial=SCALE,
    )
    low_sv = forms.CharField(label=gettext_lazy("What 1 means"), max_length=40, required=False)
    high_sv = forms.CharField(label=gettext_lazy("What 5 means"), max_length=40, required=False)
    low_en = forms.CharField(label=gettext_lazy("What 1 means, in English"), max_length=40, required=False)
    high_en = forms.CharField(label=gettext_lazy("What 5 means, in English"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("kind") == SCALE:
            for name in ("low_sv", "high_sv"):
                if not asked.get(name) and name not in self.errors:
                    self.add_error(name, _("Write what the end of the scale means."))
        else:
            asked |= dict.fromkeys(ENDS, "")
        return asked

    def question(self) -> Question:
        return Question(**{name: self.cleaned_data[name] for name in ("key", "kind", "sv", "en", *ENDS)})


class QuestionForms(BaseFormSet):
    """In the order of the numbers; rows left empty are left out."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place in the form")
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this question away")

    def questions(self) -> list[Question]:
        return [form.question() for form in self.ordered_forms if form.cleaned_data.get("sv")]


def bind_questions(data: Any, *, questions: Sequence[Question]) -> QuestionForms:
    formset = formset_factory(
        QuestionForm, formset=QuestionForms, extra=1, max_num=MOST_QUESTIONS, validate_max=True,
        can_delete=True, can_order=True, can_delete_extra=False,
    )  # fmt: skip
    return cast("QuestionForms", formset(data, initial=[asdict(each) for each in questions], prefix="question"))
