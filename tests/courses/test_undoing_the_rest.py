"""Marking the rest as present is undone by one press: what it marked, and nothing that was touched since."""

import datetime as dt
import re
import uuid
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from courses.attendance_queries import UNDO_WITHIN, lines_of, press_to_undo
from courses.leading_queries import days_to_fill_in
from courses.models import Attendance, AttendanceChange, Booking, Completion, PresenceClaim
from courses.room_queries import open_claims
from courses.services import attendance as attendance_service
from courses.services.attendance import TakenBack, mark_attendance, mark_the_rest_present, take_back_the_rest
from courses.services.attendance_import import read_attendance
from courses.services.booking import book_place
from courses.services.occasions import set_sessions
from courses.services.rooms import confirm_claims
from courses.services.telling import COMPLETION_RESTS, tell_news
from courses.services.writing_down import write_down
from letters.models import Letter
from people.roles import FACILITATOR
from people.services.roles import give_role
from people.services.tokens import make_token
from shared.rules import RuleBroken
from shared.table_files import read_table
from tests.courses import test_marks
from tests.courses.conftest import DAY, HOUR, session_of, two_days
from tests.courses.test_marks import at_the_same_time, hold_between_look_and_write, mark_of, take

MINUTE = dt.timedelta(minutes=1)
committed_day = test_marks.committed_day


@pytest.fixture
def occasion(plan_occasion, cast):
    """The course was last week, with three who had a place."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - 7 * DAY
    occasion = plan_occasion(sessions=two_days(start), places=4)
    for person in (cast.employee, cast.colleague, cast.manager):
        book_place(occasion, person=person, now=start - 20 * DAY)
    return occasion


@pytest.fixture
def day(occasion):
    return occasion.sessions.first()


@pytest.fixture
def press(cast):
    """Marks the rest of the day; answers the name of the press."""

    def press_once(day, *, now):
        mark_the_rest_present(day.occasion, day, by=cast.facilitator, now=now)
        return AttendanceChange.objects.exclude(press=None).order_by("-id").values_list("press", flat=True)[0]

    return press_once


def booking_of(person):
    return Booking.objects.get(person=person)


def states(day):
    return {mark.booking.person: mark.state for mark in Attendance.objects.filter(session=day)}


def test_it_takes_back_what_the_press_marked_and_nobody_has_touched_since(day, press, cast):
    now = timezone.now()
    by_hand = mark_attendance(booking_of(cast.manager), day, state="present", by=cast.facilitator, now=now)
    name = press(day, now=now)
    later = {"by": cast.facilitator, "now": now + MINUTE, "why": "Gick hem"}
    mark_attendance(booking_of(cast.colleague), day, state="absent", **later)
    logged = list(AttendanceChange.objects.order_by("id").values_list("pk", flat=True))
    assert take_back_the_rest(day, press=name, by=cast.facilitator, now=now + 2 * MINUTE) == TakenBack(1, left=1)
    assert states(day) == {cast.manager: "present", cast.colleague: "absent"}
    by_hand.refresh_from_db()
    assert by_hand.marked_at == now
    # Every line of the log is still there, and one tells of the undo.
    assert list(AttendanceChange.objects.order_by("id").values_list("pk", flat=True))[: len(logged)] == logged
    last = AttendanceChange.objects.last()
    assert (last.before, last.after, last.by, last.at) == ("present", "", cast.facilitator, now + 2 * MINUTE)
    (line,) = [line for line in lines_of(day.occasion, day) if line.booking.person == cast.employee]
    assert (line.attendance, line.state, line.says) == (None, "", "Inte markerad")
    undone, marked = line.log
    assert "Frida Fors ångrade ”Markera resten som närvarande”. Markeringen ”närvarande” togs tillbaka." in undone
    assert marked.endswith("Frida Fors markerade närvarande. Med ”Markera resten som närvarande”.")


def test_touched_and_touched_back_is_touched(day, press, cast):
    now = timezone.now()
    name = press(day, now=now)
    for state in ("absent", "present"):
        mark_attendance(booking_of(cast.employee), day, state=state, by=cast.facilitator, now=now, why="Var där")
    assert take_back_the_rest(day, press=name, by=cast.facilitator, now=now) == TakenBack(2, left=1)
    assert states(day) == {cast.employee: "present"}


def test_the_same_undo_twice_is_one(day, press, cast):
    now = timezone.now()
    name = press(day, now=now)
    assert take_back_the_rest(day, press=name, by=cast.facilitator, now=now) == TakenBack(3, left=0)
    assert take_back_the_rest(day, press=name, by=cast.facilitator, now=now + DAY) == TakenBack(0, left=0)
    assert AttendanceChange.objects.count() == 6
    assert take_back_the_rest(day, press=uuid.uuid4(), by=cast.facilitator, now=now) == TakenBack(0, left=0)


def test_a_new_press_marks_them_again_and_the_old_undo_does_not_reach_it(day, press, cast):
    now = timezone.now()
    first = press(day, now=now)
    take_back_the_rest(day, press=first, by=cast.facilitator, now=now)
    second = press(day, now=now)
    assert first != second
    assert take_back_the_rest(day, press=first, by=cast.facilitator, now=now) == TakenBack(0, left=3)
    assert set(states(day).values()) == {"present"}
    assert take_back_the_rest(day, press=second, by=cast.facilitator, now=now) == TakenBack(3, left=0)


@pytest.mark.parametrize(("moment", "can_be"), [(-MINUTE, True), (0 * MINUTE, False), (MINUTE, False)])
def test_it_can_be_undone_for_a_quarter_of_an_hour(day, press, cast, moment, can_be):
    now = timezone.now()
    name = press(day, now=now)
    then = now + UNDO_WITHIN + moment
    assert (press_to_undo(lines_of(day.occasion, day), by=cast.facilitator, now=then) is not None) == can_be
    if can_be:
        assert take_back_the_rest(day, press=name, by=cast.facilitator, now=then).count == 3
        return
    with pytest.raises(RuleBroken) as refusal:
        take_back_the_rest(day, press=name, by=cast.facilitator, now=then)
    assert refusal.value.code == "too_late_to_undo"
    assert "i 15 minuter" in str(refusal.value)
    assert len(states(day)) == 3


def test_whoever_is_trained_by_the_press_is_not_after_the_undo_and_nobody_is_written_to(day, occasion, press, cast):
    now = timezone.now()
    second = occasion.sessions.last()
    press(day, now=now - HOUR)
    name = press(second, now=now)
    assert Completion.objects.filter(withdrawn_at=None).count() == 3
    # The last moment of the undo: no letter has been written yet.
    assert UNDO_WITHIN <= COMPLETION_RESTS
    almost = now + UNDO_WITHIN - dt.timedelta(seconds=1)
    tell_news(now=almost)
    take_back_the_rest(second, press=name, by=cast.facilitator, now=almost)
    assert set(Completion.objects.values_list("withdrawn_at", flat=True)) == {almost}
    tell_news(now=now + HOUR)
    assert not Letter.objects.filter(key__startswith="completed:").exists()
    # A first mark again, so it needs no reason though the day is over.
    mark_attendance(booking_of(cast.employee), second, state="present", by=cast.facilitator, now=now + HOUR)
    assert Completion.objects.get(withdrawn_at=None).person == cast.employee


def test_for_every_other_page_there_is_no_mark(day, press, cast):
    now = timezone.now()
    name = press(day, now=now)
    assert [found.unmarked for found in days_to_fill_in(cast.facilitator, now=now)] == [3]  # of the second day
    take_back_the_rest(day, press=name, by=cast.facilitator, now=now)
    assert [found.unmarked for found in days_to_fill_in(cast.facilitator, now=now)] == [3, 3]
    assert not booking_of(cast.employee).attendances.exists()
    assert Attendance.with_taken_back.count() == 3


def test_a_file_finds_nobody_marked_and_marks_without_a_reason(day, press, cast):
    now = timezone.now()
    take_back_the_rest(day, press=press(day, now=now), by=cast.facilitator, now=now)
    table = f"E-post;Närvaro;Dag\n{cast.employee.email};borta;{day.starts_at:%Y-%m-%d}\n"
    reading = read_attendance(day.occasion, read_table(table.encode()), now=now)
    assert [(one.now_stands, one.becomes) for one in reading.changes] == [("Inte markerad", "Borta")]
    write_down(day.occasion, [one.written for one in reading.changes], by=cast.facilitator, now=now, source="file")
    assert states(day) == {cast.employee: "absent"}


def test_a_day_with_a_log_is_not_taken_away(day, occasion, press, cast):
    now = timezone.now()
    take_back_the_rest(day, press=press(day, now=now), by=cast.facilitator, now=now)
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        set_sessions(occasion, [session_of(now + DAY)])
    assert refusal.value.code == "session_in_use"


def test_who_says_to_be_there_says_so_again(day, press, cast):
    now = timezone.now()
    PresenceClaim.objects.create(booking=booking_of(cast.employee), session=day, claimed_at=now - HOUR)
    name = press(day, now=now)
    assert not open_claims(day).exists()
    take_back_the_rest(day, press=name, by=cast.facilitator, now=now)
    assert [claim.booking.person for claim in open_claims(day)] == [cast.employee]
    assert [line.booking.person for line in lines_of(day.occasion, day) if line.claimed_at] == [cast.employee]
    assert confirm_claims(day, by=cast.facilitator, now=now) == 1
    assert states(day) == {cast.employee: "present"}
    assert not [line for line in lines_of(day.occasion, day) if line.claimed_at]


def test_a_tap_that_waited_in_a_browser_arrives_after_the_undo_and_the_undone_one_does_not(day, press, cast):
    now = timezone.now()
    pressed = replace(mark_of(booking_of(cast.employee), why=""), press=uuid.uuid4())
    assert take(day, pressed, by=cast.facilitator) == [("done", "")]
    take_back_the_rest(day, press=pressed.press, by=cast.facilitator, now=now)
    # Its answer was lost, and it is sent again.
    assert take(day, pressed, by=cast.facilitator) == [("known", "")]
    assert states(day) == {}
    # Tapped by another who had seen no mark, and by one who corrected what was undone: neither overwrites anything.
    tapped = mark_of(booking_of(cast.employee), "absent", why="")
    assert take(day, tapped, by=cast.hr) == [("done", "")]
    assert states(day) == {cast.employee: "absent"}


def test_who_has_no_place_any_more_is_left(day, press, cast):
    now = timezone.now()
    name = press(day, now=now)
    Booking.objects.filter(person=cast.employee).update(state=Booking.State.CANCELLED)
    assert take_back_the_rest(day, press=name, by=cast.facilitator, now=now) == TakenBack(2, left=1)


def test_a_mark_that_was_made_meanwhile_is_left_by_the_press(day, cast, monkeypatch):
    """Between the look at who is unmarked and the lock."""
    now, lock = timezone.now(), attendance_service.lock_all_marked

    def mark_then_lock(bookings):
        found = list(bookings)
        mark_attendance(booking_of(cast.employee), day, state="absent", by=cast.hr, now=now)
        lock(found)

    monkeypatch.setattr(attendance_service, "lock_all_marked", mark_then_lock)
    assert mark_the_rest_present(day.occasion, day, by=cast.facilitator, now=now) == 2
    assert states(day)[cast.employee] == "absent"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [False, True])
def test_two_undos_at_once_are_one(committed_day, monkeypatch, is_locked):
    session, _booking, (leader, other), then = committed_day
    mark_the_rest_present(session.occasion, session, by=leader, now=then)
    press = AttendanceChange.objects.get().press
    hold_between_look_and_write(monkeypatch, is_locked=is_locked)
    if not is_locked:
        monkeypatch.setattr(attendance_service, "lock_all_marked", list)
    answers = at_the_same_time(
        [lambda by=by: take_back_the_rest(session, press=press, by=by, now=then).count for by in (leader, other)]
    )
    # The control: without the lock both find the mark standing, and the log says twice that it was taken back.
    assert sorted(answers) == ([0, 1] if is_locked else [1, 1])
    assert AttendanceChange.objects.filter(after="").count() == sum(answers)


# Pages


@pytest.fixture
def address(day):
    return f"/kurstillfallen/{day.occasion_id}/dag/{day.pk}/"


def offered(page):
    """The name of the press that the page offers to undo; None where it offers nothing."""
    form = re.search(r"<form[^>]*data-undo( hidden)?>.*?</form>", page, re.DOTALL)
    return None if form[1] else re.search(r'name="press" value="([^"]+)"', form[0])[1]


def test_without_a_script_the_page_says_how_many_and_undoes_it_by_one_press(client, day, address, cast):
    client.force_login(cast.facilitator)
    assert offered(client.get(address).text) is None
    answer = client.post(f"{address}narvaro/", {"all": "1"})
    assert answer["Location"] == f"{address}#undo"
    page = client.get(address).text
    assert "Du markerade resten som närvarande: 3 personer. Det går att ångra till" in page
    press = offered(page)
    client.post(f"{address}narvaro/", {"booking": booking_of(cast.manager).pk, "state": "absent", "why": "Gick hem"})
    page = client.get(address).text
    assert "Du markerade resten som närvarande: 2 personer." in page
    page = client.post(f"{address}narvaro/angra/", {"press": press}, follow=True).text
    assert (
        "Ångrat: 2 personer är inte längre markerade. 1 markering har ändrats sedan dess och står kvar." in page
    )  # fmt: skip
    assert offered(page) is None
    assert states(day) == {cast.manager: "absent"}
    page = client.post(f"{address}narvaro/angra/", {"press": press}, follow=True).text
    assert "Det finns inget mer att ångra." in page
    client.post(f"{address}narvaro/", {"all": "1"})
    assert "Alla var redan markerade." in client.post(f"{address}narvaro/", {"all": "1"}, follow=True).text


def test_too_late_is_told_on_the_page(client, day, address, press, cast):
    name = press(day, now=timezone.now() - UNDO_WITHIN)
    client.force_login(cast.facilitator)
    assert offered(client.get(address).text) is None
    page = client.post(f"{address}narvaro/angra/", {"press": name}, follow=True).text
    assert "Rätta markeringarna en och en i stället." in page
    assert len(states(day)) == 3


def test_only_who_leads_the_occasion_undoes_and_only_who_pressed_is_offered_it(client, day, address, press, cast):
    name = press(day, now=timezone.now())
    give_role(cast.outsider, role=FACILITATOR)  # of other occasions
    undo = f"{address}narvaro/angra/"
    for person in (cast.outsider, cast.employee, cast.manager, cast.hr, cast.editor):
        client.force_login(person)
        assert client.post(undo, {"press": name}).status_code == 404
    client.logout()
    assert client.post(undo, {"press": name})["Location"].startswith("/konto/login/")
    assert len(states(day)) == 3
    give_role(cast.hr, role=FACILITATOR)
    day.occasion.facilitators.add(cast.hr)
    client.force_login(cast.hr)
    assert offered(client.get(address).text) is None
    assert client.get(undo).status_code == 405
    assert client.post(undo, {"press": "x"}).status_code == 404
    # Another day's address undoes nothing of this one.
    other = day.occasion.sessions.last()
    client.post(f"/kurstillfallen/{day.occasion_id}/dag/{other.pk}/narvaro/angra/", {"press": name})
    assert len(states(day)) == 3
    client.post(undo, {"press": name})
    assert states(day) == {}
    assert AttendanceChange.objects.last().by == cast.hr


# By API


@pytest.fixture
def send(client, cast, now, day):
    def post(path, body, *, by=cast.facilitator):
        headers = {"Authorization": f"Bearer {make_token(by, name=str(uuid.uuid4()), now=now)[1]}"}
        address = f"/api/v1/occasions/{day.occasion_id}/sessions/{day.pk}/attendance/{path}"
        return client.post(address, body, content_type="application/json", headers=headers)

    return post


def as_json(person, **more):
    mark = {"id": str(uuid.uuid4()), "booking": booking_of(person).pk, "state": "present", "based_on": None}
    return mark | more


def test_by_api_marks_with_the_name_of_a_press_are_undone_together(send, day, cast):
    press = str(uuid.uuid4())
    marks = [as_json(cast.employee, press=press), as_json(cast.colleague, press=press), as_json(cast.manager)]
    answer = send("", {"marks": marks}).json()
    assert [one["result"] for one in answer["results"]] == ["done"] * 3
    assert (answer["undo"]["press"], answer["undo"]["count"]) == (press, 2)
    assert "2 personer" in answer["undo"]["says"]
    answer = send("undo/", {"press": press}).json()
    assert (answer["count"], answer["left"], answer["undo"]) == (2, 0, None)
    assert answer["says"] == "Ångrat: 2 personer är inte längre markerade."
    assert sorted(line["state"] for line in answer["people"]) == ["", "", "present"]
    assert send("undo/", {"press": press}).json()["says"] == "Det finns inget mer att ångra."
    assert states(day) == {cast.manager: "present"}


def test_a_correction_belongs_to_no_press(send, day, cast):
    press = str(uuid.uuid4())
    first = as_json(cast.employee, state="absent")
    send("", {"marks": [first]})
    answer = send("", {"marks": [as_json(cast.employee, press=press, based_on=first["id"], why="Kom sent")]}).json()
    assert (answer["results"][0]["result"], answer["undo"]) == ("done", None)
    assert send("undo/", {"press": press}).json()["count"] == 0
    assert states(day) == {cast.employee: "present"}


@pytest.mark.parametrize("body", [{}, [], {"press": None}, {"press": "x"}])
def test_what_names_no_press_is_a_problem(send, body):
    answer = send("undo/", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_rest_is_marked_as_present_alone(send, day, cast):
    mark = as_json(cast.employee, state="absent", press=str(uuid.uuid4()))
    assert send("", {"marks": [mark]}).status_code == 400
    assert states(day) == {}


def test_by_api_too_late_is_a_refusal_and_others_find_nothing(send, day, press, cast):
    name = str(press(day, now=timezone.now() - UNDO_WITHIN))
    answer = send("undo/", {"press": name})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_undo")
    give_role(cast.outsider, role=FACILITATOR)  # of other occasions
    for person in (cast.outsider, cast.employee, cast.manager, cast.editor):
        assert send("undo/", {"press": name}, by=person).status_code == 404
    assert len(states(day)) == 3
