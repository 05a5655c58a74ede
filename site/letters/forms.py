"""How an administrator looks for letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class LetterSearchForm(forms.Form):
    is_search = True  # of a search nobody expects that every field is filled in

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Letter.State.choices])
    address = forms.CharField(label=_("Address"), required=False, max_length=254)
