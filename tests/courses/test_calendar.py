"""Calendar files: golden through an entry's life, at the edges of time and of words, read alike by a second reader."""

import dataclasses
import datetime as dt
import os
import uuid
from pathlib import Path

import pytest
import vobject
from django.db import connection
from icalendar import Calendar

from courses.models import Booking, CalendarEntry, Course, Session
from courses.services.booking import book_place, cancel_booking
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import SessionPlan, change_occasion
from courses.services.telling import tell_news
from letters.models import Letter
from letters.services.message import build_message
from shared.rules import RuleBroken
from tests.conftest import STOCKHOLM
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_occasions import plans_of

GOLDEN = Path(__file__).parent / "golden"
MINUTE = dt.timedelta(minutes=1)
LONG = "Verksamhetsutvecklingsprocessens användarmedverkan; åtgärder, ändringar \\ och överväganden för sjukvården"


@pytest.fixture(autouse=True)
def settled(settings):
    settings.SITE_URL = "https://stigen.skarvik.example"
    settings.DEFAULT_FROM_EMAIL = "Stigen <stigen@skarvik.example>"
    settings.MUNICIPALITY = "Skärviks kommun"


@pytest.fixture
def settle():
    """Names that are random otherwise."""

    def name_all(booking):
        Booking.objects.filter(pk=booking.pk).update(uuid=uuid.UUID(int=1))
        for number, session in enumerate(booking.occasion.sessions.all()):
            Session.objects.filter(pk=session.pk).update(uuid=uuid.UUID(int=100 + number))
        booking.refresh_from_db()
        return booking

    return name_all


@pytest.fixture
def book_one(plan_occasion, cast, now, settle):
    """A booking of one session that has been told; answers the booking and its only file."""

    def book(**session):
        plan = SessionPlan(**{"place": "Rådhuset"} | session)
        booking = settle(book_place(plan_occasion(sessions=[plan]), person=cast.employee, now=now)[0])
        tell_news(now=now)
        return booking, files()[-1]

    return book


def files():
    """Every calendar file in the order in which they were written."""
    return [bytes(part.content) for letter in Letter.objects.order_by("id") for part in letter.attachments.all()]


def event_of(content):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def unfolded(content):
    return content.decode().replace("\r\n ", "")


def assert_golden(name, content):
    """With GOLDEN=write the files are written anew, to be read by a person before they are kept."""
    path = GOLDEN / f"{name}.ics"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert content == path.read_bytes()


def assert_both_read_alike(content, *, method, status, sequence, starts_at, ends_at):
    """`icalendar` wrote it; `vobject`, which shares nothing with it, reads the same."""
    ours, other = Calendar.from_ical(content), vobject.readOne(content.decode())
    event, seen = event_of(content), other.vevent
    assert (str(ours["METHOD"]), other.method.value) == (method, method)
    assert (str(event["STATUS"]), seen.status.value) == (status, status)
    assert (int(event["SEQUENCE"]), int(seen.sequence.value)) == (sequence, sequence)
    assert str(event["UID"]) == seen.uid.value
    assert event.start == seen.dtstart.value == starts_at
    assert event.end == seen.dtend.value == ends_at
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (seen.summary.value, seen.location.value)
    assert str(event["ATTENDEE"]) == seen.attendee.value
    assert str(event["ORGANIZER"]) == seen.organizer.value
    assert str(event["DTSTART"].params["TZID"]) == seen.dtstart.params["X-VOBJ-ORIGINAL-TZID"][0] == "Europe/Stockholm"


def test_an_entrys_life_is_golden_from_invitation_through_two_moves_to_its_end(plan_occasion, cast, start, now, settle):
    with connection.cursor() as cursor:  # an occasion's number stands in its address
        cursor.execute("ALTER SEQUENCE courses_occasion_id_seq RESTART WITH 417")
    first = SessionPlan(
        starts_at=start, ends_at=start + 7 * HOUR, place="Rådhuset, Stora salen", address="Torget 1", title="Dag 1",
        link="https://moten.skarvik.example/dag-1",
    )  # fmt: skip
    occasion = plan_occasion(sessions=[first])
    booking = settle(book_place(occasion, person=cast.employee, now=now)[0])
    tell_news(now=now)
    moves = [{"starts_at": start + HOUR, "ends_at": start + 8 * HOUR}, {"place": "Biblioteket", "address": ""}]
    for number, move in enumerate(moves, start=1):
        (plan,) = plans_of(occasion)
        change_occasion(occasion, plan=plan_for(start), sessions=[dataclasses.replace(plan, **move)], now=now)
        tell_news(now=now + number * DAY)
    cancel_booking(booking, by=cast.employee, now=now + 3 * DAY)
    tell_news(now=now + 3 * DAY)
    written = files()
    names = ["1-invite", "2-moved-in-time", "3-moved-in-place", "4-cancel"]
    assert len(written) == len(names)
    for number, (name, content) in enumerate(zip(names, written, strict=True)):
        assert_golden(name, content)
        is_last, moved = name == "4-cancel", min(number, 1) * HOUR
        assert_both_read_alike(
            content,
            method="CANCEL" if is_last else "REQUEST",
            status="CANCELLED" if is_last else "CONFIRMED",
            sequence=number,
            starts_at=start + moved,
            ends_at=start + moved + 7 * HOUR,
        )
    assert len({str(event_of(content)["UID"]) for content in written}) == 1


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_method_is_the_same_in_the_file_and_wherever_the_message_names_it(book_one, cast, start, now, method):
    booking, _content = book_one(starts_at=start, ends_at=start + HOUR)
    if method == "CANCEL":
        cancel_booking(booking, by=cast.employee, now=now)
        tell_news(now=now)
    message = build_message(Letter.objects.order_by("pk").last(), now=now)
    alternative = message.get_body(preferencelist=("related", "html", "plain"))
    assert alternative is not None
    parts = list(message.walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    (calendar,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == method
    assert calendar.get_content_charset() == "utf-8"
    for part in parts[-2:]:
        assert str(Calendar.from_ical(part.get_payload(decode=True))["METHOD"]) == method


def test_long_swedish_words_are_folded_by_octets_and_read_back_whole(book_one, course, start):
    Course.objects.filter(pk=course.pk).update(title=LONG)
    _booking, content = book_one(starts_at=start, ends_at=start + HOUR, place=LONG, title="Å, ä; ö")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    assert b"\n" not in content.replace(b"\r\n", b"")
    event, other = event_of(content), vobject.readOne(content.decode()).vevent
    assert str(event["SUMMARY"]) == other.summary.value == f"{LONG}: Å, ä; ö"
    assert str(event["LOCATION"]) == other.location.value == LONG
    assert "sjukvården: Å\\, ä\\; ö" in unfolded(content)


def test_a_link_is_where_calendars_look_for_it(book_one, start):
    link = "https://moten.skarvik.example/rum?id=1&x=2,3;4"
    _booking, content = book_one(starts_at=start, ends_at=start + HOUR, place="", link=link)
    lines = unfolded(content).split("\r\n")
    assert f"URL:{link}" in lines
    assert [line for line in lines if line.startswith("CONFERENCE")] == [
        f"CONFERENCE;FEATURE=VIDEO;LABEL=Delta på distans;VALUE=URI:{link}"
    ]
    event = event_of(content)
    assert str(event["LOCATION"]) == link
    assert link in str(event["DESCRIPTION"])


def test_who_invites_and_who_is_invited_stand_as_mail_programs_want_it(book_one, cast, start):
    _booking, content = book_one(starts_at=start, ends_at=start + HOUR)
    event = event_of(content)
    assert str(event["ORGANIZER"]) == "mailto:stigen@skarvik.example"
    assert event["ORGANIZER"].params["CN"] == "Skärviks kommun"
    assert str(event["ATTENDEE"]) == f"mailto:{cast.employee.email}"
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Elin Ek", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE",
    }  # fmt: skip
    assert unfolded(content).count("DTSTAMP:20270302T080000Z") == 1


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2027-03-27T22:00", "2027-03-28T06:00"),  # the night when an hour is skipped
        ("2027-10-30T22:00", "2027-10-31T06:00"),  # the night when one comes twice
        ("2027-10-31T02:30", "2027-10-31T02:45"),  # within its first time
        ("2027-03-16T00:00", "2027-03-17T00:00"),  # a whole day
        ("2027-03-16T23:59", "2027-03-17T00:00"),
    ],
)
def test_both_readers_see_the_same_moments_at_the_edges_of_the_clock(book_one, starts, ends):
    starts_at, ends_at = (dt.datetime.fromisoformat(each).replace(tzinfo=STOCKHOLM) for each in (starts, ends))
    _booking, content = book_one(starts_at=starts_at, ends_at=ends_at)
    event, other = event_of(content), vobject.readOne(content.decode()).vevent
    for seen, meant in ((event.start, starts_at), (event.end, ends_at)):
        assert seen.astimezone(dt.UTC) == meant.astimezone(dt.UTC)
    assert other.dtstart.value.astimezone(dt.UTC) == starts_at.astimezone(dt.UTC)
    assert other.dtend.value.astimezone(dt.UTC) == ends_at.astimezone(dt.UTC)
    assert f"DTSTART;TZID=Europe/Stockholm:{starts_at:%Y%m%dT%H%M%S}" in unfolded(content)


def test_the_second_time_of_the_hour_that_comes_twice_is_written_in_utc(book_one):
    starts_at = dt.datetime(2027, 10, 31, 2, 30, tzinfo=STOCKHOLM, fold=1)
    _booking, content = book_one(starts_at=starts_at, ends_at=dt.datetime(2027, 10, 31, 4, 0, tzinfo=STOCKHOLM))
    assert "DTSTART:20271031T013000Z" in unfolded(content)
    assert "DTEND;TZID=Europe/Stockholm:20271031T040000" in unfolded(content)
    for seen in (event_of(content).start, vobject.readOne(content.decode()).vevent.dtstart.value):
        assert seen.astimezone(dt.UTC) == starts_at.astimezone(dt.UTC)


def test_the_time_zone_is_written_out_as_the_time_zone_database_has_it(book_one, start):
    _booking, content = book_one(starts_at=start, ends_at=start + HOUR)
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Stockholm"
    written = vobject.readOne(content.decode()).vtimezone.gettzinfo()
    for year in range(2026, 2037):
        for change in (last_sunday(year, 3), last_sunday(year, 10)):
            for minutes in (-61, -60, -1, 0, 1, 59, 60, 61, 121, 60 * 24 * 90):
                moment = (change + minutes * MINUTE).replace(tzinfo=dt.UTC)
                assert moment.astimezone(written).utcoffset() == moment.astimezone(STOCKHOLM).utcoffset()


def last_sunday(year, month):
    """At one in UTC, when the clocks change."""
    day = dt.datetime(year, month, 31, 1, 0)
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)


def test_a_day_that_is_taken_away_leaves_the_calendar_and_the_rest_is_left_alone(occasion, cast, start, now):
    book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    told = files()
    change_occasion(occasion, plan=plan_for(start), sessions=plans_of(occasion)[:1], now=now)
    assert tell_news(now=now + HOUR) == 1
    (content,) = files()[len(told) :]
    calendar, event = Calendar.from_ical(content), event_of(content)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 1)
    assert str(event["UID"]) == str(event_of(told[1])["UID"])
    assert event.start == start + DAY
    assert sorted(CalendarEntry.objects.values_list("sequence", "is_cancelled")) == [(0, False), (1, True)]
    assert tell_news(now=now + 2 * HOUR) == 0


def test_a_day_whose_attendance_is_marked_stays(occasion, cast, start, now):
    from courses.services.attendance import mark_attendance

    booking, _ = book_place(occasion, person=cast.employee, now=now)
    last = occasion.sessions.last()
    mark_attendance(booking, last, state="present", by=cast.facilitator, now=last.ends_at)
    with pytest.raises(RuleBroken) as broken:
        change_occasion(occasion, plan=plan_for(start), sessions=plans_of(occasion)[:1], now=now)
    assert broken.value.code == "session_in_use"
    assert occasion.sessions.count() == 2


def test_only_the_day_that_moved_is_told_anew(occasion, cast, start, now):
    book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    first, second = plans_of(occasion)
    change_occasion(
        occasion, plan=plan_for(start), sessions=[first, dataclasses.replace(second, place="Biblioteket")], now=now
    )
    tell_news(now=now)
    (letter,) = Letter.objects.filter(kind="changed")
    assert [part.name for part in letter.attachments.all()] == ["2027-03-17.ics"]


def test_taken_away_added_and_moved_again_are_letters_of_their_own(occasion, cast, start, now):
    """What was told is counted, so that no two pieces of news share a letter."""
    book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    first, second = plans_of(occasion)
    later = dataclasses.replace(second, pk=None)
    for new in ([], [later], []):
        change_occasion(occasion, plan=plan_for(start), sessions=[first, *new], now=now)
        tell_news(now=now)
    assert Letter.objects.filter(kind="changed").count() == 3
    assert CalendarEntry.objects.filter(is_cancelled=False).count() == 1


def test_who_moves_loses_the_old_days_and_gets_the_new_ones(occasion, plan_occasion, cast, start, now):
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    later = plan_occasion(sessions=two_days(start + 7 * DAY))
    move_booking(booking, to=later, by=cast.employee, now=now)
    tell_news(now=now)
    told = [(letter.kind, *methods_of(letter)) for letter in Letter.objects.order_by("id")[2:]]
    assert told == [
        ("booked", "REQUEST"), ("calendar_day", "REQUEST"), ("moved", "CANCEL"), ("calendar_day", "CANCEL"),
    ]  # fmt: skip
    standing = CalendarEntry.objects.filter(is_cancelled=False).values_list("booking__occasion", flat=True)
    assert set(standing) == {later.pk}


def test_who_hands_over_loses_the_days_to_the_other(occasion, cast, now):
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    hand_over_place(booking, to=cast.colleague, by=cast.employee, now=now)
    tell_news(now=now)
    told = [(letter.person, *methods_of(letter)) for letter in Letter.objects.order_by("id")[2:]]
    assert told == [(cast.employee, "CANCEL")] * 2 + [(cast.colleague, "REQUEST")] * 2
    assert set(CalendarEntry.objects.filter(is_cancelled=False).values_list("booking__person", flat=True)) == {
        cast.colleague.pk
    }


def methods_of(letter):
    return [str(Calendar.from_ical(bytes(part.content))["METHOD"]) for part in letter.attachments.all()]


def test_a_minute_is_enough_for_a_session(book_one, start):
    _booking, content = book_one(starts_at=start, ends_at=start + MINUTE)
    assert event_of(content).duration == MINUTE
