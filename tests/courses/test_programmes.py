"""Programmes: what is done is read off the records, kind by kind; and who makes them."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from courses.models import Completion, HandIn, Programme, ProgrammeItem, Task
from courses.progress import progress_of, progress_on
from courses.services.programmes import end_task, save_task
from journeys.models import Journey, Operation
from tests.courses.conftest import DAY, HOUR

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def task(course, now):
    return Task.objects.create(course=course, title="Tre intervjuer", text="Prata.", made_at=now - DAY)


@pytest.fixture
def programme(course, task):
    made = Programme.objects.create(slug="grund", title="Grundväg", is_for_everyone=True)
    kinds = ({"kind": "attend", "course": course}, {"kind": "task", "task": task}, {"kind": "contribute"})
    for position, more in enumerate(kinds, start=1):
        ProgrammeItem.objects.create(programme=made, position=position, title=f"Del {position}", **more)
    return made


def complete(person, course, now):
    return Completion.objects.create(person=person, course=course, completed_on=now.date(), recorded_at=now)


def hand_in(person, task, now):
    return HandIn.objects.create(person=person, task=task, handed_in_at=now, changed_at=now)


def contribute(person, now, kind="add_note"):
    journey = Journey.objects.create(title="Elevens resa", created_at=now, changed_at=now)
    Operation.objects.create(journey=journey, id=uuid.uuid4(), number=1, type=kind, based_on=0, by=person, at=now)


def done_of(person):
    [path] = progress_of(person)
    return [one.step.done_on for one in path.items]


def test_what_is_done_is_read_off_the_records(programme, course, task, cast, now):
    person, day = cast.employee, now.date()
    assert done_of(person) == [None, None, None]
    contribute(person, now)
    assert done_of(person) == [None, None, day]
    completion = complete(person, course, now + DAY)
    hand_in(person, task, now)
    assert done_of(person) == [day + DAY, day, day]
    assert progress_on(programme, person=person).is_whole
    Completion.objects.filter(pk=completion.pk).update(withdrawn_at=now)
    assert done_of(person) == [None, day, day]
    assert done_of(cast.colleague) == [None, None, None]


def test_looking_at_a_journey_or_a_draft_is_not_doing(programme, task, cast, now):
    contribute(cast.employee, now, kind="change_journey")
    HandIn.objects.create(person=cast.employee, task=task, changed_at=now)
    assert done_of(cast.employee) == [None, None, None]


def test_all_kinds_together_are_one_question(programme, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        progress_of(cast.employee)


def test_fifty_programmes_ask_as_much_as_one(client, programme, course, task, cast, django_assert_max_num_queries):
    """By API and on Min sida, with parts of every kind: a page of the guide and a journey of its own among them."""
    journey = Journey.objects.create(title="Elevens resa", visibility="everyone", created_at=NOON, changed_at=NOON)
    client.force_login(cast.employee)
    addresses = ("/api/v1/programmes/?page_size=100", reverse("my_page"), reverse("programmes"))
    with_all_kinds(programme, journey)
    asked = {}
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(60) as one:
            client.get(address)
        asked[address] = len(one)
    for number in range(49):
        more = Programme.objects.create(slug=f"v{number}", title=f"Väg {number}", is_for_everyone=True)
        ProgrammeItem.objects.create(programme=more, position=1, kind="attend", title="Gå", course=course)
        ProgrammeItem.objects.create(programme=more, position=2, kind="task", title="Gör", task=task)
        with_all_kinds(more, journey)
    for address in addresses:
        with django_assert_max_num_queries(asked[address]):
            shown = client.get(address)
        assert "Väg 48" in shown.content.decode()


def with_all_kinds(programme, journey):
    kinds = ({"kind": "contribute", "key": str(journey.pk)}, {"kind": "read", "key": str(uuid.uuid4())})
    for position, more in enumerate(kinds, start=8):
        ProgrammeItem.objects.create(programme=programme, position=position, title="Del", **more)


def test_the_page_says_what_is_done_when_and_what_is_next(client, programme, course, cast, now):
    complete(cast.employee, course, now)
    client.force_login(cast.employee)
    page = client.get(reverse("programme", args=["grund"])).text
    assert "2 mars 2027" in page
    assert "1 av 3 klara" in page
    assert "Gör uppgiften" in page
    assert client.get(reverse("task", args=[programme.items.get(kind="task").task_id])).status_code == 200
    assert "/larvagar/grund/" in client.get(reverse("my_page")).text


def test_a_programme_that_is_not_open_is_nowhere(client, programme, cast):
    Programme.objects.update(is_open=False)
    for person, status in ((cast.employee, 404), (cast.outsider, 404), (cast.facilitator, 200)):
        client.force_login(person)
        assert client.get(reverse("programme", args=["grund"])).status_code == status
    assert progress_of(cast.employee) == []


def parts_as_posted(*codes):
    rows = {f"part-{n}-part": code for n, code in enumerate(codes)} | {
        f"part-{n}-position": str(10 - n) for n in range(len(codes))
    }
    return rows | {"part-TOTAL_FORMS": str(len(codes)), "part-INITIAL_FORMS": "0"}


def test_making_and_changing_a_programme(client, course, task, cast):
    client.force_login(cast.editor)
    address = reverse("make_programme")
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"title": "Åka långt", "is_open": "on"} | parts_as_posted("", ""))
    assert wrong.status_code == 422
    assert "Åka långt" in wrong.text
    posted = parts_as_posted(f"attend:{course.pk}", f"task:{task.pk}", "contribute:")
    client.post(address, {"title": "Åka långt", "is_open": "on"} | posted)
    made = Programme.objects.get(slug="aka-langt")
    # By the numbers that were written, not by where they stood.
    assert [item.kind for item in made.items.all()] == ["contribute", "task", "attend"]
    again = parts_as_posted(f"attend:{course.pk}", f"attend:{course.pk}")
    change = reverse("change_programme", args=[made.slug])
    assert client.post(change, {"title": "Åka kort"} | again).status_code == 422
    client.post(change, {"title": "Åka kort"} | parts_as_posted(f"attend:{course.pk}"))
    made.refresh_from_db()
    assert (made.title, made.slug, made.is_open, made.items.count()) == ("Åka kort", "aka-langt", False, 1)


def test_making_changing_and_ending_a_task(client, course, cast):
    client.force_login(cast.facilitator)
    made = {"title": "Dagbok", "text": "Skriv varje dag.", "due_day": "2", "pieces": "0", "takes": "text"}
    address = reverse("make_task", args=[course.slug])
    assert client.post(address, made).status_code == 422
    client.post(address, made | {"pieces": "3", "is_required": "on"})
    task = Task.objects.get()
    assert task.required_since is not None
    change = reverse("change_task", args=[course.slug, task.pk])
    client.post(change, made | {"pieces": "2"})
    task.refresh_from_db()
    assert (task.pieces, task.required_since) == (2, None)
    client.post(change, {"end": "1"})
    task.refresh_from_db()
    assert task.ended_at is not None
    assert "Dagbok" in client.get(reverse("course_tasks", args=[course.slug])).text


def test_a_task_that_a_programme_asks_for_is_not_ended(client, programme, task, course, cast):
    client.force_login(cast.facilitator)
    client.post(reverse("change_task", args=[course.slug, task.pk]), {"end": "1"})
    assert Task.objects.get().ended_at is None


def test_who_saves_a_task_that_was_open_meanwhile_takes_back_no_decision(programme, task, cast, now):
    programme.items.filter(task=task).delete()
    Task.objects.update(required_since=now - DAY)
    opened = Task.objects.get()
    end_task(task, by=cast.facilitator, now=now)
    Task.objects.update(required_since=now - HOUR)
    opened.title = "Dagbok igen"
    save_task(opened, is_required=True, by=cast.facilitator, now=now + HOUR)
    stands = Task.objects.get()
    assert (stands.title, stands.ended_at, stands.required_since) == ("Dagbok igen", now, now - HOUR)


def test_those_without_the_right_make_nothing(client, programme, course, task, cast):
    addresses = [
        reverse("make_programme"),
        reverse("change_programme", args=["grund"]),
        reverse("course_tasks", args=[course.slug]),
        reverse("make_task", args=[course.slug]),
        reverse("change_task", args=[course.slug, task.pk]),
    ]
    for person in (cast.employee, cast.manager, cast.hr, cast.outsider):
        client.force_login(person)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert {client.post(address).status_code for address in addresses if "uppgifter/ny" in address} == {404}
