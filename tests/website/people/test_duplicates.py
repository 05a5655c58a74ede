"""Who may stand twice in the register, and who was told apart: for administrators alone."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.duplicates import possible_duplicates
from people.models import Person, ToldApart
from people.queries import who_else
from people.services.duplicates import take_back, tell_apart
from shared.rules import RuleBroken
from tests.support.cast import make_person

DAY = dt.date(2027, 3, 2)
LIST = "/personer/dubbletter/"
APART = f"{LIST}skilda/"


def pairs():
    return [(pair.first.email, pair.likeness.person.email) for pair in possible_duplicates(day=DAY)]


def change(person, **fields):
    Person.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()
    return person


@pytest.fixture
def twin(cast):
    return make_person("Elin", "Ek", unit=cast.school)


def test_a_namesake_is_another_person_unless_something_else_says_so(cast):
    namesake = make_person("Elin", "Ek", unit=cast.care)
    # The address is made from the name: it is like by itself.
    assert pairs() == []
    change(namesake, employee_id=None)
    assert pairs() == [(cast.employee.email, namesake.email)]
    change(namesake, employee_id="T1", email=cast.employee.email.replace("@", "@skola."))
    assert pairs() == [(cast.employee.email, namesake.email)]
    change(namesake, email="e.k@skarvik.example")
    assert pairs() == []


def test_the_same_name_in_the_same_unit_is_a_pair_until_one_is_out_of_use(cast, twin):
    assert pairs() == [(cast.employee.email, twin.email)]
    change(twin, given_name="ÉLIN")
    assert pairs() == [(cast.employee.email, twin.email)]
    change(twin, is_active=False)
    assert pairs() == []


def test_another_name_with_an_address_alike_is_a_pair_in_one_unit_alone(cast):
    married = change(make_person("Elin", "Lind", unit=cast.school), email="elin.ek77@skarvik.example")
    assert pairs() == [(cast.employee.email, married.email)]
    married.employments.update(unit=cast.care)
    assert pairs() == []


def test_those_of_one_unit_come_first_and_each_pair_once(cast):
    """The account sign and the name sign find the same pair."""
    first, second = make_person("Adam", "Af", unit=cast.school), make_person("Adam", "Af", unit=cast.care)
    change(second, email=first.email.replace("@", "@skola."), employee_id=None)
    make_person("Örjan", "Öst", unit=cast.care)
    last = make_person("Örjan", "Öst", unit=cast.care)
    assert [pair.likeness.has_same_unit for pair in possible_duplicates(day=DAY)] == [True, False]
    assert pairs()[0][1] == last.email


def test_the_list_takes_as_many_queries_with_1_as_with_20(cast, django_assert_num_queries):
    for _each in range(6):
        make_person("Elin", "Ek", unit=cast.school)
    with django_assert_num_queries(3):
        assert len(pairs()) == 21


def test_told_apart_is_for_good_for_that_pair_and_can_be_taken_back(cast, twin, now):
    third = make_person("Elin", "Ek", unit=cast.school)
    told, is_new = tell_apart(twin, cast.employee, by=cast.administrator, now=now)
    again, is_new_again = tell_apart(cast.employee, twin, by=cast.hr, now=now)
    assert (is_new, is_new_again, again) == (True, False, told)
    assert pairs() == [(cast.employee.email, third.email), (twin.email, third.email)]
    assert {sign.person for sign in who_else([cast.employee, twin], day=DAY)[cast.employee.pk]} == {third}
    assert take_back(told, by=cast.hr, now=now)
    assert not take_back(told, by=cast.administrator, now=now)
    assert len(pairs()) == 3
    anew, _is_new = tell_apart(twin, cast.employee, by=cast.hr, now=now)
    assert [row.pk for row in ToldApart.objects.all()] == [anew.pk, told.pk]
    told.refresh_from_db()
    assert (told.by, told.taken_back_by) == (cast.administrator, cast.hr)


def test_nobody_is_told_apart_from_oneself_and_a_pair_stands_once(cast, twin, now):
    with pytest.raises(RuleBroken) as broken:
        tell_apart(twin, twin, by=cast.administrator, now=now)
    assert broken.value.code == "same_person"
    tell_apart(twin, cast.employee, by=cast.administrator, now=now)
    for first, second in ((cast.employee, twin), (twin, cast.employee)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ToldApart.objects.create(first=first, second=second, at=now)


# --- The pages ------------------------------------------------------------------------------------
def test_a_pair_is_put_aside_and_taken_back_on_the_page(client, cast, twin):
    client.force_login(cast.administrator)
    page = client.get(LIST).text
    assert "1 par att titta på." in page
    assert "samma enhet" in page
    ask = {"first": cast.employee.pk, "second": twin.pk, "page": "1"}
    page = client.post(f"{LIST}skilj/", ask, follow=True).text
    assert "Elin Ek och Elin Ek är lagda åt sidan: två personer." in page
    assert "Ingen verkar stå två gånger" in page
    assert "1 par är lagt åt sidan" in page
    aside = client.get(APART).text
    assert f"Skilda åt av {cast.administrator}" in aside
    told = ToldApart.objects.get()
    page = client.post(f"{APART}{told.pk}/ta-tillbaka/", follow=True).text
    assert f"Tillbakataget av {cast.administrator}" in page
    assert "Ta tillbaka<" not in page
    page = client.post(f"{APART}{told.pk}/ta-tillbaka/", follow=True).text
    assert "Någon har redan tagit tillbaka det." in page
    assert "1 par att titta på." in client.get(LIST).text


def test_many_pairs_are_paged(client, cast):
    for _each in range(8):
        make_person("Elin", "Ek", unit=cast.school)
    client.force_login(cast.administrator)
    first, second = client.get(LIST).text, client.get(f"{LIST}?page=2").text
    assert ("36 par att titta på." in first, "Sida 1 av 2" in first, "Sida 2 av 2" in second) == (True,) * 3
    assert (first.count('name="first"'), second.count('name="first"')) == (25, 11)
    assert "Sida 2 av 2" in client.get(f"{LIST}?page=99").text


def test_the_pages_are_for_those_who_look_after_the_register(client, cast, twin, now):
    told, _new = tell_apart(cast.employee, twin, by=cast.administrator, now=now)
    ask = {"first": cast.employee.pk, "second": twin.pk}
    for person in (cast.outsider, cast.employee, cast.facilitator, cast.hr, cast.editor):
        client.force_login(person)
        assert [client.get(LIST).status_code, client.get(APART).status_code] == [404, 404]
        assert client.post(f"{LIST}skilj/", ask).status_code == 404
        assert client.post(f"{APART}{told.pk}/ta-tillbaka/").status_code == 404
    client.force_login(cast.administrator)
    assert client.post(LIST).status_code == client.get(f"{LIST}skilj/").status_code == 405
    assert client.get(f"{APART}{told.pk}/ta-tillbaka/").status_code == 405
    for wrong in ("", "x", "999999", "9" * 30):
        assert client.post(f"{LIST}skilj/", {"first": wrong, "second": twin.pk}).status_code == 404
    same = client.post(f"{LIST}skilj/", {"first": twin.pk, "second": twin.pk}, follow=True)
    assert "Välj två olika personer." in same.text
    assert client.post(f"{APART}999999/ta-tillbaka/").status_code == 404
    assert LIST in client.get("/cms/").content.decode()


# --- The API --------------------------------------------------------------------------------------
def test_by_api_pairs_are_listed_told_apart_and_taken_back(client, cast, twin):
    client.force_login(cast.administrator)
    (pair,) = client.get("/api/v1/duplicates/").json()["results"]
    assert (pair["first"]["id"], pair["second"]["id"]) == (cast.employee.pk, twin.pk)
    assert (pair["same_name"], pair["same_unit"], pair["known_once"]) == (True, True, False)
    ask = {"first": pair["first"]["id"], "second": pair["second"]["id"]}
    post = {"content_type": "application/json"}
    made = client.post("/api/v1/duplicates/told-apart/", ask, **post)
    assert (made.status_code, made.json()["by"]) == (201, cast.administrator.email)
    assert client.post("/api/v1/duplicates/told-apart/", ask, **post).status_code == 200
    assert client.get("/api/v1/duplicates/").json()["count"] == 0
    back = client.post(f"/api/v1/duplicates/told-apart/{made.json()['id']}/take-back/", **post)
    assert (back.status_code, back.json()["taken_back_by"]) == (200, cast.administrator.email)
    assert client.get("/api/v1/duplicates/told-apart/").json()["count"] == 1
    same = client.post("/api/v1/duplicates/told-apart/", ask | {"second": ask["first"]}, **post)
    assert (same.status_code, same.json()["code"]) == (409, "same_person")


def test_the_api_is_for_those_who_look_after_the_register(client, cast, twin, now):
    told, _new = tell_apart(cast.employee, twin, by=cast.administrator, now=timezone.now())
    ask, post = {"first": cast.employee.pk, "second": twin.pk}, {"content_type": "application/json"}
    take = f"/api/v1/duplicates/told-apart/{told.pk}/take-back/"
    assert client.get("/api/v1/duplicates/").status_code == 401
    for person in (cast.outsider, cast.employee, cast.facilitator, cast.hr):
        client.force_login(person)
        assert client.get("/api/v1/duplicates/").status_code == 403
        assert client.get("/api/v1/duplicates/told-apart/").status_code == 403
        assert client.post("/api/v1/duplicates/told-apart/", ask, **post).status_code == 403
        assert client.post(take, **post).status_code == 403
    client.force_login(cast.administrator)
    assert client.post("/api/v1/duplicates/told-apart/", ask | {"first": 999999}, **post).status_code == 404
    assert client.post("/api/v1/duplicates/told-apart/", {"first": "x"}, **post).status_code == 400
    assert client.post("/api/v1/duplicates/told-apart/999999/take-back/", **post).status_code == 404
