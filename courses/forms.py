"""Forms of the room: each field says in one sentence what is wrong, and keeps what was typed."""

import datetime as dt
import itertools
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Attendance, Course, Occasion
from courses.services.occasions import OccasionPlan, SessionPlan
from shared.rules import RuleBroken

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


class OccasionForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.order_by("sort_key"), label=gettext_lazy("Course"))
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=1000,
        initial=20,
        error_messages={"min_value": gettext_lazy("Write how many places there are, at least one.")},
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=[
            (Occasion.State.OPEN, gettext_lazy("Everyone: it is open for booking")),
            (Occasion.State.DRAFT, gettext_lazy("Only you and your co-facilitators: it is a draft")),
        ],
        initial=Occasion.State.OPEN,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("sv", "Svenska"), ("en", "English")])
    booking_closes_at = MomentField(
        label=gettext_lazy("Booking closes"),
        required=False,
        help_text=gettext_lazy("If you leave it empty: a day before the start."),
    )
    cancel_until = MomentField(
        label=gettext_lazy("Last moment to cancel"),
        required=False,
        help_text=gettext_lazy("After that only you can cancel. If you leave it empty: two days before the start."),
    )
    offers_until = MomentField(
        label=gettext_lazy("Freed places are offered until"),
        required=False,
        help_text=gettext_lazy("After that you give them by hand. If you leave it empty: a day before the start."),
    )
    offer_hours = forms.IntegerField(
        label=gettext_lazy("Working hours to answer an offer"), min_value=1, max_value=200, initial=8
    )

    def __init__(self, data: Any = None, *, occasion: Occasion | None = None, initial: Any = None) -> None:
        if occasion is not None:
            initial = {name: getattr(occasion, name) for name in self.base_fields} | {"course": occasion.course_id}
        super().__init__(data, initial=initial)
        if occasion is not None:
            self.fields["course"].disabled = True
            if occasion.state == Occasion.State.CANCELLED:
                del self.fields["state"]
        self.occasion = occasion

    def is_valid_with(self, sessions: "SessionForms") -> bool:
        """Both are asked, so that every wrong field says so at once."""
        return all([self.is_valid(), sessions.is_valid()])

    def plan(self, sessions: "SessionForms") -> OccasionPlan:
        asked = self.cleaned_data
        start = min(plan.starts_at for plan in sessions.plans())
        day = dt.timedelta(days=1)
        return OccasionPlan(
            places=asked["places"],
            booking_closes_at=asked["booking_closes_at"] or start - day,
            cancel_until=asked["cancel_until"] or start - 2 * day,
            offers_until=asked["offers_until"] or start - day,
            offer_hours=asked["offer_hours"],
            language=asked["language"],
            state=asked.get("state", Occasion.State.CANCELLED),
        )

    FIELD_OF_CODE = {"places_below_booked": "places", "closes_after_end": "booking_closes_at"}

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error(self.FIELD_OF_CODE.get(broken.code), str(broken.sentence))


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
    place = forms.CharField(label=gettext_lazy("Place"), max_length=160, required=False)
    address = forms.CharField(label=gettext_lazy("Street address"), max_length=200, required=False)
    room_access = forms.CharField(
        label=gettext_lazy("Getting in and taking part"), max_length=250, required=False,
        help_text=gettext_lazy("For instance: lift and wide doors, hearing loop, accessible toilet on the same floor."),
    )  # fmt: skip
    link = forms.URLField(
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
        if not self.errors and not asked.get("place") and not asked.get("link"):
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
        plans = sorted(self.plans(), key=lambda plan: plan.starts_at)
        if not plans:
            raise forms.ValidationError(_("An occasion needs at least one session."), code="no_sessions")
        for earlier, later in itertools.pairwise(plans):
            if later.starts_at < earlier.ends_at:
                raise forms.ValidationError(_("Two sessions overlap."), code="sessions_overlap")

    def plans(self) -> list[SessionPlan]:
        return [
            form.plan()
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE") and "starts_at" in form.cleaned_data
        ]


def bind_sessions(data: Any, *, occasion: Occasion | None = None) -> SessionForms:
    initial = [
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
        for session in (occasion.sessions.all() if occasion is not None else ())
    ]
    formset = formset_factory(
        SessionForm, formset=SessionForms, extra=1 if initial else 2, max_num=30, validate_max=True,
        can_delete=bool(initial),
    )  # fmt: skip
    return cast("SessionForms", formset(data, initial=initial, prefix="session"))
