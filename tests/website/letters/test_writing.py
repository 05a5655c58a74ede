"""Writing: one letter per key, in the caller's transaction."""

import contextlib
import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from letters.models import Letter
from letters.services.writing import Attachable, drop_letter, write_letter


def write(person, now, **changes):
    said = {"key": "booked:1", "kind": "booked", "person": person, "subject": "Välkommen", "text": "Hej", "now": now}
    return write_letter(**(said | changes))


def test_the_same_key_is_the_same_letter_and_keeps_its_words(cast, now):
    first, was_new = write(cast.employee, now)
    second, again_new = write(cast.employee, now, text="Something else")
    assert (was_new, again_new) == (True, False)
    assert first == second
    assert Letter.objects.get().text == "Hej"


def test_a_letter_goes_to_the_persons_address_in_the_persons_language(cast, now):
    cast.employee.language = "en"
    letter, _new = write(cast.employee, now, due_at=now + dt.timedelta(days=2))
    letter.refresh_from_db()
    assert (letter.address, letter.language) == (cast.employee.email, "en")
    assert letter.due_at == letter.try_at == now + dt.timedelta(days=2)
    assert letter.state == Letter.State.DUE


def test_a_transaction_that_rolls_back_leaves_no_letter_and_rings_no_bell(
    cast, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as rung, contextlib.suppress(ZeroDivisionError), transaction.atomic():
        write(cast.employee, now, attachments=[Attachable("a.txt", "text/plain", b"a")])
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert rung == []


def test_many_letters_in_one_transaction_ring_once(cast, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        for number in range(5):
            write(cast.employee, now, key=f"news:{number}")
    assert len(rung) == 1


def test_a_letter_for_later_rings_no_bell(cast, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        write(cast.employee, now, due_at=now + dt.timedelta(minutes=1))
    assert rung == []


@pytest.mark.parametrize(
    "wicked", ["Hej\r\nBcc: x@example.com", "Hej\nBcc: x", "Hej\rBcc: x", "Hej\u2028Bcc: x", "Hej\x00x"]
)
def test_a_subject_is_one_line_whatever_is_written(cast, now, wicked):
    letter, _new = write(cast.employee, now, subject=wicked)
    assert len(letter.subject.splitlines()) == 1
    assert "\x00" not in letter.subject


@pytest.mark.parametrize(("method", "other"), [("REQUEST", "CANCEL"), ("CANCEL", "REQUEST")])
def test_a_calendar_file_and_its_header_say_the_same_method(cast, now, method, other):
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n".encode()
    letter, _new = write(cast.employee, now, attachments=[Attachable("dag 1.ics", "text/calendar", calendar)])
    assert letter.attachments.get().content_type == f"text/calendar; method={method}; charset=utf-8"
    says_otherwise = Attachable("a.ics", f"text/calendar; method={other}", calendar)
    with pytest.raises(ValueError, match=other):
        write(cast.employee, now, key="other", attachments=[says_otherwise])


def test_a_letter_that_is_no_longer_needed_is_dropped_until_it_is_handed_over(cast, now):
    write(cast.employee, now)
    assert drop_letter("booked:1")
    assert Letter.objects.get().state == Letter.State.DROPPED
    assert not drop_letter("booked:1")
    Letter.objects.update(state=Letter.State.SENT, sent_at=now)
    assert not drop_letter("booked:1")
    assert not drop_letter("unknown")


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_letter_at_once_write_one(cast, now):
    """The second waits for the first's transaction, then finds its letter; nothing breaks."""
    first_has_written, second_may_look = threading.Event(), threading.Event()
    answers = {}

    def write_and_wait():
        with transaction.atomic():
            answers["first"] = write(cast.employee, now)[1]
            first_has_written.set()
            second_may_look.wait(60)
        connection.close()

    def write_meanwhile():
        first_has_written.wait(60)
        with transaction.atomic():
            answers["second"] = write(cast.employee, now)[1]
        connection.close()

    threads = [threading.Thread(target=act) for act in (write_and_wait, write_meanwhile)]
    for thread in threads:
        thread.start()
    threads[1].join(0.5)
    assert "second" not in answers  # it waits: the gate is between the two
    second_may_look.set()
    for thread in threads:
        thread.join(60)
    assert answers == {"first": True, "second": False}
    assert Letter.objects.count() == 1
