"""Those who lead are told so, and their calendars follow the days: one entry for life, as for those who come."""

import dataclasses

import pytest
from icalendar import Calendar

from courses.checks import find_faults
from courses.models import LeaderEntry, Occasion
from courses.services.feed import course_days
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
        course,
        plan=plan_for(start),
        sessions=two_days(start),
        circle=Circle([cast.facilitator]),
        by=cast.administrator,
        now=now,
    )


def change(occasion, *people, now, by, move=None, **plan):
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
    return change_with_circle(fresh, plan=plan, sessions=sessions, circle=Circle(people), by=by, now=now)


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
    change(planned, cast.facilitator, cast.colleague, by=cast.administrator, now=now)
    for _sweep in range(2):
        tell_news(now=now)
    assert told(cast.facilitator) == []
    added = told(cast.colleague)
    assert short(added) == [("REQUEST", 0)] * 2
    assert added[0][0] == "Du leder Tjänstedesign i två dagar 16 mars 2027"
    change(planned, cast.facilitator, cast.colleague, by=cast.administrator, now=now, move=DAY)
    tell_news(now=now + HOUR)
    moved = told(cast.colleague)
    assert short(moved) == [("REQUEST", 1)]
    assert moved[0][3] == added[1][3]
    assert "Ny tid eller plats" in moved[0][0]
    change(planned, cast.facilitator, by=cast.administrator, now=now)
    tell_news(now=now + HOUR)
    gone = told(cast.colleague)
    assert sorted(short(gone)) == [("CANCEL", 1), ("CANCEL", 2)]
    assert gone[0][0] == "Du leder inte längre Tjänstedesign i två dagar"
    change(planned, cast.facilitator, cast.colleague, by=cast.administrator, now=now)
    tell_news(now=now + HOUR)
    assert sorted(short(told(cast.colleague))) == [("REQUEST", 2), ("REQUEST", 3)]
    assert LeaderEntry.objects.filter(person=cast.colleague).count() == 2


def test_cancelled_is_told_once_to_everyone_who_leads_and_without_words_to_whoever_did_it(planned, cast, now):
    change(planned, cast.facilitator, cast.colleague, by=cast.administrator, now=now)
    tell_news(now=now)
    Letter.objects.all().delete()
    cancel_occasion(planned, by=cast.facilitator, now=now, why="Sjuk")
    for _sweep in range(2):
        tell_news(now=now)
    subjects = {}
    for person in (cast.facilitator, cast.colleague):
        lines = told(person)
        assert short(lines) == [("CANCEL", 1)] * 2
        subjects[person] = lines[0][0]
    assert subjects[cast.colleague] == "Inställt: Tjänstedesign i två dagar, som du skulle leda"
    assert subjects[cast.facilitator] == "16 mars 2027 ur din kalender: Tjänstedesign i två dagar"


def test_a_draft_and_what_is_over_are_told_to_nobody(course, cast, start, now):
    circle = Circle([cast.facilitator])
    draft = create_with_circle(
        course,
        plan=plan_for(start, state="draft"),
        sessions=two_days(start),
        circle=circle,
        by=cast.administrator,
        now=now,
    )
    tell_news(now=now)
    assert told(cast.facilitator) == []
    change(draft, cast.facilitator, by=cast.administrator, now=now, state="open")
    tell_news(now=start + 3 * DAY)
    assert told(cast.facilitator) == []
    change(draft, cast.facilitator, cast.colleague, by=cast.administrator, now=now)
    tell_news(now=now)
    assert short(told(cast.colleague)) == [("REQUEST", 0)] * 2
    assert not Occasion.objects.filter(leaders_to_tell=True).exists()


def test_a_day_that_is_over_is_told_to_nobody(planned, cast, start, now):
    """Someone else takes over after the first of two days."""
    tell_news(now=now)
    between = start + 8 * HOUR
    Letter.objects.all().delete()
    change(planned, cast.colleague, by=cast.administrator, now=between)
    for _sweep in range(2):
        tell_news(now=between)
    letter = Letter.objects.get(person=cast.colleague)
    assert "17 mars" in letter.text
    assert "16 mars" not in letter.text
    assert "Kalenderfilen ligger i det här brevet." in letter.text
    assert [(line[0], line[1]) for line in told(cast.colleague)] == [
        ("Du leder Tjänstedesign i två dagar 17 mars 2027", "REQUEST")
    ]
    assert short(told(cast.facilitator)) == [("CANCEL", 1)]
    assert LeaderEntry.objects.filter(person=cast.facilitator, is_cancelled=False).count() == 1


def test_a_day_that_is_over_and_taken_away_goes_from_the_calendar(planned, cast, start, now):
    tell_news(now=now)
    Letter.objects.all().delete()
    planned.sessions.first().delete()
    Occasion.objects.update(leaders_to_tell=True)
    tell_news(now=start + 8 * HOUR)
    assert short(told(cast.facilitator)) == [("CANCEL", 1)]


@pytest.mark.parametrize("way", ["taken away", "put back"])
@pytest.mark.parametrize("who", ["facilitator", "administrator"])
def test_what_was_to_come_leaves_the_calendar_though_nothing_is_left(planned, cast, start, now, who, way):
    """Between the days the second is taken away, or put back before the first: the occasion is over thereby."""
    tell_news(now=now)
    told(cast.facilitator)
    between = start + 8 * HOUR
    first, second = two_days(start)
    first, second = (
        dataclasses.replace(plan, pk=session.pk)
        for plan, session in zip((first, second), planned.sessions.all(), strict=True)
    )
    back = dataclasses.replace(second, starts_at=start - DAY, ends_at=start - DAY + HOUR)
    change_with_circle(
        Occasion.objects.get(pk=planned.pk),
        plan=plan_for(start),
        sessions=[first] if way == "taken away" else [back, first],
        circle=Circle([cast.facilitator]),
        by=getattr(cast, who),
        now=between,
    )
    for _sweep in range(2):
        tell_news(now=between)
    assert short(told(cast.facilitator)) == [("CANCEL" if way == "taken away" else "REQUEST", 1)]
    assert list(find_faults(now=between)) == []


def test_the_letters_say_which_file_they_bring(planned, cast, now):
    def says(person, kind):
        return Letter.objects.filter(person=person, kind=kind).order_by("pk").last().text

    tell_news(now=now)
    assert "Kalenderfilen för den första dagen ligger i det här brevet." in says(cast.facilitator, "leading")
    day = "Här är kursdagen onsdag 17 mars 2027 i Tjänstedesign i två dagar, så att kalendern kan lägga in den."
    assert day in says(cast.facilitator, "leading_day")
    change(planned, cast.facilitator, by=cast.administrator, now=now, move=DAY)
    tell_news(now=now)
    assert "Kalenderfilen med ändringen ligger i det här brevet." in says(cast.facilitator, "leading")
    change(planned, cast.colleague, by=cast.administrator, now=now)
    tell_news(now=now)
    assert "Kalenderfilen för den första ändringen ligger i det här brevet." in says(cast.facilitator, "leading")


# --- Whoever acts ---------------------------------------------------------------------------------
@pytest.fixture
def own(course, cast, start, now):
    """Planned by one of the two who lead it."""
    give_role(cast.colleague, role=FACILITATOR)
    circle = Circle([cast.facilitator, cast.colleague])
    plan = plan_for(start)
    return create_with_circle(course, plan=plan, sessions=two_days(start), circle=circle, by=cast.facilitator, now=now)


def test_whoever_plans_moves_and_cancels_alone_gets_no_letter_and_the_others_do(own, cast, now):
    tell_news(now=now)
    assert short(told(cast.colleague)) == [("REQUEST", 0)] * 2
    change(own, cast.facilitator, cast.colleague, by=cast.facilitator, now=now, move=DAY)
    tell_news(now=now)
    assert short(told(cast.colleague)) == [("REQUEST", 1)]
    cancel_occasion(own, by=cast.facilitator, now=now, why="Sjuk")
    tell_news(now=now)
    assert short(told(cast.colleague)) == [("CANCEL", 1), ("CANCEL", 2)]
    assert told(cast.facilitator) == []


def test_two_own_changes_before_the_sweep_are_no_news_either(own, cast, now):
    change(own, cast.facilitator, cast.colleague, by=cast.facilitator, now=now, move=DAY)
    tell_news(now=now)
    assert told(cast.facilitator) == []
    assert short(told(cast.colleague)) == [("REQUEST", 0)] * 2


def test_what_a_colleague_changed_is_still_told_to_whoever_acts_before_the_sweep(own, cast, now):
    tell_news(now=now)
    Letter.objects.all().delete()
    change(own, cast.facilitator, cast.colleague, by=cast.colleague, now=now, move=DAY)
    change(own, cast.facilitator, cast.colleague, by=cast.facilitator, now=now, move=DAY)
    tell_news(now=now)
    assert [line[0] for line in told(cast.facilitator)] == ["Ny tid eller plats för Tjänstedesign i två dagar"]


def test_a_colleagues_move_comes_as_a_change_of_what_was_planned_alone(own, cast, now):
    tell_news(now=now)
    change(own, cast.facilitator, cast.colleague, by=cast.colleague, now=now, move=DAY)
    tell_news(now=now)
    (line,) = told(cast.facilitator)
    assert (line[0], line[2]) == ("Ny tid eller plats för Tjänstedesign i två dagar", 1)


def test_what_was_fetched_is_followed_by_the_entry_alone(own, cast, now, client):
    client.force_login(cast.facilitator)
    address = f"/kurstillfallen/{own.pk}/kalender.ics"
    assert address in client.get(f"/kurstillfallen/{own.pk}/").text
    fetched = client.get(address)
    assert fetched["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(fetched.content)
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    assert (len(set(uids)), str(calendar["METHOD"])) == (2, "PUBLISH")
    assert "X-WR-CALNAME" not in calendar
    change(own, cast.facilitator, cast.colleague, by=cast.facilitator, now=now, move=DAY)
    tell_news(now=now)
    (line,) = told(cast.facilitator)
    assert (line[1], line[2], line[3]) == ("REQUEST", 1, uids[1])
    assert line[0] == "18 mars 2027 till din kalender: Tjänstedesign i två dagar"


def test_the_calendar_that_reads_by_itself_shows_days_that_one_leads_by_the_same_names(own, cast, now):
    days = course_days(cast.facilitator, now=now)
    assert [(day.uid, day.leads) for day in days] == [
        (entry.uid, True) for entry in LeaderEntry.objects.filter(person=cast.facilitator).order_by("starts_at")
    ]
    cancel_occasion(own, by=cast.colleague, now=now, why="Sjuk")
    assert course_days(cast.facilitator, now=now) == []


def test_the_days_for_ones_calendar_are_for_those_who_lead(own, cast, client, planned):
    address = f"/kurstillfallen/{planned.pk}/kalender.ics"
    for person in (cast.outsider, cast.employee, cast.hr, cast.colleague, cast.administrator):
        client.force_login(person)
        assert client.get(address).status_code == 404
    client.force_login(cast.facilitator)
    assert client.post(address).status_code == 405
    assert client.get("/kurstillfallen/999999/kalender.ics").status_code == 404


def test_on_a_site_in_use_the_first_change_tells_of_nothing_else(plan_occasion, cast, now):
    """Occasions that were laid before leaders were told, or in bulk: nobody has an entry."""
    give_role(cast.colleague, role=FACILITATOR)
    old, other = plan_occasion(), plan_occasion()
    for occasion in (old, other):
        occasion.facilitators.add(cast.administrator)
    change(old, cast.facilitator, cast.administrator, cast.colleague, by=cast.colleague, now=now)
    tell_news(now=now)
    assert [told(cast.facilitator), told(cast.administrator)] == [[], []]
    change(old, cast.facilitator, cast.administrator, by=cast.facilitator, now=now, move=DAY)
    tell_news(now=now)
    assert short(told(cast.administrator)) == [("REQUEST", 1)]
    assert told(cast.facilitator) == []
    cancel_occasion(other, by=cast.facilitator, now=now, why="Sjuk")
    tell_news(now=now)
    lines = told(cast.administrator)
    assert short(lines) == [("CANCEL", 1)] * 2
    assert lines[0][0] == "Inställt: Tjänstedesign i två dagar, som du skulle leda"
