"""Messages from whoever leads: to whom they go, looked at before, sent once, written by the workers, kept in a log."""

import re
import uuid

import pytest
from django.utils import timezone

from courses.models import Attendance, Booking, MessageReceiver, Occasion, OccasionMessage
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.messaging import Address, receivers_of, send_message, write_messages
from courses.services.telling import tell_news
from letters.models import Letter
from people.roles import FACILITATOR
from people.services.roles import give_role
from shared.rules import RuleBroken
from tests.courses import test_pages
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_booking import fill
from tests.courses.test_pages import as_
from tests.support.cast import make_person
from tests.support.races import at_once

start = test_pages.start
WORDS = {"to": "booked", "subject": "Ta med kaffekopp", "text": "Hej!\n\nVi har <inga> koppar.\r\nTa med en."}


@pytest.fixture
def leader(client, cast):
    return as_(client, cast.facilitator)


@pytest.fixture
def address(occasion):
    return f"/kurstillfallen/{occasion.pk}/meddelanden/"


def key_of(page):
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def look(leader, address, **changes):
    sent = WORDS | {"key": key_of(leader.get(address).text), "preview": "1"} | changes
    return sent, leader.post(address, sent)


def test_a_message_is_looked_at_sent_once_and_reaches_each_once(leader, occasion, address, cast):
    fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    Letter.objects.all().delete()
    sent, answer = look(leader, address)
    assert answer.status_code == 200
    assert "Skicka till 2 personer" in answer.text
    assert "Elin Ek, Kaj Kvist" in answer.text
    assert "Vi har &lt;inga&gt; koppar." in answer.text
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert sorted(ids) == sorted(set(ids)), "a label belongs to one field"
    assert not OccasionMessage.objects.exists()

    del sent["preview"]
    for _click in range(2):
        answer = leader.post(address, sent | {"send": "1", "seen": "2"}, follow=True)
        assert "Ditt meddelande går till 2 personer." in answer.text
    assert "0 av 2 brev har gått iväg" in answer.text
    assert (OccasionMessage.objects.count(), MessageReceiver.objects.count()) == (1, 2)
    now = timezone.now()
    assert [write_messages(now=now), write_messages(now=now)] == [2, 0]
    letters = Letter.objects.filter(kind="message").order_by("person__sort_key")
    assert [letter.person for letter in letters] == [cast.employee, cast.colleague]
    assert letters[0].subject == "Ta med kaffekopp"
    assert "Frida Fors, som leder Tjänstedesign i två dagar" in letters[0].text
    how = f"Vill du svara? Skriv till {cast.facilitator.email}, för ett svar på det här brevet kommer inte fram."
    for letter in (letters[0].text, letters[0].html):
        assert (how in letter, "går inte att svara på" in letter) == (True, False)
    assert "Vi har <inga> koppar." in letters[0].text
    assert "Vi har &lt;inga&gt; koppar." in letters[0].html
    Letter.objects.filter(pk=letters[0].pk).update(state=Letter.State.SENT, sent_at=now)
    assert "1 av 2 brev har gått iväg" in leader.get(address).text


def test_who_joined_since_the_writer_looked_is_shown_before_anything_is_sent(leader, occasion, address, cast):
    fill(occasion, cast.employee, now=timezone.now())
    sent, _answer = look(leader, address)
    fill(occasion, cast.colleague, now=timezone.now())
    answer = leader.post(address, sent | {"send": "1", "seen": "1"})
    assert "Listan har ändrats" in answer.text
    assert "Skicka till 2 personer" in answer.text
    assert not OccasionMessage.objects.exists()


def test_a_second_click_after_the_list_changed_is_still_one_message(leader, occasion, address, cast):
    fill(occasion, cast.employee, now=timezone.now())
    sent, _answer = look(leader, address)
    leader.post(address, sent | {"send": "1", "seen": "1"})
    fill(occasion, cast.colleague, now=timezone.now())
    answer = leader.post(address, sent | {"send": "1", "seen": "1"}, follow=True)
    assert "Ditt meddelande går till 1 person." in answer.text
    assert MessageReceiver.objects.get().person == cast.employee


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": ""}, "Fyll i det här."),
        ({"text": "   "}, "Fyll i det här."),
        ({"subject": "x" * 151}, "150"),
        ({"text": "x" * 5001}, "5"),
        ({"text": "a\0b"}, "Null"),
        ({"to": "everyone"}, "finns inte bland"),
        ({"to": "missing:1"}, "finns inte bland"),
        ({"to": "waiting"}, "Det finns ingen att skriva till där."),
    ],
)
def test_what_can_not_be_sent_keeps_what_was_typed(leader, occasion, address, cast, changes, sentence):
    fill(occasion, cast.employee, now=timezone.now())
    for act in ({"preview": "1"}, {"send": "1", "seen": "0"}):
        answer = leader.post(address, WORDS | {"key": str(uuid.uuid4())} | act | changes)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert changes.get("subject", WORDS["subject"]) in answer.text
    assert not OccasionMessage.objects.exists()


def test_the_missing_are_those_absent_or_unmarked_and_only_once_the_day_has_begun(leader, plan_occasion, cast, start):
    occasion = plan_occasion(sessions=two_days(start - 40 * DAY), places=5)
    first, _second = occasion.sessions.all()
    people = [cast.employee, cast.colleague, cast.outsider, cast.hr, cast.editor]
    bookings = [book_place(occasion, person=each, now=start - 60 * DAY)[0] for each in people]
    for booking, state in zip(bookings, ["absent", "present", "excused", "left_early"], strict=False):
        mark_attendance(booking, first, state=state, minutes=5, by=cast.facilitator, now=timezone.now())
    assert list(receivers_of(occasion, Address("missing", first))) == [cast.employee, cast.editor]
    page = leader.get(f"/kurstillfallen/{occasion.pk}/meddelanden/").text
    assert "frånvarande eller inte markerade (2)" in page
    coming = plan_occasion()
    assert "De som saknades" not in leader.get(f"/kurstillfallen/{coming.pk}/meddelanden/").text
    assert Attendance.objects.count() == 4


def test_the_waiting_list_is_those_who_wait_and_those_who_are_offered(occasion, cast):
    now = timezone.now()
    fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, cast.hr, now=now)
    type(cast.hr).objects.filter(pk=cast.hr.pk).update(is_active=False)
    assert list(receivers_of(occasion, Address("waiting"))) == [cast.outsider]


def test_another_occasions_form_sends_nothing_here(occasion, plan_occasion, cast, start):
    now = timezone.now()
    other = plan_occasion(sessions=two_days(start + 7 * DAY))
    for each in (occasion, other):
        fill(each, cast.employee, now=now)
    act = {"to": Address("booked"), "subject": "Hej", "text": "Hej", "by": cast.facilitator, "now": now}
    key = uuid.uuid4()
    send_message(occasion, key=key, **act)
    with pytest.raises(RuleBroken) as refusal:
        send_message(other, key=key, **act)
    assert refusal.value.code == "message_elsewhere"


def test_stopped_in_the_middle_the_rest_is_written_and_nobody_twice(occasion, cast):
    now = timezone.now()
    fill(occasion, cast.employee, cast.colleague, now=now)
    message, _ = send_message(
        occasion, key=uuid.uuid4(), to=Address("booked"), subject="Hej", text="Hej", by=cast.facilitator, now=now
    )
    tell_news(now=now)
    MessageReceiver.objects.update(to_tell=True, letter=None)
    assert write_messages(now=now) == 0
    assert message.receivers.filter(to_tell=False, letter__isnull=False).count() == 2
    assert Letter.objects.filter(kind="message").count() == 2


def test_each_reads_it_around_in_the_own_language(occasion, cast):
    now = timezone.now()
    type(cast.employee).objects.filter(pk=cast.employee.pk).update(language="en")
    fill(occasion, cast.employee, now=now)
    send_message(
        occasion, key=uuid.uuid4(), to=Address("booked"), subject="Hej", text="Hej", by=cast.facilitator, now=now
    )
    write_messages(now=now)
    assert "Do you want to answer?" in Letter.objects.get(kind="message").text


def test_messages_exist_for_whoever_leads_alone(client, occasion, address, cast):
    fill(occasion, cast.employee, now=timezone.now())
    give_role(cast.outsider, role=FACILITATOR)
    for somebody in (cast.employee, cast.outsider, cast.hr, cast.manager):
        as_(client, somebody)
        assert client.get(address).status_code == 404
        assert client.post(address, WORDS | {"key": str(uuid.uuid4()), "send": "1", "seen": "1"}).status_code == 404
    assert not OccasionMessage.objects.exists()
    with pytest.raises(RuleBroken):
        send_message(
            occasion, key=uuid.uuid4(), to=Address("booked"), subject="a", text="b", by=cast.hr, now=timezone.now()
        )


def test_the_page_takes_as_many_queries_with_1_as_with_40(
    leader, plan_occasion, address, cast, django_assert_max_num_queries
):
    occasion = plan_occasion(places=40)
    now = timezone.now()
    for number in range(40):
        book_place(occasion, person=make_person("Förnamn", f"Efternamn {number}", unit=cast.school), now=now)
        send_message(
            occasion, key=uuid.uuid4(), to=Address("booked"), subject="a", text="b", by=cast.facilitator, now=now
        )
    page = f"/kurstillfallen/{occasion.pk}/meddelanden/"
    leader.get(page)
    with django_assert_max_num_queries(14):
        leader.get(page)


# --- Cancelled with one text to all ----------------------------------------------------------------
def test_an_occasion_is_cancelled_with_one_text_to_all(leader, occasion, cast):
    now = timezone.now()
    fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, now=now)
    page = f"/kurstillfallen/{occasion.pk}/stall-in/"
    assert "3 personer förlorar sina platser eller slutar vänta" in leader.get(page).text
    for why, sentence in (("", "Fyll i det här."), ("x" * 2001, "2000"), ("a\0", "Null")):
        answer = leader.post(page, {"why": why})
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert Occasion.objects.get().state == "open"
    long = "Vi gör så här i stället. " * 70
    leader.post(page, {"why": f"Salen är vattenskadad. Boka gärna i mars.\n\n{long}"})
    assert set(Booking.objects.values_list("state", flat=True)) == {"cancelled"}
    tell_news(now=now + HOUR)
    letters = Letter.objects.filter(kind="cancelled")
    assert {letter.person for letter in letters} == {cast.employee, cast.colleague, cast.outsider}
    assert all("Salen är vattenskadad. Boka gärna i mars." in letter.text for letter in letters)
    assert all(long.strip() in letter.text and "i mars.</p>" in letter.html for letter in letters)
    again = leader.get(page).text
    assert ("Kurstillfället är inställt." in again, 'name="why"' in again) == (True, False)


def test_what_has_begun_is_not_cancelled_and_keeps_its_text(leader, plan_occasion, start):
    begun = plan_occasion(sessions=two_days(start - 40 * DAY))
    answer = leader.post(f"/kurstillfallen/{begun.pk}/stall-in/", {"why": "Sjuk"})
    assert answer.status_code == 422
    assert "har redan börjat" in answer.text
    assert "Sjuk" in answer.text


def test_nobody_else_cancels(client, occasion, cast):
    for somebody in (cast.employee, cast.outsider, cast.hr, cast.manager):
        as_(client, somebody)
        assert client.get(f"/kurstillfallen/{occasion.pk}/stall-in/").status_code == 404
        assert client.post(f"/kurstillfallen/{occasion.pk}/stall-in/", {"why": "Nej"}).status_code == 404
    assert Occasion.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_message(occasion, cast):
    now, key = timezone.now(), uuid.uuid4()
    fill(occasion, cast.employee, cast.colleague, now=now)
    sent = []

    def send():
        act = {"to": Address("booked"), "subject": "Hej", "text": "Hej", "by": cast.facilitator, "now": now}
        sent.append(send_message(occasion, key=key, **act))

    assert at_once(send, times=4) == []
    assert sorted(is_new for _message, is_new in sent) == [False, False, False, True]
    assert (OccasionMessage.objects.count(), MessageReceiver.objects.count()) == (1, 2)
    assert at_once(lambda: write_messages(now=now), times=2) == []
    assert Letter.objects.filter(kind="message").count() == 2


def test_those_of_whom_there_is_nobody_can_not_be_chosen_and_say_why(leader, occasion, address, cast):
    fill(occasion, cast.employee, now=timezone.now())
    page = leader.get(address).text
    (waiting,) = re.findall(r'<input[^>]*value="waiting"[^>]*>', page)
    (booked,) = re.findall(r'<input[^>]*value="booked"[^>]*>', page)
    assert ("disabled" in waiting, "disabled" in booked, "checked" in booked) == (True, False, True)
    assert "(ingen just nu)" in page
    assert "(1)" in page
    _sent, answer = look(leader, address, to="waiting")  # past the form
    assert "Det finns ingen att skriva till där." in answer.text
    assert "Ta med kaffekopp" in answer.text
    assert not OccasionMessage.objects.exists()


def test_where_there_is_nobody_at_all_nothing_is_chosen_beforehand(leader, address):
    options = re.findall(r'<input[^>]*name="to"[^>]*>', leader.get(address).text)
    assert len(options) == 2
    assert all("disabled" in option and "checked" not in option for option in options)
