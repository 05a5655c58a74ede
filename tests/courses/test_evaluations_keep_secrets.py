"""Someone reads all there is in the database, in every order it lies in, and tries to tie answers to people.

The control is the way it is usually done: a row for each answer, with no name on it. There the same reader finds all.
"""

import contextlib
import datetime as dt
import json
import threading
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from courses.ballot_box import unseal
from courses.models import Ballot, BallotBox, Evaluation
from courses.services import ballots as ballots_service
from courses.services.ballots import box_name, spend_ballot
from courses.services.evaluating import look_after_evaluations
from tests.courses.conftest import two_days
from tests.support.evaluations import HOUR, ask, ballots_of
from tests.support.races import at_once

COUNT = 12
WORDS = [f"Mening{chr(65 + number)}" for number in range(COUNT)]


@pytest.fixture
def evaluation(plan_occasion, start):
    return ask(plan_occasion(sessions=two_days(start), places=40), COUNT)


@dataclass(frozen=True)
class Row:
    table: str
    place: tuple[int, int]  # page and line of the heap
    by: int  # the transaction that wrote it
    says: str  # every column, as text

    @property
    def cells(self):
        return json.loads(self.says)


def read_everything():
    """All rows of all tables: where they lie, which transaction wrote them, and what they hold."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT ctid::text, xmin::text::bigint, row_to_json(t)::text FROM "{table}" t')
            for place, by, says in cursor.fetchall():
                page, line = place.strip("()").split(",")
                rows.append(Row(table, (int(page), int(line)), by, says))
    return rows


def tied(everything, people):
    """What the reader believes: words to person, from each way to line up rows of answers with rows of ballots."""
    spent = [row for row in everything if row.table == "courses_ballot" and row.cells["is_spent"]]
    by_number = {person.pk: person for person in people}
    whose = {row: by_number[row.cells["person_id"]] for row in spent}
    answers = [(row, words) for row in everything for words in WORDS if words in row.says]
    named = [(words, by_number.get(cell)) for row, words in answers for cell in row.cells.values() if type(cell) is int]
    beliefs = [
        {words: whose[ballot] for row, words in answers for ballot in spent if ballot.by == row.by},
        {words: person for words, person in named if person is not None},
    ]
    orders = (lambda row: row.place, lambda row: row.by, lambda row: row.says)
    for first in orders:
        for second in orders:
            lined = [words for _row, words in sorted(answers, key=lambda one: first(one[0]))]
            beliefs.append(dict(zip(lined, [whose[row] for row in sorted(spent, key=second)], strict=False)))
    return beliefs


def answer_in_turn(evaluation, spend):
    """Everyone answers, each in a transaction of their own; the truth is who wrote what."""
    now, truth = evaluation.occasion.ends_at + 3 * HOUR, {}
    for words, ballot in zip(WORDS, ballots_of(evaluation), strict=True):
        with transaction.atomic():
            spend(evaluation, ballot.pk, answer={"keep": words, "useful": 3}, now=now)
        truth[words] = ballot.person
    return truth


def spend_as_usual(evaluation, ballot, *, answer, now):
    """The control: no name and no number of a person stands beside the answer, and it has a random one of its own."""
    Ballot.objects.filter(pk=ballot).update(is_spent=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO usual_answer (words) VALUES (%s)", [answer["keep"]])


def test_the_usual_way_gives_everyone_away(evaluation):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE usual_answer (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), words text)")
    truth = answer_in_turn(evaluation, spend_as_usual)
    beliefs = tied(read_everything(), list(truth.values()))
    assert beliefs[0] == truth  # written by the same transaction as the ballot
    assert truth in beliefs[2:]  # and in the same order


def test_while_it_is_open_no_table_shows_a_word_of_any_answer(evaluation):
    answer_in_turn(evaluation, spend_ballot)
    everything = read_everything()
    assert [row.table for row in everything for words in WORDS if words in row.says] == []
    assert [row.table for row in everything if words_as_bytes(row.says)] == []
    boxes = [row for row in everything if row.table == "courses_ballotbox"]
    spent = [row.by for row in everything if row.table == "courses_ballot"]
    assert (len(boxes), len(set(spent))) == (1, COUNT)


def words_as_bytes(says):
    return any(words.encode().hex() in says for words in WORDS)


def test_two_copies_of_the_database_do_not_show_what_was_added_between_them(evaluation):
    now = evaluation.occasion.ends_at + 3 * HOUR
    copies = []
    for words, ballot in zip(WORDS[:2], ballots_of(evaluation), strict=False):
        spend_ballot(evaluation, ballot.pk, answer={"keep": words}, now=now)
        copies += [row.says for row in read_everything() if row.table == "courses_ballotbox"]
    assert len(copies[0]) == len(copies[1])
    same = sum(one == other for one, other in zip(*copies, strict=True)) / len(copies[0])
    assert same < 0.1  # one hexadecimal figure in sixteen is the same by chance


def test_when_it_is_closed_nothing_is_left_to_line_answers_up_with(evaluation):
    truth = answer_in_turn(evaluation, spend_ballot)
    before = read_everything()
    look_after_evaluations(now=evaluation.closes_at)
    after = read_everything()
    words = [row for row in after if row.table == "courses_evaluationtext"]
    assert len(words) == COUNT
    assert len({row.by for row in words}) == 1
    assert [row for row in after if row.table in {"courses_ballot", "courses_ballotbox"}] == []
    kept_ballots = [row for row in before if row.table == "courses_ballot"]
    assert {row.by for row in words}.isdisjoint(row.by for row in kept_ballots)
    # Also whoever kept yesterday's ballots, in the order in which they were spent, learns no more than chance.
    for belief in tied([*kept_ballots, *after], list(truth.values())):
        assert belief != truth


def test_what_one_person_answered_to_different_questions_is_not_kept_together(evaluation):
    now = evaluation.occasion.ends_at + 3 * HOUR
    for number, ballot in enumerate(ballots_of(evaluation)):
        answer = {"useful": 1 + number % 5, "keep": WORDS[number], "change": f"Annat{WORDS[number][-1]}"}
        spend_ballot(evaluation, ballot.pk, answer=answer, now=now)
    look_after_evaluations(now=evaluation.closes_at)
    rows = [row.cells for row in read_everything() if row.table == "courses_evaluationtext"]
    assert {frozenset(row) for row in rows} == {frozenset({"id", "evaluation_id", "question", "text"})}
    texts = [[row["text"][-1] for row in rows if row["question"] == question] for question in ("keep", "change")]
    assert sorted(texts[0]) == [words[-1] for words in WORDS]
    assert texts[0] != texts[1]


def lying_in(evaluation):
    sealed = bytes(BallotBox.objects.get(evaluation=evaluation).sealed)
    return sorted(unseal(sealed, name=box_name(evaluation)).answers["useful"])


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_are_two_answers_and_one_who_does_is_one(cast, plan_occasion, start, monkeypatch):
    """The gate holds who has opened the box until the other has too. The control has no lock: an answer is lost."""
    occasion = plan_occasion(sessions=two_days(start), places=40)
    now = occasion.ends_at + dt.timedelta(days=1)
    evaluation = ask(occasion, 6)
    names = [ballot.pk for ballot in ballots_of(evaluation)]
    spend_ballot(evaluation, names[0], answer={"useful": 1}, now=now)

    gate, seal, patience = threading.Barrier(2), ballots_service.seal, [60.0]

    def seal_together(box, *, name):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(patience[-1])
        return seal(box, name=name)

    def spend_two(queue):
        return at_once(lambda: spend_ballot(evaluation, queue.pop(), answer={"useful": 2}, now=now))

    monkeypatch.setattr(ballots_service, "seal", seal_together)
    with monkeypatch.context() as control:
        control.setattr(ballots_service, "lock_evaluation", lambda pk: Evaluation.objects.get(pk=pk))
        assert spend_two(names[1:3]) == []
        assert lying_in(evaluation) == [1, 2]
    gate.reset()
    patience.append(0.3)  # behind the lock the other cannot come
    assert spend_two(names[3:5]) == []
    assert lying_in(evaluation) == [1, 2, 2, 2]
    assert [fault.code for fault in spend_two([names[5]] * 2)] == ["ballot_spent"]
    assert lying_in(evaluation) == [1, 2, 2, 2, 2]
