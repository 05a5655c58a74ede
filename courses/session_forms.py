"""The days of an occasion as a form each."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.forms import read_moment
from courses.models import Occasion
from courses.services.occasions import SessionPlan

MOST = 30


class PlaceField(forms.CharField):
    is_one_of = True  # of two, one is needed: it is not marked as optional


class LinkField(forms.URLField):
    is_one_of = True


class SessionForm(forms.Form):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"], error_messages={"invalid": gettext_lazy("Write a day that exists.")},
    )  # fmt: skip
    starts = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Write a time, for instance 09:00.")},
    )  # fmt: skip
    ends = forms.TimeField(
        label=gettext_lazy("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Write a time, for instance 09:00.")},
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160, required=False)
    place = PlaceField(
        label=gettext_lazy("Place"), max_length=160, required=False,
        help_text=gettext_lazy("A place or a link is needed."),
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("Street address"), max_length=200, required=False)
    room_access = forms.CharField(
        label=gettext_lazy("Getting in and taking part"), max_length=250, required=False,
        help_text=gettext_lazy("For instance: lift and wide doors, hearing loop, accessible toilet on the same floor."),
    )  # fmt: skip
    link = LinkField(
        label=gettext_lazy("Link for those who take part remotely"), max_length=200, required=False,
        assume_scheme="https",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        day, starts, ends = asked.get("day"), asked.get("starts"), asked.get("ends")
        if day and starts and ends:
            for name, time in (("starts", starts), ("ends", ends)):
                try:
                    asked[f"{name}_at"] = read_moment(dt.datetime.combine(day, time))
                except forms.ValidationError as error:
                    self.add_error("day" if error.code == "impossible_day" else name, error)
            if "starts_at" in asked and "ends_at" in asked and asked["ends_at"] <= asked["starts_at"]:
                self.add_error("ends", _("A session must end after it starts."))
        if not {"place", "link"} & {*self.errors} and not asked.get("place") and not asked.get("link"):
            self.add_error("place", _("Write a place, or a link for those who take part remotely."))
        return asked

    def plan(self) -> SessionPlan:
        names = ("starts_at", "ends_at", "title", "place", "address", "room_access", "link", "pk")
        return SessionPlan(**{name: self.cleaned_data[name] for name in names})


class SessionForms(BaseFormSet):
    """At least one session; rows left empty are left out."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this session away")

    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.plans():
            raise forms.ValidationError(_("An occasion needs at least one session."), code="no_sessions")
        in_order = sorted(self._kept(), key=lambda form: form.cleaned_data["starts_at"])
        for earlier, later in itertools.pairwise(in_order):
            until = earlier.cleaned_data["ends_at"]
            if later.cleaned_data["starts_at"] < until:
                clock = date_format(timezone.localtime(until), _("H:i"))
                later.add_error(
                    "starts", _("Overlaps the session before it, which ends at %(time)s.") % {"time": clock}
                )

    def _kept(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE") and "starts_at" in form.cleaned_data
        ]

    def plans(self) -> list[SessionPlan]:
        return [form.plan() for form in self._kept()]


def bind_sessions(data: Any, *, rows: Sequence[dict[str, Any]] = (), empty: int | None = None) -> SessionForms:
    """`rows` are what the forms begin with; after them stand `empty` ones to fill in."""
    extra = empty if empty is not None else (0 if rows else 2)
    formset = formset_factory(
        SessionForm, formset=SessionForms, extra=extra, max_num=MOST, validate_max=True, can_delete=True
    )
    return cast("SessionForms", formset(data, initial=list(rows), prefix="session"))


def rows_of(occasion: Occasion) -> list[dict[str, Any]]:
    return [
        {
            "pk": session.pk,
            "day": timezone.localtime(session.starts_at).date(),
            "starts": timezone.localtime(session.starts_at).time(),
            "ends": timezone.localtime(session.ends_at).time(),
            "title": session.title,
            "place": session.place,
            "address": session.address,
            "room_access": session.room_access,
            "link": session.link,
        }
        for session in occasion.sessions.all()
    ]


def rows_as_typed(data: Any) -> list[dict[str, Any]]:
    """What stands in the forms, unread: to show them again with one more. Those left empty fall away."""
    count = data.get("session-TOTAL_FORMS", "")
    names = [*SessionForm.base_fields, "DELETE"]
    rows = [
        {name: data.get(f"session-{number}-{name}", "") for name in names}
        for number in range(min(int(count), MOST) if count.isdecimal() and len(count) < 4 else 0)
    ]
    return [row for row in rows if any(row.values())]
