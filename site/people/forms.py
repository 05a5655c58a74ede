"""Forms about people: someone named by hand, and a key to the API."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from people.models import Person

_MOST_ALIKE = 5


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
        "part": _("Do you mean %(names)s? Write the whole name."),
        "many": _("Many here are called something with that. Write the whole name."),
        "several": _("More than one person is called that. Write the address at work."),
    }

    def __init__(self, *, people: QuerySet[Person] | None = None, **options: Any) -> None:
        options.setdefault("help_text", _("The whole name, or the address at work."))
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
            if not found:
                self._refuse_part(text)
        if len(found) != 1:
            code = "several" if found else "nobody"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]

    def _refuse_part(self, text: str) -> None:
        """Who writes a part of a name is told who it may be. It is never taken for a person: there may be a namesake
        whom the writer doesn't think of."""
        words = text.replace(",", " ").split()
        alike = self.people if words else self.people.none()
        for word in words:
            alike = alike.filter(Q(given_name__istartswith=word) | Q(family_name__istartswith=word))
        found = alike.order_by("sort_key", "id")[: _MOST_ALIKE + 1]
        names: list[Any] = [*dict.fromkeys(str(each) for each in found)]
        if len(names) > _MOST_ALIKE:
            raise forms.ValidationError(self.error_messages["many"], code="many")
        if names:
            said = {"names": get_text_list(names, _("or"))}
            raise forms.ValidationError(self.error_messages["part"], code="part", params=said)


def suggestions(people: Iterable[Person]) -> list[tuple[str, str]]:
    """For a datalist: what to write and what it means. Namesakes are written by their addresses."""
    everyone = list(people)
    names = [str(person) for person in everyone]
    return [
        (name if names.count(name) == 1 else each.email, each.email) for name, each in zip(names, everyone, strict=True)
    ]
