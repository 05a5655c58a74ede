"""What those who were there thought: asked once, answered once, counted together, kept by nobody's name."""

import datetime as dt
import logging

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.ballot_box import FEWEST, Box, Unreadable, count, seal, unseal
from courses.evaluation_questions import STANDARD
from courses.models import Ballot, BallotBox, Evaluation, EvaluationFigure, EvaluationText
from courses.services.ballots import ballot_token, spend_ballot
from courses.services.evaluating import extend_evaluation, last_day_of, look_after_evaluations, open_ballots_of
from courses.services.evaluation_closing import close_evaluation
from letters.models import Letter
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_booking import broken
from tests.support.evaluations import answer_all, ask, ballots_of, link_of, make_people, mark_present

FIVES = [{"useful": 5, "keep": f"ord {number}"} for number in range(FEWEST)]


@pytest.fixture
def held(plan_occasion, start):
    return plan_occasion(sessions=two_days(start), places=40)


@pytest.fixture
def after(held):
    return held.ends_at + 2 * HOUR


def asked():
    return Letter.objects.filter(kind="evaluation").count()


# Who is asked, and when


def test_those_who_were_there_any_day_are_asked_once_after_the_last_day(held, after):
    people = make_people(7)
    mark_present(held, people[:5])
    mark_present(held, people[5:6], state="left_early")
    mark_present(held, people[6:], state="absent")
    look_after_evaluations(now=held.ends_at + HOUR - dt.timedelta(minutes=1))
    assert asked() == 0
    for later in (dt.timedelta(), 5 * HOUR, DAY):
        look_after_evaluations(now=after + later)
    letters = Letter.objects.filter(kind="evaluation")
    assert {letter.person_id for letter in letters} == {person.pk for person in people[:6]}
    assert "Vad tyckte du om Tjänstedesign i två dagar?" in letters[0].subject
    evaluation = Evaluation.objects.get()
    assert last_day_of(evaluation) == evaluation.opened_on + dt.timedelta(days=14)


def test_who_is_marked_afterwards_is_asked_too_as_long_as_it_is_open(held, after):
    ask(held, 5)
    mark_present(held, make_people(1, first=600))
    look_after_evaluations(now=after + DAY)
    assert asked() == 6
    mark_present(held, make_people(1, first=700))
    look_after_evaluations(now=after + 16 * DAY)
    assert asked() == 6


@pytest.mark.parametrize(("count", "later"), [(4, 2 * HOUR), (6, 22 * DAY)])
def test_four_are_not_asked_and_nobody_is_about_what_is_long_ago(held, count, later):
    mark_present(held, make_people(count))
    look_after_evaluations(now=held.ends_at + later)
    assert not Evaluation.objects.exists()


def test_a_reminder_goes_once_to_those_who_have_not_answered_and_leaves_no_trace(held, after):
    evaluation = ask(held, 7)
    answer_all(evaluation, FIVES)
    reminders = Letter.objects.filter(kind="evaluation_reminder")
    look_after_evaluations(now=evaluation.closes_at - 4 * DAY - HOUR)
    assert not reminders.exists()
    for days in (4, 3, 1):
        look_after_evaluations(now=evaluation.closes_at - days * DAY)
    unspent = {ballot.person_id for ballot in ballots_of(evaluation) if not ballot.is_spent}
    assert {letter.person_id for letter in reminders} == unspent
    assert len(reminders.all()) == 2
    look_after_evaluations(now=evaluation.closes_at)
    assert not reminders.all().exists()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("first_day", ["2027-03-09", "2027-10-11"])
def test_a_week_more_ends_at_midnight_over_both_clock_changes(plan_occasion, cast, first_day):
    start = timezone.make_aware(dt.datetime.fromisoformat(f"{first_day} 09:00"))
    evaluation = ask(plan_occasion(sessions=two_days(start), places=40), 5)
    later = extend_evaluation(evaluation, by=cast.facilitator, now=start + 3 * DAY)
    assert timezone.localtime(evaluation.closes_at).utcoffset() != timezone.localtime(later.closes_at).utcoffset()
    assert timezone.localtime(later.closes_at).time() == dt.time()
    assert last_day_of(later) == evaluation.opened_on + dt.timedelta(days=21)


def test_a_reminder_in_a_senders_hand_at_the_closing_goes_with_the_next_sweep(held, after):
    evaluation = ask(held, 5)
    look_after_evaluations(now=evaluation.closes_at - 2 * DAY)
    reminders = Letter.objects.filter(kind="evaluation_reminder")
    in_hand = reminders.first().pk
    until = evaluation.closes_at + HOUR
    Letter.objects.filter(pk=in_hand).update(state=Letter.State.SENDING, claimed_until=until)
    for _sweep in range(2):
        look_after_evaluations(now=evaluation.closes_at)
    assert [letter.pk for letter in reminders.all()] == [in_hand]
    Letter.objects.filter(pk=in_hand).update(state=Letter.State.SENT, sent_at=until)
    look_after_evaluations(now=until)
    assert not reminders.all().exists()


# Answering


def stranger():
    """No cookies at all, as a mail program on a phone."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def there(held, after):
    ask(held, 5)
    with time_machine.travel(after + DAY, tick=False):
        yield link_of(Letter.objects.filter(kind="evaluation").order_by("person").first())


def test_the_link_answers_without_a_log_in_once(there):
    page = stranger().get(there)
    assert "Ingen kan se vad du har svarat" in page.text
    assert page["Referrer-Policy"] == "no-referrer"
    answer = stranger().post(there, {"q-useful": "4", "q-keep": "Övningarna"}, follow=True)
    assert "Tack för ditt svar" in answer.text
    again = stranger().post(there, {"q-useful": "1"})
    assert again.status_code == 409
    assert "Du har redan svarat" in again.text
    assert Ballot.objects.filter(is_spent=True).count() == 1
    evaluation = Evaluation.objects.get()
    box = unseal(bytes(BallotBox.objects.get().sealed), name=f"{evaluation.pk}/{evaluation.occasion_id}")
    assert box.answers == {"useful": [4], "keep": ["Övningarna"]}


def test_what_was_typed_is_kept_when_something_is_wrong(there):
    answer = stranger().post(there, {"q-useful": "9", "q-keep": "Mina ord"})
    assert answer.status_code == 422
    assert "Välj ett tal från 1 till 5." in answer.text
    assert "Mina ord" in answer.text
    nothing = stranger().post(there, {"q-keep": "  "})
    assert (nothing.status_code, "Svara på minst en fråga." in nothing.text) == (422, True)
    assert 'role="alert" tabindex="-1" autofocus><p>Svara på minst en fråga.' in nothing.text
    without_a_field = stranger().post(there)
    assert (without_a_field.status_code, "Svara på minst en fråga." in without_a_field.text) == (422, True)
    assert not Ballot.objects.filter(is_spent=True).exists()
    assert stranger().delete(there).status_code == 405


def test_a_changed_link_finds_nothing_and_a_closed_evaluation_says_so(there, held, after):
    token = there.split("/")[-2]
    foreign = ballot_token(Evaluation.objects.get().pk, Ballot().pk)
    for wrong in (token[:-1], "1.1", "x" * 300, "~", foreign):
        assert stranger().get(f"/utvardering/{wrong}/").status_code == 404
    evaluation = Evaluation.objects.get()
    for swept in (False, True):
        with time_machine.travel(evaluation.closes_at, tick=False):
            if swept:
                look_after_evaluations(now=evaluation.closes_at)
            assert "Utvärderingen är stängd" in stranger().get(there).text
            late = stranger().post(there, {"q-useful": "4"})
            assert (late.status_code, "Utvärderingen är stängd" in late.text) == (409, True)
    assert not EvaluationFigure.objects.exists()


def test_the_log_tells_neither_whose_link_it_is_nor_who_is_logged_in(there, client, cast, caplog):
    client.force_login(cast.employee)
    with caplog.at_level(logging.INFO, logger="stigen.requests"):
        client.get(there)
        client.post(there, {"q-useful": "4"})
    lines = [record for record in caplog.records if record.name == "stigen.requests"]
    assert [(line.path, line.person_id) for line in lines] == [("/utvardering/…", None)] * 2


def test_my_page_leads_to_what_i_have_not_answered(held, after, client, django_assert_num_queries):
    evaluation = ask(held, 5)
    person = ballots_of(evaluation)[0].person
    with time_machine.travel(after + DAY, tick=False):
        client.force_login(person)
        with django_assert_num_queries(1):
            assert len(open_ballots_of(person, now=after + DAY)) == 1
        page = client.get("/min-sida/").text
        assert "Vad tyckte du om Tjänstedesign i två dagar?" in page
        answer_all(evaluation, FIVES[:1])
        assert "utvardering" not in client.get("/min-sida/").text.split("</header>")[-1].split("Brev till dig")[0]


# Closing


def test_five_answers_are_counted_and_fewer_are_erased_unread(plan_occasion, start, after):
    enough = ask(plan_occasion(sessions=two_days(start)), 6)
    few = ask(plan_occasion(sessions=two_days(start)), 6, first=600)
    answer_all(enough, FIVES)
    answer_all(few, FIVES[:4])
    assert not EvaluationFigure.objects.exists()
    look_after_evaluations(now=enough.closes_at)
    enough.refresh_from_db()
    few.refresh_from_db()
    assert [(each.asked, each.answered) for each in (enough, few)] == [(6, 5), (6, 4)]
    assert {row.evaluation_id for row in EvaluationFigure.objects.all()} == {enough.pk}
    figures = EvaluationFigure.objects.filter(evaluation=enough)
    assert [(row.question, row.value, row.count) for row in figures if row.count] == [("useful", 5, 5)]
    assert {row.text for row in EvaluationText.objects.all()} == {f"ord {number}" for number in range(5)}
    assert not BallotBox.objects.exists()
    assert not Ballot.objects.exists()


def test_whoever_leads_closes_early_from_five_answers_and_can_give_a_week_more(held, after, cast):
    evaluation = ask(held, 6)
    answer_all(evaluation, FIVES[:4])
    for person in (cast.outsider, cast.hr, cast.employee):
        assert broken(close_evaluation, evaluation, by=person, now=after) == "not_your_occasion"
        assert broken(extend_evaluation, evaluation, by=person, now=after) == "not_your_occasion"
    assert broken(close_evaluation, evaluation, by=cast.facilitator, now=after) == "too_few"
    for _week in range(3):
        extend_evaluation(evaluation, by=cast.facilitator, now=after)
    assert broken(extend_evaluation, evaluation, by=cast.facilitator, now=after) == "open_long_enough"
    spend_ballot(evaluation, ballots_of(evaluation)[4].pk, answer={"useful": 1}, now=after)
    for _click in range(2):
        closed = close_evaluation(evaluation, by=cast.facilitator, now=after)
    assert (closed.answered, sum(row.count for row in EvaluationFigure.objects.all())) == (5, 5)
    ballot = Ballot().pk
    assert broken(spend_ballot, evaluation, ballot, answer={"useful": 1}, now=after) == "evaluation_closed"


@given(
    st.lists(
        st.fixed_dictionaries({}, optional={"useful": st.integers(1, 5), "keep": st.sampled_from("abc")}), max_size=9
    )
)
def test_nothing_is_ever_known_of_fewer_than_five(answers):
    box = Box()
    for answer in answers:
        box.put(answer)
    known = count(box, answered=len(answers), questions=STANDARD)
    given = [answer["useful"] for answer in answers if "useful" in answer]
    if len(given) >= FEWEST:
        assert known.figures == {"useful": {value: given.count(value) for value in range(1, 6)}}
    else:
        assert known.figures == {}
    words = sorted(answer["keep"] for answer in answers if "keep" in answer)
    assert sorted(known.texts.get("keep", [])) == (words if len(answers) >= FEWEST else [])


# The box


def test_the_box_opens_with_its_own_name_and_the_sites_key_alone(settings):
    box = Box({"keep": ["hemligt"]})
    sealed = seal(box, name="1/1")
    assert b"hemligt" not in sealed
    assert seal(box, name="1/1") != sealed
    assert unseal(sealed, name="1/1") == box
    with pytest.raises(Unreadable):
        unseal(sealed, name="2/1")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert unseal(sealed, name="1/1") == box
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(sealed, name="1/1")


def test_much_and_little_look_alike_and_a_box_that_cannot_be_opened_is_not_erased(held, settings):
    assert len(seal(Box(), name="1/1")) == len(seal(Box({"keep": ["x" * 20000]}), name="1/1"))
    evaluation = ask(held, 5)
    answer_all(evaluation, FIVES)
    key, settings.SECRET_KEY = settings.SECRET_KEY, "lost"
    look_after_evaluations(now=evaluation.closes_at)
    assert Evaluation.objects.get().closed_on is None
    assert BallotBox.objects.exists()
    settings.SECRET_KEY = key
    look_after_evaluations(now=evaluation.closes_at)
    assert EvaluationText.objects.count() == FEWEST


def test_what_too_few_answered_is_erased_without_a_key(held, settings):
    evaluation = ask(held, 5)
    answer_all(evaluation, FIVES[:4])
    settings.SECRET_KEY = "lost"
    look_after_evaluations(now=evaluation.closes_at)
    closed = Evaluation.objects.get()
    assert (closed.answered, closed.closed_on) == (4, timezone.localdate(evaluation.closes_at))
    assert not BallotBox.objects.exists()
