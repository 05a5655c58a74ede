"""What the database itself holds about people and units."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from people.models import Employment, Person, Unit

JANUARY, JUNE, JULY = (dt.date(2026, month, 1) for month in (1, 6, 7))


@pytest.fixture
def unit(db):
    return Unit.objects.create(code="A", name="Tekniska förvaltningen", starts_on=JANUARY)


@pytest.fixture
def person(db):
    return Person.objects.create_user("elin@skarvik.example", "hemligt-nog", given_name="Elin")


def refused(act):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return str(caught.value)


def test_a_person_has_one_main_employment_at_a_time(unit, person):
    Employment.objects.create(person=person, unit=unit, starts_on=JANUARY, ends_on=JUNE)
    sentence = refused(lambda: Employment.objects.create(person=person, unit=unit, starts_on=JUNE))
    assert "employment_one_main_at_a_time" in sentence


def test_the_next_main_employment_may_start_the_day_after(unit, person):
    Employment.objects.create(person=person, unit=unit, starts_on=JANUARY, ends_on=JUNE)
    Employment.objects.create(person=person, unit=unit, starts_on=JUNE + dt.timedelta(days=1))
    assert person.employments.count() == 2


def test_a_second_employment_beside_the_main_one_is_allowed(unit, person):
    Employment.objects.create(person=person, unit=unit, starts_on=JANUARY)
    Employment.objects.create(person=person, unit=unit, starts_on=JANUARY, is_main=False)
    assert person.employments.count() == 2


def test_an_employment_cannot_end_before_it_starts(unit, person):
    sentence = refused(
        lambda: Employment.objects.create(person=person, unit=unit, starts_on=JULY, ends_on=JUNE, is_main=False)
    )
    assert "ends_after_it_starts" in sentence


@pytest.mark.parametrize(
    ("day", "holds"),
    [(dt.date(2025, 12, 31), False), (JANUARY, True), (JUNE, True), (JUNE + dt.timedelta(days=1), False)],
)
def test_the_first_and_the_last_day_count(unit, person, day, holds):
    employment = Employment.objects.create(person=person, unit=unit, starts_on=JANUARY, ends_on=JUNE)
    assert employment.holds_on(day) is holds
    assert Employment.objects.on(day).exists() is holds


def test_an_address_is_one_persons_whatever_its_case(person):
    sentence = refused(lambda: Person.objects.create(email="ELIN@skarvik.example", given_name="Annan"))
    assert "person_email_unique" in sentence


def test_a_unit_below_the_top_names_its_administration(unit):
    sentence = refused(lambda: Unit.objects.create(code="B", name="Gata", parent=unit, starts_on=JANUARY))
    assert "unit_names_its_administration" in sentence


def test_a_unit_where_someone_was_employed_cannot_be_deleted(unit, person):
    Employment.objects.create(person=person, unit=unit, starts_on=JANUARY)

    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_unit WHERE id = %s", [unit.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert "people_employment" in refused(delete)
