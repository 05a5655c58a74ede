"""What is asked of the figures, by GET: a course, a day, an order."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from insight.figures import BY_NAME, BY_SHARE
from insight.people_queries import GROUPS, TRAINED
from people.models import Unit


class HeadcountForm(forms.Form):
    course = forms.ChoiceField(
        label=_("Course"), required=False, error_messages={"invalid_choice": _("There is no such course.")}
    )
    on = forms.DateField(
        label=_("On which day"),
        required=False,
        help_text=_("Year-month-day. Empty means today."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"inputmode": "numeric", "autocomplete": "off", "size": 12}),
        input_formats=["%Y-%m-%d", "%Y%m%d"],
        error_messages={
            "invalid": _("That day does not exist. Write the day as year-month-day, for example 2026-03-31.")
        },
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[(BY_NAME, _("By name")), (BY_SHARE, _("By share"))],
        error_messages={"invalid_choice": _("Choose an order in the list.")},
    )

    def __init__(self, *args: Any, courses: Sequence[Course], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {course.slug: course for course in courses}
        self.today = today
        self.fields["course"].choices = [(course.slug, course.name) for course in courses]

    def clean_on(self) -> dt.date:
        on = self.cleaned_data["on"] or self.today
        if on > self.today:
            raise forms.ValidationError(
                _("That day has not come yet. Choose today or a day before it."), code="day_in_the_future"
            )
        return on

    def clean_course(self) -> Course | None:
        """The course asked for; the first of the list when nobody asked."""
        slug = self.cleaned_data["course"]
        return self.courses[slug] if slug else next(iter(self.courses.values()), None)

    def clean_order(self) -> str:
        return self.cleaned_data["order"] or BY_NAME


class PeopleForm(HeadcountForm):
    """The same question, and whose rows: a group, of the whole municipality or of one administration."""

    group = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=list(GROUPS.items()),
        error_messages={"invalid_choice": _("Choose a group in the list.")},
    )
    administration = forms.ModelChoiceField(
        label=_("Administration"),
        required=False,
        queryset=Unit.objects.filter(parent=None),
        empty_label=_("The whole municipality"),
        error_messages={"invalid_choice": _("There is no such administration.")},
    )

    def clean_group(self) -> str:
        return self.cleaned_data["group"] or TRAINED
