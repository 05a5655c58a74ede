"""Places kept for a unit, and who gets them."""

from typing import Any

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.forms import MomentField
from courses.models import Occasion, Reservation
from people.forms import PersonField
from people.models import Unit
from people.queries import people_of
from shared.rules import RuleBroken


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.administration} › {unit}" if unit.administration_id else str(unit)


class ReserveForm(forms.Form):
    unit = UnitChoice(Unit.objects.none(), label=_("For which unit"))
    places = forms.IntegerField(label=_("How many places"), min_value=1, max_value=1000, initial=2)
    until = MomentField(
        label=_("Kept until"), help_text=_("What nobody is named for goes to those who wait, and then to everyone.")
    )

    FIELD_OF_CODE = {
        "reservation_moment": "until",
        "reservation_too_large": "places",
        "already_reserved": "unit",
        "reservation_outside": "unit",
    }

    def __init__(self, data: Any = None, *, occasion: Occasion) -> None:
        super().__init__(data, initial={"until": min(occasion.offers_until, occasion.starts_at)})
        chosen = list(occasion.administrations.values_list("pk", flat=True))
        units = Unit.objects.on(timezone.localdate()).select_related("administration")
        if chosen:
            units = units.filter(Q(pk__in=chosen) | Q(administration__in=chosen))
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        # Each administration above its units, not all of them below everything.
        top = Coalesce("administration__sort_key", "sort_key")
        field.queryset = units.order_by(top, F("administration").asc(nulls_first=True), "sort_key", "id")

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error(self.FIELD_OF_CODE.get(broken.code), str(broken.sentence))


class NameForm(forms.Form):
    person = PersonField(label=_("Who comes"))

    def __init__(self, data: Any = None, *, reservation: Reservation) -> None:
        super().__init__(data)
        self.people = people_of(reservation.unit, day=timezone.localdate())
        field = self.fields["person"]
        assert isinstance(field, PersonField)
        field.people = self.people
        field.widget.attrs["list"] = "people-of-the-unit"
        field.error_messages["nobody"] = _("Nobody in the unit has that name or address.")
