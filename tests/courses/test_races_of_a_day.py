"""A course day under pressure: a gate shows the race, the control shows that the lock closes it."""

import datetime as dt
import threading

import pytest
from django.db import transaction

from courses.models import (
    Attendance,
    Booking,
    Completion,
    HandIn,
    HandInPiece,
    PresenceClaim,
    Programme,
    ProgrammeItem,
    Task,
)
from courses.room_codes import Read, shown_code
from courses.services import attendance as attendance_service
from courses.services import completion as completion_service
from courses.services import hand_ins as hand_ins_service
from courses.services import reading_letters
from courses.services import rooms as rooms_service
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.hand_ins import Piece, hand_in_task, read_hand_in, save_draft
from courses.services.rooms import open_room, say_here
from letters.models import Letter
from people.models import Person
from tests.courses import test_races
from tests.courses.conftest import DAY, HOUR
from tests.courses.test_races import hold_the_second_look, in_threads, make_people, patience

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = dt.timedelta(minutes=1)
occasion_of = test_races.occasion_of


@pytest.fixture
def booking(occasion_of, now):
    (person,) = make_people(1)
    return book_place(occasion_of(4), person=person, now=now)[0]


@pytest.fixture
def leader(db):
    return Person.objects.create(email="leder@skarvik.example", given_name="Lena")


def take_the_lock_out(monkeypatch):
    for module in (rooms_service, attendance_service, hand_ins_service):
        monkeypatch.setattr(module, "lock_marked", lambda booking: Booking.objects.get(pk=booking.pk))


@pytest.mark.parametrize("is_locked", [False, True])
def test_one_who_says_twice_at_once_to_be_there_after_all_says_it_once(booking, leader, monkeypatch, is_locked):
    session = booking.occasion.sessions.first()
    at = session.starts_at
    room = open_room(session, by=leader, now=at)

    def say(then):
        return say_here(Read(shown_code(room, at=then), then), person=booking.person, now=then).is_new

    # The first time the database alone holds that it is one.
    assert sorted(in_threads([lambda: say(at)] * 2)) == [False, True]
    mark_attendance(booking, session, state="absent", by=leader, now=at + MINUTE)
    # Both have seen that it was said before the mark, and neither has said it anew.
    hold_the_second_look(monkeypatch, PresenceClaim.objects, "get_or_create", 2, is_locked=is_locked)
    if not is_locked:
        take_the_lock_out(monkeypatch)
    answers = in_threads([lambda: say(at + 2 * MINUTE)] * 2)
    assert sorted(answers) == ([False, True] if is_locked else [True, True])  # the control: both are told it is new
    assert PresenceClaim.objects.get().claimed_at == at + 2 * MINUTE


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_hand_in_and_the_last_mark_at_once_complete_the_course_once(booking, leader, now, monkeypatch, is_locked):
    """Neither completes it alone: whichever comes second has to see the other."""
    first, last = booking.occasion.sessions.all()
    since = now - DAY
    task = Task.objects.create(
        course=booking.occasion.course, title="Intervju", text="Prata.", made_at=since, required_since=since
    )
    mark_attendance(booking, first, state="present", by=leader, now=first.ends_at)
    hold_the_second_look(monkeypatch, completion_service, "_judge", 2, is_locked=is_locked)
    if not is_locked:
        take_the_lock_out(monkeypatch)
    then = last.starts_at + HOUR
    in_threads(
        [
            lambda: hand_in_task(task, by=booking.person, pieces=[Piece("Hon ringde.")], now=then).pk,
            lambda: mark_attendance(booking, last, state="present", by=leader, now=then).state,
        ]
    )
    assert HandIn.objects.get().handed_in_at == then
    assert Attendance.objects.filter(state="present").count() == 2
    # The control: both are there, and neither saw the other, so nobody completes anything.
    assert list(Completion.objects.values_list("booking", "withdrawn_at")) == (
        [(booking.pk, None)] if is_locked else []
    )


@pytest.fixture
def draft(booking, now):
    """Of a task, saved once and open on two devices as it then was."""
    course = booking.occasion.course
    task = Task.objects.create(course=course, title="Intervju", text="Prata.", made_at=now - DAY)
    return save_draft(task, by=booking.person, pieces=[Piece("Hon ringde.")], now=now)


def save_from_two(draft, texts, now):
    def save(text):
        return save_draft(draft.task, by=draft.person, pieces=[Piece(text)], based_on=1, now=now).version

    return in_threads([lambda text=text: save(text) for text in texts])


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_draft_saved_on_two_devices_at_once_is_one_and_the_other_is_told(draft, now, monkeypatch, is_locked):
    """Both have seen the version that they began from, and neither has written."""
    hold_the_second_look(monkeypatch, hand_ins_service, "_says_the_same", 2, is_locked=is_locked)
    if not is_locked:
        monkeypatch.setattr(HandIn.objects, "select_for_update", lambda **_how: HandIn.objects.all())
    answers = save_from_two(draft, ["Hon skrev.", "Han kom."], now)
    if is_locked:
        assert sorted(answers, key=str) == [2, "changed_meanwhile"]
        kept = ["Hon skrev.", "Han kom."][answers.index(2)]
        assert HandInPiece.objects.get().text == kept
    else:
        assert answers == [2, 2]  # the control: both are told that it is saved, and one of the texts is gone
    assert HandIn.objects.get().version == 2


def test_the_same_draft_pressed_twice_at_once_is_saved_once_and_nobody_is_refused(draft, now, monkeypatch):
    hold_the_second_look(monkeypatch, hand_ins_service, "_says_the_same", 2, is_locked=True)
    assert save_from_two(draft, ["Hon skrev."] * 2, now) == [2, 2]
    assert HandIn.objects.get().version == 2


@pytest.mark.parametrize("is_locked", [False, True])
def test_two_who_hand_in_along_a_path_at_once_are_one_letter_to_its_reader(leader, now, monkeypatch, is_locked):
    """The letter says that something waits: for both that is the same."""
    programme = Programme.objects.create(slug="leda", title="Leda", text="Du kan leda.")
    programme.readers.add(leader)
    monkeypatch.setattr(reading_letters, "readers_named", lambda _programme: [leader])
    task = Task.objects.create(programme=programme, title="Skriv", text="Till dig.", made_at=now - DAY)
    ProgrammeItem.objects.create(programme=programme, position=1, kind="task", task=task)
    hold_the_second_look(monkeypatch, reading_letters, "render_letter", 2, is_locked=is_locked)
    if not is_locked:
        monkeypatch.setattr(hand_ins_service, "lock_programme", lambda _programme: None)
    in_threads([lambda by=by: hand_in_task(task, by=by, pieces=[Piece("x")], now=now).pk for by in make_people(2)])
    assert HandIn.objects.exclude(handed_in_at=None).count() == 2
    # The control: neither saw the other, and the reader is told twice.
    assert Letter.objects.filter(kind="hand_in_to_read").count() == (1 if is_locked else 2)


@pytest.mark.parametrize("is_locked", [False, True])
def test_what_is_handed_in_while_the_last_is_read_is_told_to_the_reader(leader, now, monkeypatch, is_locked):
    """Else the one sees that something waits, and the other leaves it waiting without a word."""
    programme = Programme.objects.create(slug="leda", title="Leda", text="Du kan leda.")
    programme.readers.add(leader)
    monkeypatch.setattr(reading_letters, "readers_named", lambda _programme: [leader])
    monkeypatch.setattr(hand_ins_service, "may_read", lambda _person, _hand_in: True)
    task = Task.objects.create(programme=programme, title="Skriv", text="Till dig.", made_at=now - DAY)
    ProgrammeItem.objects.create(programme=programme, position=1, kind="task", task=task)
    early, late = make_people(2)
    first = hand_in_task(task, by=early, pieces=[Piece("x")], now=now)
    Letter.objects.all().delete()
    if not is_locked:
        monkeypatch.setattr(hand_ins_service, "lock_programme", lambda _programme: None)
    is_read, is_handed_in = threading.Event(), threading.Event()

    def read():
        with transaction.atomic():
            read_hand_in(first, by=leader, version=first.version, word="", now=now)
            is_read.set()
            is_handed_in.wait(timeout=patience(is_locked))

    def hand_in():
        is_read.wait(timeout=60)
        hand_in_task(task, by=late, pieces=[Piece("x")], now=now)
        is_handed_in.set()

    in_threads([read, hand_in])
    assert HandIn.objects.filter(read_at=None).get().person == late
    # The control: it waits, and nobody has been told.
    assert Letter.objects.filter(kind="hand_in_to_read").count() == (1 if is_locked else 0)
