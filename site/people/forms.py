"""Forms about people: someone named by hand, and a key to the API."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from people.models import Person


class ApiKeyForm(forms.Form):
    LASTS = [("30", _("30 days")), ("365", _("a year")), ("0", _("until I revoke it"))]

    name = forms.CharField(
        label=_("What is the key for?"), max_length=80, help_text=_("For example “the digital board in the lobby”.")
    )
    lasts = forms.ChoiceField(label=_("How long shall it work?"), choices=LASTS, initial="365")

    def clean_lasts(self) -> dt.timedelta | None:
        days = int(self.cleaned_data["lasts"])
        return dt.timedelta(days=days) if days else None


class PersonField(forms.CharField):
    """Somebody of `people`, written as in speech ("Elin Ek"), as in a list ("Ek, Elin") or by address at work."""

    default_error_messages = {
        "nobody": _("Nobody here has that name or address."),
        "several": _("More than one person is called that. Write the address at work."),
    }

    def __init__(self, *, people: QuerySet[Person] | None = None, **options: Any) -> None:
        options.setdefault("help_text", _("A name, or an address at work."))
        super().__init__(max_length=254, **options)
        self.people = people if people is not None else Person.objects.filter(is_active=True)

    def clean(self, value: Any) -> Any:
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        if "@" in text:
            found = list(self.people.filter(email__iexact=text)[:2])
        else:
            named = self.people.annotate(
                spoken=Concat("given_name", Value(" "), "family_name"),
                listed=Concat("family_name", Value(", "), "given_name"),
            )
            found = list(named.filter(Q(spoken__iexact=text) | Q(listed__iexact=text))[:2])
        if len(found) != 1:
            code = "several" if found else "nobody"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]


def suggestions(people: Iterable[Person]) -> list[tuple[str, str]]:
    """For a datalist: what to write and what it means. Namesakes are written by their addresses."""
    everyone = list(people)
    names = [str(person) for person in everyone]
    return [
        (name if names.count(name) == 1 else each.email, each.email) for name, each in zip(names, everyone, strict=True)
    ]
