"""The organisation: a tree of units, and who is employed where, from a day to a day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from people.models.person import Person
from shared.dated import Dated
from shared.sorting import SwedishSortKey


class Unit(Dated):
    """A node of the organisation tree. A node without a parent is an administration (förvaltning)."""

    code = models.CharField(
        _("code"), max_length=40, unique=True, help_text=_("The unit's stable code in HR's system.")
    )
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), related_name="children", null=True, blank=True
    )
    # Every node below the top names its administration, so that a figure per administration is one join.
    administration = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("administration"), related_name="units_below", null=True, blank=True
    )
    manager = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("manager"), related_name="managed_units", null=True, blank=True
    )
    sort_key = SwedishSortKey("name")

    class Meta(Dated.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_key", "id"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="unit_names_its_administration",
                condition=Q(parent__isnull=True, administration__isnull=True)
                | Q(parent__isnull=False, administration__isnull=False),
            ),
            models.CheckConstraint(name="unit_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def administration_or_self(self) -> "Unit":
        return self.administration or self


class _Days(Func):
    """The days from a day to and including a day, as a range; open where the last day is unknown."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


class _Just(Func):
    """One whole number as a range: lets a plain GiST index compare it, with no extension needed."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"


class Employment(Dated):
    """A person in a unit from a day to a day. One at a time is the main one: there the person is counted."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="employments")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="employments")
    title = models.CharField(_("title"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main employment"), default=True)

    class Meta(Dated.Meta):
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="employment_one_main_at_a_time",
                expressions=[
                    (_Just(F("person_id"), F("person_id")), "&&"),
                    (_Days(F("starts_on"), F("ends_on")), "&&"),
                ],
                condition=Q(is_main=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.unit}"
