"""The contract of the API: what one's own lists can be asked, and that many rows ask no more than one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Course, OpenPoint, Programme, ProgrammeItem, Task
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.making_up import make_up_day
from courses.services.reservations import reserve_places
from people.models import Unit
from tests.courses import test_api
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_programmes import hand_in

call, start = test_api.call, test_api.start


@pytest.fixture
def found(call):
    """The ids, or another field, of a list's rows, and how many queries it took."""

    def ask(path, person, field="id"):
        with CaptureQueriesContext(connection) as asked:
            rows = call("get", path, person).json()["results"]
        return [row[field] for row in rows], len(asked)

    return ask


@pytest.fixture
def courses(db):
    return [Course.objects.create(slug=f"kurs-{n}", title=f"Kurs {n}", hours=1) for n in range(3)]


def test_tasks(found, plan_occasion, courses, cast, start):
    tasks = []

    def give(number):
        made = plan_occasion(on=courses[number], sessions=two_days(start + number * 9 * DAY))
        book_place(made, person=cast.employee, now=timezone.now())
        about = {"title": f"Uppgift {9 - number}", "text": "Gör.", "made_at": timezone.now() - DAY}
        tasks.append(Task.objects.create(course=courses[number], **about).pk)

    give(0)
    found("tasks/", cast.employee)
    one = found("tasks/", cast.employee)[1]
    give(1), give(2)
    assert found("tasks/", cast.employee) == (tasks, one)
    assert found("tasks/?order=-due", cast.employee)[0] == tasks[::-1]
    assert found("tasks/?order=title", cast.employee)[0] == tasks[::-1]
    assert found("tasks/?course=kurs-1", cast.employee)[0] == [tasks[1]]
    hand_in(cast.employee, Task.objects.get(pk=tasks[0]), timezone.now())
    assert found("tasks/?state=handed_in", cast.employee)[0] == [tasks[0]]
    assert found("tasks/?state=to_do&order=-due", cast.employee)[0] == [tasks[2], tasks[1]]
    assert found("tasks/?state=read", cast.employee)[0] == []


def test_programmes(found, courses, cast):
    def make(number):
        made = Programme.objects.create(slug=f"vag-{number}", title=f"Väg {number}")
        ProgrammeItem.objects.create(programme=made, position=1, kind="attend", title="Gå", course=courses[number])

    make(0)
    found("programmes/", cast.employee, "slug")
    one = found("programmes/", cast.employee, "slug")[1]
    make(1), make(2)
    assert found("programmes/", cast.employee, "slug") == (["vag-0", "vag-1", "vag-2"], one)
    assert found("programmes/?order=-title", cast.employee, "slug")[0] == ["vag-2", "vag-1", "vag-0"]
    assert found("programmes/?course=kurs-1", cast.employee, "slug")[0] == ["vag-1"]
    assert found("programmes/", cast.employee, "whole")[0] == [1, 1, 1]


def test_missed_days(found, plan_occasion, courses, cast):
    bookings, chances = [], []

    def miss(number):
        first = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        past = plan_occasion(on=courses[number], sessions=two_days(first - (20 - 5 * number) * DAY))
        booking = book_place(past, person=cast.employee, now=past.starts_at - 5 * DAY)[0]
        for session, state in zip(past.sessions.all(), ("present", "absent"), strict=True):
            mark_attendance(booking, session, state=state, by=cast.facilitator, now=session.ends_at + HOUR)
        bookings.append(booking)
        chances.append(plan_occasion(on=courses[number], sessions=two_days(first + (30 + 5 * number) * DAY)))

    miss(0)
    found("missed-days/", cast.employee, "booking")
    one = found("missed-days/", cast.employee, "booking")[1]
    miss(1), miss(2)
    pks = [booking.pk for booking in bookings]
    assert found("missed-days/", cast.employee, "booking") == (pks, one)
    shown = found("missed-days/", cast.employee, "chances")[0]
    assert [[chance["occasion"] for chance in each] for each in shown] == [[each.pk] for each in chances]
    assert found("missed-days/?order=-start", cast.employee, "booking")[0] == pks[::-1]
    assert found("missed-days/?course=kurs-1", cast.employee, "booking")[0] == [pks[1]]
    day = bookings[0].occasion.sessions.last()
    make_up_day(bookings[0], day, on=chances[0], by=cast.employee, now=timezone.now())
    assert found("missed-days/?made_up=true", cast.employee, "chances")[0] == [[]]
    assert found("missed-days/?made_up=false", cast.employee, "booking")[0] == pks[1:]


def test_reservations_to_name(found, plan_occasion, cast, start):
    below = Unit.objects.create(
        code="T-KLASS", name="Klass", parent=cast.school, administration=cast.schools, starts_on=cast.school.starts_on
    )
    first, second = plan_occasion(places=9), plan_occasion(places=9, sessions=two_days(start + 9 * DAY))

    def keep(occasion, unit, days):
        until = occasion.offers_until - days * DAY
        return reserve_places(occasion, unit=unit, places=1, until=until, now=timezone.now()).pk

    kept = [keep(first, cast.school, 3)]
    found("reservations/", cast.manager)
    one = found("reservations/", cast.manager)[1]
    kept += [keep(first, below, 2), keep(second, below, 1)]
    assert found("reservations/", cast.manager) == (kept, one)
    assert found("reservations/?order=-until", cast.manager)[0] == kept[::-1]
    assert found("reservations/?unit=T-KLASS", cast.manager)[0] == kept[1:]
    assert found(f"reservations/?unit=T-KLASS&occasion={second.pk}", cast.manager)[0] == kept[2:]
    assert found("reservations/?unit=FINNS-INTE", cast.manager)[0] == []


def test_open_points(found, occasion, cast):
    day = occasion.sessions.first()
    about = {"occasion": occasion, "session": day, "noted_by": cast.facilitator}
    points = [
        OpenPoint.objects.create(text=f"Punkt {n}", noted_at=timezone.now() - n * HOUR, **about) for n in range(3)
    ]
    OpenPoint.objects.filter(pk=points[1].pk).update(closed_at=timezone.now(), closed_by=cast.facilitator)
    there = f"occasions/{occasion.pk}/sessions/{day.pk}/open-points/"
    pks = [point.pk for point in points]
    assert found(there, cast.facilitator)[0] == [pks[0], pks[2], pks[1]]
    assert found(f"{there}?order=noted", cast.facilitator)[0] == pks[::-1]
    assert found(f"{there}?order=-noted&is_open=true", cast.facilitator)[0] == [pks[0], pks[2]]
    assert found(f"{there}?is_open=false", cast.facilitator)[0] == [pks[1]]
