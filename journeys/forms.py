"""Forms that work without a script."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Journey, JourneyMember, Note
from journeys.rules import LONGEST_TEXT, LONGEST_TITLE


class NewJourneyForm(forms.Form):
    title = forms.CharField(
        label=_("What is the journey called?"), max_length=LONGEST_TITLE, help_text=_("For instance: Starting school")
    )
    aim = forms.CharField(
        label=_("What do you want to understand?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SettingsForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    aim = forms.CharField(
        label=_("What do you want to understand?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    persona = forms.CharField(
        label=_("Whose journey is it?"),
        max_length=120,
        required=False,
        help_text=_("A persona, for instance: Amina, mother of a six-year-old"),
    )
    state = forms.ChoiceField(label=_("State"), choices=Journey.State.choices)
    visibility = forms.ChoiceField(
        label=_("Who may read?"), choices=Journey.Visibility.choices, widget=forms.RadioSelect
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)


class MemberForm(forms.Form):
    who = forms.CharField(label=_("Colleague"), max_length=200, help_text=_("E-mail address or the whole name"))
    role = forms.ChoiceField(
        label=_("What may the colleague do?"), choices=JourneyMember.Role.choices, initial=JourneyMember.Role.EDITOR
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("What does the note say?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.ChoiceField(
        label=_("How do we know?"), choices=Note.Evidence.choices, initial=Note.Evidence.ASSUMPTION
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=Note.Colour.choices, initial=Note.Colour.YELLOW)
    # Names made when the form is shown: the same form sent twice is one note.
    operation = forms.UUIDField(widget=forms.HiddenInput)
    target = forms.UUIDField(widget=forms.HiddenInput)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
