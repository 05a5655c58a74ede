"""Forms of the room: each field says in one sentence what is wrong, and keeps what was typed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Attendance

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


def read_moment(wall: dt.datetime) -> dt.datetime:
    """The moment when the wall clock shows this; a sentence where it never does, or does twice."""
    if not EARLIEST <= wall.date() <= LATEST:
        raise forms.ValidationError(_("Choose a day between 2000 and 2099."), code="impossible_day")
    first, second = (timezone.make_aware(wall.replace(fold=fold)) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if timezone.make_naive(first.astimezone(dt.UTC)) != wall:
        raise forms.ValidationError(
            _("That time does not exist: the clock is put forward that night."), code="time_does_not_exist"
        )
    raise forms.ValidationError(
        _("That time exists twice: the clock is put back that night. Choose another."), code="time_exists_twice"
    )


class MomentField(forms.DateTimeField):
    """Day and time on the wall clock of the municipality."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": gettext_lazy("Write a day and a time that exist.")}

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"):
            try:
                return read_moment(dt.datetime.strptime(str(value).strip(), pattern))  # noqa: DTZ007 - a wall clock
            except (ValueError, OverflowError):
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class MarkForm(forms.Form):
    booking = forms.IntegerField(min_value=1, max_value=2**62)
    state = forms.ChoiceField(choices=Attendance.State.choices)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes present"), min_value=0, max_value=1440, required=False)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=250, required=False)
    # The last mark that the page showed; empty where it showed none.
    based_on = forms.UUIDField(required=False)


class PressForm(forms.Form):
    press = forms.UUIDField()
