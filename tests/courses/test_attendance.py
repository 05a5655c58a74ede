"""Marks, corrections, and who thereby is trained."""

import datetime as dt

import pytest

from courses.models import Attendance, AttendanceChange, Completion, Course
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking
from people.models import Employment
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


@pytest.fixture
def mark(booking, cast, occasion):
    after = occasion.ends_at + HOUR

    def mark_one(number, state="present", **kwargs):
        session = list(occasion.sessions.all())[number]
        return mark_attendance(
            booking, session, state=state, by=cast.facilitator, now=kwargs.pop("now", after), **kwargs
        )

    return mark_one


def test_both_days_make_the_course_with_the_unit_of_that_day(mark, booking, cast, occasion):
    moved_on = occasion.ends_at.date()
    Employment.objects.filter(person=cast.employee).update(ends_on=moved_on)
    Employment.objects.create(person=cast.employee, unit=cast.care, starts_on=moved_on + DAY)
    mark(0)
    assert not Completion.objects.exists()
    mark(1)
    completion = Completion.objects.get()
    assert completion.person == cast.employee
    assert completion.completed_on == moved_on
    assert completion.unit == cast.school
    assert completion.to_tell


def test_the_same_mark_twice_is_one(mark):
    mark(0)
    mark(0)
    assert AttendanceChange.objects.count() == 1


def test_a_correction_is_logged_and_withdraws_the_completion_without_deleting_it(mark, cast):
    mark(0)
    mark(1)
    mark(1, "absent", why="Fel person")
    change = AttendanceChange.objects.last()
    assert (change.before, change.after, change.by, change.why) == ("present", "absent", cast.facilitator, "Fel person")
    assert Completion.objects.get().withdrawn_at is not None
    mark(1)
    assert Completion.objects.get().withdrawn_at is None


@pytest.mark.parametrize("state", ["absent", "excused"])
def test_a_missed_day_is_no_completion(mark, state):
    mark(0)
    mark(1, state)
    assert not Completion.objects.exists()


def test_leaving_early_says_minutes(mark):
    for minutes in (None, -1, 421):
        with pytest.raises(RuleBroken) as refusal:
            mark(0, "left_early", minutes=minutes)
        assert refusal.value.code == "minutes_needed"
    assert mark(0, "left_early", minutes=420).minutes == 420
    assert mark(0, "present", minutes=17, why="Såg fel").minutes is None


@pytest.mark.parametrize(("minutes", "is_trained"), [(251, False), (252, True), (253, True)])
def test_a_share_of_the_time_may_be_enough(mark, course, minutes, is_trained):
    Course.objects.update(completion_rule="share_of_time", share_needed=80)
    mark(0)
    assert not Completion.objects.exists()
    mark(1, "left_early", minutes=minutes)
    assert Completion.objects.exists() == is_trained


def test_presence_is_not_marked_before_the_day_but_absence_can_be_known(mark, occasion):
    evening_before = occasion.starts_at.replace(hour=0) - dt.timedelta(seconds=1)
    with pytest.raises(RuleBroken) as refusal:
        mark(0, now=evening_before)
    assert refusal.value.code == "session_not_started"
    assert mark(0, "excused", now=evening_before)
    assert mark(0, now=evening_before + dt.timedelta(seconds=1)).state == "present"


def test_only_someone_booked_on_this_occasion_is_marked(mark, booking, plan_occasion, cast, occasion, start, now):
    other = plan_occasion().sessions.first()
    with pytest.raises(RuleBroken) as refusal:
        mark_attendance(booking, other, state="present", by=cast.facilitator, now=start)
    assert refusal.value.code == "other_occasion"
    cancel_booking(booking, by=cast.employee, now=now)
    with pytest.raises(RuleBroken) as refusal:
        mark(0)
    assert refusal.value.code == "not_booked"
    assert not Attendance.objects.exists()


def test_the_last_day_alone_is_not_the_course_by_share(mark):
    Course.objects.update(completion_rule="share_of_time", share_needed=50)
    mark(0)
    assert not Completion.objects.exists()
