"""The cast of the tests: one of each role in a small municipality, and an outsider who must see nothing."""

import datetime as dt
import functools
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from people.models import Employment, Person, Unit
from people.roles import ADMINISTRATOR, EDITOR, FACILITATOR, HR
from people.services.roles import give_role

PASSWORD = "ett-langt-losenord"
LONG_AGO = dt.date(2015, 1, 1)


@dataclass(frozen=True)
class Cast:
    employee: Person
    colleague: Person
    manager: Person
    facilitator: Person
    hr: Person
    editor: Person
    administrator: Person
    # Logged in and employed in another administration, with no role: must see nothing of the others'.
    outsider: Person
    school: Unit
    schools: Unit
    care: Unit


def new_person(given_name: str, family_name: str, *, number: int) -> Person:
    """Not saved yet. `number` makes the address and HR's number the person's own."""
    return Person(
        email=f"{given_name}.{family_name}{number}@skarvik.example".lower(),
        password=_hashed(PASSWORD),
        given_name=given_name,
        family_name=family_name,
        employee_id=f"T{number:05}",
    )


_hashed = functools.cache(make_password)


def make_person(given_name: str, family_name: str, *, unit: Unit | None = None, role: str | None = None) -> Person:
    person = new_person(given_name, family_name, number=Person.objects.count() + 1)
    person.save()
    if unit is not None:
        Employment.objects.create(person=person, unit=unit, starts_on=LONG_AGO)
    if role is not None:
        give_role(person, role=role)
    return person


def make_cast() -> Cast:
    schools = Unit.objects.create(code="T-BUF", name="Barn- och utbildningsförvaltningen", starts_on=LONG_AGO)
    school = Unit.objects.create(
        code="T-BUF-1", name="Åsaskolan", parent=schools, administration=schools, starts_on=LONG_AGO
    )
    care = Unit.objects.create(code="T-VOF", name="Vård- och omsorgsförvaltningen", starts_on=LONG_AGO)
    people = {
        "manager": ("Märta", "Chefsson", school, None),
        "employee": ("Elin", "Ek", school, None),
        "colleague": ("Kaj", "Kvist", school, None),
        "facilitator": ("Frida", "Fors", school, FACILITATOR),
        "hr": ("Hanna", "Ros", care, HR),
        "editor": ("Edit", "Ord", care, EDITOR),
        "administrator": ("Adam", "Min", care, ADMINISTRATOR),
        "outsider": ("Olle", "Utan", care, None),
    }
    # All at once: half of all tests begin here.
    first = Person.objects.count() + 1
    made = Person.objects.bulk_create(
        new_person(given_name, family_name, number=number)
        for number, (given_name, family_name, _unit, _role) in enumerate(people.values(), start=first)
    )
    cast = dict(zip(people, made, strict=True))
    Employment.objects.bulk_create(
        Employment(person=cast[part], unit=unit, starts_on=LONG_AGO) for part, (*_name, unit, _role) in people.items()
    )
    groups = dict(Group.objects.values_list("name", "id"))
    Person.groups.through.objects.bulk_create(
        Person.groups.through(person=cast[part], group_id=groups[role])
        for part, (*_name, _unit, role) in people.items()
        if role
    )
    school.manager = cast["manager"]
    school.save(update_fields=["manager"])
    return Cast(**cast, school=school, schools=schools, care=care)
