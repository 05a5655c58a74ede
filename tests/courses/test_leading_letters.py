"""Those who lead are told so, and their calendars follow the days: one entry for life, as for those who come."""

import dataclasses

import pytest
from icalendar import Calendar

from courses.models import LeaderEntry, Occasion
from courses.services.occasions import SessionPlan, cancel_occasion
from courses.services.planning import Circle, change_with_circle, create_with_circle
from courses.services.telling import tell_news
from letters.models import Letter
from people.roles import FACILITATOR
from people.services.roles import give_role
from tests.courses.conftest import DAY, HOUR, plan_for, two_days


@pytest.fixture
def planned(course, cast, start, now):
    give_role(cast.colleague, role=FACILITATOR)
    return create_with_circle(
        course, plan=plan_for(start), sessions=two_days(start), circle=Circle([cast.facilitator]), now=now
    )


def change(occasion, *people, now, move=None, **plan):
    sessions = [
        SessionPlan(starts_at=each.starts_at, ends_at=each.ends_at, place=each.place, title=each.title, pk=each.pk)
        for each in Occasion.objects.get(pk=occasion.pk).sessions.all()
    ]
    if move is not None:
        sessions[1] = dataclasses.replace(
            sessions[1], starts_at=sessions[1].starts_at + move, ends_at=sessions[1].ends_at + move
        )
    fresh = Occasion.objects.get(pk=occasion.pk)
    plan = plan_for(fresh.starts_at, **plan)
    return change_with_circle(fresh, plan=plan, sessions=sessions, circle=Circle(people), now=now)


def told(person):
    """What the calendars were sent since last asked: subject, method and sequence of each letter."""
    letters = Letter.objects.filter(person=person, kind__startswith="leading").order_by("pk")
    lines = []
    for letter in letters:
        calendar = Calendar.from_ical(bytes(letter.attachments.get().content))
        (event,) = calendar.walk("VEVENT")
        lines.append((letter.subject, str(calendar["METHOD"]), event["SEQUENCE"], str(event["UID"])))
    letters.delete()
    return lines


def short(lines):
    return [(method, sequence) for _subject, method, sequence, _uid in lines]


def test_added_moved_and_removed_is_one_entry_for_life(planned, cast, now):
    tell_news(now=now)
    assert short(told(cast.facilitator)) == [("REQUEST", 0)] * 2
    change(planned, cast.facilitator, cast.colleague, now=now)
    for _sweep in range(2):
        tell_news(now=now)
    assert told(cast.facilitator) == []
    added = told(cast.colleague)
    assert short(added) == [("REQUEST", 0)] * 2
    assert added[0][0] == "Du leder Tjänstedesign i två dagar 16 mars 2027"
    change(planned, cast.facilitator, cast.colleague, now=now, move=DAY)
    tell_news(now=now + HOUR)
    moved = told(cast.colleague)
    assert short(moved) == [("REQUEST", 1)]
    assert moved[0][3] == added[1][3]
    assert "Ny tid eller plats" in moved[0][0]
    change(planned, cast.facilitator, now=now)
    tell_news(now=now + HOUR)
    gone = told(cast.colleague)
    assert sorted(short(gone)) == [("CANCEL", 1), ("CANCEL", 2)]
    assert gone[0][0] == "Du leder inte längre Tjänstedesign i två dagar"
    change(planned, cast.facilitator, cast.colleague, now=now)
    tell_news(now=now + HOUR)
    assert sorted(short(told(cast.colleague))) == [("REQUEST", 2), ("REQUEST", 3)]
    assert LeaderEntry.objects.filter(person=cast.colleague).count() == 2


def test_cancelled_is_told_once_to_everyone_who_leads(planned, cast, now):
    change(planned, cast.facilitator, cast.colleague, now=now)
    tell_news(now=now)
    Letter.objects.all().delete()
    cancel_occasion(planned, by=cast.facilitator, now=now, why="Sjuk")
    for _sweep in range(2):
        tell_news(now=now)
    for person in (cast.facilitator, cast.colleague):
        lines = told(person)
        assert short(lines) == [("CANCEL", 1)] * 2
        assert lines[0][0] == "Inställt: Tjänstedesign i två dagar, som du skulle leda"


def test_a_draft_and_what_is_over_are_told_to_nobody(course, cast, start, now):
    circle = Circle([cast.facilitator])
    draft = create_with_circle(
        course, plan=plan_for(start, state="draft"), sessions=two_days(start), circle=circle, now=now
    )
    tell_news(now=now)
    assert told(cast.facilitator) == []
    change(draft, cast.facilitator, now=now, state="open")
    tell_news(now=start + 3 * DAY)
    assert told(cast.facilitator) == []
    change(draft, cast.facilitator, cast.administrator, now=now)
    tell_news(now=now)
    assert short(told(cast.facilitator)) == [("REQUEST", 0)] * 2
    assert not Occasion.objects.filter(leaders_to_tell=True).exists()
