"""What they thought, for whoever may know it: figures and words of one occasion, figures over occasions."""

import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import Evaluation, EvaluationFigure, EvaluationForm, EvaluationText
from courses.services.ballots import spend_ballot
from courses.services.evaluating import form_of, look_after_evaluations
from tests.courses import test_api
from tests.courses.conftest import DAY, two_days
from tests.courses.test_pages import as_
from tests.support.evaluations import answer_all, ask

call = test_api.call


@pytest.fixture
def held(plan_occasion):
    """Ended three days ago by the clock of the machine, which the pages ask."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - 4 * DAY
    return plan_occasion(sessions=two_days(start), places=40)


@pytest.fixture
def address(held):
    return f"/kurstillfallen/{held.pk}/utvardering/"


def answers(*values):
    return [{"useful": value, "keep": f"=ord {number}"} for number, value in enumerate(values)]


def lay_closed(occasion, **figures):
    """As a closing leaves it: by question, how many chose 1 to 5."""
    answered = max((sum(counts) for counts in figures.values()), default=3)
    evaluation = Evaluation.objects.create(
        occasion=occasion, form=form_of(occasion.course, now=occasion.ends_at), opened_on=occasion.ends_at,
        closes_at=occasion.ends_at, closed_on=occasion.ends_at, asked=9, answered=answered,
    )  # fmt: skip
    EvaluationFigure.objects.bulk_create(
        EvaluationFigure(evaluation=evaluation, question=question, value=value, count=count)
        for question, counts in figures.items()
        for value, count in enumerate(counts, start=1)
    )
    return evaluation


def test_too_few_then_five_then_closed_then_the_result(client, cast, held, address):
    leader = as_(client, cast.facilitator)
    assert "Färre än 5 är markerade som närvarande" in leader.get(address).text
    evaluation = ask(held, 7)
    answer_all(evaluation, answers(5, 5, 4, 4))
    page = leader.get(address).text
    assert "4 av 7 har svarat" in page
    assert "Stäng nu" not in page
    assert "Minst fem måste ha svarat" in leader.post(address, {"act": "close"}, follow=True).text
    fifth = evaluation.ballots.filter(is_spent=False).first()
    spend_ballot(evaluation, fifth.pk, answer={"useful": 1, "change": "Mer <kaffe>"}, now=timezone.now())
    assert "ord 1" not in leader.get(address).text
    page = leader.post(address, {"act": "close"}, follow=True).text
    assert "5 av 7 svarade" in page
    assert "<strong>3,8</strong>" in page
    assert "Mer &lt;kaffe&gt;" in page
    assert "Färre än 5 svarade på frågan" in page
    assert "Stäng nu" not in page


def test_the_page_promises_no_reminder_that_has_gone(client, cast, held, address):
    evaluation = ask(held, 5)
    leader = as_(client, cast.facilitator)
    assert "De som inte har svarat får en påminnelse några dagar före." in leader.get(address).text
    look_after_evaluations(now=evaluation.closes_at - 2 * DAY)
    page = leader.get(address).text
    assert "får en påminnelse" not in page
    assert "De som inte hade svarat har fått en påminnelse." in page


def test_of_a_cancelled_occasion_nobody_is_asked_and_the_page_says_so(client, cast, held, address):
    held.state = "cancelled"
    held.save()
    page = as_(client, cast.facilitator).get(address).text
    assert "Kurstillfället ställdes in." in page
    assert "Ingen är tillfrågad än" not in page


def test_it_is_for_those_who_lead_and_the_course_for_those_who_may_see_figures(client, cast, held, address):
    ask(held, 5)
    for person in (cast.outsider, cast.employee, cast.manager, cast.editor):
        stranger = as_(client, person)
        for path in (address, f"/kurstillfallen/{held.pk}/utvardering.csv", "/kurser/tva-dagar/utvarderingar/"):
            assert stranger.get(path).status_code == 404
        assert stranger.post(address, {"act": "extend"}).status_code == 404
        assert stranger.get("/kurser/tva-dagar/utvarderingar.csv").status_code == 404
        assert "utvarderingar" not in stranger.get("/kurser/tva-dagar/").text
    hr = as_(client, cast.hr)
    assert hr.get(address).status_code == 404
    assert "Inga siffror än" in hr.get("/kurser/tva-dagar/utvarderingar/").text
    assert "/kurser/tva-dagar/utvarderingar/" in hr.get("/kurser/tva-dagar/").text


def test_words_are_kept_to_those_who_lead_and_the_table_runs_nothing(client, cast, held, tmp_path):
    evaluation = ask(held, 5)
    answer_all(evaluation, answers(1, 2, 3, 4, 5))
    look_after_evaluations(now=evaluation.closes_at)
    leader = as_(client, cast.facilitator)
    csv = leader.get(f"/kurstillfallen/{held.pk}/utvardering.csv").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "Första dagen;Fråga;Svar;Medel;1;2;3;4;5"
    assert csv[1].endswith(";Hur mycket nytta har du av det du lärde dig?;5;3,0;1;1;1;1;1")
    assert len(csv) == 2
    file = tmp_path / "x.xlsx"
    file.write_bytes(leader.get(f"/kurstillfallen/{held.pk}/utvardering.xlsx").content)
    assert [cell.value for cell in load_workbook(file).active[2]][2:] == [5, 3, 1, 1, 1, 1, 1]
    assert leader.get(f"/kurstillfallen/{held.pk}/utvardering.pdf").status_code == 404
    assert "=ord 1" not in as_(client, cast.hr).get("/kurser/tva-dagar/utvarderingar/").text


def test_over_occasions_only_what_was_asked_in_the_same_words_and_answered_by_five(client, cast, course, plan_occasion):
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    occasions = [plan_occasion(sessions=two_days(now - days * DAY)) for days in (90, 60, 30)]
    lay_closed(occasions[0], useful=(0, 0, 0, 0, 6), ready=(5, 0, 0, 0, 0))
    lay_closed(occasions[1])
    form = form_of(course, now=now)
    anew = [question | {"key": "ready2", "sv": "Är du redo?"} if question["key"] == "ready" else question
            for question in form.questions]  # fmt: skip
    EvaluationForm.objects.create(course=course, version=2, questions=anew, made_at=now)
    lay_closed(occasions[2], useful=(6, 0, 0, 0, 0), ready2=(0, 0, 0, 0, 5))
    page = as_(client, cast.hr).get("/kurser/tva-dagar/utvarderingar/").text
    first, rest = page.split("Är du redo?")
    assert re.findall(r"<strong>(\d,\d)</strong>", first) == ["5,0", "1,0", "3,0"]
    assert "Alla dessa" in first
    assert "Alla dessa" not in rest
    assert "Hur säker känner du dig" in rest.split("Frågor från förr")[1]
    assert "1 kurstillfälle fick för få svar och ingår inte i någon siffra." in page
    assert client.get("/kurser/tva-dagar/utvarderingar.csv").content.count(b"\r\n") == 5


def test_the_course_page_takes_as_many_queries_with_1_as_with_20(
    client, cast, plan_occasion, django_assert_max_num_queries
):
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    for number in range(20):
        lay_closed(plan_occasion(sessions=two_days(now - (30 + number) * DAY)), useful=(0, 0, 2, 3, 4))
    hr = as_(client, cast.hr)
    with django_assert_max_num_queries(7):
        hr.get("/kurser/tva-dagar/utvarderingar/")


def test_the_api_tells_the_same_and_takes_no_answers(call, cast, held):
    path = f"occasions/{held.pk}/evaluation/"
    assert call("get", path, cast.facilitator).json()["state"] == "few_present"
    evaluation = ask(held, 6)
    answer_all(evaluation, answers(1, 2, 3, 4, 5))
    told = call("get", path, cast.facilitator).json()
    assert (told["state"], told["asked"], told["answered"], told["results"]) == ("open", 6, 5, [])
    assert call("post", path, cast.facilitator, {"act": "vänta"}).status_code == 400
    told = call("post", path, cast.facilitator, {"act": "close"}).json()
    assert told["results"][0]["spread"] == {"answers": 5, "mean": 3.0, "counts": [1, 1, 1, 1, 1]}
    assert told["results"][1]["spread"] is None
    assert len(told["results"][5]["texts"]) == 5
    over = call("get", "courses/tva-dagar/evaluations/", cast.hr).json()
    assert over["series"][0]["occasions"][0]["occasion"] == held.pk
    for person in (cast.outsider, cast.employee):
        assert call("get", path, person).status_code == 404
        assert call("post", path, person, {"act": "extend"}).status_code == 404
        assert call("get", "courses/tva-dagar/evaluations/", person).status_code == 404
    assert call("get", path, cast.hr).status_code == 403  # HR sees the participants, so the occasion is no secret
    assert EvaluationText.objects.count() == 5
