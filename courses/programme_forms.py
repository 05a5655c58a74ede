"""What one fills in to make a programme or a task."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from courses.models import Programme, Task
from courses.planning_forms import PeopleField
from courses.programme_parts import MOST_PARTS, Part, code_of, offered_parts
from courses.services.programmes import ProgrammePlan
from people.models import Person
from people.queries import with_right

EMPTY = 3


class ProgrammeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160, required=False)
    text = forms.CharField(
        label=_("What it leads to"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=_("What it leads to, in English"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_for_everyone = forms.BooleanField(label=_("Show it on everyone's My page"), required=False)
    is_open = forms.BooleanField(
        label=_("Open it"), required=False, initial=True, help_text=_("Until then only you who make programmes see it.")
    )

    readers = PeopleField(
        Person.objects.none(), label=_("Who reads what is handed in for its own tasks"), required=False,
        help_text=_("Nobody else sees it, nor do administrators. Those who make learning paths can be chosen."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, programme: Programme | None = None) -> None:
        super().__init__(data, initial=_initial(programme, self.base_fields) if programme else None)
        has_own = programme is not None and Task.objects.filter(programme=programme, ended_at=None).exists()
        if programme is None or not has_own:
            del self.fields["readers"]  # there is nothing of its own to read
            return
        may = Q(pk__in=with_right("courses.change_programme").order_by().values("pk"))
        named = Q(pk__in=programme.readers.values("pk"))
        field = cast("PeopleField", self.fields["readers"])
        field.queryset = Person.objects.filter(may | named).order_by("sort_key", "id")

    def plan(self) -> ProgrammePlan:
        return ProgrammePlan(**{name: value for name, value in self.cleaned_data.items() if name != "readers"})

    def readers_chosen(self) -> list[Person] | None:
        """None where they were not asked for."""
        return list(self.cleaned_data["readers"]) if "readers" in self.fields else None


def _initial(programme: Programme, names: Iterable[str]) -> dict[str, Any]:
    known = {name: getattr(programme, name) for name in names if name != "readers"}
    return known | {"readers": programme.readers.all()}


class PartForm(forms.Form):
    is_search = True  # no field is called optional: a row as a whole is

    position = forms.IntegerField(label=_("Order"), min_value=1, max_value=1000, required=False)
    part = forms.ChoiceField(label=_("Part"), required=False)

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["part"]).choices = choices


class PartForms(BaseFormSet):
    """Rows left empty are left out: that is also how a part is taken away."""

    parts: dict[str, Part]

    def chosen(self) -> list[Part]:
        """In the order that was asked for; rows with the same number, or none, as they stand."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("part")]
        rows.sort(key=lambda row: row.get("position") or MOST_PARTS * 100)
        return [self.parts[row["part"]] for row in rows]


def bind_parts(data: Any, *, programme: Programme | None) -> PartForms:
    offered = offered_parts(programme)
    parts = {part.code: part for _label, kind in offered for part in kind}
    choices = [("", "—"), *((label, [(part.code, part.title) for part in kind]) for label, kind in offered if kind)]
    initial = []
    if programme is not None:
        for item in programme.items.all():
            code = code_of(item)
            if code not in parts:  # a page that is taken away since: it stays until someone takes it out
                parts[code] = Part(item.kind, code.split(":", 1)[1], item.title, item.title_en)
                choices.append((code, item.title))
            initial.append({"position": item.position, "part": code})
    made = formset_factory(PartForm, formset=PartForms, extra=EMPTY, max_num=MOST_PARTS, absolute_max=MOST_PARTS + 10)
    formset = cast("PartForms", made(data, initial=initial, prefix="part", form_kwargs={"choices": choices}))
    formset.parts = parts
    return formset


class TaskForm(forms.ModelForm):
    due_day = forms.IntegerField(
        label=_("Before which day it is handed in"), min_value=1, max_value=30, initial=2,
        help_text=_("2 is before the second day begins."),
    )  # fmt: skip
    pieces = forms.IntegerField(
        label=_("How many parts"), min_value=1, max_value=10, initial=1,
        help_text=_("For instance 3, for three interviews."),
    )  # fmt: skip
    is_required = forms.BooleanField(
        label=_("The course is completed first when it is handed in"), required=False,
        help_text=_("That counts for occasions that begin after you save this."),
    )  # fmt: skip

    class Meta:
        model = Task
        fields = (
            "title", "text", "due_day", "pieces", "piece_name", "takes", "is_required", "title_en", "text_en",
            "piece_name_en",
        )  # fmt: skip
        labels = {
            "title": _("Title"),
            "text": _("What to do"),
            "piece_name": _("What each part is called"),
            "takes": _("It is handed in as"),
            "title_en": _("Title in English"),
            "text_en": _("What to do, in English"),
            "piece_name_en": _("What each part is called, in English"),
        }
        help_texts = {
            "piece_name": _("For instance Interview."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "text_en": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, data: Any = None, *, instance: Task) -> None:
        super().__init__(data, instance=instance, initial={"is_required": instance.required_since is not None})
        if instance.course_id is None:
            del self.fields["due_day"], self.fields["is_required"]
