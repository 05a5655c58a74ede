"""A missed day made up on another occasion: the two together complete the course, and the place is a place."""

import threading

import pytest
from django.utils import timezone

from courses.attendance_queries import lines_of
from courses.checks import find_faults
from courses.making_up_queries import chances_to_make_up, missed_days
from courses.models import Booking, CalendarEntry, Completion, Course, MadeUpDay
from courses.own_days import days_of
from courses.services import making_up as making_up_service
from courses.services.attendance import mark_attendance, mark_the_rest_present
from courses.services.booking import book_place, cancel_booking
from courses.services.feed import course_days
from courses.services.making_up import make_up_day
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import create_occasion
from courses.services.offers import accept_offer
from courses.services.reminders import write_reminders
from courses.services.telling import tell_news
from letters.models import Letter
from people.services.tokens import make_token
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR, plan_for, session_of, two_days
from tests.courses.test_races import in_threads, make_people, patience


@pytest.fixture
def there(plan_occasion, start):
    """The same course, two months later."""
    return plan_occasion(sessions=two_days(start + 60 * DAY))


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


@pytest.fixture
def mark(cast):
    def mark_one(booking, number, state="present", **more):
        session = list(booking.occasion.sessions.all())[number]
        return mark_attendance(booking, session, state=state, by=cast.facilitator, now=session.ends_at + HOUR, **more)

    return mark_one


@pytest.fixture
def missed(booking, mark):
    """Day one attended, day two not."""
    mark(booking, 0)
    mark(booking, 1, "absent")
    return booking.occasion.sessions.last()


@pytest.fixture
def then(occasion):
    return occasion.ends_at + 2 * HOUR


@pytest.fixture
def made_up(booking, missed, there, cast, then):
    return make_up_day(booking, missed, on=there, by=cast.employee, now=then)


def refusal(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as refused:
        act(*args, **kwargs)
    return refused.value.code


def test_the_two_together_complete_the_course_once(booking, made_up, mark, there, cast):
    assert not Completion.objects.exists()
    mark(made_up, 1)
    completion = Completion.objects.get()
    assert completion.booking == booking
    assert completion.completed_on == timezone.localdate(there.ends_at)
    assert completion.unit == cast.school
    assert find_faults(now=there.ends_at + DAY) == []


def test_a_correction_of_either_withdraws_it(booking, made_up, mark):
    mark(made_up, 1)
    mark(made_up, 1, "excused")
    assert Completion.objects.get().withdrawn_at is not None
    mark(made_up, 1)
    assert Completion.objects.get().withdrawn_at is None
    mark(booking, 0, "absent")
    assert Completion.objects.get().withdrawn_at is not None


def test_once_more_in_full_on_the_first_occasion_it_is_completed_that_day(booking, made_up, mark, occasion):
    mark(made_up, 1)
    mark(booking, 1, why="Stod på fel rad")
    assert Completion.objects.get().completed_on == timezone.localdate(occasion.ends_at)


def test_a_place_for_one_day_completes_nothing_alone(booking, made_up, mark):
    mark(booking, 0, "absent")
    mark(made_up, 1)
    assert not Completion.objects.exists()


@pytest.mark.parametrize(("minutes", "is_trained"), [(251, False), (252, True)])
def test_by_share_of_time_the_made_up_minutes_count(booking, made_up, mark, minutes, is_trained):
    Course.objects.update(completion_rule="share_of_time", share_needed=80)
    mark(made_up, 1, "left_early", minutes=minutes)
    assert Completion.objects.exists() == is_trained


def test_the_best_of_both_counts_and_never_more_than_the_day(booking, mark, there, cast, then):
    """60 minutes of day two were attended, 100 of the made-up one: 420 and 100 of 840."""
    Course.objects.update(completion_rule="share_of_time", share_needed=62)
    mark(booking, 0)
    mark(booking, 1, "left_early", minutes=60)
    made_up = make_up_day(booking, booking.occasion.sessions.last(), on=there, by=cast.employee, now=then)
    mark(made_up, 1, "left_early", minutes=100)
    assert not Completion.objects.exists()
    Course.objects.update(share_needed=61)
    mark(made_up, 1, "left_early", minutes=101)
    assert Completion.objects.exists()


def test_it_takes_a_place_and_only_the_day_is_on_the_list(made_up, there, cast, now):
    first, second = there.sessions.all()
    assert days_of(made_up) == [second]
    assert lines_of(there, first) == []
    (line,) = lines_of(there, second)
    assert line.note == "Tar igen 17 mars 2027"
    assert mark_the_rest_present(there, first, by=cast.facilitator, now=first.ends_at) == 0
    assert refusal(mark_attendance, made_up, first, state="present", by=cast.facilitator, now=first.ends_at) == (
        "other_day"
    )
    book_place(there, person=cast.colleague, now=now)
    assert refusal(book_place, there, person=cast.outsider, now=now) == "occasion_full"


def test_the_missed_days_list_says_when_it_is_made_up(made_up, booking, occasion):
    assert [line.note for line in lines_of(occasion, occasion.sessions.last())] == ["Tas igen 16 maj 2027"]
    assert [line.note for line in lines_of(occasion, occasion.sessions.first())] == [""]


def test_only_that_day_is_in_letter_calendar_feed_and_reminder(made_up, there, cast, then):
    second = there.sessions.last()
    tell_news(now=then)
    assert list(CalendarEntry.objects.filter(booking=made_up).values_list("session", flat=True)) == [second.pk]
    letter = Letter.objects.get(kind="booked", key__contains=str(made_up.uuid))
    assert "16 maj" in letter.text
    assert "15 maj" not in letter.text
    assert [day.uid for day in course_days(cast.employee, now=then) if str(made_up.uuid) in day.uid] == [
        CalendarEntry.objects.get(booking=made_up).uid
    ]
    assert write_reminders(now=there.starts_at - DAY) == 1
    assert "15 maj" not in Letter.objects.get(kind="reminder").text


def test_full_there_means_the_queue_and_an_approved_course_is_not_asked_for_again(
    booking, missed, there, cast, then, now
):
    Course.objects.update(needs_approval=False)
    others = [book_place(there, person=person, now=now)[0] for person in (cast.colleague, cast.outsider)]
    Course.objects.update(needs_approval=True)
    assert refusal(make_up_day, booking, missed, on=there, by=cast.employee, now=then) == "occasion_full"
    assert not MadeUpDay.objects.exists()
    waits = make_up_day(booking, missed, on=there, by=cast.employee, now=then, wait=True)
    assert waits.state == "waiting"
    cancel_booking(others[0], by=cast.colleague, now=then)
    offer = waits.offers.get()
    assert accept_offer(offer, by=cast.employee, now=then).state == "booked"
    assert find_faults(now=then) == []


def test_two_missed_days_share_a_place(booking, mark, there, cast, then):
    mark(booking, 0, "absent")
    mark(booking, 1, "excused")
    first, second = booking.occasion.sessions.all()
    one = make_up_day(booking, first, on=there, by=cast.employee, now=then)
    tell_news(now=then)
    two = make_up_day(booking, second, on=there, by=cast.employee, now=then)
    assert one == two
    tell_news(now=then)
    assert CalendarEntry.objects.filter(booking=one, is_cancelled=False).count() == 2
    mark(one, 0)
    mark(one, 1)
    assert Completion.objects.get().booking == booking
    assert find_faults(now=there.ends_at + DAY) == []


def test_what_can_not_be_made_up_is_told(booking, missed, made_up, mark, there, cast, then, plan_occasion, start):
    first = booking.occasion.sessions.first()
    elsewhere = plan_occasion(sessions=two_days(start + 90 * DAY))
    short = plan_occasion(sessions=[session_of(start + 100 * DAY, place="Rådhuset")])

    def ask(session, on, by=cast.employee, original=booking, **more):
        return refusal(make_up_day, original, session, on=on, by=by, now=then, **more)

    assert make_up_day(booking, missed, on=there, by=cast.employee, now=then) == made_up
    assert ask(first, there) == "not_missed"
    assert ask(missed, elsewhere) == "already_made_up"
    cancel_booking(made_up, by=cast.employee, now=then)
    assert ask(missed, short) == "no_such_day"
    assert ask(missed, booking.occasion) == "no_such_day"
    assert ask(missed, elsewhere, by=cast.outsider) == "not_your_booking"
    assert ask(missed, elsewhere, by=cast.facilitator) == "reason_needed"
    assert make_up_day(booking, missed, on=elsewhere, by=cast.facilitator, now=then, why="Ringde").state == "booked"
    book_place(there, person=cast.employee, now=then)
    assert Booking.objects.filter(person=cast.employee, state="booked").count() == 3


def test_the_place_is_not_moved_or_handed_over(made_up, cast, then, plan_occasion, start):
    elsewhere = plan_occasion(sessions=two_days(start + 90 * DAY))
    assert refusal(move_booking, made_up, to=elsewhere, by=cast.employee, now=then) == "made_up_day"
    assert refusal(hand_over_place, made_up, to=cast.colleague, by=cast.employee, now=then) == "made_up_day"


def test_missed_days_are_told_until_the_course_is_completed_or_booked_anew(
    booking, missed, there, cast, then, plan_occasion, start, mark
):
    def told(now=then):
        return [(day.session, day.number, bool(day.made_up)) for day in missed_days(cast.employee, now=now)]

    assert told() == [(missed, 2, False)]
    assert told(then + 400 * DAY) == []
    chances = chances_to_make_up(missed_days(cast.employee, now=then)[0], now=then)
    assert [chance.session for chance in chances] == [there.sessions.last()]
    made_up = make_up_day(booking, missed, on=there, by=cast.employee, now=then)
    assert told() == [(missed, 2, True)]
    cancel_booking(made_up, by=cast.employee, now=then)
    anew = book_place(there, person=cast.employee, now=then)[0]
    assert told() == []
    cancel_booking(anew, by=cast.employee, now=then)
    mark(booking, 1)
    assert told() == []


def test_nothing_missed_is_one_question(cast, then, booking, mark, django_assert_num_queries):
    mark(booking, 0)
    with django_assert_num_queries(1):
        assert missed_days(cast.employee, now=then) == []


# The pages and the API


@pytest.fixture
def real(plan_occasion, cast, mark):
    """By the clock of the machine: missed last week, to be made up in a month."""
    today = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    before = plan_occasion(sessions=two_days(today - 7 * DAY))
    coming = plan_occasion(sessions=two_days(today + 30 * DAY))
    booking = book_place(before, person=cast.employee, now=today - 30 * DAY)[0]
    mark(booking, 0)
    mark(booking, 1, "absent")
    return booking, before.sessions.last(), coming


def test_the_employee_sees_the_missed_day_and_books_only_that_one(client, real, cast):
    booking, session, coming = real
    client.force_login(cast.employee)
    page = client.get("/min-sida/").text
    address = f"/min-sida/ta-igen/{booking.pk}/{session.pk}/"
    assert address in page
    assert "Boka den här dagen" in client.get(address).text
    for _turn in range(2):
        answer = client.post(address, {"occasion": coming.pk}, follow=True)
    assert "Du kommer bara" in answer.text
    assert "Du tar igen den" in client.get("/min-sida/").text
    assert MadeUpDay.objects.get().instead == coming.sessions.last()
    assert "Du har valt" in client.get(address).text


def test_what_only_makes_up_a_day_is_neither_moved_nor_handed_over(client, real, cast, plan_occasion):
    booking, session, coming = real
    plan_occasion(sessions=two_days(coming.starts_at + 30 * DAY))  # there is somewhere to move to
    whole = book_place(coming, person=cast.colleague, now=timezone.now())[0]
    made_up = make_up_day(booking, session, on=coming, by=cast.employee, now=timezone.now())
    for person, own, is_offered in ((cast.colleague, whole, True), (cast.employee, made_up, False)):
        client.force_login(person)
        page = client.get(f"/bokningar/{own.pk}/").text
        assert [f"/bokningar/{own.pk}/{act}/" in page for act in ("flytta", "lamna-over")] == [is_offered] * 2
        assert f"/bokningar/{own.pk}/avboka/" in page


def test_another_persons_missed_day_does_not_exist(client, real, cast):
    booking, session, coming = real
    address = f"/min-sida/ta-igen/{booking.pk}/{session.pk}/"
    assert client.get(address).status_code == 302
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    assert client.post(address, {"occasion": coming.pk}).status_code == 404
    client.force_login(cast.employee)
    assert client.put(address).status_code == 405
    for wrong in ("", "x", "9" * 30, "999999"):
        assert client.post(address, {"occasion": wrong}).status_code == 404
    assert not MadeUpDay.objects.exists()


def test_it_is_done_by_api_too(client, real, cast, now):
    booking, session, coming = real
    key = make_token(cast.employee, name="prov", now=now)[1]

    def call(method, path, body=None, key=key):
        headers = {"Authorization": f"Bearer {key}"}
        return getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    (day,) = call("get", "missed-days/").json()["results"]
    assert (day["booking"], day["session"], day["number"]) == (booking.pk, session.pk, 2)
    assert [chance["occasion"] for chance in day["chances"]] == [coming.pk]
    asked = {"session": session.pk, "occasion": coming.pk}
    answer = call("post", f"bookings/{booking.pk}/make-up/", asked)
    assert (answer.status_code, answer.json()["occasion"]) == (200, coming.pk)
    assert call("get", "missed-days/").json()["results"][0]["made_up_by"] == answer.json()["id"]
    wrong = call("post", f"bookings/{booking.pk}/make-up/", {"session": session.pk, "occasion": 999999})
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    stranger = make_token(cast.outsider, name="prov", now=now)[1]
    assert call("post", f"bookings/{booking.pk}/make-up/", asked, key=stranger).status_code == 404


# At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [False, True])
def test_the_same_day_made_up_in_two_places_at_once_is_one(now, monkeypatch, is_locked):
    (person,) = make_people(1)
    course = Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=14, days=2)
    occasions = [
        create_occasion(
            course,
            plan=plan_for(now + days * DAY),
            sessions=two_days(now + days * DAY),
            facilitators=[],
        )
        for days in (14, 60, 90)
    ]
    old = book_place(occasions[0], person=person, now=now)[0]
    missed = occasions[0].sessions.last()
    then = missed.ends_at + HOUR
    mark_attendance(old, missed, state="absent", by=person, now=then)
    gate = threading.Barrier(2)
    look = making_up_service._already

    def look_and_wait(*args):
        seen = look(*args)
        try:
            gate.wait(timeout=patience(is_locked))
        except threading.BrokenBarrierError:
            pass
        return seen

    monkeypatch.setattr(making_up_service, "_already", look_and_wait)
    if not is_locked:
        monkeypatch.setattr(making_up_service, "lock_original", lambda booking: Booking.objects.get(pk=booking.pk))
    answers = in_threads(
        [lambda on=on: make_up_day(old, missed, on=on, by=person, now=then).state for on in occasions[1:]]
    )
    # The control: without the lock of the booking both find nothing, and the day is made up twice.
    assert sorted(answers) == (["already_made_up", "booked"] if is_locked else ["booked", "booked"])
