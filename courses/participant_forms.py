"""What whoever leads an occasion fills in about the people on it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Occasion
from courses.queries import upcoming_occasions
from courses.templatetags.courses import days
from people.forms import PersonField
from people.models import Unit
from shared.rules import RuleBroken


class GiveForm(forms.Form):
    person = PersonField(label=_("Who"))
    why = forms.CharField(
        label=_("Why"), max_length=250, help_text=_("Is kept in the booking's history, which the person can read.")
    )

    FIELD_OF_CODE = {"reason_needed": "why"}

    def add_broken_rule(self, broken: RuleBroken) -> None:
        self.add_error(self.FIELD_OF_CODE.get(broken.code, "person"), str(broken.sentence))


class EligibleForm(forms.Form):
    is_search = True
    who = forms.ChoiceField(
        label=_("Who"),
        choices=[("", _("Everyone who is not trained")), ("interested", _("Those who asked to be told"))],
        required=False,
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Administration"), required=False, empty_label=_("Every administration")
    )
    q = forms.CharField(label=_("Name"), max_length=80, required=False)

    def __init__(self, data: Any, *, occasion: Occasion) -> None:
        super().__init__(data)
        tops = Unit.objects.on(timezone.localdate()).filter(parent=None)
        chosen = list(occasion.administrations.values_list("pk", flat=True))
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (tops.filter(pk__in=chosen) if chosen else tops).order_by("sort_key", "id")


def occasions_to_move_to(occasion: Occasion) -> list[tuple[int, str]]:
    """Other coming occasions of the same course, for a list to choose from."""
    now = timezone.now()
    others = upcoming_occasions(now=now).filter(course=occasion.course_id, booking_closes_at__gt=now)
    return [(other.pk, days(other.sessions.all())) for other in others.exclude(pk=occasion.pk)[:20]]
