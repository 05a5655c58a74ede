"""What a facilitator writes to the people of an occasion."""

import uuid
from collections.abc import Container
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Occasion
from courses.models.booking import LONGEST_REASON
from courses.services.messaging import Address, Circle, addresses_of, receivers_of
from shared.rules import RuleBroken


class ChoiceOfCircle(forms.RadioSelect):
    """What has nobody in it is shown and can't be chosen."""

    empty: Container[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **more)
        if str(value) in self.empty:
            option["attrs"]["disabled"] = True
            option["selected"] = False
            option["attrs"].pop("checked", None)
        return option


class MessageForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=ChoiceOfCircle)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=150)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "The letter greets each by name. Your name, your address and a link to the occasion are added below."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    # How many the writer was told that it goes to.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31)

    def __init__(self, data: Any = None, *, occasion: Occasion) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), "to": Circle.BOOKED})
        self.addresses = {
            f"{each.circle}:{each.session.pk}" if each.session else str(each.circle): each
            for each in addresses_of(occasion, now=timezone.now())
        }
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        counts = {name: receivers_of(occasion, each).count() for name, each in self.addresses.items()}
        field.choices = [(name, _with_count(each, counts[name])) for name, each in self.addresses.items()]
        assert isinstance(field.widget, ChoiceOfCircle)
        field.widget.empty = {name for name, count in counts.items() if not count}

    @property
    def address(self) -> Address:
        return self.addresses[self.cleaned_data["to"]]

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error("to" if broken.code == "nobody_there" else None, str(broken.sentence))


def _with_count(address: Address, count: int) -> str:
    """To whom and to how many; of those whom there is nobody of, that it is so."""
    how_many = number_format(count, decimal_pos=0, force_grouping=True) if count else _("nobody right now")
    return f"{says_to(address)} ({how_many})"


def says_to(address: Address) -> str:
    """In words, for a list to choose from and for the log."""
    if address.session is not None:
        day = date_format(timezone.localtime(address.session.starts_at), _("l j F"))
        return _("Those missing on %(day)s: absent or not marked") % {"day": day}
    return capfirst(str(Circle(address.circle).label))


class CancelForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("What they get to read"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Why it is cancelled and what they can do instead. It stands in everyone's letter."),
    )
