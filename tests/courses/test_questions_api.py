"""The contract of the API: the questions of an evaluation are read and replaced by those who look after courses."""

from courses.models import EvaluationForm
from tests.courses import test_api
from tests.courses.test_bookings_api import assert_refused

call = test_api.call

NEW = {"kind": "scale", "sv": "Hur var lokalen?", "low_sv": "Dålig", "high_sv": "Bra"}


def test_the_questions_are_read_and_replaced_as_a_whole(call, course, cast):
    there = f"courses/{course.slug}/evaluation-questions/"
    form = call("get", there, cast.facilitator).json()
    assert (form["version"], len(form["questions"]) > 3) == (1, True)
    kept = form["questions"][0]
    asked = {"version": 1, "questions": [NEW, kept, {"kind": "text", "sv": "Annat?", "low_sv": "sägs inte"}]}
    changed = call("put", there, cast.facilitator, asked)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    first, second, third = changed.json()["questions"]
    assert (first["sv"], second, third["low_sv"]) == (NEW["sv"], kept, "")
    assert first["key"]
    assert call("put", there, cast.facilitator, asked | changed.json()).json() == changed.json()
    assert_refused(call("put", there, cast.facilitator, asked), "changed_meanwhile")
    for wrong in (
        {"questions": [NEW | {"low_sv": ""}]}, {"questions": [NEW | {"sv": ""}]}, {"questions": [NEW] * 16},
        {"questions": [NEW | {"kind": "val"}]}, {"questions": []}, {"version": "två"}, {"version": None},
    ):  # fmt: skip
        answer = call("put", there, cast.facilitator, changed.json() | wrong)
        assert answer.status_code in {400, 409}
    assert EvaluationForm.objects.count() == 2


def test_for_everyone_else_there_are_no_questions(call, course, cast):
    there = f"courses/{course.slug}/evaluation-questions/"
    for person in (cast.outsider, cast.employee, cast.manager, cast.hr):
        assert call("get", there, person).status_code == 404
        assert call("put", there, person, {"version": 1, "questions": [NEW]}).status_code == 404
    assert call("get", "courses/finns-inte/evaluation-questions/", cast.facilitator).status_code == 404
    assert not EvaluationForm.objects.exists()
