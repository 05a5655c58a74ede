"""Who may stand twice in the register: two signs, for administrators alone."""

import datetime as dt

from people.duplicates import possible_duplicates
from people.models import Person
from tests.support.cast import make_person

DAY = dt.date(2027, 3, 2)


def pairs():
    return [(pair.first.email, pair.likeness.person.email) for pair in possible_duplicates(day=DAY)]


def test_two_signs_make_a_pair_and_one_does_not(cast):
    assert pairs() == []
    namesake = make_person("Elin", "Ek", unit=cast.care)
    Person.objects.filter(pk=namesake.pk).update(email="e.karlsson@skarvik.example")
    assert pairs() == []
    twice = make_person("Elin", "Ek", unit=cast.school)
    assert pairs() == [(cast.employee.email, twice.email)]
    first, _second = make_person("Adam", "Af", unit=cast.school), make_person("Adam", "Af", unit=cast.care)
    assert [pair.likeness.has_same_unit for pair in possible_duplicates(day=DAY)] == [True, False]
    Person.objects.filter(pk__in=[first.pk, twice.pk]).update(is_active=False)
    assert pairs() == []


def test_the_list_takes_as_many_queries_with_1_as_with_20(cast, django_assert_num_queries):
    for _each in range(6):
        make_person("Elin", "Ek", unit=cast.school)
    with django_assert_num_queries(2):
        assert len(pairs()) == 21


def test_it_is_for_those_who_look_after_the_register(client, cast):
    make_person("Elin", "Ek", unit=cast.school)
    for person in (cast.outsider, cast.employee, cast.facilitator, cast.hr, cast.editor):
        client.force_login(person)
        assert client.get("/personer/dubbletter/").status_code == 404
    client.force_login(cast.administrator)
    page = client.get("/personer/dubbletter/").text
    assert "1 par har minst två tecken gemensamt." in page
    assert "samma enhet" in page
    assert client.post("/personer/dubbletter/").status_code == 405
    assert "/personer/dubbletter/" in client.get("/cms/").content.decode()
