"""How many unique people are trained: who is counted, where, and when."""

import datetime as dt
from itertools import count

import pytest
from django.utils import timezone

from courses.models import Completion, Course
from insight.closing import closes_at, is_closed
from insight.models import ClosedFigure, Goal
from insight.people_queries import LATE, LEFT_OUT, NOT_TRAINED, TRAINED, describe, people_of
from insight.queries import headcount, units_managed_by
from insight.services.closing import close_reports
from people.models import Employment, Person, Unit

DAY = dt.date(2049, 3, 2)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
_numbers = count(1)


def a_course(slug: str = "kursen") -> Course:
    return Course.objects.create(slug=slug, title="Kursen", hours=14, days=2)


def a_person(unit: Unit | None, *, starts=dt.date(2020, 1, 1), ends=None) -> Person:
    number = next(_numbers)
    person = Person.objects.create(
        email=f"p{number}@skarvik.example", given_name="P", family_name=f"Person{number:04}", employee_id=f"P{number}"
    )
    if unit:
        Employment.objects.create(person=person, unit=unit, starts_on=starts, ends_on=ends)
    return person


def complete(person: Person, course: Course, on: dt.date = DAY, *, unit=None, withdrawn=False) -> Completion:
    now = timezone.now()
    return Completion.objects.create(
        person=person,
        course=course,
        completed_on=on,
        unit=unit,
        recorded_at=now,
        withdrawn_at=now if withdrawn else None,
    )


@pytest.fixture
def course(db):
    return a_course()


def figures(course, on=DAY, **more):
    return {row.name: (row.employees, row.trained) for row in headcount(course, on, **more).rows}


def test_people_are_counted_in_the_administration_of_their_unit(cast, course):
    complete(cast.employee, course)
    assert figures(course) == {"Barn- och utbildningsförvaltningen": (4, 1), "Vård- och omsorgsförvaltningen": (4, 0)}
    whole = headcount(course, DAY).whole
    assert (whole.employees, whole.trained, whole.share) == (8, 1, 0.125)


def test_administrations_stand_in_swedish_order(cast, course):
    for name in ("Ögonkliniken", "Ålfisket", "Zoologen", "Äldreomsorgen"):
        a_person(Unit.objects.create(code=name, name=name, starts_on=dt.date(2020, 1, 1)))
    names = [row.name for row in headcount(course, DAY).rows]
    assert names[-4:] == ["Zoologen", "Ålfisket", "Äldreomsorgen", "Ögonkliniken"]


def test_who_completes_twice_is_counted_once(cast, course):
    complete(cast.employee, course, BEFORE)
    complete(cast.employee, course, DAY)
    assert headcount(course, DAY).whole.trained == 1
    assert headcount(course, DAY).grows == [(BEFORE, 1)]


@pytest.mark.parametrize(("completed", "trained"), [(BEFORE, 1), (DAY, 1), (AFTER, 0)])
def test_a_completion_counts_from_its_day(cast, course, completed, trained):
    complete(cast.employee, course, completed)
    assert headcount(course, DAY).whole.trained == trained


@pytest.mark.parametrize(("ends", "counted"), [(BEFORE, 0), (DAY, 1), (AFTER, 1), (None, 1)])
def test_an_employment_counts_to_and_including_its_last_day(cast, course, ends, counted):
    unit = Unit.objects.create(code="X", name="X", starts_on=dt.date(2020, 1, 1))
    complete(a_person(unit, ends=ends), course, BEFORE)
    assert figures(course).get("X", (0, 0)) == (counted, counted)


@pytest.mark.parametrize(("starts", "counted"), [(BEFORE, 1), (DAY, 1), (AFTER, 0)])
def test_an_employment_counts_from_its_first_day(cast, course, starts, counted):
    unit = Unit.objects.create(code="X", name="X", starts_on=dt.date(2020, 1, 1))
    a_person(unit, starts=starts)
    assert figures(course).get("X", (0, 0)) == (counted, 0)


def test_only_the_main_employment_counts(cast, course):
    Employment.objects.create(person=cast.employee, unit=cast.care, starts_on=BEFORE, is_main=False)
    assert headcount(course, DAY).whole.employees == 8
    assert figures(course)["Vård- och omsorgsförvaltningen"] == (4, 0)


def test_a_withdrawn_completion_does_not_count(cast, course):
    complete(cast.employee, course, withdrawn=True)
    assert headcount(course, DAY).whole.trained == 0


def test_another_course_does_not_count(cast, course):
    complete(cast.employee, a_course("en-annan"))
    assert headcount(course, DAY).whole.trained == 0


def test_who_moves_is_counted_where_they_were_that_day(cast, course):
    Employment.objects.filter(person=cast.employee).update(ends_on=DAY)
    Employment.objects.create(person=cast.employee, unit=cast.care, starts_on=AFTER)
    complete(cast.employee, course, BEFORE, unit=cast.school)
    assert figures(course, DAY)["Barn- och utbildningsförvaltningen"] == (4, 1)
    assert figures(course, AFTER)["Vård- och omsorgsförvaltningen"] == (5, 1)
    row = describe([cast.employee], group=TRAINED, course=course, on=DAY, today=AFTER)[0]
    assert (row.then, row.that_day, row.today) == (cast.school, cast.school, cast.care)


@pytest.mark.parametrize("people", [1, 30])
def test_the_figures_take_one_query_whatever_the_size(cast, course, people, django_assert_num_queries):
    for _one in range(people):
        complete(a_person(cast.care), course)
    with django_assert_num_queries(1):
        headcount(course, DAY)


def test_the_day_the_goal_was_passed_is_the_day_it_was_reached(cast, course):
    from dataclasses import replace

    goal = Goal.objects.create(course=course, people=2, reach_by=AFTER)
    complete(cast.employee, course, BEFORE)
    assert replace(headcount(course, DAY), goal=goal).passed_on is None
    complete(cast.colleague, course, DAY)
    complete(cast.manager, course, DAY)
    assert replace(headcount(course, AFTER), goal=goal).passed_on == DAY


def test_a_manager_has_the_units_below_too(cast):
    below = Unit.objects.create(
        code="T-BUF-11", name="Klass ett", parent=cast.school, administration=cast.schools, starts_on=BEFORE
    )
    assert units_managed_by(cast.manager) == sorted([cast.school.pk, below.pk])
    assert units_managed_by(cast.outsider) == []


def group(name, course, on=DAY, **more):
    people = people_of(name, course=course, on=on, **more)
    return describe(people, group=name, course=course, on=on, today=on)


def test_every_figure_can_be_opened_into_its_rows(cast, course):
    complete(cast.employee, course)
    complete(cast.hr, course)
    report = headcount(course, DAY)
    for row in report.rows:
        unit = Unit.objects.get(pk=row.unit)
        assert len(group(TRAINED, course, administration=unit)) == row.trained
        assert len(group(NOT_TRAINED, course, administration=unit)) == row.employees - row.trained
    assert len(group(TRAINED, course)) == report.whole.trained


def test_who_is_left_out_stands_there_with_the_reason(cast, course):
    gone = a_person(cast.school, ends=BEFORE)
    complete(gone, course, BEFORE, unit=cast.school)
    complete(cast.employee, course, withdrawn=True)
    complete(a_person(None), course)
    reasons = {row.person: str(row.why) for row in group(LEFT_OUT, course)}
    assert len(reasons) == 3
    assert len(set(reasons.values())) == 3


def test_who_has_one_that_stands_beside_a_withdrawn_one_is_counted(cast, course):
    complete(cast.employee, course, BEFORE, withdrawn=True)
    complete(cast.employee, course, DAY)
    assert [row.completed_on for row in group(TRAINED, course)] == [DAY]
    assert group(LEFT_OUT, course) == []


@pytest.mark.parametrize("people", [1, 20])
def test_rows_take_three_queries_whatever_their_number(cast, course, people, django_assert_num_queries):
    some = [a_person(cast.school) for _one in range(people)]
    for person in some:
        complete(person, course, unit=cast.school)
    with django_assert_num_queries(3):
        describe(some, group=TRAINED, course=course, on=DAY, today=DAY)


def test_a_closed_report_says_the_same_whatever_is_recorded_or_withdrawn_later(cast, course):
    closes = closes_at(DAY)
    on_time = complete(cast.employee, course)
    Completion.objects.update(recorded_at=closes - dt.timedelta(days=20))
    next_year = closes + dt.timedelta(days=365)
    assert headcount(course, DAY, now=next_year).whole.trained == 1

    Completion.objects.filter(pk=on_time.pk).update(withdrawn_at=closes)
    late = complete(cast.hr, course)
    Completion.objects.filter(pk=late.pk).update(recorded_at=closes)
    assert headcount(course, DAY, now=next_year).whole.trained == 1
    left_out = people_of(LEFT_OUT, course=course, on=DAY, now=next_year)
    rows = describe(left_out, group=LEFT_OUT, course=course, on=DAY, today=DAY, now=next_year)
    assert [(row.person, str(row.why)) for row in rows] == [(cast.hr, str(LATE))]
    assert [*people_of(TRAINED, course=course, on=DAY, now=next_year)] == [cast.employee]


def test_an_open_report_follows_corrections(cast, course):
    completion = complete(cast.employee, course)
    a_week_later = closes_at(DAY) - dt.timedelta(days=24)
    assert headcount(course, DAY, now=a_week_later).whole.trained == 1
    Completion.objects.filter(pk=completion.pk).update(withdrawn_at=a_week_later)
    assert headcount(course, DAY, now=a_week_later).whole.trained == 0
    before, at = closes_at(DAY) - dt.timedelta(microseconds=1), closes_at(DAY)
    assert (is_closed(DAY, now=before), is_closed(DAY, now=at)) == (False, True)


def test_a_closed_report_says_the_same_when_an_employment_of_the_past_is_corrected(cast, course):
    complete(cast.employee, course)
    Completion.objects.update(recorded_at=closes_at(DAY) - dt.timedelta(days=20))
    next_year = closes_at(DAY) + dt.timedelta(days=365)
    assert close_reports(now=closes_at(DAY)) == 7
    before = figures(course, now=next_year)
    assert before == {"Barn- och utbildningsförvaltningen": (4, 1), "Vård- och omsorgsförvaltningen": (4, 0)}

    Employment.objects.filter(person=cast.employee).update(unit=cast.care)
    Employment.objects.filter(person=cast.colleague).update(starts_on=AFTER)
    assert figures(course, now=next_year) == before
    report = headcount(course, DAY, now=next_year)
    assert (report.whole.employees, report.whole.trained, report.frozen_at) == (8, 1, closes_at(DAY))
    # An open day follows the correction.
    assert figures(course, AFTER, now=closes_at(DAY))["Vård- och omsorgsförvaltningen"] == (5, 1)


def test_closing_again_writes_nothing_and_a_day_later_one_day_more(cast, course):
    assert close_reports(now=closes_at(DAY)) == 7
    rows = [*ClosedFigure.objects.values()]
    Employment.objects.filter(person=cast.employee).update(unit=cast.care)
    assert close_reports(now=closes_at(DAY) + dt.timedelta(hours=5)) == 0
    assert [*ClosedFigure.objects.values()] == rows
    assert close_reports(now=closes_at(AFTER) - dt.timedelta(seconds=1)) == 0
    assert close_reports(now=closes_at(AFTER)) == 1
    assert set(ClosedFigure.objects.filter(on=AFTER).values_list("on", flat=True)) == {AFTER}


def test_the_people_behind_a_closed_figure_say_where_they_differ(cast, course, client):
    day = timezone.localdate() - dt.timedelta(days=40)
    complete(cast.employee, course, day)
    Completion.objects.update(recorded_at=closes_at(day) - dt.timedelta(days=20))
    close_reports(now=closes_at(day))
    client.force_login(cast.hr)
    asked = {"course": course.slug, "on": day.isoformat(), "group": "trained"}
    assert "stängd och säger" not in client.get("/uppfoljning/personer/", asked).text
    Employment.objects.filter(person=cast.employee).update(starts_on=timezone.localdate())
    page = client.get("/uppfoljning/personer/", asked).text
    assert "Rapporten för den här dagen är stängd och säger 1." in page
    assert "stängd och säger" not in client.get("/uppfoljning/personer/", {**asked, "group": "left_out"}).text
