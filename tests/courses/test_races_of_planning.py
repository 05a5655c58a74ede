"""What is planned by two at once, or planned while it is acted upon: a gate, and the control without the lock."""

import threading
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from courses import planning_api
from courses.models import HandIn, Occasion, Programme, Task
from courses.room_codes import Read, shown_code
from courses.services import hand_ins as hand_ins_service
from courses.services import programmes as programmes_service
from courses.services import rooms as rooms_service
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.hand_ins import Piece, erase_hand_ins, hand_in_task, save_draft
from courses.services.programmes import save_task
from courses.services.rooms import confirm_claims, open_room, say_here
from people.models import Person
from tests.courses import test_races
from tests.courses.conftest import DAY
from tests.courses.test_races import in_threads, make_people

pytestmark = pytest.mark.django_db(transaction=True)
occasion_of = test_races.occasion_of


@pytest.fixture
def leader(db):
    return Person.objects.create(email="leder@skarvik.example", given_name="Lena", is_superuser=True)


def one_while_the_other(first, second, *, is_locked):
    """The second begins when the first has written, and looks (or, behind the lock, waits) before the first ends."""
    is_written, is_done = threading.Event(), threading.Event()

    def begin():
        with transaction.atomic():
            answer = first()
            is_written.set()
            is_done.wait(timeout=0.4 if is_locked else 2)
        return answer

    def follow():
        is_written.wait(timeout=60)
        answer = second()
        is_done.set()
        return answer

    return in_threads([begin, follow])


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_mark_that_is_made_while_all_are_confirmed_stands(occasion_of, leader, now, monkeypatch, is_locked):
    (person,) = make_people(1)
    booking = book_place(occasion_of(4), person=person, now=now)[0]
    session = booking.occasion.sessions.first()
    at = session.starts_at
    room = open_room(session, by=leader, now=at)
    say_here(Read(shown_code(room, at=at), at), person=person, now=at)
    if not is_locked:
        monkeypatch.setattr(rooms_service, "lock_all_marked", lambda _bookings: None)
    _mark, confirmed = one_while_the_other(
        lambda: mark_attendance(booking, session, state="absent", by=leader, now=at),
        lambda: confirm_claims(session, by=leader, now=at),
        is_locked=is_locked,
    )
    # The control: the mark of whoever looked is written over by the one press for all.
    assert (confirmed, booking.attendances.get().state) == ((0, "absent") if is_locked else (1, "present"))


@pytest.mark.parametrize("is_locked", [False, True])
def test_an_old_draft_that_is_handed_in_while_drafts_are_erased_is_kept(
    occasion_of, leader, now, monkeypatch, settings, is_locked
):
    programme = Programme.objects.create(slug="leda", title="Leda", text="Du kan leda.")
    task = save_task(
        Task(programme=programme, title="Skriv", text="Till dig."), is_required=False, by=leader, now=now - DAY
    )
    (person,) = make_people(1)
    save_draft(task, by=person, pieces=[Piece("x")], now=now)
    later = now + settings.HAND_INS_KEPT_DAYS * DAY
    if not is_locked:
        monkeypatch.setattr(hand_ins_service, "_hold_first", lambda rows: list(rows.values_list("pk", flat=True)))
    one_while_the_other(
        lambda: hand_in_task(task, by=person, pieces=[Piece("x")], now=later),
        lambda: erase_hand_ins(now=later),
        is_locked=is_locked,
    )
    assert HandIn.objects.exclude(handed_in_at=None).count() == (1 if is_locked else 0)


@pytest.mark.parametrize("is_locked", [False, True])
def test_two_tasks_made_at_once_are_two_parts_one_after_the_other(leader, now, monkeypatch, is_locked):
    programme = Programme.objects.create(slug="leda", title="Leda", text="Du kan leda.")
    if not is_locked:
        monkeypatch.setattr(programmes_service, "lock_programme", lambda same: same)

    def make(title):
        return save_task(Task(programme=programme, title=title, text="Skriv."), is_required=False, by=leader, now=now)

    # The control: both would be the first, which the database refuses.
    with nullcontext() if is_locked else pytest.raises(IntegrityError):
        one_while_the_other(lambda: make("Ett"), lambda: make("Två"), is_locked=is_locked)
    assert list(programme.items.values_list("position", flat=True)) == ([1, 2] if is_locked else [1])


@pytest.mark.parametrize("is_locked", [False, True])
def test_what_is_changed_while_a_draft_is_published_is_not_written_back(
    occasion_of, leader, now, monkeypatch, is_locked
):
    occasion = occasion_of(4)
    occasion.facilitators.add(leader)
    Occasion.objects.update(state="draft")
    if not is_locked:
        monkeypatch.setattr(planning_api, "lock_occasion", lambda pk: Occasion.objects.get(pk=pk))
    client = Client()
    client.force_login(leader)
    _changed, status = one_while_the_other(
        lambda: Occasion.objects.filter(pk=occasion.pk).update(places=7),
        lambda: client.post(f"/api/v1/occasions/{occasion.pk}/publish/").status_code,
        is_locked=is_locked,
    )
    occasion.refresh_from_db()
    # The control: the places are again as many as when it was read.
    assert (status, occasion.state, occasion.places) == (200, "open", 7 if is_locked else 4)
