"""What a person tells about a key to the API."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _


class ApiKeyForm(forms.Form):
    LASTS = [("30", _("30 days")), ("365", _("a year")), ("0", _("until I revoke it"))]

    name = forms.CharField(
        label=_("What is the key for?"), max_length=80, help_text=_("For example “the digital board in the lobby”.")
    )
    lasts = forms.ChoiceField(label=_("How long shall it work?"), choices=LASTS, initial="365")

    def clean_lasts(self) -> dt.timedelta | None:
        days = int(self.cleaned_data["lasts"])
        return dt.timedelta(days=days) if days else None
