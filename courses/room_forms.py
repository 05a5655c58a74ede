"""The code that someone types off the wall."""

from django import forms
from django.utils.translation import gettext_lazy

from courses.room_codes import LENGTH
from shared.spoken_codes import tidy_code


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The room's code"),
        max_length=20,
        help_text=gettext_lazy("Six letters and digits, on the wall. It changes every minute."),
        error_messages={"required": gettext_lazy("Write the code that is on the wall.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "room-code"}
        ),
    )

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if len(code) != LENGTH:
            raise forms.ValidationError(gettext_lazy("The code has six letters and digits."), code="wrong_length")
        return code
