"""Sending: what left, what did not, what nobody knows. Over real sockets."""

import datetime as dt
import socket
import threading

import pytest
from django.db import connection

from letters.models import Letter
from letters.services import sending
from letters.services.couriers import choose_courier
from letters.services.sending import claim_letters, decide_letter, recover_letters, send_due
from letters.services.writing import drop_letter
from shared.rules import RuleBroken

State = Letter.State
MINUTE = dt.timedelta(minutes=1)


def test_a_due_letter_is_sent_once(write, mail_server, now, states):
    write()
    assert send_due(clock=lambda: now) == 1
    assert send_due(clock=lambda: now) == 0
    assert states() == {"booked:1": State.SENT}
    assert [letter["Subject"] for letter in mail_server.letters] == ["Om booked:1"]
    assert Letter.objects.get().sent_at == now


@pytest.mark.parametrize(("moved", "sent"), [(-1, 0), (0, 1), (1, 1)])
def test_a_letter_waits_until_it_is_due(write, mail_server, now, moved, sent):
    write(due_at=now)
    assert send_due(clock=lambda: now + dt.timedelta(seconds=moved)) == sent


def test_many_letters_go_over_one_connection(write, mail_server, now):
    for number in range(25):
        write(f"news:{number}")
    assert send_due(clock=lambda: now) == 25
    assert len(mail_server.taken) == 25
    assert mail_server.connections == 1


def test_a_refused_connection_is_surely_not_sent_and_is_tried_again_later(write, settings, now, states):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", nobody.getsockname()[1]
        write("a")
        write("b")
        assert send_due(clock=lambda: now) == 0
    assert states() == {"a": State.DUE, "b": State.DUE}
    letter = Letter.objects.get(key="a")
    assert letter.try_at == now + MINUTE
    assert letter.due_at == now
    assert "refused" in letter.trouble
    assert letter.attempts == 1


def test_the_pauses_grow_and_end_at_a_quarter_of_an_hour(write, mail_server, now):
    mail_server.script.after_data = "451 come back later"
    write()
    pauses, clock = [], now
    for _round in range(7):
        send_due(clock=lambda: clock)  # noqa: B023 - used before the loop turns
        pauses.append(Letter.objects.get().try_at - clock)
        clock = Letter.objects.get().try_at
    assert [pause / MINUTE for pause in pauses] == [1, 2, 4, 8, 15, 15, 15]


def test_a_letter_put_off_for_days_is_shown_as_failed(write, mail_server, now, states):
    mail_server.script.after_data = "451 come back later"
    write()
    send_due(clock=lambda: now + sending.GIVE_UP_AFTER)
    assert states() == {"booked:1": State.DUE}
    send_due(clock=lambda: now + sending.GIVE_UP_AFTER + 20 * MINUTE)
    assert states() == {"booked:1": State.FAILED}
    assert "come back later" in Letter.objects.get().trouble


def test_a_refusal_for_good_is_failed_with_its_reason_and_the_next_letter_leaves(cast, write, mail_server, now, states):
    mail_server.script.refused[cast.employee.email] = "550 no such person"
    write("a")
    write("b", person=cast.colleague)
    assert send_due(clock=lambda: now) == 1
    assert states() == {"a": State.FAILED, "b": State.SENT}
    assert Letter.objects.get(key="a").trouble == "550 no such person"


def test_a_server_that_does_not_want_us_fails_no_letter(write, mail_server, now, states):
    mail_server.script.mail = "530 log in first"
    write()
    send_due(clock=lambda: now)
    assert states() == {"booked:1": State.DUE}
    assert "530" in Letter.objects.get().trouble


def test_a_server_that_goes_silent_after_the_letter_leaves_it_uncertain(write, mail_server, now, states):
    mail_server.script.hang_up_after_data = True
    write()
    assert send_due(clock=lambda: now) == 0
    assert states() == {"booked:1": State.UNCERTAIN}
    assert send_due(clock=lambda: now + dt.timedelta(days=1)) == 0  # nobody guesses


def test_a_person_decides_what_became_of_an_uncertain_letter(cast, write, mail_server, now, states):
    mail_server.script.hang_up_after_data = True
    write("a")
    write("b")
    send_due(clock=lambda: now)
    mail_server.script.hang_up_after_data = False
    decide_letter(Letter.objects.get(key="a"), send_again=True, by=cast.administrator, now=now)
    decide_letter(Letter.objects.get(key="b"), send_again=False, by=cast.administrator, now=now)
    assert states() == {"a": State.DUE, "b": State.SENT}
    assert send_due(clock=lambda: now) == 1
    first, again = (letter for letter in mail_server.letters if letter["Subject"] == "Om a")
    assert first["Message-ID"] == again["Message-ID"]
    assert Letter.objects.get(key="a").decided_by == cast.administrator


def test_a_decision_is_made_once(cast, write, mail_server, now):
    mail_server.script.hang_up_after_data = True
    write()
    send_due(clock=lambda: now)
    mine, theirs = Letter.objects.get(), Letter.objects.get()
    decide_letter(mine, send_again=False, by=cast.administrator, now=now)
    with pytest.raises(RuleBroken):
        decide_letter(theirs, send_again=True, by=cast.administrator, now=now)


def test_a_failed_letter_is_sent_again_to_the_corrected_address(cast, write, mail_server, now):
    mail_server.script.refused[cast.employee.email] = "550 no such person"
    write()
    send_due(clock=lambda: now)
    cast.employee.email = "elin.ny@skarvik.example"
    cast.employee.save()
    decide_letter(Letter.objects.get(), send_again=True, by=cast.administrator, now=now)
    assert send_due(clock=lambda: now) == 1
    assert mail_server.taken[0][0] == ["elin.ny@skarvik.example"]


def test_a_claim_that_runs_out_returns_by_itself(write, mail_server, now, states):
    write()
    claim_letters(sender="dead", now=now, at_most=10)
    assert recover_letters(now=now + sending.LEASE)["due"] == 0
    assert recover_letters(now=now + sending.LEASE + MINUTE)["due"] == 1
    assert states() == {"booked:1": State.DUE}


def test_a_hand_over_that_was_cut_off_is_uncertain_for_a_mail_server(write, mail_server, now, states):
    write()
    (letter,) = claim_letters(sender="dead", now=now, at_most=10)
    assert sending._begin(letter, sender="dead", now=now)
    assert recover_letters(now=now + sending.LEASE + MINUTE)["uncertain"] == 1
    assert states() == {"booked:1": State.UNCERTAIN}


@pytest.mark.parametrize("arrived", [True, False])
def test_a_hand_over_that_was_cut_off_is_checked_in_the_folder(write, mailbox, now, states, arrived):
    write()
    (letter,) = claim_letters(sender="dead", now=now, at_most=10)
    assert sending._begin(letter, sender="dead", now=now)
    if arrived:
        place = choose_courier()._place_of(letter.message_id)
        place.parent.mkdir(parents=True)
        place.write_text("here")
    recover_letters(now=now + sending.LEASE + MINUTE)
    assert states() == {"booked:1": State.SENT if arrived else State.DUE}


def test_a_letter_delivered_twice_into_the_folder_is_one_file(write, mailbox, now):
    write()
    send_due(clock=lambda: now)
    Letter.objects.update(state=State.DUE)
    send_due(clock=lambda: now)
    assert len(list((mailbox / "new").iterdir())) == 1
    assert list((mailbox / "tmp").iterdir()) == []


def test_a_folder_that_can_t_be_written_puts_the_letters_off(write, settings, tmp_path, now, states):
    settings.EMAIL_HOST = ""
    settings.MAILBOX = tmp_path / "file"
    settings.MAILBOX.write_text("in the way")
    write()
    assert send_due(clock=lambda: now) == 0
    assert states() == {"booked:1": State.DUE}


@pytest.mark.django_db(transaction=True)
def test_a_letter_dropped_while_the_server_hesitates_is_not_sent(write, mail_server, now, states):
    mail_server.script.hold_at_mail = gate = threading.Event()
    write("a")
    sender = threading.Thread(target=_send_and_hang_up, args=(now,))
    sender.start()
    assert mail_server.is_asked.wait(60)
    assert drop_letter("a")
    gate.set()
    sender.join(60)
    assert states() == {"a": State.DROPPED}
    assert mail_server.taken == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claims_are_kept", [True, False], ids=["as it is", "control: without the claim"])
def test_two_senders_at_once_send_each_letter_once(write, mail_server, now, monkeypatch, claims_are_kept):
    """Both look before either hands over. Without the claim the same letters go twice: the gate shows the race."""
    both_have_looked = threading.Barrier(2, timeout=60)
    look = sending.claim_letters

    def claim_at_once(*, sender, now, at_most):
        if claims_are_kept:
            claimed = look(sender=sender, now=now, at_most=3)
        else:
            claimed = list(Letter.objects.filter(state=State.DUE).select_related("person")[:at_most])
        if not gone_through.get(sender):
            gone_through[sender] = True
            both_have_looked.wait()
        return claimed

    gone_through = {}
    monkeypatch.setattr(sending, "claim_letters", claim_at_once)
    if not claims_are_kept:
        monkeypatch.setattr(sending, "_begin", lambda *args, **kwargs: True)
    for number in range(6):
        write(f"news:{number}")
    senders = [threading.Thread(target=_send_and_hang_up, args=(now, name, 6)) for name in ("one", "two")]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)
    subjects = sorted(letter["Subject"] for letter in mail_server.letters)
    once = [f"Om news:{number}" for number in range(6)]
    assert subjects == (once if claims_are_kept else sorted(once * 2))


def _send_and_hang_up(now, name="", at_most=1000):
    try:
        send_due(clock=lambda: now, sender=name, at_most=at_most)
    finally:
        connection.close()
