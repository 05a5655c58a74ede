"""The personal calendar feed: an unguessable address that can be turned off, and nobody else's days in it."""

import dataclasses
import datetime as dt
import logging
import re

import pytest
import vobject
from django.utils import timezone
from icalendar import Calendar

from courses.models import CalendarFeed
from courses.services import feed as feeds
from courses.services.booking import book_place, cancel_booking
from courses.services.feed import course_days, make_feed, read_feed, renew_feed, turn_off_feed
from courses.services.occasions import change_occasion
from courses.services.telling import tell_news
from letters.models import Letter
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_occasions import plans_of


@pytest.fixture
def feed(cast, now):
    return make_feed(cast.employee, now=now)


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


def events_of(content):
    return Calendar.from_ical(content).walk("VEVENT")


def address_of(feed):
    return f"/kalender/{feed.secret}.ics"


def test_it_holds_ones_own_days_by_the_names_of_the_letters(feed, booking, occasion, cast, now):
    tell_news(now=now)
    book_place(occasion, person=cast.colleague, now=now)
    content, _mark, _since = read_feed(feed, now=now)
    letters = Letter.objects.filter(person=cast.employee).order_by("id")
    told = [events_of(bytes(part.content))[0] for letter in letters for part in letter.attachments.all()]
    events = events_of(content)
    assert [str(each["UID"]) for each in events] == [str(each["UID"]) for each in told]
    assert [each.start for each in events] == [each.start for each in told]
    assert "Kvist" not in content.decode()


def test_before_the_letter_is_written_the_names_are_the_same(feed, booking, now):
    before = [str(each["UID"]) for each in events_of(read_feed(feed, now=now)[0])]
    tell_news(now=now)
    assert [str(each["UID"]) for each in events_of(read_feed(feed, now=now)[0])] == before


def test_it_is_a_feed_and_no_invitation(feed, booking, now):
    content, _mark, _since = read_feed(feed, now=now)
    text = content.decode().replace("\r\n ", "")
    for line in ("METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H",
                 "X-WR-TIMEZONE:Europe/Stockholm"):  # fmt: skip
        assert f"\r\n{line}\r\n" in text
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    other = vobject.readOne(content.decode())
    assert [each.uid.value for each in other.vevent_list] == [str(each["UID"]) for each in events_of(content)]
    assert [each.dtstart.value for each in other.vevent_list] == [each.start for each in events_of(content)]


def test_it_follows_moves_and_cancellations(feed, booking, occasion, cast, start, now):
    tell_news(now=now)
    first, second = plans_of(occasion)
    later = dataclasses.replace(second, starts_at=second.starts_at + HOUR, ends_at=second.ends_at + HOUR)
    change_occasion(occasion, plan=plan_for(start), sessions=[first, later], now=now)
    tell_news(now=now)
    events = events_of(read_feed(feed, now=now)[0])
    assert [(each.start.hour, int(each["SEQUENCE"])) for each in events] == [(9, 0), (10, 1)]
    cancel_booking(booking, by=cast.employee, now=now)
    empty = read_feed(feed, now=now)[0]
    assert events_of(empty) == []
    assert vobject.readOne(empty.decode()).method.value == "PUBLISH"


def test_who_waits_or_asks_has_nothing_in_the_calendar(feed, plan_occasion, cast, now):
    occasion = plan_occasion(places=1)
    book_place(occasion, person=cast.colleague, now=now)
    book_place(occasion, person=cast.employee, now=now, wait=True)
    assert course_days(cast.employee, now=now) == []


def test_it_speaks_the_persons_language(feed, booking, cast, course, now):
    type(course).objects.update(title_en="Service design")
    cast.employee.language = "en"
    cast.employee.save()
    feed = feeds.find_feed(feed.secret)
    assert str(events_of(read_feed(feed, now=now)[0])[0]["SUMMARY"]).startswith("Service design")


def test_it_takes_as_many_queries_with_1_as_with_20(cast, plan_occasion, start, now, django_assert_max_num_queries):
    for number in range(20):
        book_place(plan_occasion(sessions=two_days(start + 3 * number * DAY)), person=cast.employee, now=now)
    with django_assert_max_num_queries(6):
        assert len(course_days(cast.employee, now=now)) == 40
    with django_assert_max_num_queries(6):
        assert len(course_days(cast.facilitator, now=now)) == 40


# --- Over HTTP -----------------------------------------------------------------------------------
def test_a_calendar_reads_it_without_log_in_and_asks_whether_it_has_changed(client, feed, booking, cast):
    answer = client.get(address_of(feed))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "private, no-cache"
    assert not answer.cookies
    same = client.get(address_of(feed), headers={"If-None-Match": answer["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])
    assert client.get(address_of(feed), headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
    cancel_booking(booking, by=cast.employee, now=booking.created_at)
    changed = client.get(address_of(feed), headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != answer["ETag"]
    assert client.head(address_of(feed)).status_code == 200
    assert client.post(address_of(feed)).status_code == 405


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 400, "%00" * 43, "å" * 43, "..%2f" * 10])
def test_an_unknown_address_says_nothing(client, feed, secret):
    answer = client.get(f"/kalender/{secret}.ics")
    assert answer.status_code == 404
    assert "kalender" not in answer.text.split("<main", 1)[1].split("</main>")[0].lower()


def test_a_renewed_and_a_turned_off_address_answer_nobody(client, feed, cast, now):
    old = address_of(feed)
    new = address_of(renew_feed(cast.employee, now=now))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    turn_off_feed(cast.employee)
    assert client.get(new).status_code == 404


def test_the_address_of_someone_who_left_answers_nobody(client, feed, cast):
    type(cast.employee).objects.filter(pk=cast.employee.pk).update(is_active=False)
    assert client.get(address_of(feed)).status_code == 404


def test_it_is_not_read_without_end(client, feed, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_READS_A_MINUTE", 2)
    codes = [client.get(address_of(feed)).status_code for _n in range(3)]
    assert codes == [200, 200, 429]
    assert client.get(address_of(feed))["Retry-After"] == "60"


def test_the_secret_is_in_no_line_of_the_log(client, feed, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get(address_of(feed))
        client.get(f"/kalender/{'b' * 43}.ics")
    written = " ".join(record.getMessage() + str(getattr(record, "path", "")) for record in caplog.records)
    assert "/kalender/…" in written
    assert feed.secret not in written
    assert "b" * 43 not in written


def test_reading_it_again_writes_nothing(feed, booking, now):
    read_feed(feed, now=now)
    before = CalendarFeed.objects.values().get()
    read_feed(feeds.find_feed(feed.secret), now=now + dt.timedelta(minutes=5))
    assert CalendarFeed.objects.values().get() == before


def test_days_of_long_ago_are_left_out(cast, booking, occasion, now):
    assert course_days(cast.employee, now=occasion.ends_at + dt.timedelta(days=365))
    assert not course_days(cast.employee, now=occasion.ends_at + dt.timedelta(days=367))


# --- One's own page ------------------------------------------------------------------------------
def test_ones_own_page_makes_renews_and_turns_off_the_address(client, cast):
    address = "/min-sida/kalender/"
    assert client.get(address).status_code == 302
    client.force_login(cast.employee)
    assert "Du har ingen adress än" in client.get(address).text
    secrets = []
    for act in ("on", "on", "renew"):
        page = client.post(address, {"act": act}, follow=True).text
        secrets.append(re.search(r"/kalender/([\w-]+)\.ics", page)[1])
        assert '.ics" readonly' in page  # a field, so the keyboard comes to it
        assert 'class="site-messages" role="status" tabindex="-1"' in page  # and it is said
    assert secrets[0] == secrets[1] != secrets[2]
    client.force_login(cast.outsider)
    page = client.get(address)
    assert secrets[2] not in page.text
    assert page["Cache-Control"] == "private, no-store"
    client.post(address, {"act": "off"})
    assert client.get(f"/kalender/{secrets[2]}.ics").status_code == 200
    client.force_login(cast.employee)
    assert "avstängd" in client.post(address, {"act": "off"}, follow=True).text
    assert client.get(f"/kalender/{secrets[2]}.ics").status_code == 404


def test_an_address_is_as_long_as_nobody_guesses(feed):
    assert len(feed.secret) >= 43
    assert timezone.is_aware(feed.made_at)
