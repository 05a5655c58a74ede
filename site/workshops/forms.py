"""What a facilitator plans, and what someone types to join."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Journey
from journeys.rules import readable
from people.models import Person
from shared.spoken_codes import tidy_code
from workshops.rules import CODE_LENGTH

_LINE = re.compile(r"^\s*(?P<minutes>\d{1,3})\s*(?:min(?:\.|uter|utes)?)?\s*[:–-]?\s+(?P<title>\S.*?)\s*$")
MOST_MINUTES = 480


class WorkshopForm(forms.Form):
    title = forms.CharField(label=_("What is the workshop called?"), max_length=160)
    journey: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Which journey do you work on?"), queryset=Journey.objects.none()
    )
    starts_at = forms.DateTimeField(
        label=_("When does it start?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5000,
        help_text=_("One item a line, minutes first: “15 Welcome”."),
        initial=_(
            "10 Welcome\n20 What do we know?\n30 Fill in the journey\n10 Break\n20 Choose what to go on with\n10 Close"
        ),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        journeys = self.fields["journey"]
        assert isinstance(journeys, forms.ModelChoiceField)
        journeys.queryset = readable(person)

    def clean_agenda(self) -> list[tuple[str, int]]:
        items = []
        for number, line in enumerate(self.cleaned_data["agenda"].splitlines(), start=1):
            if not line.strip():
                continue
            found = _LINE.match(line)
            minutes = int(found["minutes"]) if found else 0
            if not found or not 1 <= minutes <= MOST_MINUTES:
                raise forms.ValidationError(
                    _("Line %(number)s does not begin with minutes from 1 to %(most)s: “%(line)s”"),
                    params={"number": number, "most": MOST_MINUTES, "line": line[:60]},
                )
            if len(found["title"]) > 160:
                raise forms.ValidationError(_("Line %(number)s is too long."), params={"number": number})
            items.append((found["title"], minutes))
        return items

    def clean_starts_at(self) -> dt.datetime:
        starts_at = self.cleaned_data["starts_at"]
        if not 2000 <= starts_at.year <= 2100:
            raise forms.ValidationError(_("Check the year."))
        return starts_at


class JoinForm(forms.Form):
    code = forms.CharField(
        label=_("The workshop's code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )

    def __init__(self, *args: Any, is_guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_guest:
            self.fields["name"].required = True
        else:
            del self.fields["name"]

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(_("The code has %(length)s signs."), params={"length": CODE_LENGTH})
        return code

    def say_unknown(self) -> None:
        self.add_error("code", _("No workshop has that code. Look at it once more."))
