"""The bytes that leave: what a mail client reads, and what nobody can smuggle in."""

from email import message_from_bytes
from email.policy import default

import pytest

from letters.models import Letter
from letters.services.message import build_message
from letters.services.writing import Attachable

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nSUMMARY:Tjänstedesign\r\nEND:VCALENDAR\r\n".encode()


def as_read(letter, now):
    """The letter as a mail client reads it: from bytes, over the wire."""
    data = build_message(letter, now=now).as_bytes()
    data.decode("ascii")  # 7-bit clean
    return message_from_bytes(data, policy=default)


def words_of(message):
    return message.get_content().replace("\r\n", "\n")


def kinds(message):
    return [part.get_content_type() for part in message.walk()]


def test_a_plain_letter_keeps_its_swedish(write, cast, now):
    cast.employee.given_name = "Åsa Märta"
    cast.employee.save()
    letter = write(subject="Din plats på kursen är bokad – välkommen, Åsa!", text="Räksmörgås på ön\n.\nen punkt\n")
    read = as_read(letter, now)
    assert read["Subject"] == "Din plats på kursen är bokad – välkommen, Åsa!"
    assert read["To"].addresses[0].display_name == "Åsa Märta Ek"
    assert read["To"].addresses[0].addr_spec == cast.employee.email
    assert words_of(read) == "Räksmörgås på ön\n.\nen punkt\n"
    assert read["Message-ID"] == letter.message_id
    assert read["Date"].datetime == now
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "sv"
    assert "List-Unsubscribe" not in read


def test_text_and_html_are_alternatives_and_text_comes_first(write, now):
    assert kinds(as_read(write(html="<p>Hej på dig</p>"), now)) == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("html", ["", "<p>Hej</p>"], ids=["text alone", "with html"])
def test_one_calendar_file_is_an_invitation_and_a_file(write, now, html):
    read = as_read(write(html=html, attachments=[Attachable("kurs.ics", "text/calendar", CALENDAR)]), now)
    assert kinds(read) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        *(["text/html"] if html else []),
        "text/calendar",
        "application/ics",
    ]
    invitation = next(part for part in read.walk() if part.get_content_type() == "text/calendar")
    assert invitation["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert invitation.get_payload(decode=True) == CALENDAR
    assert [part.get_filename() for part in read.iter_attachments()] == ["kurs.ics"]


def test_several_calendar_files_are_attached_with_their_method(write, now):
    days = [Attachable(f"dag {number}.ics", "text/calendar", CALENDAR) for number in (1, 2)]
    read = as_read(write(html="<p>Hej</p>", attachments=days), now)
    assert kinds(read)[-2:] == ["text/calendar", "text/calendar"]
    for part in read.iter_attachments():
        assert part["Content-Type"].params["method"] == "REQUEST"
        assert part.get_payload(decode=True) == CALENDAR


def test_a_binary_attachment_arrives_byte_for_byte(write, now):
    content = bytes(range(256)) * 40
    read = as_read(write(attachments=[Attachable("bevis – åäö.pdf", "application/pdf", content)]), now)
    (part,) = read.iter_attachments()
    assert part.get_filename() == "bevis – åäö.pdf"
    assert part.get_content() == content


def test_a_letter_that_one_may_turn_off_says_how(write, now):
    read = as_read(write(unsubscribe_url="https://stigen.skarvik.example/av/abc/"), now)
    assert read["List-Unsubscribe"] == "<https://stigen.skarvik.example/av/abc/>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("field", ["subject", "given_name"])
def test_no_header_can_be_smuggled_in(write, cast, now, field):
    wicked = "Hej\r\nBcc: alla@example.com\r\n\r\nny text"
    letter = write()
    if field == "subject":
        Letter.objects.update(subject=wicked)  # past the service, as a careless script would
    else:
        type(cast.employee).objects.update(given_name=wicked[:60])
    read = as_read(Letter.objects.select_related("person").get(pk=letter.pk), now)
    assert "Bcc" not in read
    assert words_of(read) == "Hej på dig\n"


def test_a_domain_with_swedish_letters_goes_as_ascii(write, now):
    assert as_read(write(address="info@skärvik.example"), now)["To"].addresses[0].domain == "xn--skrvik-cua.example"
