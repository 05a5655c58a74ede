"""The cast of the tests: one of each role in a small municipality, and an outsider who must see nothing."""

import datetime as dt
from dataclasses import dataclass

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


def make_person(given_name: str, family_name: str, *, unit: Unit | None = None, role: str | None = None) -> Person:
    number = Person.objects.count() + 1
    person = Person.objects.create_user(
        f"{given_name}.{family_name}{number}@skarvik.example".lower(),
        PASSWORD,
        given_name=given_name,
        family_name=family_name,
        employee_id=f"T{number:05}",
    )
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
    manager = make_person("Märta", "Chefsson", unit=school)
    Unit.objects.filter(pk=school.pk).update(manager=manager)
    school.refresh_from_db()
    return Cast(
        employee=make_person("Elin", "Ek", unit=school),
        colleague=make_person("Kaj", "Kvist", unit=school),
        manager=manager,
        facilitator=make_person("Frida", "Fors", unit=school, role=FACILITATOR),
        hr=make_person("Hanna", "Ros", unit=care, role=HR),
        editor=make_person("Edit", "Ord", unit=care, role=EDITOR),
        administrator=make_person("Adam", "Min", unit=care, role=ADMINISTRATOR),
        outsider=make_person("Olle", "Utan", unit=care),
        school=school,
        schools=schools,
        care=care,
    )
