"""The page of one's own booking, and what one does there."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.models import Booking, BookingNeeds, Course, LateWord, Occasion
from courses.services.booking import book_place, cancel_booking
from courses.services.handing_over import MOST_MISSES_AN_HOUR
from courses.services.late_changes import MOST_MESSAGES
from courses.services.needs import ask_for_needs
from courses.services.reservations import decide_who_may_book, reserve_places
from courses.services.telling import tell_news
from letters.models import Letter
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill, state_of
from tests.support.forgetting import forget

PAGES = ["", "avboka/", "flytta/", "lamna-over/", "behov/"]


@pytest.fixture
def start():
    """Pages ask the clock of the machine."""
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + 30 * DAY


@pytest.fixture
def booking(occasion, cast):
    return book_place(occasion, person=cast.employee, now=timezone.now())[0]


@pytest.fixture
def late(booking, start):
    """It can no longer be cancelled by oneself."""
    Occasion.objects.filter(pk=booking.occasion_id).update(cancel_until=timezone.now() - dt.timedelta(minutes=1))
    return booking


@pytest.fixture
def there(plan_occasion, start):
    return plan_occasion(sessions=two_days(start + 7 * DAY), places=1)


@pytest.fixture
def own(client, cast):
    client.force_login(cast.employee)
    return client


def path_of(booking, act=""):
    return f"/bokningar/{booking.pk}/{act}"


@pytest.mark.parametrize("page", PAGES)
def test_for_everyone_else_it_does_not_exist(client, booking, cast, page):
    ask_for_needs(booking.occasion, asks=True)
    assert client.get(path_of(booking, page)).status_code == 302
    others = (cast.outsider, cast.colleague, cast.manager, cast.facilitator, cast.hr, cast.administrator)
    for person in others:
        client.force_login(person)
        assert client.get(path_of(booking, page)).status_code == 404
        if page:
            assert client.post(path_of(booking, page), {"to": person.email}).status_code == 404
    assert client.post(path_of(booking, "hjalp/"), {"why": "x"}).status_code == 404
    assert state_of(booking) == "booked"


def test_it_tells_what_one_holds_what_one_can_do_and_what_has_happened(own, booking, there):
    page = own.get(path_of(booking)).text
    assert page.index("Du har en plats") < page.index("Kursdagar"), "the keys come to it in the order the eyes do"
    assert "Du bokades" in page
    for act in ("flytta", "lamna-over", "avboka"):
        assert path_of(booking, f"{act}/") in page


def test_who_waits_sees_the_position_the_rule_and_the_offer_that_ran_out(own, occasion, cast):
    now = timezone.now()
    first, _second = fill(occasion, cast.colleague, cast.outsider, now=now)
    mine, _new = book_place(occasion, person=cast.employee, now=now, wait=True)
    page = own.get(path_of(mine)).text
    assert "Du står som nummer 1 på väntelistan" in page
    assert "8 arbetstimmar" in page
    assert path_of(mine, "flytta/") not in page
    cancel_booking(first, by=cast.colleague, now=now)
    page = own.get(path_of(mine)).text
    assert "Du erbjöds en plats" in page
    assert "Tacka ja" in page


def test_a_booking_leads_to_its_page_and_to_the_question_of_needs_only_where_it_is_asked(own, occasion, there):
    there_path = own.post(f"/kurstillfallen/{there.pk}/boka/")["Location"]
    assert there_path == path_of(Booking.objects.get(occasion=there))
    ask_for_needs(occasion, asks=True)
    answer = own.post(f"/kurstillfallen/{occasion.pk}/boka/")
    assert answer["Location"] == path_of(Booking.objects.get(occasion=occasion), "behov/")


def test_needs_are_told_changed_and_taken_back(own, booking):
    path = path_of(booking, "behov/")
    assert own.get(path).status_code == 404
    ask_for_needs(booking.occasion, asks=True)
    assert "raderar det 30 dagar efter" in own.get(path).text
    assert own.post(path, {"food": "Vegan", "hearing_loop": "on"})["Location"] == path_of(booking)
    page = own.get(path_of(booking)).text
    assert "Vegan" in page
    assert "Hörslinga" in page
    assert 'value="Vegan"' in own.get(path).text
    refused = own.post(path, {"food": "x" * 251, "other": "Tolk"})
    assert refused.status_code == 422
    assert "Tolk" in refused.text
    own.post(path, {})
    assert not BookingNeeds.objects.exists()


def test_cancelling_asks_first_and_says_what_is_lost(own, booking):
    page = own.get(path_of(booking, "avboka/")).text
    assert "Vill du avboka din plats?" in page
    assert "inte säkert att du får den tillbaka" in page
    assert state_of(booking) == "booked"
    answer = own.post(path_of(booking, "avboka/"), follow=True)
    assert "Du är avbokad" in answer.text
    assert "Bokningen är avbokad" in answer.text
    assert "Boka igen" in answer.text
    assert own.get(path_of(booking, "avboka/")).status_code == 302


def test_whoever_left_the_list_or_took_back_the_request_has_not_cancelled_a_booking(own, occasion, cast):
    fill(occasion, cast.colleague, cast.outsider, now=timezone.now())
    (waiting,) = fill(occasion, cast.employee, now=timezone.now())
    own.post(path_of(waiting, "avboka/"))
    page = own.get(path_of(waiting)).text
    assert "Du står inte längre på väntelistan" in page
    assert "Ställ dig på väntelistan" in page
    assert "vbokad" not in page
    assert "Boka igen" not in page
    mine = own.get("/min-sida/bokningar/").text
    assert "Inte längre på väntelistan" in mine
    assert "Avbokad" not in mine


def test_whoever_took_back_a_request_asks_again_and_is_told_so_by_the_letter(own, occasion, cast):
    Course.objects.update(needs_approval=True)
    (asked,) = fill(occasion, cast.employee, now=timezone.now())
    own.post(path_of(asked, "avboka/"))
    page = own.get(path_of(asked)).text
    assert "Din förfrågan är avslutad" in page
    assert "Be om en plats" in page
    assert "vbokad" not in page
    tell_news(now=timezone.now())
    letter = Letter.objects.filter(person=cast.employee).order_by("-id").first()
    assert letter.subject == "Din förfrågan om en plats på Tjänstedesign i två dagar är avslutad"
    assert "bokad" not in letter.text


def test_what_is_still_to_come_is_not_called_earlier(own, booking, cast, there):
    again = book_place(there, person=cast.employee, now=timezone.now())[0]
    cancel_booking(booking, by=cast.employee, now=timezone.now())
    mine = own.get("/min-sida/bokningar/").text
    assert mine.index("Kommande") < mine.index(path_of(again)) < mine.index("Inte längre dina")
    assert mine.index("Inte längre dina") < mine.index(path_of(booking))
    assert "Tidigare" not in mine


def test_where_it_is_too_late_no_button_promises_a_change(own, booking):
    for address in (f"/kurstillfallen/{booking.occasion_id}/", "/min-sida/"):
        assert "Se eller ändra din bokning" in own.get(address).text
    Occasion.objects.filter(pk=booking.occasion_id).update(cancel_until=timezone.now() - dt.timedelta(minutes=1))
    for address in (f"/kurstillfallen/{booking.occasion_id}/", "/min-sida/"):
        page = own.get(address).text
        assert "Se din bokning" in page
        assert "Se eller ändra din bokning" not in page


@pytest.mark.parametrize("act", ["avboka/", "flytta/", "lamna-over/"])
def test_the_way_back_leads_over_the_bookings(own, booking, act):
    page = own.get(path_of(booking, act)).text
    trail = page[page.index('class="breadcrumbs"') :]
    assert trail.index("/min-sida/bokningar/") < trail.index(path_of(booking))


def test_too_late_it_goes_through_the_facilitator_who_is_told_why_and_once(own, late, cast):
    page = own.get(path_of(late)).text
    assert cast.facilitator.email in page
    assert path_of(late, "avboka/") not in page
    assert "för sent att avboka" in own.post(path_of(late, "avboka/"), follow=True).text
    empty = own.post(path_of(late, "hjalp/"), {"why": "  "})
    assert empty.status_code == 422
    assert "Skriv vad som har hänt" in empty.text
    for _turn in range(2):
        answer = own.post(path_of(late, "hjalp/"), {"why": "Jag kan inte komma på tisdag."}, follow=True)
    assert "Du har skrivit till dem" in answer.text
    letter = Letter.objects.get(kind="late_change")
    assert letter.person == cast.facilitator
    assert "Jag kan inte komma på tisdag." in letter.text
    assert state_of(late) == "booked"


def test_a_word_to_the_facilitator_has_its_time_and_its_measure(own, booking, late):
    Occasion.objects.filter(pk=booking.occasion_id).update(cancel_until=timezone.now() + DAY)
    assert own.post(path_of(booking, "hjalp/"), {"why": "Hej"}).status_code == 422
    Occasion.objects.filter(pk=booking.occasion_id).update(cancel_until=timezone.now() - DAY)
    for number in range(MOST_MESSAGES):
        assert own.post(path_of(booking, "hjalp/"), {"why": f"Ord {number}"}).status_code == 302
    refused = own.post(path_of(booking, "hjalp/"), {"why": "Ett ord till"})
    assert refused.status_code == 422
    assert "Ett ord till" in refused.text
    assert Letter.objects.filter(kind="late_change").count() == MOST_MESSAGES


def test_one_moves_to_an_occasion_with_a_place(own, booking, there, cast):
    page = own.get(path_of(booking, "flytta/")).text
    assert "Du behåller din plats tills den nya är säker." in page
    assert "Flytta hit" in page
    answer = own.post(path_of(booking, "flytta/"), {"occasion": there.pk}, follow=True)
    assert "Du har flyttat" in answer.text
    assert answer.redirect_chain[-1][0] == path_of(Booking.objects.get(occasion=there))
    assert state_of(booking) == "moved"
    assert own.post(path_of(booking, "flytta/"), {"occasion": there.pk}).status_code == 302


def test_full_there_one_waits_and_keeps_the_old_place(own, booking, there, cast):
    fill(there, cast.outsider, now=timezone.now())
    page = own.get(path_of(booking, "flytta/")).text
    assert "Vänta på plats här" in page
    refused = own.post(path_of(booking, "flytta/"), {"occasion": there.pk}, follow=True)
    assert "Du har kvar din gamla plats" in refused.text
    answer = own.post(path_of(booking, "flytta/"), {"occasion": there.pk, "wait": "1"}, follow=True)
    assert "Du behåller din plats som börjar" in answer.text
    assert "Du väntar på att flytta" in own.get(path_of(booking)).text
    assert state_of(booking) == "booked"


@pytest.mark.parametrize("wanted", ["", "x", "-1", "1" * 30, "½", "٣"])
def test_what_is_no_occasion_is_a_sentence(own, booking, wanted):
    answer = own.post(path_of(booking, "flytta/"), {"occasion": wanted}, follow=True)
    assert "Välj ett tillfälle att flytta till." in answer.text


def test_a_draft_and_an_unknown_occasion_are_alike(own, booking, plan_occasion):
    for pk in (plan_occasion(state="draft").pk, 999_999):
        assert own.post(path_of(booking, "flytta/"), {"occasion": pk}).status_code == 404


def test_one_is_shown_only_what_one_may_book_and_what_it_clashes_with(own, booking, plan_occasion, there, cast, start):
    elsewhere = plan_occasion(sessions=two_days(start + 14 * DAY))
    decide_who_may_book(elsewhere, administrations=[cast.care], is_hidden=False, now=timezone.now())
    other = Course.objects.create(slug="annan", title="En annan kurs", hours=7)
    book_place(plan_occasion(on=other, sessions=two_days(start + 7 * DAY)), person=cast.employee, now=timezone.now())
    page = own.get(path_of(booking, "flytta/")).text
    assert f'value="{there.pk}"' in page
    assert f'value="{elsewhere.pk}"' not in page
    assert page.count("Krockar:") == 2
    assert "En annan kurs" in page


def test_a_place_is_handed_to_a_named_colleague(own, booking, cast):
    answer = own.post(path_of(booking, "lamna-over/"), {"to": f" {cast.colleague.email.upper()} "}, follow=True)
    assert "Kaj Kvist har din plats nu" in answer.text
    assert "Du lämnade över din plats till Kaj Kvist" in answer.text
    assert Booking.objects.get(person=cast.colleague).state == "booked"
    assert state_of(booking) == "handed_over"


def test_nothing_is_told_about_colleagues(own, booking, cast, occasion):
    """Unknown, gone, booked already, of another administration, oneself: one sentence, and what was typed stays."""
    forget("hand-over-misses:")
    book_place(occasion, person=cast.colleague, now=timezone.now())
    decide_who_may_book(occasion, administrations=[cast.schools], is_hidden=False, now=timezone.now())
    type(cast.editor).objects.filter(pk=cast.editor.pk).update(is_active=False)
    people = (cast.colleague, cast.outsider, cast.editor, cast.employee)
    answers = set()
    for address in ("ingen@skarvik.example", *(person.email for person in people)):
        answer = own.post(path_of(booking, "lamna-over/"), {"to": address})
        assert answer.status_code == 422
        assert address in answer.text
        answers.add(error_in(answer.text))
    assert len(answers) == 1
    assert "Platsen kan inte gå till den adressen" in answers.pop()
    assert state_of(booking) == "booked"


def error_in(page):
    return page.split('class="ds-validation-message"')[1].split("</p>")[0]


def test_who_tries_many_addresses_has_to_wait(own, booking, cast):
    forget("hand-over-misses:")
    for number in range(MOST_MISSES_AN_HOUR):
        own.post(path_of(booking, "lamna-over/"), {"to": f"person{number}@skarvik.example"})
    refused = own.post(path_of(booking, "lamna-over/"), {"to": cast.colleague.email})
    assert "Vänta en timme" in refused.text
    assert state_of(booking) == "booked"
    forget("hand-over-misses:")


def test_a_place_kept_for_the_own_unit_is_moved_to_and_not_waited_for(own, booking, there, cast, start):
    now = timezone.now()
    reserve_places(there, unit=cast.school, places=1, until=now + DAY, now=now)
    page = own.get(path_of(booking, "flytta/")).text
    assert ("Flytta hit" in page, "Vänta på plats här" in page) == (True, False)
    own.post(path_of(booking, "flytta/"), {"occasion": there.pk})
    assert state_of(booking) == "moved"


def test_what_was_written_too_late_is_the_reason_that_the_facilitator_begins_with(own, late, cast):
    own.post(path_of(late, "hjalp/"), {"why": "Mitt barn är sjukt."})
    own.post(path_of(late, "hjalp/"), {"why": "Mitt barn är sjukt."})
    assert LateWord.objects.count() == 1
    own.force_login(cast.facilitator)
    page = own.get(f"/kurstillfallen/{late.occasion_id}/deltagare/{late.pk}/").text
    assert "Elin skrev till dig" in page
    assert ">Mitt barn är sjukt.</textarea>" in page


def test_too_late_nothing_is_moved_or_handed_over_here(own, late, there, cast):
    for act in ("flytta/", "lamna-over/", "avboka/"):
        assert own.get(path_of(late, act)).status_code == 302
    assert "för sent att flytta" in own.post(path_of(late, "flytta/"), {"occasion": there.pk}, follow=True).text
    assert "för sent att lämna över" in own.post(path_of(late, "lamna-over/"), {"to": cast.colleague.email}).text
    assert state_of(late) == "booked"


@pytest.mark.parametrize("page", ["", "flytta/"])
def test_the_pages_take_no_more_queries_with_many_occasions(
    own, booking, plan_occasion, start, page, django_assert_max_num_queries
):
    for number in range(20):
        plan_occasion(sessions=two_days(start + number * 3 * DAY))
    own.get(path_of(booking, page))
    with django_assert_max_num_queries(16):
        own.get(path_of(booking, page))


def test_what_lies_ahead_comes_first_and_an_open_offer_is_answered_in_one_place(
    own, occasion, there, plan_occasion, cast, start
):
    """The nearest first, then what has been, the latest first. A place that is offered has two answers, not three."""
    earlier = book_place(plan_occasion(sessions=two_days(start + 14 * DAY)), person=cast.employee, now=timezone.now())[
        0
    ]
    cancel_booking(earlier, by=cast.employee, now=timezone.now())
    held = book_place(there, person=cast.outsider, now=timezone.now())[0]
    waits = book_place(there, person=cast.employee, now=timezone.now(), wait=True)[0]
    near = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    page = own.get("/min-sida/bokningar/").text
    dropped = page.index("Inte längre dina")
    assert page.index("Kommande") < page.index(path_of(near)) < page.index(path_of(waits)) < dropped
    assert page.index("Inte längre dina") < page.index(path_of(earlier))
    cancel_booking(held, by=cast.outsider, now=timezone.now())
    page = own.get(path_of(waits)).text
    assert page.count("Nej, tack") == 1
    assert "Tacka nej…" not in page
    assert "Den hålls åt dig till" in page
