"""What one writes about the own booking."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.services.needs import Needs


class HandOverForm(forms.Form):
    to = forms.EmailField(
        label=_("Your colleague's e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write your colleague's e-mail address."),
            "invalid": _("Write the whole e-mail address, for instance name@municipality.se."),
        },
    )


class AskFacilitatorsForm(forms.Form):
    why = forms.CharField(
        label=_("What do you need help with?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance: I can't come and want to leave my place. You need not say why you are ill."),
        error_messages={"required": _("Write what has happened, so that the facilitator can help you.")},
    )


class NeedsForm(forms.Form):
    food = forms.CharField(
        label=_("Food"), max_length=250, required=False, help_text=_("For instance: vegetarian, or an allergy to nuts.")
    )
    hearing_loop = forms.BooleanField(label=_("I need a hearing loop"), required=False)
    wheelchair = forms.BooleanField(label=_("I need room for a wheelchair"), required=False)
    other = forms.CharField(
        label=_("Something else"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, told: Needs | None = None) -> None:
        super().__init__(data, initial=vars(told) if told is not None else None)

    def needs(self) -> Needs:
        return Needs(**self.cleaned_data)
