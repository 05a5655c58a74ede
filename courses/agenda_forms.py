"""The agenda of a session as a form for each line."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Session
from courses.services.agenda import MOST_ITEMS, ItemPlan, fingerprint

EMPTY = 3
A_DAY = 24 * 60


class ItemForm(forms.Form):
    at = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Write a time, for instance 09:00.")},
    )  # fmt: skip
    what = forms.CharField(label=gettext_lazy("What"), max_length=200)
    leads = forms.CharField(label=gettext_lazy("Who leads"), max_length=120, required=False)
    material = forms.CharField(label=gettext_lazy("Material"), max_length=300, required=False)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=80, required=False)


class ItemForms(BaseFormSet):
    session: Session
    # Of the agenda as the page showed it.
    based_on: str | None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this line away")

    def clean(self) -> None:
        starts, ends = timezone.localtime(self.session.starts_at), timezone.localtime(self.session.ends_at)
        for form in self.forms:
            at = form.cleaned_data.get("at") if hasattr(form, "cleaned_data") else None
            if at is not None and _minutes_after(starts, at) >= self.session.minutes:
                clock = {"from": date_format(starts, _("H:i")), "to": date_format(ends, _("H:i"))}
                form.add_error("at", _("The session goes from %(from)s to %(to)s.") % clock)

    def plans(self) -> list[ItemPlan]:
        starts = timezone.localtime(self.session.starts_at)
        found = []
        for form in self.forms:
            asked = dict(form.cleaned_data)
            if not asked or asked.pop("DELETE", False) or "at" not in asked:
                continue
            at: dt.time = asked.pop("at")
            found.append(ItemPlan(starts_after=_minutes_after(starts, at), **asked))
        return found


def _minutes_after(starts: dt.datetime, at: dt.time) -> int:
    """Of the clock on the wall; one before the start is the next day's, of a session that goes on past midnight."""
    return ((at.hour - starts.hour) * 60 + at.minute - starts.minute) % A_DAY


def bind_items(session: Session, data: Any = None) -> ItemForms:
    rows: Sequence[dict[str, Any]] = [
        {
            "at": timezone.localtime(session.starts_at + dt.timedelta(minutes=item.starts_after)).time(),
            "what": item.what, "leads": item.leads, "material": item.material, "version": item.version,
        }
        for item in session.agenda.all()
    ]  # fmt: skip
    kind = formset_factory(
        ItemForm, formset=ItemForms, extra=EMPTY, max_num=MOST_ITEMS, validate_max=True, can_delete=True
    )
    made = cast("ItemForms", kind(data, initial=list(rows), prefix="item"))
    made.session = session
    made.based_on = fingerprint(session) if data is None else data.get("based_on")
    return made
