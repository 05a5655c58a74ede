"""The proof finds what is wrong: each kind of corruption, really caused, past every service, by SQL."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from courses.checks import CHECKS, find_faults
from courses.models import Booking, Completion, Course, MadeUpDay, Offer
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking
from courses.services.making_up import make_up_day
from courses.services.moving import hand_over_place, move_booking
from courses.services.planning import Circle, create_with_circle
from courses.services.telling import tell_news
from tests.courses.conftest import DAY, plan_for, two_days
from tests.courses.test_booking import fill

HOUR = dt.timedelta(hours=1)


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1, "the corruption touched nothing"


def run_on_the_log(statement, *values):
    """Past what holds the log, too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE courses_bookingevent DISABLE TRIGGER booking_event_never_changes")
        run(statement, *values)
        cursor.execute("ALTER TABLE courses_bookingevent ENABLE TRIGGER booking_event_never_changes")


def codes(now):
    return sorted({fault.code for fault in find_faults(now=now)})


@pytest.fixture
def house(plan_occasion, cast, start, now):
    """Two booked, one offered, two waiting; and one who moved elsewhere."""
    occasion = plan_occasion(places=3)
    later = plan_occasion(sessions=two_days(start + 7 * DAY))
    people = [cast.employee, cast.colleague, cast.manager, cast.outsider, cast.hr, cast.editor]
    bookings = fill(occasion, *people, now=now)
    move_booking(bookings[0], to=later, by=cast.employee, now=now)
    assert find_faults(now=now) == []
    return bookings


def test_nothing_is_wrong_with_what_the_services_made(house, now):
    assert codes(now) == []


def test_one_place_too_many(house, now):
    run("UPDATE courses_occasion SET places = 2 WHERE id = %s", house[0].occasion_id)
    assert codes(now) == ["oversold"]


def test_a_free_place_that_nobody_is_offered(house, now):
    run("UPDATE courses_occasion SET places = 9 WHERE id = %s", house[0].occasion_id)
    assert codes(now) == []  # within the time that a sweep takes
    assert codes(now + HOUR) == ["place_not_offered"]


def test_a_state_that_the_log_does_not_say(house, now):
    run("UPDATE courses_booking SET state = 'cancelled' WHERE id = %s", house[5].pk)
    assert codes(now) == ["log_disagrees"]


def test_a_booking_without_a_log(house, now):
    run_on_the_log("DELETE FROM courses_bookingevent WHERE booking_id = %s", house[5].pk)
    assert codes(now) == ["log_disagrees"]


def test_a_line_that_can_not_follow_the_one_before(house, cast, now):
    run_on_the_log(
        "UPDATE courses_bookingevent SET state = 'refused' WHERE booking_id = %s AND state = 'waiting'", house[3].pk
    )
    assert codes(now) == ["step_impossible"]


def test_an_offer_that_is_gone(house, now):
    run("DELETE FROM courses_offer")
    assert codes(now) == ["offer_missing"]


def test_an_offer_to_someone_who_is_not_offered_a_place(house, now):
    run("UPDATE courses_offer SET booking_id = %s", house[1].pk)
    assert codes(now) == ["offer_left_open", "offer_missing"]


def test_an_offer_that_ran_out_unnoticed(house, now):
    run("UPDATE courses_offer SET expires_at = %s", now - HOUR)
    assert codes(now) == ["offer_not_lapsed"]


def test_someone_who_jumped_the_queue(house, now):
    run("UPDATE courses_offer SET booking_id = %s", house[5].pk)
    run("UPDATE courses_booking SET state = 'waiting' WHERE id = %s", house[3].pk)
    run_on_the_log(
        "UPDATE courses_bookingevent SET state = 'waiting' WHERE booking_id = %s AND state = 'offered'", house[3].pk
    )
    run("UPDATE courses_booking SET state = 'offered' WHERE id = %s", house[5].pk)
    assert "queue_jumped" in codes(now)


def test_a_request_without_an_end_and_one_past_its_end(plan_occasion, course, cast, now):
    Course.objects.update(needs_approval=True)
    (asked,) = fill(plan_occasion(), cast.employee, now=now)
    run("UPDATE courses_booking SET decide_by = %s WHERE id = %s", now - HOUR, asked.pk)
    assert codes(now) == ["request_not_lapsed"]
    run("UPDATE courses_booking SET decide_by = NULL WHERE id = %s", asked.pk)
    assert codes(now) == ["request_without_end"]


def test_a_move_that_leads_nowhere(house, now):
    run_on_the_log("UPDATE courses_bookingevent SET other_id = NULL WHERE state = 'moved'")
    assert codes(now) == ["move_leads_nowhere"]


def test_a_hand_over_that_nobody_received(house, cast, now):
    hand_over_place(house[1], to=cast.administrator, by=cast.colleague, now=now)
    assert codes(now) == []
    run_on_the_log("UPDATE courses_bookingevent SET other_id = NULL WHERE state = 'handed_over'")
    assert codes(now) == ["hand_over_to_nobody"]


def test_a_place_kept_beside_the_one_moved_to(house, now):
    run("UPDATE courses_occasion SET places = 9")
    run("UPDATE courses_booking SET state = 'booked' WHERE state = 'moved'")
    assert "moved_and_kept" in codes(now)


def test_an_occasion_at_another_time_than_its_sessions(house, now):
    run("UPDATE courses_occasion SET starts_at = starts_at - interval '1 hour' WHERE id = %s", house[0].occasion_id)
    assert codes(now) == ["sessions_disagree"]


def test_a_live_booking_on_a_cancelled_occasion(house, now):
    run("UPDATE courses_occasion SET state = 'cancelled' WHERE id = %s", house[0].occasion_id)
    assert codes(now) == ["live_on_cancelled"]


def test_a_calendar_entry_of_someone_who_left(occasion, cast, now):
    booking = book_place(occasion, person=cast.employee, now=now)[0]
    tell_news(now=now)
    cancel_booking(booking, by=cast.employee, now=now)
    assert codes(now) == []  # the letter is still to be written
    run("UPDATE courses_bookingevent SET to_tell = false")
    assert codes(now) == ["calendar_left"]


@pytest.fixture
def led(course, cast, start, now):
    """Planned, and told to the one who leads it."""
    circle = Circle([cast.facilitator])
    occasion = create_with_circle(
        course, plan=plan_for(start), sessions=two_days(start), circle=circle, by=cast.facilitator, now=now
    )
    tell_news(now=now)
    assert codes(now) == []
    return occasion


@pytest.mark.parametrize(
    "wrong",
    [
        "DELETE FROM courses_occasion_facilitators WHERE occasion_id = %s",
        "UPDATE courses_occasion SET state = 'cancelled' WHERE id = %s",
        "UPDATE courses_leaderentry SET session_id = NULL WHERE occasion_id = %s",
    ],
)
def test_a_calendar_entry_of_someone_who_no_longer_leads(led, now, wrong):
    run(wrong, led.pk)
    assert codes(now) == ["leaders_calendar_left"]
    run("UPDATE courses_occasion SET leaders_to_tell = true WHERE id = %s", led.pk)
    assert codes(now) == []  # the letter is still to be written


@pytest.fixture
def made_up(plan_occasion, occasion, cast, start):
    """Day two was missed, and is made up two months later."""
    there = plan_occasion(sessions=two_days(start + 60 * DAY))
    booking = book_place(occasion, person=cast.employee, now=start - 14 * DAY)[0]
    missed = occasion.sessions.last()
    mark_attendance(booking, missed, state="absent", by=cast.facilitator, now=occasion.ends_at)
    made_up = make_up_day(booking, missed, on=there, by=cast.employee, now=occasion.ends_at)
    assert codes(occasion.ends_at) == []
    return made_up


def test_a_day_made_up_for_someone_else(made_up, occasion, cast):
    other = book_place(made_up.occasion, person=cast.colleague, now=occasion.ends_at)[0]
    run("UPDATE courses_madeupday SET original_id = %s", other.pk)
    assert codes(occasion.ends_at) == ["made_up_elsewhere"]


def test_a_place_for_a_day_of_another_occasion_or_of_none(made_up, occasion):
    run("UPDATE courses_madeupday SET instead_id = %s", occasion.sessions.first().pk)
    assert codes(occasion.ends_at) == ["made_up_on_no_day"]
    run("UPDATE courses_madeupday SET instead_id = NULL")
    assert codes(occasion.ends_at) == ["made_up_on_no_day"]


def test_a_day_made_up_twice(made_up, plan_occasion, occasion, cast, start):
    elsewhere = plan_occasion(sessions=two_days(start + 90 * DAY))
    again = book_place(elsewhere, person=cast.employee, now=occasion.ends_at)[0]
    day = made_up.made_up_days.get()
    MadeUpDay.objects.create(
        booking=again, original=day.original, missed=day.missed, instead=elsewhere.sessions.last(), made_at=day.made_at
    )
    assert codes(occasion.ends_at) == ["made_up_twice"]


def test_a_course_completed_by_a_place_for_one_day(made_up, occasion, cast, course):
    day = made_up.made_up_days.get().instead
    mark_attendance(made_up, day, state="present", by=cast.facilitator, now=day.ends_at)
    Completion.objects.create(
        person=cast.employee, course=course, booking=made_up, completed_on=day.ends_at.date(), recorded_at=day.ends_at
    )
    assert codes(day.ends_at) == ["completed_by_one_day"]


def test_an_offer_that_is_open_when_the_occasion_begins(house, now):
    run("UPDATE courses_offer SET expires_at = %s", house[0].occasion.starts_at + HOUR)
    assert codes(now) == ["offer_after_start"]


def test_a_completion_without_attendance(occasion, cast, course, now):
    booking = book_place(occasion, person=cast.employee, now=now)[0]
    Completion.objects.create(
        person=cast.employee, course=course, booking=booking, completed_on=now.date(), recorded_at=now
    )
    assert codes(now) == ["completion_unfounded"]


def test_the_command_lists_the_faults_and_fails(house, capsys):
    run("DELETE FROM courses_offer")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_places")
    assert "offer_missing: booking" in capsys.readouterr().out


def test_the_proof_takes_as_many_queries_with_one_as_with_twenty(
    plan_occasion, cast, start, now, django_assert_max_num_queries
):
    for number in range(20):
        fill(plan_occasion(sessions=two_days(start + number * 3 * DAY), places=1), cast.employee, cast.hr, now=now)
    assert Booking.objects.count() == 40
    assert not Offer.objects.exists()
    with django_assert_max_num_queries(len(CHECKS) * 3):
        assert find_faults(now=now) == []
