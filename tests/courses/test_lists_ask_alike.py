"""Lists that ask the database as often for many rows as for one. Others are counted beside what they show."""

import pytest
from django.utils import timezone

from courses.models import Course, Programme, ProgrammeItem, Task
from courses.services.agenda import note_open_point
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_races import make_people

MANY = 5


@pytest.fixture
def clashes(plan_occasion, cast, start, now):
    """What one has at the times of an occasion: of others' courses, in others' hands."""
    here = plan_occasion()

    def more(number):
        course = Course.objects.create(slug=f"kurs-{number}", title=f"Kurs {number}", hours=14, days=2)
        book_place(plan_occasion(on=course), person=cast.employee, now=now)

    return cast.employee, f"/api/v1/occasions/{here.pk}/clashes/", more, 2


@pytest.fixture
def open_points(occasion, cast, now):
    people = make_people(MANY + 1)
    day = occasion.sessions.first()

    def more(number):
        occasion.facilitators.add(people[number])
        note_open_point(day, text=f"Fråga {number}", by=people[number], now=now)

    return cast.facilitator, f"/api/v1/occasions/{occasion.pk}/sessions/{day.pk}/open-points/", more, 1


@pytest.fixture
def programme_parts(db, cast):
    made = Programme.objects.create(slug="grund", title="Grundväg")

    def more(number):
        course = Course.objects.create(slug=f"kurs-{number}", title=f"Kurs {number}", hours=2, days=1)
        Task.objects.create(course=course, title=f"Uppgift {number}", text="Gör.", made_at=timezone.now())
        own = Task.objects.create(programme=made, title=f"Egen {number}", text="Gör.", made_at=timezone.now())
        ProgrammeItem.objects.create(programme=made, position=number, kind="task", title=f"Del {number}", task=own)

    return cast.facilitator, "/api/v1/programme-parts/?programme=grund", more, 2


@pytest.fixture
def path_tasks(programme_parts):
    person, _address, more, _each = programme_parts
    return person, "/api/v1/programmes/grund/tasks/", more, 1


@pytest.fixture
def missed_days(plan_occasion, cast):
    """Each on a course of its own, with an occasion to come where it can be made up."""
    begun, to_come = timezone.now() - 20 * DAY, timezone.now() + 40 * DAY

    def more(number):
        course = Course.objects.create(slug=f"kurs-{number}", title=f"Kurs {number}", hours=14, days=2)
        been = plan_occasion(on=course, sessions=two_days(begun))
        plan_occasion(on=course, sessions=two_days(to_come + number * 3 * DAY))
        booking, _created = book_place(been, person=cast.employee, now=begun - 5 * DAY)
        first, second = been.sessions.all()
        for session, state in ((first, "present"), (second, "absent")):
            mark_attendance(booking, session, state=state, by=cast.facilitator, now=session.ends_at + HOUR)

    return cast.employee, "/api/v1/missed-days/", more, 1


@pytest.mark.parametrize("which", ["clashes", "open_points", "programme_parts", "path_tasks", "missed_days"])
def test_many_rows_take_no_more_questions_than_one(client, request, django_assert_max_num_queries, which):
    person, address, more, each = request.getfixturevalue(which)
    client.force_login(person)
    more(0)
    rows = client.get(address).json()["count"]
    assert rows >= each
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    for number in range(1, MANY + 1):
        more(number)
    with django_assert_max_num_queries(len(one)):
        assert client.get(address).json()["count"] >= rows + MANY * each
