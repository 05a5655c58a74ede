"""The page, its rights, its bad input, its files and its API."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from insight.models import Goal
from people.models import Person
from tests.website.insight.test_headcount import a_course, a_person, complete

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)
PAGES = ["/uppfoljning/", "/uppfoljning/personer/", "/api/v1/headcount/"]


@pytest.fixture
def course(cast):
    course = a_course()
    Goal.objects.create(course=course, people=1, share=15, reach_by=dt.date(2030, 12, 31))
    complete(cast.employee, course, YESTERDAY, unit=cast.school)
    return course


@pytest.fixture
def hr(client, cast, course):
    client.force_login(cast.hr)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["outsider", "employee", "facilitator", "editor", "administrator"])
def test_who_may_not_see_figures_gets_404(client, cast, course, page, who):
    client.force_login(getattr(cast, who))
    assert client.get(page).status_code == 404


def test_who_is_not_logged_in_gets_404_and_the_api_asks_for_a_key(client, course):
    assert [client.get(page).status_code for page in PAGES] == [404, 404, 401]


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_method_gets_405(hr, page):
    assert hr.post(page).status_code == 405


def test_hr_sees_the_headline_the_goal_and_each_administration(hr):
    page = text_of(hr.get("/uppfoljning/"))
    assert "1 person har gått Kursen" in page
    assert "Målet är 1. Det nåddes den" in page
    assert "1 av 4" in page
    assert "25,0 %" in page


def test_hr_sees_it_on_another_day(hr):
    day = YESTERDAY - dt.timedelta(days=1)
    assert "0 personer har gått Kursen" in text_of(hr.get(f"/uppfoljning/?on={day}"))


def test_the_page_needs_few_queries(hr, cast, course, django_assert_max_num_queries):
    for _one in range(20):
        complete(a_person(cast.care), course, YESTERDAY)
    with django_assert_max_num_queries(10):
        hr.get("/uppfoljning/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2099-01-01", "Den dagen har inte kommit än"),
        ("2026-02-31", "Den dagen finns inte"),
        ("i går", "Den dagen finns inte"),
        ("0000-00-00", "Den dagen finns inte"),
        ("\x00", "Den dagen finns inte"),
        ("9" * 5000, "Den dagen finns inte"),
    ],
)
def test_an_impossible_day_gets_a_sentence_and_stays_in_the_field(hr, typed, sentence):
    for page in PAGES[:2]:
        response = hr.get(page, {"on": typed})
        assert response.status_code == 200
        assert sentence in text_of(response)
        assert f'value="{typed}"' in response.content.decode()


def test_unknown_choices_get_a_sentence(hr):
    assert "Kursen finns inte." in text_of(hr.get("/uppfoljning/?course=ingen"))
    page = text_of(hr.get("/uppfoljning/personer/?administration=99999999999999999999&group=x"))
    assert "Förvaltningen finns inte." in page
    assert "Välj en grupp i listan." in page


def test_a_manager_sees_the_own_units_without_small_groups(client, cast, course):
    client.force_login(cast.manager)
    page = text_of(client.get("/uppfoljning/"))
    assert "Kursen: gruppen är för liten för att visas" in page
    for _one in range(8):
        complete(a_person(cast.school), course, YESTERDAY)
    page = text_of(client.get("/uppfoljning/"))
    assert "gruppen är för liten" in page  # three of twelve are not trained
    for _one in range(4):
        a_person(cast.school)
    page = text_of(client.get("/uppfoljning/"))
    assert "9 av 16 i dina enheter har gått Kursen" in page
    assert "Vård- och omsorgsförvaltningen" not in page
    assert client.get("/uppfoljning/personer/").status_code == 404


def test_who_sees_figures_but_not_people_gets_no_small_groups_and_no_rows(client, cast, course):
    from django.contrib.auth.models import Permission

    cast.outsider.user_permissions.add(Permission.objects.get(codename="view_headcount"))
    client.force_login(Person.objects.get(pk=cast.outsider.pk))
    page = text_of(client.get("/uppfoljning/"))
    assert "visas inte" in page
    assert "1 av 4" not in page
    assert "/uppfoljning/personer/" not in page
    assert client.get("/uppfoljning/personer/").status_code == 404
    body = client.get("/api/v1/headcount/").json()
    assert {row["trained"] for row in body["administrations"]} == {None}


def test_a_figure_opens_into_its_rows(hr, cast):
    page = text_of(hr.get("/uppfoljning/personer/", {"administration": cast.schools.pk}))
    assert "Utbildade: 1 person" in page
    assert "Ek, Elin" in page
    assert "Kvist, Kaj" not in page
    page = text_of(hr.get("/uppfoljning/personer/?group=not_trained"))
    assert "Inte utbildade: 7 personer" in page


def test_rows_are_paged(hr, cast, course):
    for _one in range(60):
        complete(a_person(cast.care), course, YESTERDAY)
    page = text_of(hr.get("/uppfoljning/personer/?page=2"))
    assert "Sida 2 av 2" in page
    assert "Sida 2 av 2" in text_of(hr.get("/uppfoljning/personer/?page=999999999"))


def test_a_file_holds_text_and_never_formulas(hr, cast, course):
    Person.objects.filter(pk=cast.employee.pk).update(family_name="=1+1", given_name="@SUM(A1)")
    response = hr.get("/uppfoljning/personer/?format=xlsx")
    assert "attachment" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]][1:3] == ["=1+1", "@SUM(A1)"]
    assert {cell.data_type for cell in sheet[2][1:3]} == {"s"}
    response = hr.get("/uppfoljning/personer/?format=csv")
    assert response.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Anställnings-id"
    assert rows[1][1:3] == ["'=1+1", "'@SUM(A1)"]


def test_the_api_answers_per_administration_and_the_whole(hr, cast, course):
    body = hr.get(f"/api/v1/headcount/?course={course.slug}&on={timezone.localdate()}").json()
    assert body["whole"] == {"employees": 8, "trained": 1, "share": 0.125}
    assert body["administrations"] == [
        {"id": cast.schools.pk, "name": cast.schools.name, "employees": 4, "trained": 1, "share": 0.25},
        {"id": cast.care.pk, "name": cast.care.name, "employees": 4, "trained": 0, "share": 0.0},
    ]
    assert body["goal"]["passed_on"] == YESTERDAY.isoformat()


@pytest.mark.parametrize("asked", ["on=2099-01-01", "on=2026-02-31", "course=ingen", "on=%00"])
def test_the_api_says_what_is_wrong_as_a_problem(hr, asked):
    response = hr.get(f"/api/v1/headcount/?{asked}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert list(response.json()["errors"]) == [asked.partition("=")[0]]


def test_a_refusal_of_the_api_is_a_problem_too(client, cast, course):
    client.force_login(cast.outsider)
    response = client.get("/api/v1/headcount/")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"
