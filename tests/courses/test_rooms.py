"""The room's code: shown for a minute, said by those who are there, confirmed by whoever leads."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.attendance_queries import lines_of
from courses.models import Attendance, AttendanceChange, Booking, PresenceClaim, RoomCode
from courses.room_codes import Read, counts, read_receipt, shown_code, write_receipt
from courses.services.attendance import Tap, mark_attendance
from courses.services.booking import book_place
from courses.services.making_up import make_up_day
from courses.services.occasions import cancel_occasion
from courses.services.rooms import close_room, confirm_claims, erase_claims, open_room, say_here
from people.services.tokens import make_token
from shared.rules import RuleBroken
from shared.spoken_codes import SIGNS
from tests.courses.conftest import DAY, HOUR, session_of, two_days
from tests.support.pictures import words_in_drawing

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def day(occasion, cast, now):
    """The first day; the employee has a place, and so has the colleague."""
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=now)
    return occasion.sessions.select_related("occasion__course").first()


@pytest.fixture
def morning(start):
    return start - 10 * MINUTE


@pytest.fixture
def room(day, cast, morning):
    return open_room(day, by=cast.facilitator, now=morning)


def say(room, person, at, *, read_at=None, code=None):
    return say_here(Read(code or shown_code(room, at=read_at or at), read_at or at), person=person, now=at)


def refusal(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        act(*args, **kwargs)
    return broken.value.code


def test_whoever_reads_the_code_says_to_be_there_and_the_mark_is_another_persons(room, day, cast, morning):
    said = say(room, cast.employee, morning)
    assert said.is_new
    assert not Attendance.objects.exists()
    (line, other) = lines_of(day.occasion, day)
    assert (line.claim, other.claim) == ("Säger sig vara här, 08.50", "")
    assert confirm_claims(day, by=cast.facilitator, now=morning + MINUTE) == 1
    mark = AttendanceChange.objects.get()
    assert (mark.after, mark.source, mark.by) == ("present", "code", cast.facilitator)
    line = lines_of(day.occasion, day)[0]
    assert line.claim == ""
    assert "Hade själv sagt det med rummets kod." in line.log[0]


def test_the_same_said_twice_is_one_claim(room, cast, morning):
    first = say(room, cast.employee, morning)
    second = say(room, cast.employee, morning + MINUTE)
    assert (second.claim, second.is_new) == (first.claim, False)
    assert PresenceClaim.objects.get().claimed_at == morning


@pytest.mark.parametrize(("seconds", "counts_then"), [(0, True), (59, True), (120, True), (179, True), (180, False)])
def test_a_code_is_shown_for_a_minute_and_counts_two_more(room, cast, morning, seconds, counts_then):
    at = morning + dt.timedelta(seconds=seconds)
    code = shown_code(room, at=morning)
    if counts_then:
        assert say(room, cast.employee, at, code=code).is_new
    else:
        assert refusal(say, room, cast.employee, at, code=code) == "code_expired"


def test_whoever_read_it_in_time_may_log_in_first(room, cast, morning):
    read = Read(shown_code(room, at=morning), morning)
    receipt = write_receipt(read)
    later = morning + 14 * MINUTE
    assert read_receipt(receipt, now=later) == read
    assert say_here(read_receipt(receipt, now=later), person=cast.employee, now=later).is_new
    assert read_receipt(receipt, now=morning + 16 * MINUTE) is None
    assert read_receipt(receipt[:-2] + "xx", now=later) is None


def test_a_code_counts_from_the_moment_the_room_is_opened(day, cast, morning):
    """The receipt once kept whole seconds: whoever scanned within the opening's own second was refused."""
    opened = morning.replace(microsecond=600_000)
    room = open_room(day, by=cast.facilitator, now=opened)
    read = Read(shown_code(room, at=opened), opened + dt.timedelta(milliseconds=50))
    kept = read_receipt(write_receipt(read), now=opened + dt.timedelta(seconds=1))
    assert say_here(kept, person=cast.employee, now=opened + dt.timedelta(seconds=1)).is_new


def test_each_session_has_codes_of_its_own(room, occasion, cast, start):
    second = occasion.sessions.last()
    tomorrow = start + DAY
    other = open_room(second, by=cast.facilitator, now=tomorrow)
    assert shown_code(other, at=tomorrow) != shown_code(room, at=tomorrow)
    assert refusal(say, room, cast.employee, tomorrow) == "unknown_code"


def test_who_is_not_on_the_list_is_told_what_to_do(room, plan_occasion, day, cast, now, morning, start):
    assert refusal(say, room, cast.outsider, morning) == "not_booked"
    elsewhere = plan_occasion(sessions=[session_of(start, place="Biblioteket")])
    book_place(elsewhere, person=cast.outsider, now=now)
    with pytest.raises(RuleBroken, match="Biblioteket") as broken:
        say(room, cast.outsider, morning)
    assert broken.value.code == "other_day"
    waiting, _offer = book_place(day.occasion, person=cast.manager, now=now, wait=True)
    assert waiting.state == Booking.State.WAITING
    assert refusal(say, room, cast.manager, morning) == "only_waiting"
    assert not PresenceClaim.objects.exists()


def test_who_makes_up_another_day_is_not_expected_on_this_one(plan_occasion, cast, start, now):
    missed = plan_occasion(sessions=two_days(start - 40 * DAY))
    booking, _ = book_place(missed, person=cast.employee, now=start - 60 * DAY)
    last = missed.sessions.last()
    mark_attendance(booking, last, state="absent", by=cast.facilitator, now=last.ends_at)
    there = plan_occasion()
    make_up_day(booking, last, on=there, by=cast.employee, now=now)
    room = open_room(there.sessions.first(), by=cast.facilitator, now=start)
    assert refusal(say, room, cast.employee, start) == "not_booked"
    assert say(
        open_room(there.sessions.last(), by=cast.facilitator, now=start + DAY), cast.employee, start + DAY
    ).is_new


def test_who_is_marked_as_present_has_nothing_to_say_and_who_is_marked_absent_has(room, day, cast, morning):
    booking = Booking.objects.get(person=cast.employee)
    mark_attendance(booking, day, state="present", by=cast.facilitator, now=morning)
    assert refusal(say, room, cast.employee, morning) == "already_marked"
    other = Booking.objects.get(person=cast.colleague)
    mark_attendance(other, day, state="absent", by=cast.facilitator, now=morning)
    say(room, cast.colleague, morning + MINUTE)
    assert lines_of(day.occasion, day)[1].claim
    # A mark that stands is corrected by hand, one at a time.
    assert confirm_claims(day, by=cast.facilitator, now=morning + 2 * MINUTE) == 0
    mark_attendance(other, day, state="present", by=cast.facilitator, now=morning + 3 * MINUTE)
    assert lines_of(day.occasion, day)[1].claim == ""


def test_a_mark_tapped_before_it_was_said_does_not_claim_to_confirm_it(room, day, cast, morning):
    booking = Booking.objects.get(person=cast.employee)
    say(room, cast.employee, morning + 5 * MINUTE)
    tap = Tap(mark=room.session.uuid, based_on=None, at=morning)
    mark_attendance(booking, day, state="present", by=cast.facilitator, now=morning + 6 * MINUTE, tap=tap)
    assert AttendanceChange.objects.get().source == ""


def test_the_code_is_shown_around_the_session_and_of_an_open_occasion(day, cast, start, now):
    early, late = start - 2 * HOUR, day.ends_at + HOUR
    assert refusal(open_room, day, by=cast.facilitator, now=early - MINUTE) == "not_that_day"
    assert refusal(open_room, day, by=cast.facilitator, now=late + MINUTE) == "not_that_day"
    assert open_room(day, by=cast.facilitator, now=early).opened_at == early
    day.occasion = cancel_occasion(day.occasion, by=cast.facilitator, now=now, why="Sjukdom")
    assert refusal(open_room, day, by=cast.facilitator, now=start) == "occasion_not_open"


def test_an_own_day_that_has_not_begun_or_is_over_is_told(room, cast, start, day):
    assert refusal(say, room, cast.employee, start - 5 * HOUR, code="ABCDEF") == "too_early"
    assert refusal(say, room, cast.employee, day.ends_at + 2 * HOUR, code="ABCDEF") == "day_over"


def test_a_code_that_is_no_longer_shown_counts_no_more(room, day, cast, morning):
    code = shown_code(room, at=morning)
    close_room(day, now=morning)
    assert refusal(say, room, cast.employee, morning + MINUTE, code=code) == "code_expired"
    again = open_room(day, by=cast.facilitator, now=morning + MINUTE)
    assert open_room(day, by=cast.facilitator, now=morning + 2 * MINUTE).secret == again.secret
    assert refusal(say, again, cast.employee, morning + MINUTE, code=code) == "unknown_code"


def test_codes_are_not_found_by_trying(room, cast, morning):
    for number in range(20):
        assert refusal(say, room, cast.employee, morning, code=f"ZZZ{number:03}") == "unknown_code"
    assert refusal(say, room, cast.employee, morning) == "too_many_guesses"
    assert say(room, cast.colleague, morning).is_new
    assert say(room, cast.employee, morning + 11 * MINUTE).is_new


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)), st.integers(0, 600))
def test_what_is_shown_counts_from_then_for_two_minutes_at_least_and_three_at_most(at, seconds):
    room = RoomCode(session_id=7, secret="ett", opened_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    code = shown_code(room, at=at)
    assert len(code) == 6
    assert set(code) <= set(SIGNS)
    does_count = counts(room, code, at=at + dt.timedelta(seconds=seconds))
    assert does_count or seconds > 120
    assert not does_count or seconds < 180


# Pages, by the clock of the machine.


@pytest.mark.parametrize(("moment", "erased"), [(-MINUTE, 0), (0 * MINUTE, 2), (MINUTE, 2)])
def test_what_was_said_is_erased_thirty_days_after_and_the_marks_stay(room, day, cast, morning, moment, erased):
    for person in (cast.employee, cast.colleague):
        say(room, person, morning)
    confirm_claims(day, by=cast.facilitator, now=morning + MINUTE)
    assert erase_claims(now=day.occasion.ends_at + 30 * DAY + moment) == erased
    assert PresenceClaim.objects.count() == 2 - erased
    assert RoomCode.objects.exists() is not bool(erased)
    assert list(AttendanceChange.objects.values_list("attendance__state", "source")) == [("present", "code")] * 2


def test_what_someone_said_who_is_no_longer_booked_is_erased_at_once(room, cast, morning):
    say(room, cast.employee, morning)
    assert erase_claims(now=morning) == 0
    Booking.objects.filter(person=cast.employee).update(state=Booking.State.CANCELLED)
    assert erase_claims(now=morning) == 1


@pytest.fixture
def today(plan_occasion, cast):
    """A session that goes on now, with the employee on it."""
    clock = timezone.now()
    midnight = timezone.localtime(clock).replace(hour=0, minute=0, second=0, microsecond=0)
    occasion = plan_occasion(sessions=[session_of(max(clock - HOUR, midnight), place="Stadshuset")])
    book_place(occasion, person=cast.employee, now=clock - 20 * DAY)
    return occasion.sessions.get()


def address_of(session, page=""):
    return f"/kurstillfallen/{session.occasion_id}/dag/{session.pk}/{page}"


def as_(client, person):
    client.force_login(person)
    return client


def test_the_wall_shows_the_code_and_names_nobody(client, today, cast, settings):
    as_(client, cast.facilitator)
    assert "Visa koden" in client.get(address_of(today, "kod/")).text
    assert not RoomCode.objects.exists()
    page = client.post(address_of(today, "kod/"), follow=True).text
    code = shown_code(RoomCode.objects.get(), at=timezone.now())
    assert f"<span>{code[:3]}</span> <span>{code[3:]}</span>" in page
    (drawing,) = re.findall(r"wall__drawing[^>]*>(<svg.*?</svg>)", page, re.DOTALL)
    assert words_in_drawing(drawing) == f"{settings.SITE_URL}/har/?kod={code}"
    assert "Elin" not in page
    assert "0 av 1" in page
    assert 'href="' + address_of(today, "kod/") in client.get(address_of(today)).text
    client.post(address_of(today, "kod/"), {"close": "1"})
    assert RoomCode.objects.get().closed_at is not None


@pytest.mark.parametrize("part", ["employee", "outsider", "hr", "manager"])
def test_the_wall_does_not_exist_for_others(client, today, cast, part):
    as_(client, getattr(cast, part))
    assert client.get(address_of(today, "kod/")).status_code == 404
    assert client.post(address_of(today, "kod/")).status_code == 404
    assert client.post(address_of(today, "bekrafta/")).status_code == 404
    assert not RoomCode.objects.exists()


def test_a_scan_leads_through_log_in_and_back_to_one_button(client, today, cast):
    room = open_room(today, by=cast.facilitator, now=timezone.now())
    code = shown_code(room, at=timezone.now())
    sent = client.get(f"/har/?kod={code[:3].lower()}+{code[3:]}")
    assert sent["Location"].startswith("/konto/login/?next=/har/%3Fkod%3D" + code)
    back = sent.wsgi_request.GET
    assert back["kod"]
    as_(client, cast.employee)
    page = client.get(parse_qs(urlsplit(sent["Location"]).query)["next"][0])
    assert "Tjänstedesign i två dagar" in page.text
    assert not PresenceClaim.objects.exists()
    said = client.post("/har/", {"code": code, "last": page.context["receipt"]}, follow=True)
    assert "Tack, det är noterat." in said.text
    assert PresenceClaim.objects.count() == 1
    assert "Du sa" in said.text
    assert "Du har redan sagt det." in client.post("/har/", {"code": code}, follow=True).text


def test_a_wrong_code_is_told_at_the_field_and_kept(client, today, cast):
    as_(client, cast.employee)
    page = client.post("/har/", {"code": "abc"})
    assert page.status_code == 422
    assert 'value="abc"' in page.text
    assert "Koden har sex bokstäver och siffror." in page.text
    page = client.get("/har/?kod=ABCDEF")
    assert page.status_code == 422
    assert "Inget rum har den koden nu." in page.text
    assert 'value="ABCDEF"' in page.text
    open_room(today, by=cast.facilitator, now=timezone.now())
    for code in ("ÅBC234", "日本語日本語"):
        page = client.post("/har/", {"code": code})
        assert (page.status_code, f'value="{code}"' in page.text) == (422, True)
    assert client.put("/har/").status_code == 405


def test_my_page_and_the_booking_lead_to_the_code_on_the_day(client, today, occasion, cast, now):
    as_(client, cast.employee)
    booking = Booking.objects.get(occasion=today.occasion, person=cast.employee)
    assert 'href="/har/"' in client.get("/min-sida/").text
    assert 'href="/har/"' in client.get(f"/bokningar/{booking.pk}/").text
    later, _ = book_place(occasion, person=cast.employee, now=now)
    assert 'href="/har/"' not in client.get(f"/bokningar/{later.pk}/").text


def test_the_list_confirms_all_by_one_press_without_a_script(client, today, cast):
    room = open_room(today, by=cast.facilitator, now=timezone.now())
    say_here(Read(shown_code(room, at=timezone.now()), timezone.now()), person=cast.employee, now=timezone.now())
    as_(client, cast.facilitator)
    page = client.get(address_of(today)).text
    assert "Bekräfta 1 som säger sig vara här" in page
    page = client.post(address_of(today, "bekrafta/"), follow=True).text
    assert "1 person är markerad som närvarande." in page
    assert "Bekräfta 0" in page  # hidden
    assert Attendance.objects.get().state == "present"


def test_by_api_a_code_is_shown_said_and_seen_in_the_list(client, today, cast):
    leads = {"HTTP_AUTHORIZATION": f"Bearer {make_token(cast.facilitator, name='a', now=timezone.now())[1]}"}
    mine = {"HTTP_AUTHORIZATION": f"Bearer {make_token(cast.employee, name='b', now=timezone.now())[1]}"}
    address = f"/api/v1/occasions/{today.occasion_id}/sessions/{today.pk}/"
    assert client.get(address + "room/", **leads).json() == {"code": "", "until": None, "there": 0}
    assert client.get(address + "room/", **mine).status_code == 404
    code = client.post(address + "room/", **leads).json()["code"]
    assert client.post("/api/v1/here/", {"code": code}, "application/json", **mine).status_code == 201
    assert client.post("/api/v1/here/", {"code": code}, "application/json", **mine).status_code == 200
    wrong = client.post("/api/v1/here/", {"code": "ABCDEF"}, "application/json", **mine)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "unknown_code")
    (line,) = client.get(address + "attendance/", **leads).json()["people"]
    assert line["claimed_at"]
    assert client.delete(address + "room/", **leads).status_code == 204
    assert client.get(address + "room/", **leads).json()["there"] == 1
