"""People in the administration."""

import pytest
from django.contrib.auth.models import Group

from people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


def filled_in(**changes):
    return {"email": "ny@skarvik.example", "given_name": "Ny", "family_name": "Öman", "language": "sv"} | changes


def test_people_are_listed_in_swedish_order_and_found_by_name(administrator, cast):
    page = administrator.get("/cms/users/?q=Kvist").content.decode()
    assert "Kvist, Kaj" in page
    assert "Ek, Elin" not in page


def test_a_person_is_added_without_an_invented_password(administrator):
    group = Group.objects.get(name="hr")
    administrator.post("/cms/users/new/", filled_in(is_active="on", groups=[group.pk]))
    person = Person.objects.get(email="ny@skarvik.example")
    assert not person.has_usable_password()
    assert list(person.groups.all()) == [group]


def test_an_address_that_someone_has_is_refused_and_what_was_typed_is_kept(administrator, cast):
    answer = administrator.post("/cms/users/new/", filled_in(email=cast.employee.email.upper()))
    assert answer.status_code == 200
    assert "Öman" in answer.content.decode()
    assert not Person.objects.filter(given_name="Ny").exists()


def test_nobody_is_made_superuser_through_the_form(administrator, cast):
    administrator.post(f"/cms/users/edit/{cast.employee.pk}/", filled_in(is_active="on", is_superuser="on"))
    cast.employee.refresh_from_db()
    assert cast.employee.given_name == "Ny"
    assert not cast.employee.is_superuser


def test_the_own_settings_open_without_the_names_that_come_from_hr(administrator):
    page = administrator.get("/cms/account/")
    assert page.status_code == 200
    assert "first_name" not in page.content.decode()


@pytest.mark.parametrize("who", ["outsider", "editor", "hr"])
def test_others_cannot_open_people(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get("/cms/users/").status_code in {302, 403}
    client.post(f"/cms/users/edit/{cast.employee.pk}/", filled_in())
    cast.employee.refresh_from_db()
    assert cast.employee.given_name == "Elin"
