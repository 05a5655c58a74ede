"""Marks that come in a list, late, twice or against each other; and the log of every correction."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import IntegrityError, close_old_connections, connection
from django.utils import timezone

from courses.attendance_queries import lines_of
from courses.models import Attendance, AttendanceChange, Booking, BookingNeeds, Course
from courses.services import attendance as attendance_service
from courses.services import marks as marks_service
from courses.services.attendance import Tap, mark_attendance
from courses.services.booking import book_place
from courses.services.marks import Mark, take_marks
from courses.services.needs import ask_for_needs
from courses.services.occasions import create_occasion
from people.models import Person
from people.roles import FACILITATOR
from people.services.roles import give_role
from people.services.tokens import make_token
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_races import in_threads, patience


@pytest.fixture
def day(plan_occasion, cast):
    """An occasion that was last week, with two who had a place; its first session."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - 7 * DAY
    occasion = plan_occasion(sessions=two_days(start))
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=start - 20 * DAY)
    occasion.co = cast.hr
    give_role(cast.hr, role=FACILITATOR)
    occasion.facilitators.add(cast.hr)
    return occasion.sessions.first()


@pytest.fixture
def booking(day, cast):
    return Booking.objects.get(person=cast.employee)


def mark_of(booking, state="present", *, based_on=None, mark=None, minutes=None, why="Såg fel", at=None):
    return Mark(Tap(mark or uuid.uuid4(), based_on, at), booking=booking.pk, state=state, minutes=minutes, why=why)


def take(day, *marks, by):
    return [(one.result, one.code) for one in take_marks(day, marks, by=by, now=timezone.now())]


def test_the_same_mark_sent_twice_is_one(day, booking, cast):
    mark = mark_of(booking)
    assert take(day, mark, by=cast.facilitator) == [("done", "")]
    assert take(day, mark, mark, by=cast.facilitator) == [("known", ""), ("known", "")]
    assert AttendanceChange.objects.count() == 1


def test_a_mark_that_arrives_again_after_a_correction_does_not_undo_it(day, booking, cast):
    late = mark_of(booking, "absent")
    take(day, late, by=cast.facilitator)
    take(day, mark_of(booking, "present", based_on=late.tap.mark), by=cast.hr)
    assert take(day, late, by=cast.facilitator) == [("known", "")]
    assert Attendance.objects.get().state == "present"


def test_what_someone_else_has_marked_meanwhile_is_told_and_not_overwritten(day, booking, cast):
    newer = mark_of(booking, "present")
    take(day, newer, by=cast.hr)
    (outcome,) = take_marks(day, [mark_of(booking, "absent")], by=cast.facilitator, now=timezone.now())
    assert (outcome.result, outcome.code, outcome.stands) == ("lost", "newer_mark", newer.tap.mark)
    assert "Hanna Ros" in outcome.says
    assert "Elin Ek" in outcome.says
    assert Attendance.objects.get().state == "present"
    mine = mark_of(booking, "absent", based_on=outcome.stands, why="Gick hem")
    assert take(day, mine, by=cast.facilitator) == [("done", "")]
    assert AttendanceChange.objects.last().why == "Gick hem"


def test_two_taps_without_network_are_two_lines_of_the_log_each_based_on_the_other(day, booking, cast):
    first = mark_of(booking, "absent")
    second = mark_of(booking, "present", based_on=first.tap.mark)
    assert take(day, first, second, by=cast.facilitator) == [("done", ""), ("done", "")]
    assert list(AttendanceChange.objects.values_list("before", "after")) == [("", "absent"), ("absent", "present")]


def test_a_tap_based_on_one_that_changed_nothing_is_based_on_what_stands(day, booking, cast):
    take(day, mark_of(booking, "absent"), by=cast.hr)
    same = mark_of(booking, "absent")
    then = mark_of(booking, "present", based_on=same.tap.mark)
    assert take(day, same, then, by=cast.facilitator) == [("same", ""), ("done", "")]


def test_a_tap_based_on_a_known_one_does_not_pass_what_came_between(day, booking, cast):
    first = mark_of(booking, "absent")
    take(day, first, by=cast.facilitator)
    take(day, mark_of(booking, "excused", based_on=first.tap.mark), by=cast.hr)
    second = mark_of(booking, "present", based_on=first.tap.mark)
    assert take(day, first, second, by=cast.facilitator) == [("known", ""), ("lost", "newer_mark")]
    assert Attendance.objects.get().state == "excused"


def test_one_that_is_refused_keeps_none_of_the_others_out(day, booking, cast, plan_occasion, start, now):
    other = Booking.objects.get(person=cast.colleague)
    elsewhere = book_place(plan_occasion(sessions=two_days(start + 9 * DAY)), person=cast.manager, now=now)[0]
    outcomes = take(
        day, mark_of(booking, "left_early"), mark_of(elsewhere), mark_of(other), by=cast.facilitator
    )  # fmt: skip
    assert outcomes == [("refused", "minutes_needed"), ("refused", "not_booked"), ("done", "")]


def test_a_mark_that_was_used_for_another_person_is_refused(day, booking, cast):
    other = Booking.objects.get(person=cast.colleague)
    mark = uuid.uuid4()
    take(day, mark_of(booking, mark=mark), by=cast.facilitator)
    assert take(day, mark_of(other, mark=mark), by=cast.facilitator) == [("refused", "mark_elsewhere")]


def test_a_device_whose_clock_is_ahead_has_not_tapped_in_the_future(day, booking, cast):
    now = timezone.now()
    take_marks(day, [mark_of(booking, at=now + HOUR)], by=cast.facilitator, now=now)
    assert AttendanceChange.objects.get().tapped_at == now


def test_the_log_says_who_when_from_what_to_what_and_why(day, booking, cast):
    now = timezone.now()
    first = mark_of(booking, "absent", at=now - 3 * HOUR)
    take_marks(day, [first], by=cast.facilitator, now=now)
    take(day, mark_of(booking, "left_early", minutes=1, based_on=first.tap.mark, why="Fel rad"), by=cast.hr)
    (line, other) = lines_of(day.occasion, day)
    assert other.log == []
    newest, oldest = line.log
    assert "Hanna Ros ändrade från borta till gick tidigare, 1 minut." in newest
    assert newest.endswith("Varför: Fel rad")
    assert "Frida Fors markerade borta." in oldest
    assert "väntade på nät" in oldest
    assert line.says.startswith("Gick tidigare, 1 minut · ")


def test_the_list_takes_as_many_queries_with_1_as_with_30(plan_occasion, cast, now, django_assert_num_queries):
    occasion = plan_occasion(places=40)
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@skarvik.example", given_name=f"P{number}") for number in range(30)
    )
    session = occasion.sessions.first()
    for person in [cast.employee, *people]:
        booking = book_place(occasion, person=person, now=now)[0]
        for state in ("absent", "excused"):
            mark_attendance(booking, session, state=state, by=cast.facilitator, now=now)
    with django_assert_num_queries(6):
        assert len([line.log for line in lines_of(occasion, session)]) == 31


def test_what_someone_needs_stands_on_the_run_sheet_of_the_facilitators_alone(client, day, booking, cast):
    ask_for_needs(day.occasion, asks=True)
    BookingNeeds.objects.create(
        booking=booking, food="Inga <nötter>", hearing_loop=True, written_at=timezone.now()
    )  # fmt: skip
    address = f"/kurstillfallen/{day.occasion_id}/dag/{day.pk}/"
    client.force_login(cast.facilitator)
    page = client.get(address).text
    assert "Mat: Inga &lt;nötter&gt;" in page
    assert "Hörslinga" in page
    client.force_login(cast.administrator)  # leads every occasion by right, but is none of its facilitators
    page = client.get(address).text
    assert "Ek, Elin" in page
    assert "nötter" not in page
    assert "Hörslinga" not in page


# By API


@pytest.fixture
def send(client, cast, now, day):
    keys = {}

    def post(body, *, by=cast.facilitator, method="post"):
        if by.pk not in keys:
            keys[by.pk] = make_token(by, name="prov", now=now)[1]
        path = f"/api/v1/occasions/{day.occasion_id}/sessions/{day.pk}/attendance/"
        headers = {"Authorization": f"Bearer {keys[by.pk]}"}
        return getattr(client, method)(path, body, content_type="application/json", headers=headers)

    return post


def as_json(booking, state="present", **more):
    return {"id": str(uuid.uuid4()), "booking": booking.pk, "state": state, "based_on": None} | more


def test_a_list_of_marks_by_api_is_answered_mark_by_mark(send, booking, cast):
    mark = as_json(booking)
    answer = send({"marks": [mark], "person": cast.facilitator.pk}).json()
    assert [(one["id"], one["result"]) for one in answer["results"]] == [(mark["id"], "done")]
    (first, _other) = answer["people"]
    assert (first["booking"], first["state"], first["mark"]) == (booking.pk, "present", mark["id"])
    assert [one["result"] for one in send({"marks": [mark]}).json()["results"]] == ["known"]
    assert [one["name"] for one in send({}, method="get").json()["people"]] == ["Ek, Elin", "Kvist, Kaj"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"marks": "x"},
        {"marks": [{}]},
        {"marks": [{"id": "1", "booking": 1, "state": "present", "based_on": None}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 1, "state": "asleep", "based_on": None}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 1, "state": "present"}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 10**30, "state": "present", "based_on": None}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 1, "state": "present", "based_on": None, "minutes": -1}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 1, "state": "present", "based_on": None, "at": "igår"}]},
        {"marks": [{"id": str(uuid.UUID(int=1)), "booking": 1, "state": "present", "based_on": None}] * 201},
    ],
)
def test_what_can_not_be_read_is_a_problem_and_nothing_is_marked(send, body):
    answer = send(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"]
    assert not Attendance.objects.exists()


def test_marks_of_someone_else_are_not_sent_as_mine(send, booking, cast):
    answer = send({"marks": [as_json(booking)], "person": cast.hr.pk})
    assert (answer.status_code, answer.json()["code"]) == (409, "someone_else")
    assert not Attendance.objects.exists()


def test_the_list_does_not_exist_for_others(send, booking, cast):
    for person in (cast.employee, cast.outsider, cast.manager, cast.editor):
        assert send({"marks": [as_json(booking)]}, by=person).status_code == 404
        assert send({}, by=person, method="get").status_code == 404
    give_role(cast.outsider, role=FACILITATOR)
    assert send({"marks": [as_json(booking)]}, by=cast.outsider).status_code == 404
    assert not Attendance.objects.exists()


def test_a_form_from_a_page_that_stood_open_does_not_overwrite_what_came_meanwhile(client, day, booking, cast):
    client.force_login(cast.facilitator)
    address = f"/kurstillfallen/{day.occasion_id}/dag/{day.pk}/narvaro/"
    take(day, mark_of(booking, "excused"), by=cast.hr)
    answer = client.post(address, {"booking": booking.pk, "state": "absent", "based_on": ""}, follow=True)
    assert "Hanna Ros har under tiden markerat Elin Ek" in answer.text
    assert Attendance.objects.get().state == "excused"
    shown = str(AttendanceChange.objects.last().mark)
    assert shown in answer.text
    again = {"booking": booking.pk, "state": "absent", "based_on": shown}
    assert "Skriv varför markeringen ändras." in client.post(address, again, follow=True).text
    client.post(address, again | {"why": "Gick efter frukosten"})
    assert Attendance.objects.get().state == "absent"


def test_the_page_of_names_is_kept_in_no_store(client, day, cast):
    client.force_login(cast.facilitator)
    answer = client.get(f"/kurstillfallen/{day.occasion_id}/dag/{day.pk}/")
    assert answer["Cache-Control"] == "private, no-store"


def test_once_the_day_is_over_a_correction_says_why_and_a_first_mark_need_not(day, booking, cast):
    evening = timezone.localtime(day.ends_at).replace(hour=23, minute=59)
    midnight = evening + dt.timedelta(minutes=1)
    mark = {"by": cast.facilitator}
    mark_attendance(booking, day, state="absent", now=evening - HOUR, **mark)
    mark_attendance(booking, day, state="present", now=evening, **mark)
    for why in ("", "  "):
        with pytest.raises(RuleBroken) as refused:
            mark_attendance(booking, day, state="absent", now=midnight, why=why, **mark)
        assert refused.value.code == "why_missing"
    assert mark_attendance(booking, day, state="present", now=midnight, **mark).state == "present"
    assert mark_attendance(booking, day, state="absent", now=midnight, why="Satt i fel rum", **mark).state == "absent"
    other = Booking.objects.get(person=cast.colleague)
    assert mark_attendance(other, day, state="present", now=midnight, **mark).state == "present"


def test_what_was_tapped_on_the_day_and_arrives_after_it_needs_no_reason(day, booking, cast):
    first = mark_of(booking, "absent", at=day.ends_at - HOUR, why="")
    second = mark_of(booking, "present", at=day.ends_at, based_on=first.tap.mark, why="")
    third = mark_of(booking, "excused", at=day.ends_at + DAY, based_on=second.tap.mark, why="")
    assert take(day, first, second, third, by=cast.facilitator) == [
        ("done", ""), ("done", ""), ("refused", "why_missing")
    ]  # fmt: skip


# At once


@pytest.fixture
def committed_day(now):
    leaders = Person.objects.bulk_create(
        Person(email=f"leder{number}@skarvik.example", given_name=f"Led {number}") for number in range(2)
    )
    comes = Person.objects.create(email="kommer@skarvik.example", given_name="Kommer")
    course = Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=14, days=2)
    start = now + 14 * DAY
    occasion = create_occasion(course, plan=plan_for(start), sessions=two_days(start), facilitators=leaders)
    booking = book_place(occasion, person=comes, now=now)[0]
    return occasion.sessions.first(), booking, leaders, start + 10 * HOUR


def hold_between_look_and_write(monkeypatch, *, is_locked):
    gate = threading.Barrier(2)
    write = attendance_service._write_mark

    def wait_and_write(*args, **kwargs):
        try:
            gate.wait(timeout=patience(is_locked))
        except threading.BrokenBarrierError:
            pass
        return write(*args, **kwargs)

    monkeypatch.setattr(attendance_service, "_write_mark", wait_and_write)


def take_the_lock_out(monkeypatch):
    for module in (attendance_service, marks_service):
        monkeypatch.setattr(module, "lock_marked", lambda booking: Booking.objects.get(pk=booking.pk))


def at_the_same_time(acts):
    def run(act):
        close_old_connections()
        try:
            return act()
        except IntegrityError:
            return "crashed"
        finally:
            connection.close()

    return in_threads([lambda act=act: run(act) for act in acts])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [False, True])
def test_the_same_mark_twice_at_once_is_one(committed_day, monkeypatch, is_locked):
    session, booking, (leader, _other), then = committed_day
    mark = mark_of(booking)
    hold_between_look_and_write(monkeypatch, is_locked=is_locked)
    if not is_locked:
        take_the_lock_out(monkeypatch)
    answers = at_the_same_time([lambda: take_marks(session, [mark], by=leader, now=then)[0].result] * 2)
    # The control: without the lock both look before either writes, and the database has to refuse one.
    assert sorted(answers) == (["done", "known"] if is_locked else ["crashed", "done"])
    assert AttendanceChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [False, True])
def test_two_who_correct_the_same_mark_at_once_are_one_correction(committed_day, monkeypatch, is_locked):
    session, booking, leaders, then = committed_day
    first = mark_of(booking)
    take_marks(session, [first], by=leaders[0], now=then)
    hold_between_look_and_write(monkeypatch, is_locked=is_locked)
    if not is_locked:
        take_the_lock_out(monkeypatch)
    corrections = [mark_of(booking, state, based_on=first.tap.mark) for state in ("absent", "excused")]
    answers = at_the_same_time(
        [
            lambda by=by, mark=mark: take_marks(session, [mark], by=by, now=then)[0].result
            for by, mark in zip(leaders, corrections, strict=True)
        ]
    )
    assert sorted(answers) == (["done", "lost"] if is_locked else ["done", "done"])


@pytest.mark.django_db
def test_a_tap_without_a_base_is_only_for_who_is_not_marked(day, booking, cast):
    mark_attendance(booking, day, state="present", by=cast.hr, now=timezone.now())
    with pytest.raises(RuleBroken) as refusal:
        mark_attendance(
            booking, day, state="absent", by=cast.facilitator, now=timezone.now(), tap=Tap(uuid.uuid4(), None)
        )
    assert refusal.value.code == "newer_mark"
