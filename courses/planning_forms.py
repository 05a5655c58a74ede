"""What a facilitator fills in about an occasion: places, last moments, who leads, for whom."""

import datetime as dt
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.copying import may_be_copied_by
from courses.forms import EARLIEST, LATEST, MomentField
from courses.models import Course, Occasion
from courses.services.occasions import OccasionPlan
from courses.services.planning import Circle
from courses.session_forms import SessionForms
from courses.templatetags.courses import days
from people.models import Person, Unit
from people.queries import with_right
from shared.rules import RuleBroken

HIDDEN = "hidden"


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return str(person.name_in_lists)


class OccasionForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.order_by("sort_key"), label=gettext_lazy("Course"))
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=1000,
        initial=20,
        error_messages={"min_value": gettext_lazy("Write how many places there are, at least one.")},
    )
    min_places = forms.IntegerField(
        label=gettext_lazy("Fewest for it to be held"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("You see how many are missing and how long is left. Nothing is cancelled by itself."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=[
            (Occasion.State.OPEN, gettext_lazy("Everyone: it is open for booking")),
            (HIDDEN, gettext_lazy("Whoever has the link: it is open for booking, but in no list")),
            (Occasion.State.DRAFT, gettext_lazy("Only you and your co-facilitators: it is a draft")),
        ],
        initial=Occasion.State.OPEN,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("sv", "Svenska"), ("en", "English")])
    facilitators = PeopleField(Person.objects.none(), label=gettext_lazy("Who leads it with you"), required=False)
    administrations = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Only for these administrations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none, and it is for everyone."),
    )
    asks_needs = forms.BooleanField(
        label=gettext_lazy("Ask those who book what they need"),
        required=False,
        help_text=gettext_lazy(
            "Food, hearing loop, wheelchair, other. Only you who lead can read it, and it is erased 30 days after. If "
            "you stop asking, what was told is erased at once."
        ),
    )
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

    def __init__(self, data: Any = None, *, by: Person, occasion: Occasion | None = None, initial: Any = None) -> None:
        if occasion is not None:
            initial = _initial_of(occasion) | (initial or {})
        super().__init__(data, initial=initial)
        self.occasion, self.by = occasion, by
        leads = Q(pk__in=with_right("courses.take_attendance").order_by().values("pk"))
        tops = Q(pk__in=Unit.objects.on(timezone.localdate()).filter(parent=None).values("pk"))
        if occasion is None:
            leads &= ~Q(pk=by.pk)
        else:
            leads |= Q(pk__in=occasion.facilitators.values("pk"))
            tops |= Q(pk__in=occasion.administrations.values("pk"))
            self.fields["facilitators"].label = _("Who leads it")
            self.fields["course"].disabled = True
            if occasion.state == Occasion.State.CANCELLED:
                del self.fields["state"]
        self._choose_among("facilitators", Person.objects.filter(leads).order_by("sort_key", "id"))
        self._choose_among("administrations", Unit.objects.filter(tops).order_by("sort_key", "id"))

    def _choose_among(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows

    @classmethod
    def as_typed(cls, data: Any, *, by: Person, occasion: Occasion | None = None) -> Self:
        """What stands in the form, unread: to show it again with room for more."""
        several = {"facilitators", "administrations"}
        typed = {name: data.getlist(name) if name in several else data.get(name) for name in cls.base_fields}
        if occasion is not None:
            del typed["course"]  # it can't be changed, so it was not sent
        return cls(by=by, occasion=occasion, initial=typed)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if (asked.get("min_places") or 0) > asked.get("places", 1000):
            self.add_error("min_places", _("The fewest can't be more than the places."))
        if self.occasion is not None and not asked.get("facilitators") and "facilitators" not in self.errors:
            self.add_error("facilitators", _("Somebody must lead the occasion."))
        return asked

    def is_valid_with(self, sessions: SessionForms) -> bool:
        """Both are asked, so that every wrong field says so at once."""
        return all([self.is_valid(), sessions.is_valid()])

    def plan(self, sessions: SessionForms) -> OccasionPlan:
        asked = self.cleaned_data
        start = min(plan.starts_at for plan in sessions.plans())
        day = dt.timedelta(days=1)
        state = asked.get("state", Occasion.State.CANCELLED)
        return OccasionPlan(
            places=asked["places"],
            min_places=asked["min_places"] or 0,
            booking_closes_at=asked["booking_closes_at"] or start - day,
            cancel_until=asked["cancel_until"] or start - 2 * day,
            offers_until=asked["offers_until"] or start - day,
            offer_hours=asked["offer_hours"],
            language=asked["language"],
            state=Occasion.State.OPEN if state == HIDDEN else state,
        )

    def circle(self) -> Circle:
        asked = self.cleaned_data
        leads = list(asked["facilitators"])
        return Circle(
            facilitators=leads if self.occasion is not None else [self.by, *leads],
            administrations=list(asked["administrations"]),
            is_hidden=asked["state"] == HIDDEN if "state" in asked else bool(self.occasion and self.occasion.is_hidden),
            asks_needs=asked["asks_needs"],
        )

    FIELD_OF_CODE = {
        "places_below_booked": "places",
        "fewest_above_places": "min_places",
        "closes_after_end": "booking_closes_at",
        "reservation_outside": "administrations",
        "not_an_administration": "administrations",
        "no_facilitator": "facilitators",
    }

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error(self.FIELD_OF_CODE.get(broken.code), str(broken.sentence))


def _initial_of(occasion: Occasion) -> dict[str, Any]:
    plain = set(OccasionForm.base_fields) - {"course", "state", "facilitators", "administrations"}
    is_hidden = occasion.is_hidden and occasion.state == Occasion.State.OPEN
    return {name: getattr(occasion, name) for name in plain} | {
        "course": occasion.course_id,
        "state": HIDDEN if is_hidden else occasion.state,
        "min_places": occasion.min_places or None,
        "facilitators": list(occasion.facilitators.values_list("pk", flat=True)),
        "administrations": list(occasion.administrations.values_list("pk", flat=True)),
    }


class OccasionChoice(forms.ModelChoiceField):
    def label_from_instance(self, occasion: Any) -> str:
        return f"{occasion.course.name}, {days(occasion.sessions.all())}"


class CopyForm(forms.Form):
    """From which occasion, to which first day: a plain GET, so that it can be a link."""

    copy = OccasionChoice(
        Occasion.objects.none(),
        label=gettext_lazy("Which occasion"),
        error_messages={"invalid_choice": gettext_lazy("There is no such occasion to copy.")},
    )
    start = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Write a day that exists.")},
    )

    SHOWN = 60

    def __init__(self, data: Any, *, by: Person, chosen: str = "") -> None:
        """`chosen` is the occasion that a link names: it stands in the list however old it is."""
        super().__init__(data, initial={"copy": chosen})
        found = may_be_copied_by(by)
        shown = list(found.filter(facilitators=by).values_list("pk", flat=True)[: self.SHOWN])
        shown = shown or list(found.values_list("pk", flat=True)[: self.SHOWN])
        if chosen.isdecimal() and len(chosen) < 10:
            shown.append(int(chosen))
        field = self.fields["copy"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found.filter(pk__in=shown)

    def clean_start(self) -> dt.date:
        day: dt.date = self.cleaned_data["start"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2099."), code="impossible_day")
        return day
