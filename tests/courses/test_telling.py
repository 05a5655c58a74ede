"""Letters and calendar files follow a booking for life."""

import dataclasses
import datetime as dt
from html import unescape

import pytest
import vobject
from django.utils import translation
from icalendar import Calendar

from courses.history import standing_of
from courses.models import Booking, BookingEvent, CalendarEntry
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking
from courses.services.occasions import cancel_occasion, change_occasion
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from courses.services.reminders import write_reminders
from courses.services.reservations import decide_who_may_book
from courses.services.telling import tell_news
from courses.working_hours import working_days_before
from letters.models import Letter
from tests.courses.conftest import DAY, HOUR, plan_for
from tests.courses.test_occasions import plans_of

SECOND = dt.timedelta(seconds=1)


def files_of(letter):
    return [bytes(part.content) for part in letter.attachments.all()]


def event_of(content):
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def news():
    """The letters that tell news; what brings a further day to the calendar is a letter beside them."""
    return Letter.objects.exclude(kind="calendar_day")


def kinds():
    return list(news().order_by("id").values_list("kind", flat=True))


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


def test_a_booking_becomes_a_letter_and_each_day_an_invitation_that_mail_programs_take(booking, cast, now):
    assert tell_news(now=now) == 1
    assert tell_news(now=now) == 0
    letter = news().get()
    assert (letter.person, letter.kind) == (cast.employee, "booked")
    assert letter.subject == "Du har en plats på Tjänstedesign i två dagar"
    assert "tisdag 16 mars 2027, 09.00–16.00" in letter.text
    assert "tisdag 16 mars 2027, 09.00–16.00" in letter.html
    assert f"/bokningar/{booking.pk}/" in letter.text
    assert "Varje dag därefter kommer i ett eget brev." in letter.text
    further = Letter.objects.get(kind="calendar_day")
    assert further.subject == "17 mars 2027 till din kalender: Tjänstedesign i två dagar"
    for each in (letter, further):
        (part,) = each.attachments.all()
        assert part.content_type == "text/calendar; method=REQUEST; charset=utf-8"
    assert [event_of(files_of(each)[0])[1].start.day for each in (letter, further)] == [16, 17]


def test_told_again_after_a_stop_in_the_middle_is_still_one_letter(booking, now):
    tell_news(now=now)
    BookingEvent.objects.update(to_tell=True)
    tell_news(now=now)
    assert kinds() == ["booked"]
    assert Letter.objects.count() == 2


def test_the_letter_speaks_the_persons_language(occasion, cast, course, now):
    cast.employee.language = "en"
    cast.employee.save()
    course.title_en = "Service design in two days"
    course.save()
    book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    letter = news().get()
    assert letter.subject == "You have a place on Service design in two days"
    assert "/en/bokningar/" in letter.text
    assert str(event_of(files_of(letter)[0])[1]["SUMMARY"]).startswith("Service design in two days")


def test_one_uid_for_life_with_rising_sequence_and_a_cancel_at_the_end(booking, occasion, cast, start, now):
    tell_news(now=now)
    plans = plans_of(occasion)
    for hours in (1, 2):
        moved = [
            dataclasses.replace(p, starts_at=p.starts_at + hours * HOUR, ends_at=p.ends_at + hours * HOUR)
            for p in plans
        ]
        change_occasion(occasion, plan=plan_for(start), sessions=moved, now=now)
        tell_news(now=now)
    cancel_booking(booking, by=cast.employee, now=now)
    tell_news(now=now)
    assert kinds() == ["booked", "changed", "changed", "cancelled"]
    told = [event_of(files_of(letter)[0]) for letter in news().order_by("id")]
    assert len({str(event["UID"]) for _method, event in told}) == 1
    assert [(method, int(event["SEQUENCE"])) for method, event in told] == [
        ("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2), ("CANCEL", 3),
    ]  # fmt: skip
    assert [event.start.hour for _method, event in told] == [9, 10, 11, 11]
    assert {str(event["STATUS"]) for _method, event in told[:3]} == {"CONFIRMED"}
    assert str(told[3][1]["STATUS"]) == "CANCELLED"
    assert set(CalendarEntry.objects.values_list("is_cancelled", flat=True)) == {True}


def test_days_put_back_into_the_past_leave_the_days_where_they_were_to_come(booking, occasion, start, now):
    tell_news(now=now)
    past = [
        dataclasses.replace(p, starts_at=p.starts_at - 30 * DAY, ends_at=p.ends_at - 30 * DAY)
        for p in plans_of(occasion)
    ]
    change_occasion(occasion, plan=plan_for(start - 30 * DAY), sessions=past, now=now)
    tell_news(now=now)
    assert kinds() == ["booked", "changed"]
    assert all(entry.ends_at < now for entry in CalendarEntry.objects.all())


def test_a_new_day_reaches_the_calendar_too(booking, occasion, start, now):
    tell_news(now=now)
    plans = plans_of(occasion)
    plans.append(dataclasses.replace(plans[0], pk=None, starts_at=start + 7 * DAY, ends_at=start + 7 * DAY + HOUR))
    change_occasion(occasion, plan=plan_for(start), sessions=plans, now=now)
    tell_news(now=now)
    assert kinds() == ["booked", "changed"]
    assert CalendarEntry.objects.count() == 3


def test_who_was_never_told_is_not_told_of_a_change_but_of_the_booking(booking, occasion, start, now):
    moved = [dataclasses.replace(p, place="Biblioteket") for p in plans_of(occasion)]
    change_occasion(occasion, plan=plan_for(start), sessions=moved, now=now)
    tell_news(now=now)
    assert kinds() == ["booked"]
    assert b"Biblioteket" in files_of(news().get())[0]


def test_a_second_reader_reads_the_file_alike(booking, cast, start, now):
    tell_news(now=now)
    content = files_of(news().get())[0]
    method, event = event_of(content)
    other = vobject.readOne(content.decode())
    assert other.method.value == method == "REQUEST"
    assert other.vevent.uid.value == str(event["UID"])
    assert other.vevent.dtstart.value == event.start == start
    assert other.vevent.dtend.value == event.end
    assert other.vevent.summary.value == str(event["SUMMARY"])
    assert other.vevent.attendee.value == f"mailto:{cast.employee.email}"
    assert b"DTSTART;TZID=Europe/Stockholm:20270316T090000" in content
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Stockholm" in content


@pytest.mark.parametrize("day", ["2027-03-27", "2027-03-28", "2027-10-30", "2027-10-31"])
def test_the_wall_clock_holds_around_the_clock_change(plan_occasion, cast, now, day):
    from courses.services.occasions import SessionPlan
    from tests.conftest import STOCKHOLM

    start = dt.datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=STOCKHOLM)
    occasion = plan_occasion(sessions=[SessionPlan(starts_at=start, ends_at=start + HOUR, place="Rådhuset")])
    book_place(occasion, person=cast.employee, now=now)
    tell_news(now=now)
    content = files_of(news().get())[0]
    assert event_of(content)[1].start == start
    assert vobject.readOne(content.decode()).vevent.dtstart.value == start


def test_no_control_character_reaches_the_file(plan_occasion, cast, course, now):
    course.title = "Kurs\rATTACH:evil\x00\x1b"
    type(course).objects.filter(pk=course.pk).update(title="Kurs\rATTACH:evil\x1b")
    book_place(plan_occasion(), person=cast.employee, now=now)
    tell_news(now=now)
    content = files_of(news().get())[0]
    assert b"\nATTACH" not in content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert b"\x1b" not in content


def test_the_waiting_list_is_told_its_way(occasion, cast, now):
    first, _ = (book_place(occasion, person=p, now=now)[0] for p in (cast.employee, cast.colleague))
    waiting, _ = book_place(occasion, person=cast.outsider, now=now, wait=True)
    tell_news(now=now)
    cancel_booking(first, by=cast.employee, now=now)
    tell_news(now=now)
    offer = waiting.offers.get()
    accept_offer(offer, by=cast.outsider, now=now)
    tell_news(now=now)
    own = news().filter(person=cast.outsider).order_by("id")
    assert [letter.kind for letter in own] == ["waiting", "offered", "booked"]
    assert "nummer 1 på väntelistan" in own[0].text
    assert "tisdag 2 mars kl.\u00a017.00" in own[1].text


def test_the_letter_tells_of_the_queue_what_the_page_tells(occasion, cast, now):
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=now)
    for person in (cast.outsider, cast.manager):
        book_place(occasion, person=person, now=now, wait=True)
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=now)
    tell_news(now=now)
    letter = news().get(person=cast.manager, kind="waiting")
    with translation.override("sv"):
        standing = standing_of(Booking.objects.get(person=cast.manager), now=now)
    assert (standing.position, "nummer 1 på väntelistan" in letter.text) == (1, True)
    assert standing.rule in letter.text
    assert standing.rule in unescape(letter.html)
    late = occasion.offers_end_at + SECOND
    decide_who_may_book(occasion, administrations=[], is_hidden=False, now=late)
    book_place(occasion, person=cast.hr, now=late, wait=True)
    tell_news(now=late)
    assert "Nu ger processledaren dem för hand" in news().get(person=cast.hr).text


def test_an_end_says_what_was_lost(occasion, cast, now):
    """A place, a place in the queue, an offer and a whole occasion are lost in four ways."""
    first, _ = (book_place(occasion, person=p, now=now)[0] for p in (cast.employee, cast.colleague))
    offered = book_place(occasion, person=cast.outsider, now=now, wait=True)[0]
    waiting = book_place(occasion, person=cast.manager, now=now, wait=True)[0]
    cancel_booking(waiting, by=cast.manager, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    decline_offer(offered.offers.get(), by=cast.outsider, now=now)
    tell_news(now=now)
    cancel_occasion(occasion, by=cast.facilitator, now=now, why="Lokalen är vattenskadad.")
    tell_news(now=now)
    told = {letter.person: letter for letter in news().filter(kind="cancelled")}
    assert {person: letter.subject for person, letter in told.items()} == {
        cast.employee: "Din bokning på Tjänstedesign i två dagar är avbokad",
        cast.manager: "Du står inte längre på väntelistan till Tjänstedesign i två dagar",
        cast.outsider: "Du har tackat nej till en plats på Tjänstedesign i två dagar",
        cast.colleague: "Inställt: Tjänstedesign i två dagar 16 mars 2027",
    }
    assert "Skäl: Lokalen är vattenskadad." in told[cast.colleague].text
    assert f"/kurser/{occasion.course.slug}/" in told[cast.colleague].text
    assert [files_of(told[person]) != [] for person in (cast.manager, cast.outsider)] == [False, False]
    assert "kalender" not in told[cast.manager].text + told[cast.outsider].text


def test_an_offer_answered_before_its_letter_needs_no_letter(occasion, cast, now):
    first, _ = (book_place(occasion, person=p, now=now)[0] for p in (cast.employee, cast.colleague))
    waiting, _ = book_place(occasion, person=cast.outsider, now=now, wait=True)
    tell_news(now=now)
    cancel_booking(first, by=cast.employee, now=now)
    lapse_offers(now=waiting.offers.get().expires_at)
    tell_news(now=now + DAY)
    assert list(news().filter(person=cast.outsider).values_list("kind", flat=True).order_by("id")) == [
        "waiting", "lapsed",
    ]  # fmt: skip


@pytest.mark.parametrize(("moment", "count"), [(-SECOND, 0), (SECOND * 0, 1), (SECOND, 1)])
def test_a_reminder_is_written_two_working_days_before_and_once(booking, occasion, now, moment, count):
    when = working_days_before(occasion.starts_at, 2) + moment
    write_reminders(now=when)
    write_reminders(now=when + SECOND if count else when)
    reminders = Letter.objects.filter(kind="reminder")
    assert reminders.count() == count
    if count:
        assert reminders.get().subject == "Vi ses tisdag 16 mars: Tjänstedesign i två dagar"


def test_no_reminder_after_the_start_nor_to_who_has_left_nor_to_who_booked_after_it(occasion, cast, booking, now):
    late = working_days_before(occasion.starts_at, 2) + HOUR
    Booking.objects.filter(pk=booking.pk).update(state="cancelled")
    type(occasion).objects.update(booking_closes_at=occasion.starts_at)
    book_place(occasion, person=cast.colleague, now=late)
    write_reminders(now=late + HOUR)
    write_reminders(now=occasion.starts_at)
    assert not Letter.objects.filter(kind="reminder").exists()


def test_a_completion_is_told_when_it_has_rested(booking, occasion, cast):
    then = occasion.ends_at + HOUR
    for session in occasion.sessions.all():
        mark_attendance(booking, session, state="present", by=cast.facilitator, now=then)
    tell_news(now=then + dt.timedelta(minutes=15) - SECOND)
    assert not Letter.objects.filter(kind="completed").exists()
    tell_news(now=then + dt.timedelta(minutes=15))
    tell_news(now=then + dt.timedelta(minutes=16))
    letter = Letter.objects.get(kind="completed")
    assert "17 mars 2027" in letter.text
