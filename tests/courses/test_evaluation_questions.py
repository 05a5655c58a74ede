"""The questions of a course: a good set to begin with, changed by those who look after courses, frozen once asked."""

import pytest

from courses.evaluation_questions import STANDARD, read_questions
from courses.models import EvaluationForm
from courses.services.evaluation_forms import MOST_QUESTIONS, change_questions
from tests.courses.conftest import two_days
from tests.courses.test_booking import broken
from tests.courses.test_pages import as_
from tests.support.evaluations import ask
from tests.support.forms import sent_from

ADDRESS = "/kurser/tva-dagar/utvarderingsfragor/"


def filled(page, **changes):
    return sent_from(page.text, having="version") | changes


@pytest.fixture
def leader(client, cast, course):
    return as_(client, cast.facilitator)


def test_a_change_is_a_new_version_and_what_was_asked_stays(leader, plan_occasion, start):
    evaluation = ask(plan_occasion(sessions=two_days(start), places=40), 5)
    page = leader.get(ADDRESS)
    assert "Vad var mest värt din tid?" in page.text
    answer = leader.post(ADDRESS, filled(page, **{"question-0-sv": "Har du nytta av det?", "question-1-en": "Sure?"}))
    assert answer.status_code == 302
    old, new = (read_questions(each.questions) for each in EvaluationForm.objects.order_by("version"))
    evaluation.refresh_from_db()
    assert read_questions(evaluation.form.questions) == old == STANDARD
    assert new[0].sv == "Har du nytta av det?"
    assert new[0].key != old[0].key
    assert (new[1].en, new[1].key) == ("Sure?", old[1].key)
    assert leader.post(ADDRESS, filled(leader.get(ADDRESS))).status_code == 302
    assert EvaluationForm.objects.count() == 2


def test_questions_are_added_moved_and_taken_away(leader):
    page = leader.get(ADDRESS)
    last = len(STANDARD)
    changes = {f"question-{last}-sv": "Hur var maten?", f"question-{last}-kind": "text", f"question-{last}-ORDER": "1"}
    changes |= {"question-0-DELETE": "on", "question-1-ORDER": "2", f"question-{last}-low_sv": "glöms"}
    assert leader.post(ADDRESS, filled(page, **changes)).status_code == 302
    asked = read_questions(EvaluationForm.objects.order_by("-version").first().questions)
    assert [question.sv for question in asked[:2]] == ["Hur var maten?", STANDARD[1].sv]
    assert len(asked) == len(STANDARD)
    assert asked[0].low_sv == ""


def test_what_is_wrong_says_so_at_its_field_and_is_kept(leader):
    page = leader.get(ADDRESS)
    answer = leader.post(ADDRESS, filled(page, **{"question-0-low_sv": "", "question-1-sv": "Mina ord"}))
    assert answer.status_code == 422
    assert "Skriv vad skalans ände betyder." in answer.text
    assert "Mina ord" in answer.text
    gone = {f"question-{number}-DELETE": "on" for number in range(len(STANDARD))}
    assert "Det behövs minst en fråga." in leader.post(ADDRESS, filled(page, **gone)).text
    assert EvaluationForm.objects.count() <= 1
    leader.post(ADDRESS, filled(page, **{"question-0-sv": "Först"}))
    late = leader.post(ADDRESS, filled(page, **{"question-0-sv": "Sedan"}))
    assert (late.status_code, "Någon annan har ändrat frågorna" in late.text) == (422, True)
    assert "Sedan" in late.text


def test_it_is_for_those_who_look_after_courses(client, cast, course, now):
    for person in (cast.outsider, cast.employee, cast.hr, cast.manager):
        stranger = as_(client, person)
        assert stranger.get(ADDRESS).status_code == 404
        assert stranger.post(ADDRESS, {}).status_code == 404
        assert broken(change_questions, course, questions=STANDARD, based_on=1, by=person, now=now) == "not_yours"
    assert as_(client, cast.administrator).get(ADDRESS).status_code == 200
    too_many = [STANDARD[0]] * (MOST_QUESTIONS + 1)
    by = cast.administrator
    assert broken(change_questions, course, questions=too_many, based_on=1, by=by, now=now) == "too_many_questions"
