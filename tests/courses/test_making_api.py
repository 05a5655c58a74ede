"""The contract of the API: tasks and learning paths are made by those who may, as on the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Programme, Task
from tests.courses import test_api
from tests.courses.test_bookings_api import assert_refused

call = test_api.call

TASK = {"title": "Intervjuer", "text": "Prata med tre.", "pieces": 3, "piece_name": "Intervju", "takes": "text"}
PATH = {"title": "Grundväg på åsen", "text": "Du kan börja."}


@pytest.fixture
def tasks(course):
    return f"courses/{course.slug}/tasks/"


def test_a_course_s_task_is_made_changed_and_ended(call, tasks, course, cast):
    made = call("post", tasks, cast.facilitator, TASK | {"is_required": True})
    assert made.status_code == 201
    task = Task.objects.get()
    assert (made.json()["id"], made.json()["due_day"], made.json()["is_required"]) == (task.pk, 2, True)
    assert (task.course, task.pieces, task.required_since is not None) == (course, 3, True)
    one = f"{tasks}{task.pk}/"
    changed = call("put", one, cast.facilitator, TASK | {"title": "Samtal", "due_day": 1})
    assert (changed.status_code, changed.json()["title"], changed.json()["is_required"]) == (200, "Samtal", False)
    assert call("get", one, cast.facilitator).json() == changed.json()
    for wrong in ({"title": ""}, {"text": ""}, {"pieces": 11}, {"due_day": 0}, {"takes": "film"}):
        assert_refused(call("put", one, cast.facilitator, TASK | wrong), "invalid", 400)
    assert [call("delete", one, cast.facilitator).status_code for _twice in range(2)] == [204, 204]
    task.refresh_from_db()
    assert (task.title, task.ended_at is not None) == ("Samtal", True)


def test_the_tasks_of_a_course_are_listed_filtered_and_ordered(call, tasks, cast):
    def found(query=""):
        with CaptureQueriesContext(connection) as asked:
            rows = call("get", f"{tasks}{query}", cast.facilitator).json()["results"]
        return [row["title"] for row in rows], len(asked)

    call("post", tasks, cast.facilitator, TASK)
    found()
    one = found()[1]
    for number in (3, 1):
        call("post", tasks, cast.facilitator, TASK | {"title": f"Dag {number}", "due_day": number})
    assert found() == (["Dag 1", "Intervjuer", "Dag 3"], one)
    call("delete", f"{tasks}{Task.objects.get(title='Dag 3').pk}/", cast.facilitator)
    assert found("?ended=true")[0] == ["Dag 3"]
    assert found("?ended=false&order=newest")[0] == ["Dag 1", "Intervjuer"]
    assert_refused(call("get", f"{tasks}?slut=ja", cast.facilitator), "invalid", 400)


def test_a_learning_path_is_made_of_what_is_offered_and_changed_as_a_whole(call, tasks, course, cast):
    task = call("post", tasks, cast.facilitator, TASK).json()["id"]
    offered = call("get", "programme-parts/?page_size=500", cast.editor).json()["results"]
    codes = [part["code"] for part in offered]
    assert {f"attend:{course.pk}", f"task:{task}"} <= set(codes)
    kinds = call("get", "programme-parts/?kind=attend&order=title", cast.editor).json()["results"]
    assert {part["kind"] for part in kinds} == {"attend"}
    plan = PATH | {"parts": [f"task:{task}", f"attend:{course.pk}"], "is_open": False}
    made = call("post", "programmes/", cast.editor, plan)
    assert (made.status_code, made.json()["slug"], made.json()["parts"]) == (201, "grundvag-pa-asen", plan["parts"])
    there = "programmes/grundvag-pa-asen/plan/"
    assert call("get", there, cast.facilitator).json() == made.json()
    assert call("get", "programmes/", cast.editor).json()["count"] == 0
    plan = made.json() | {"parts": plan["parts"][::-1], "is_open": True, "readers": [cast.facilitator.email.upper()]}
    changed = call("put", there, cast.editor, plan)
    assert changed.json() == plan | {"readers": [cast.facilitator.email]}
    assert [part["kind"] for part in call("get", "programmes/grundvag-pa-asen/", cast.employee).json()["parts"]] == [
        "attend", "task",
    ]  # fmt: skip
    assert_refused(call("put", there, cast.editor, plan | {"parts": plan["parts"] * 2}), "part_twice")
    for wrong in (
        {"parts": []}, {"parts": ["attend:999999"]}, {"readers": [cast.employee.email]}, {"readers": ["x"]},
        {"title": ""},
    ):  # fmt: skip
        assert_refused(call("put", there, cast.editor, plan | wrong), "invalid", 400)
    assert call("get", there, cast.editor).json() == changed.json()
    assert_refused(call("delete", f"{tasks}{task}/", cast.facilitator), "task_needed")


def test_a_path_s_own_task_becomes_its_last_part(call, course, cast):
    call("post", "programmes/", cast.editor, PATH | {"parts": [f"attend:{course.pk}"]})
    own = "programmes/grundvag-pa-asen/tasks/"
    made = call("post", own, cast.editor, TASK)
    assert (made.status_code, made.json()["title"]) == (201, "Intervjuer")
    pk = made.json()["id"]
    plan = call("get", "programmes/grundvag-pa-asen/plan/", cast.editor).json()
    assert (plan["parts"][-1], plan["readers"]) == (f"task:{pk}", [cast.editor.email])
    assert call("put", f"{own}{pk}/", cast.editor, TASK | {"title": "Samtal"}).json()["title"] == "Samtal"
    assert [row["id"] for row in call("get", own, cast.editor).json()["results"]] == [pk]
    nobody = call("put", "programmes/grundvag-pa-asen/plan/", cast.editor, plan | {"readers": []})
    assert_refused(nobody, "no_readers")
    assert call("delete", f"{own}{pk}/", cast.editor).status_code == 204
    assert call("get", "programmes/grundvag-pa-asen/plan/", cast.editor).json()["parts"] == [f"attend:{course.pk}"]


def test_those_without_the_right_make_nothing(call, tasks, course, cast):
    parts = {"parts": [f"attend:{course.pk}"]}
    Programme.objects.create(slug="vag", title="Väg")
    task = Task.objects.create(course=course, title="Uppgift", text="Gör", made_at="2026-01-01T00:00:00Z")
    for person in (cast.outsider, cast.employee, cast.manager, cast.hr):
        for method, path, body in (
            ("get", tasks, None), ("post", tasks, TASK), ("get", f"{tasks}{task.pk}/", None),
            ("put", f"{tasks}{task.pk}/", TASK), ("delete", f"{tasks}{task.pk}/", None),
            ("post", "programmes/", PATH | parts), ("get", "programmes/vag/plan/", None),
            ("put", "programmes/vag/plan/", PATH | parts), ("get", "programme-parts/", None),
            ("get", "programmes/vag/tasks/", None), ("post", "programmes/vag/tasks/", TASK),
        ):  # fmt: skip
            assert call(method, path, person, body).status_code == 404, (method, path)
    assert call("get", tasks, cast.editor).status_code == 404
    assert (Task.objects.count(), Programme.objects.count()) == (1, 1)
