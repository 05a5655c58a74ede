"""Working time: borders of the day, weekends, holidays, the clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from courses.working_hours import add_working_hours, is_working_day, working_days_before

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2027-03-02T09:00", 8, "2027-03-02T17:00"),
        ("2027-03-02T09:59:59", 8, "2027-03-02T17:59:59"),
        ("2027-03-02T10:00", 8, "2027-03-02T18:00"),  # ends at closing, not the next morning
        ("2027-03-02T10:00:01", 8, "2027-03-03T07:00:01"),
        ("2027-03-02T06:59", 1, "2027-03-02T08:00"),  # before opening: counted from seven
        ("2027-03-02T07:00", 1, "2027-03-02T08:00"),
        ("2027-03-02T17:59", 1, "2027-03-03T07:59"),
        ("2027-03-02T18:00", 1, "2027-03-03T08:00"),
        ("2027-03-02T23:30", 0, "2027-03-03T07:00"),
        ("2027-03-05T17:00", 2, "2027-03-08T08:00"),  # Friday to Monday
        ("2027-03-06T12:00", 1, "2027-03-08T08:00"),  # Saturday
        ("2027-03-25T17:00", 2, "2027-03-30T08:00"),  # over Easter: Good Friday and Easter Monday off
        ("2027-06-24T17:00", 2, "2027-06-28T08:00"),  # Midsummer Eve is nobody's working day
        ("2026-12-23T17:00", 2, "2026-12-28T08:00"),
        ("2026-12-30T17:00", 12, "2027-01-04T18:00"),  # New Year's Eve off, 11 hours on Monday
        ("2027-03-26T12:00", 22, "2027-03-31T18:00"),  # the clock goes forward in between
        ("2027-10-29T17:00", 2, "2027-11-01T08:00"),  # the clock goes back on the Sunday
    ],
)
def test_hours_are_counted_when_people_work(start, hours, expected):
    assert add_working_hours(at(start), hours) == at(expected)


def test_the_moment_may_come_in_any_time_zone():
    assert add_working_hours(dt.datetime(2027, 7, 1, 5, 0, tzinfo=dt.UTC), 1) == at("2027-07-01T08:00")
    assert add_working_hours(dt.datetime(2027, 7, 1, 22, 30, tzinfo=dt.UTC), 1) == at("2027-07-02T08:00")


@pytest.mark.parametrize("day", ["2027-01-06", "2027-05-06", "2027-06-25", "2027-12-24", "2027-12-31", "2027-03-06"])
def test_days_off(day):
    assert not is_working_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("moment", "days", "expected"),
    [
        ("2027-03-04T09:00", 2, "2027-03-02T09:00"),
        ("2027-03-08T09:00", 2, "2027-03-04T09:00"),
        ("2027-03-30T09:00", 2, "2027-03-24T09:00"),
        ("2027-03-29T09:00", 0, "2027-03-25T09:00"),
    ],
)
def test_working_days_are_counted_backwards(moment, days, expected):
    assert working_days_before(at(moment), days) == at(expected)
