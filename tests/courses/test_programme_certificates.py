"""The certificate of a programme: asked for when all is done, checked by a stranger, ended with what it stood on."""

import io
import threading

import pikepdf
import pytest
from django.urls import reverse

from courses.models import Certificate, Completion, Programme, ProgrammeItem
from courses.paper.certificates import certificate_data
from courses.services import programme_certificates
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.certificates import reissue_certificate
from courses.services.programme_certificates import claim_certificate
from letters.models import Letter
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR
from tests.courses.test_programmes import contribute
from tests.courses.test_races import in_threads


@pytest.fixture
def programme(course):
    made = Programme.objects.create(slug="grund", title="Grundväg", title_en="Basic path", text="Du kan rita en resa.")
    parts = ({"kind": "attend", "course": course, "title": "Gå kursen"}, {"kind": "contribute", "title": "Bidra"})
    for position, more in enumerate(parts, start=1):
        ProgrammeItem.objects.create(programme=made, position=position, **more)
    return made


@pytest.fixture
def booking(occasion, cast, now):
    return book_place(occasion, person=cast.employee, now=now)[0]


@pytest.fixture
def mark(booking, cast):
    def mark_all(state):
        for session in booking.occasion.sessions.all():
            now = booking.occasion.ends_at + HOUR
            mark_attendance(booking, session, state=state, by=cast.facilitator, now=now, why="Fel rad")

    return mark_all


@pytest.fixture
def then(occasion):
    return occasion.ends_at + DAY


@pytest.fixture
def certificate(programme, mark, cast, now, then):
    mark("present")
    contribute(cast.employee, now)
    return claim_certificate(programme, person=cast.employee, now=then)


def test_before_all_is_done_there_is_none(programme, mark, cast, then):
    mark("present")
    with pytest.raises(RuleBroken) as refused:
        claim_certificate(programme, person=cast.employee, now=then)
    assert refused.value.code == "programme_not_done"
    assert not Certificate.objects.exists()


def test_it_says_what_the_programme_held_and_when(certificate, course, occasion):
    assert [part["title"] for part in certificate.parts] == ["Gå kursen", "Bidra"]
    assert certificate.hours == course.hours
    assert certificate.completed_on == occasion.ends_at.date()
    said = certificate_data(certificate)
    assert said["words"]["completed"] == "har gått lärvägen"
    assert said["parts"][1] == {"title": "Bidra", "done_on": "2 mars 2027"}
    assert said["parts_en"][1]["done_on"] == "2 March 2027"
    with pikepdf.open(io.BytesIO(bytes(certificate.content))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) == 1


def test_asked_twice_it_is_one_and_one_letter_carries_it(certificate, programme, cast, then):
    assert claim_certificate(programme, person=cast.employee, now=then) == certificate
    letter = Letter.objects.get(kind="programme_completed")
    assert letter.attachments.count() == 1


def test_it_never_changes_when_the_programme_does(certificate, programme, cast, then):
    Programme.objects.update(title="Ny väg")
    ProgrammeItem.objects.filter(kind="contribute").delete()
    again = claim_certificate(programme, person=cast.employee, now=then)
    assert (again, again.title, len(again.parts)) == (certificate, "Grundväg", 2)


def test_a_course_taken_back_ends_it_and_a_new_one_can_be_had(certificate, programme, mark, cast, then, client):
    mark("absent")
    certificate.refresh_from_db()
    assert certificate.standing == "withdrawn"
    assert Letter.objects.filter(kind="programme_certificate_withdrawn").count() == 1
    assert "återkallat" in client.get(reverse("certificate", args=[certificate.number])).text
    mark("present")
    new = claim_certificate(programme, person=cast.employee, now=then)
    assert new != certificate
    assert new.standing == "genuine"


def test_the_same_course_completed_elsewhere_keeps_it(certificate, course, mark, cast, now):
    Completion.objects.create(person=cast.employee, course=course, completed_on=now.date(), recorded_at=now)
    mark("absent")
    certificate.refresh_from_db()
    assert certificate.standing == "genuine"


def test_hr_puts_a_name_right_and_the_parts_stay(certificate, cast, then):
    new = reissue_certificate(
        certificate, name="Elin Ekh", hours=certificate.hours, why="Namnet var fel", by=cast.hr, now=then
    )
    certificate.refresh_from_db()
    assert (certificate.standing, new.parts) == ("superseded", certificate.parts)
    assert new.ground == certificate.ground


def test_by_the_pages_and_a_stranger_checks_it(client, programme, mark, cast, now, occasion):
    mark("present")
    contribute(cast.employee, now)
    client.force_login(cast.employee)
    address = reverse("programme", args=["grund"])
    assert "Hämta ditt kursbevis" in client.get(address).text
    assert not Certificate.objects.exists()
    assert "bevis.pdf" in client.post(address, follow=True).text
    certificate = Certificate.objects.get()
    assert certificate.number in client.get(reverse("my_certificates")).text
    file = reverse("certificate_file", args=[certificate.number])
    assert client.get(file)["Content-Type"] == "application/pdf"
    client.force_login(cast.outsider)
    assert client.get(file).status_code == 404
    client.post(address)
    assert Certificate.objects.count() == 1
    client.logout()
    page = client.get(reverse("certificate", args=[certificate.number])).text
    assert "är äkta" in page
    assert "Bidra" in page


def test_a_path_that_grew_is_not_done_and_its_certificate_stands_beside(client, certificate, programme, cast):
    ProgrammeItem.objects.create(programme=programme, position=9, kind="contribute", title="Bidra mer")
    ProgrammeItem.objects.create(programme=programme, position=10, kind="read", title="Läs")
    client.force_login(cast.employee)
    page = client.get(reverse("programme", args=["grund"])).text
    assert "Du har gjort allt" not in page
    assert reverse("certificate_file", args=[certificate.number]) in page


def test_whoever_makes_a_path_sees_it_before_it_is_open_and_takes_no_certificate(client, programme, cast, mark, then):
    """Whatever they have done already: it may still change."""
    Programme.objects.update(is_open=False)
    client.force_login(cast.hr)
    assert not cast.hr.has_perm("courses.change_programme")
    assert client.get(reverse("programme", args=["grund"])).status_code == 404
    client.force_login(cast.facilitator)
    address = reverse("programme", args=["grund"])
    assert "Gå kursen" in client.get(address).text
    course = programme.items.first().course
    Completion.objects.create(person=cast.facilitator, course=course, completed_on=then.date(), recorded_at=then)
    contribute(cast.facilitator, then)
    page = client.get(address).text
    assert "Du har gjort allt" in page
    assert "Hämta ditt kursbevis" not in page
    client.post(address)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("is_locked", [False, True])
@pytest.mark.django_db(transaction=True)
def test_no_certificate_stands_on_a_course_that_was_taken_back_meanwhile(
    programme, mark, cast, now, then, monkeypatch, is_locked
):
    """The gate: the mark is corrected when what is done has been read, before the certificate is made."""
    mark("present")
    contribute(cast.employee, now)
    has_read, is_corrected = threading.Event(), threading.Event()
    read = programme_certificates.progress_on

    def read_and_wait(*args, **kwargs):
        seen = read(*args, **kwargs)
        has_read.set()
        is_corrected.wait(0.5 if is_locked else 60)
        return seen

    def correct():
        has_read.wait(60)
        mark("absent")
        is_corrected.set()

    monkeypatch.setattr(programme_certificates, "progress_on", read_and_wait)
    if not is_locked:
        monkeypatch.setattr(programme_certificates, "_hold_completions", lambda *_args: None)
    in_threads([lambda: claim_certificate(programme, person=cast.employee, now=then), correct])
    certificate = Certificate.objects.get()
    # The control: without the lock it is genuine, and stands on nothing.
    assert certificate.standing == ("withdrawn" if is_locked else "genuine")
    assert not Completion.objects.filter(withdrawn_at=None).exists()
