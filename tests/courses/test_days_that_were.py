"""A cancellation is of days to come: what was, stays in the calendar, in the feed and out of the letter."""

import dataclasses

import pytest

from courses.checks import find_faults
from courses.models import CalendarEntry
from courses.services.booking import book_place, cancel_booking, give_place_to
from courses.services.feed import course_days
from courses.services.moving import move_booking
from courses.services.occasions import cancel_occasion, change_occasion
from courses.services.telling import tell_news
from letters.models import Letter
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_booking import broken
from tests.courses.test_calendar import event_of
from tests.courses.test_occasions import plans_of

BETWEEN = 8 * HOUR  # day 1 was from 0 to 7


@pytest.fixture
def booking(occasion, cast, now):
    booked, _created = book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    return booked


@pytest.fixture
def other(plan_occasion, start):
    """The same course a week later."""
    return plan_occasion(sessions=two_days(start + 7 * DAY))


def news(person, *, now):
    """What a sweep brings: the letters, and of each calendar file the day, the name, METHOD's STATUS and SEQUENCE."""
    before = set(Letter.objects.values_list("pk", flat=True))
    tell_news(now=now)
    letters = list(Letter.objects.filter(person=person).exclude(pk__in=before).order_by("id"))
    events = [event_of(bytes(part.content)) for letter in letters for part in letter.attachments.all()]
    files = [(event.start.day, str(event["UID"]), str(event["STATUS"]), int(event["SEQUENCE"])) for event in events]
    return letters, files


def in_feed(person, *, now):
    return [(day.starts_at.day, day.uid, day.sequence) for day in course_days(person, now=now)]


def test_cancelled_between_the_days_the_first_stays(booking, cast, start):
    first, second = CalendarEntry.objects.order_by("starts_at")
    then = start + BETWEEN
    cancel_booking(booking, by=cast.facilitator, now=then, why="Sjuk")
    before_the_letter = in_feed(cast.employee, now=then)
    (letter,), files = news(cast.employee, now=then)
    assert files == [(17, second.uid, "CANCELLED", 1)]
    for words in (letter.text, letter.html):
        assert "17 mars" in words
        assert "16 mars" not in words
        assert "tar bort dagen ur din kalender" in words
    first.refresh_from_db()
    assert (first.is_cancelled, first.sequence) == (False, 0)
    # The feed agrees with the letters, also before they are written.
    assert before_the_letter == in_feed(cast.employee, now=then) == [(16, first.uid, 0)]
    assert in_feed(cast.colleague, now=then) == []
    assert news(cast.employee, now=then + DAY) == ([], [])
    assert find_faults(now=then + DAY) == []
    # What the proof is for: the day to come was to go.
    CalendarEntry.objects.filter(pk=second.pk).update(is_cancelled=False)
    assert [fault.code for fault in find_faults(now=then + DAY)] == ["calendar_left"]


def test_who_gets_a_place_between_the_days_is_invited_to_the_second_alone(occasion, cast, start):
    then = start + BETWEEN
    late = give_place_to(cast.colleague, on=occasion, by=cast.facilitator, why="Kom i stället", now=then)
    (letter, *_further), files = news(cast.colleague, now=then)
    assert [(day, status, sequence) for day, _uid, status, sequence in files] == [(17, "CONFIRMED", 0)]
    assert "17 mars" in letter.text
    assert "16 mars" not in letter.text
    # The moment to cancel oneself is over: nobody is told to do it by then.
    for words in (letter.text, letter.html):
        assert "Kursdagen följer med det här brevet" in words
        assert "Avboka senast" not in words
        assert "Skriv till den som leder kursen" in words
    # A change of the second day is one of the second day only.
    days = plans_of(occasion)
    moved = [days[0], dataclasses.replace(days[1], starts_at=days[1].starts_at + HOUR)]
    change_occasion(occasion, plan=plan_for(start), sessions=moved, now=then)
    _letters, files = news(cast.colleague, now=then)
    assert [(day, status, sequence) for day, _uid, status, sequence in files] == [(17, "CONFIRMED", 1)]
    assert late.calendar_entries.count() == 1


@pytest.mark.parametrize(("moment", "stays"), [(7 * HOUR - HOUR, []), (7 * HOUR, [16]), (BETWEEN, [16])])
def test_a_day_is_over_at_its_last_moment(booking, cast, start, moment, stays):
    cancel_booking(booking, by=cast.facilitator, now=start + moment, why="Sjuk")
    _letters, files = news(cast.employee, now=start + BETWEEN)
    assert [day for day, *_about in files] == [day for day in (16, 17) if day not in stays]
    assert [day for day, *_about in in_feed(cast.employee, now=start + BETWEEN)] == stays


def test_moved_between_the_days_what_has_begun_is_kept_and_the_new_ones_come(booking, other, cast, start):
    """Whoever has begun keeps the place on what has begun: nothing is taken out of the calendar."""
    then = start + BETWEEN
    move_booking(booking, to=other, by=cast.facilitator, now=then, why="Sjuk")
    _letters, files = news(cast.employee, now=then)
    assert [(day, status, sequence) for day, _uid, status, sequence in files] == [
        (23, "CONFIRMED", 0), (24, "CONFIRMED", 0),
    ]  # fmt: skip
    assert [day for day, *_about in in_feed(cast.employee, now=then)] == [16, 17, 23, 24]


def test_moved_before_it_began_and_told_late_every_day_goes(booking, other, cast, start):
    move_booking(booking, to=other, by=cast.facilitator, now=start - HOUR, why="Sjuk")
    letters, files = news(cast.employee, now=start + BETWEEN)
    assert {day: status for day, _uid, status, _sequence in files} == {
        16: "CANCELLED", 17: "CANCELLED", 23: "CONFIRMED", 24: "CONFIRMED",
    }  # fmt: skip
    moved = next(letter for letter in letters if letter.kind == "moved")
    assert all(f"{day} mars" in moved.text for day in (16, 17, 23, 24))
    assert [day for day, *_about in in_feed(cast.employee, now=start + BETWEEN)] == [23, 24]


def test_a_day_that_was_and_is_taken_away_goes_all_the_same(booking, occasion, cast, start):
    _first, second = plans_of(occasion)
    then = start + BETWEEN
    change_occasion(occasion, plan=plan_for(start), sessions=[second], now=then)
    cancel_booking(booking, by=cast.facilitator, now=then, why="Sjuk")
    _letters, files = news(cast.employee, now=then)
    assert [(day, status) for day, _uid, status, _sequence in files] == [(16, "CANCELLED"), (17, "CANCELLED")]
    assert in_feed(cast.employee, now=then) == []


def test_a_day_that_is_moved_on_is_to_come(booking, occasion, cast, start):
    """Told of the first day as it stood; it is moved after its old end, and the place is given up before the news."""
    first, second = plans_of(occasion)
    then = start + BETWEEN
    late = dataclasses.replace(first, starts_at=start + 2 * DAY, ends_at=start + 2 * DAY + HOUR)
    change_occasion(occasion, plan=plan_for(start), sessions=[late, second], now=then)
    cancel_booking(booking, by=cast.facilitator, now=then, why="Sjuk")
    _letters, files = news(cast.employee, now=then)
    assert {status for _day, _uid, status, _sequence in files} == {"CANCELLED"}
    assert len(files) == 2
    assert in_feed(cast.employee, now=then) == []


def test_an_occasion_that_has_begun_is_not_cancelled_whole(booking, occasion, cast, start):
    assert broken(cancel_occasion, occasion, by=cast.facilitator, now=start + BETWEEN, why="Sjuk") == "occasion_started"
    assert news(cast.employee, now=start + BETWEEN) == ([], [])


def test_cancelled_before_it_began_and_told_late_every_day_goes(booking, occasion, cast, start):
    """The workers were away over the first day: it was never held."""
    cancel_occasion(occasion, by=cast.facilitator, now=start - HOUR, why="Sjuk")
    letters, files = news(cast.employee, now=start + BETWEEN)
    assert [(day, status) for day, _uid, status, _sequence in files] == [(16, "CANCELLED"), (17, "CANCELLED")]
    assert letters[0].subject == "Inställt: Tjänstedesign i två dagar 16 mars 2027"
    assert in_feed(cast.employee, now=start + BETWEEN) == []
