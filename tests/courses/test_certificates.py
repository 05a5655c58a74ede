"""Certificates: issued once, never changed, replaced with a reason, withdrawn with the completion, open to check."""

import datetime as dt
import hashlib
import io
import threading
from decimal import Decimal

import pikepdf
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from courses.models import Certificate, Completion, Course
from courses.paper_queries import certificate_numbered
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from courses.services.certificates import ALPHABET, issue_certificate, reissue_certificate
from courses.services.telling import tell_news
from letters.models import Letter
from people.roles import FACILITATOR
from people.services.roles import give_role
from people.services.tokens import make_token
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR
from tests.support.pdf import structure_of

RESTED = dt.timedelta(minutes=15)


@pytest.fixture
def course(course):
    Course.objects.filter(pk=course.pk).update(
        title_en="Service design in two days", outcome="Du kan prata med dem det gäller.", outcome_en="You can ask."
    )
    course.refresh_from_db()
    return course


@pytest.fixture
def then(occasion):
    return occasion.ends_at + HOUR


@pytest.fixture
def completion(occasion, cast, now, then):
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    mark_all(booking, by=cast.facilitator, now=then)
    return Completion.objects.get()


@pytest.fixture
def certificate(completion, then):
    return issue_certificate(completion, now=then)


def mark_all(booking, *, by, now, state="present"):
    for session in booking.occasion.sessions.all():
        mark_attendance(booking, session, state=state, by=by, now=now)


def correct(certificate, cast, now, **changes):
    facts = {
        "name": "Elin Ek-Åberg",
        "hours": certificate.hours,
        "why": "Namnet var felstavat.",
        "by": cast.facilitator,
    }
    return reissue_certificate(certificate, now=now, **facts | changes)


def open_pdf(content):
    return pikepdf.open(io.BytesIO(bytes(content)))


# --- Issued --------------------------------------------------------------------------------------
def test_the_worker_issues_it_with_the_letter_once_the_completion_has_rested(completion, cast, then):
    tell_news(now=then + RESTED - dt.timedelta(seconds=1))
    assert not Certificate.objects.exists()
    tell_news(now=then + RESTED)
    tell_news(now=then + RESTED)
    certificate, letter = Certificate.objects.get(), Letter.objects.get(kind="completed")
    (part,) = letter.attachments.all()
    assert (part.content_type, bytes(part.content)) == ("application/pdf", bytes(certificate.content))
    assert part.name == "Kursbevis Tjänstedesign i två dagar Elin Ek.pdf"
    assert "Ditt kursbevis är bifogat" in letter.text
    assert certificate.issued_by is None


def test_it_keeps_what_it_said_whatever_is_changed_later(certificate, completion, cast, course, then):
    Course.objects.update(title="Något annat", hours=1)
    cast.employee.family_name = "Gift"
    cast.employee.save()
    again = issue_certificate(completion, now=then + DAY)
    assert again == certificate
    assert (again.name, again.title, again.hours) == ("Elin Ek", "Tjänstedesign i två dagar", 14)
    assert hashlib.sha256(bytes(again.content)).hexdigest() == again.sha256


def test_it_is_one_tagged_page_in_two_languages(certificate):
    pdf = open_pdf(certificate.content)
    assert len(pdf.pages) == 1
    assert str(pdf.open_metadata()["pdfuaid:part"]) == "1"
    assert pdf.open_metadata()["dc:title"] == "Kursbevis: Tjänstedesign i två dagar, Elin Ek"
    assert pdf.Root.Lang == "sv"
    kinds = [kind for kind, _text in structure_of(pdf)]
    assert (kinds.count("H1"), kinds.count("H2"), kinds.count("Figure"), kinds.count("Link")) == (1, 1, 1, 1)
    languages = {str(each.get("/Lang", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)}
    assert "en" in languages


@pytest.mark.parametrize("times", [1, 5, 40])
def test_it_is_one_page_however_much_the_course_leads_to(completion, course, then, times):
    Course.objects.update(outcome="Åtgärder och överväganden. " * times, outcome_en="What it is. " * times)
    assert len(open_pdf(issue_certificate(completion, now=then).content).pages) == 1


def test_what_someone_is_called_is_never_read_as_typst(completion, cast, then):
    cast.employee.given_name, cast.employee.family_name = '#panic("no") *x*', '"]#read("/etc/passwd")'
    cast.employee.save()
    certificate = issue_certificate(completion, now=then)
    assert '#panic("no") *x* "]#read' in str(open_pdf(certificate.content).open_metadata()["dc:title"])


def test_numbers_are_unguessable_and_read_however_they_are_typed(certificate):
    plain = certificate.number.replace("-", "")
    assert len(plain) == 20
    assert set(plain) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)
    for typed in (certificate.number.upper(), plain, f" {plain[:10]} {plain[10:]} ", plain.replace("0", "O")):
        assert certificate_numbered(typed) == certificate
    for typed in ("", "x", plain[:-1], plain + "0", "\0" * 20, "å" * 20):
        assert certificate_numbered(typed) is None


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_two_at_once_it_is_issued_once(completion, then):
    gate, found = threading.Barrier(2), []

    def ask():
        try:
            gate.wait(timeout=60)
            found.append(issue_certificate(completion, now=then).number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert len(found) == 2
    assert len(set(found)) == Certificate.objects.count() == 1


# --- Never changed -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "name = 'Någon Annan'",
        "hours = 100",
        "content = 'x'",
        "sha256 = 'x'",
        "number = 'x'",
        "completed_on = '2020-01-01'",
        "issued_at = now()",
        "completion_id = completion_id, title = 'x'",
    ],
)
def test_the_database_refuses_every_change(certificate, change):
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        cursor.execute(f"UPDATE courses_certificate SET {change}")
    before = bytes(certificate.content)
    certificate.refresh_from_db()
    assert bytes(certificate.content) == before


def test_the_database_refuses_to_delete_one_or_to_give_an_end_back(certificate, then):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Certificate.objects.all().delete()
    Certificate.objects.update(withdrawn_at=then)
    for again in (None, then + DAY):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Certificate.objects.update(withdrawn_at=again)


def test_a_completion_has_one_genuine_certificate(certificate):
    certificate.pk, certificate.number = None, "another"
    with pytest.raises(DatabaseError, match="certificate_one_genuine"), transaction.atomic():
        certificate.save(force_insert=True)


# --- Replaced ------------------------------------------------------------------------------------
def test_a_corrected_one_replaces_the_old_and_both_say_so(client, certificate, cast, then):
    old = bytes(certificate.content)
    new = correct(certificate, cast, then + DAY)
    certificate.refresh_from_db()
    assert (certificate.standing, new.standing) == ("superseded", "genuine")
    assert bytes(certificate.content) == old
    assert (new.replaces, new.name, new.issued_by) == (certificate, "Elin Ek-Åberg", cast.facilitator)
    page = client.get(f"/kursbevis/{certificate.number}/").text
    assert "Kursbeviset är ersatt" in page
    assert "Namnet var felstavat." in page
    assert "Frida Fors" in page
    assert new.number not in page
    assert "Ek-Åberg" not in page
    page = client.get(f"/kursbevis/{new.number}/").text
    assert "Kursbeviset är äkta" in page
    assert certificate.number in page
    letter = Letter.objects.get(kind="certificate_reissued")
    assert letter.person == cast.employee
    assert [bytes(part.content) for part in letter.attachments.all()] == [bytes(new.content)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"why": "  "}, "reason_needed"),
        ({"name": " "}, "name_needed"),
        ({"hours": Decimal(0)}, "hours_impossible"),
        ({"hours": Decimal(-1)}, "hours_impossible"),
        ({"name": "Elin  Ek"}, "nothing_changed"),
    ],
)
def test_what_cannot_be_a_correction_is_refused_in_a_sentence(certificate, cast, then, changes, code):
    with pytest.raises(RuleBroken) as broken:
        correct(certificate, cast, then, **changes)
    assert broken.value.code == code
    assert Certificate.objects.count() == 1


def test_only_the_newest_is_corrected(certificate, cast, then):
    correct(certificate, cast, then)
    with pytest.raises(RuleBroken) as broken:
        correct(certificate, cast, then, name="Tredje Namnet")
    assert broken.value.code == "certificate_not_genuine"


def test_a_corrected_day_of_completion_gets_a_certificate_of_its_own(certificate, completion, then):
    Completion.objects.update(completed_on=completion.completed_on + DAY, to_tell=True)
    tell_news(now=then + DAY)
    new = Certificate.objects.get(superseded_at=None)
    assert new.replaces == certificate
    assert new.why == "Dagen då kursen blev klar har rättats."
    assert Letter.objects.filter(kind="completed").count() == 1


# --- Withdrawn -----------------------------------------------------------------------------------
def test_it_is_withdrawn_with_the_completion_and_issued_anew_when_that_returns(client, completion, cast, then):
    tell_news(now=then + RESTED)
    first = Certificate.objects.get()
    booking = completion.booking
    last, corrected = booking.occasion.sessions.last(), {"by": cast.facilitator, "now": then + DAY, "why": "Fel rad"}
    mark_attendance(booking, last, state="absent", **corrected)
    first.refresh_from_db()
    assert first.standing == "withdrawn"
    assert "Kursbeviset är återkallat" in client.get(f"/kursbevis/{first.number}/").text
    letter = Letter.objects.get(kind="certificate_withdrawn")
    assert first.number in letter.text
    mark_attendance(booking, last, state="present", **corrected)
    tell_news(now=then + 2 * DAY)
    tell_news(now=then + 3 * DAY)
    second = Certificate.objects.get(withdrawn_at=None)
    assert (second.replaces, second.number != first.number) == (None, True)
    assert Letter.objects.filter(kind="completed").count() == 2


def test_a_mark_corrected_before_it_was_issued_says_nothing(completion, cast, then):
    booking = completion.booking
    mark_attendance(booking, booking.occasion.sessions.last(), state="absent", by=cast.facilitator, now=then)
    tell_news(now=then + DAY)
    assert not Certificate.objects.exists()
    assert not Letter.objects.filter(kind__in=["completed", "certificate_withdrawn"]).exists()


# --- Who may -------------------------------------------------------------------------------------
def test_the_file_is_for_whom_it_is_about_whoever_led_and_hr(client, certificate, cast):
    address = f"/kursbevis/{certificate.number}/kursbevis.pdf"
    assert client.get(address).status_code == 302
    give_role(cast.outsider, role=FACILITATOR)
    for person in (cast.outsider, cast.colleague, cast.manager, cast.editor):
        client.force_login(person)
        assert client.get(address).status_code == 404
    for person in (cast.employee, cast.facilitator, cast.hr, cast.administrator):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content == bytes(certificate.content)
        assert answer["ETag"] == f'"{certificate.sha256}"'


def test_who_may_correct_it_corrects_it_on_a_page_that_keeps_what_was_typed(client, certificate, cast):
    address = f"/kursbevis/{certificate.number}/nytt/"
    for person in (cast.employee, cast.outsider, cast.manager, cast.editor):
        client.force_login(person)
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "X", "hours": "14", "why": "x"}).status_code == 404
    client.force_login(cast.facilitator)
    assert 'value="Elin Ek"' in client.get(address).text
    answer = client.post(address, {"name": "Elin Ek-Åberg", "hours": "14", "why": ""})
    assert answer.status_code == 422
    assert 'value="Elin Ek-Åberg"' in answer.text
    answer = client.post(address, {"name": "Elin Ek-Åberg", "hours": "14,5", "why": "Fel namn."}, follow=True)
    assert "Kursbeviset är äkta" in answer.text
    assert Certificate.objects.get(superseded_at=None).hours == Decimal("14.5")
    client.force_login(cast.hr)
    assert client.get(address).status_code == 200


def test_the_list_of_an_occasion_is_for_whoever_leads_and_hr(client, certificate, cast):
    address = f"/kurstillfallen/{certificate.completion.booking.occasion_id}/kursbevis/"
    for person in (cast.employee, cast.outsider, cast.manager, cast.editor):
        client.force_login(person)
        assert client.get(address).status_code == 404
    for person in (cast.facilitator, cast.hr):
        client.force_login(person)
        assert "Ek, Elin" in client.get(address).text


def test_ones_own_list_takes_as_many_queries_with_1_as_with_20(
    client, certificate, cast, then, django_assert_max_num_queries
):
    client.force_login(cast.employee)
    client.get("/min-sida/kursbevis/")
    with django_assert_max_num_queries(8):
        assert certificate.number in client.get("/min-sida/kursbevis/").text
    for number in range(20):
        course = Course.objects.create(slug=f"k{number}", title=f"Kurs {number}", hours=1)
        Completion.objects.create(person=cast.employee, course=course, completed_on=then.date(), recorded_at=then)
    with django_assert_max_num_queries(8):
        client.get("/min-sida/kursbevis/")


def test_a_completion_from_before_gets_its_certificate_by_a_click_of_ones_own(client, cast, course, then):
    old = Completion.objects.create(person=cast.employee, course=course, completed_on=then.date(), recorded_at=then)
    client.force_login(cast.outsider)
    assert client.post("/min-sida/kursbevis/", {"completion": old.pk}).status_code == 404
    client.force_login(cast.employee)
    for _click in range(2):
        answer = client.post("/min-sida/kursbevis/", {"completion": old.pk}, follow=True)
    assert Certificate.objects.get().number in answer.text
    for bad in ("", "x", "9" * 30):
        assert client.post("/min-sida/kursbevis/", {"completion": bad}).status_code == 404


# --- Checked by anyone ---------------------------------------------------------------------------
def test_a_stranger_sees_what_the_certificate_says_and_no_more(client, certificate, cast):
    answer = client.get(f"/kursbevis/{certificate.number}/")
    main = answer.text.split("<main", 1)[1].split("</main>")[0]
    assert "Kursbeviset är äkta" in main
    for shown in ("Elin Ek", "Tjänstedesign i två dagar", "14 timmar", "17 mars 2027", certificate.number):
        assert shown in main
    for hidden in (cast.employee.email, cast.employee.employee_id, cast.school.name, "kurstillfallen"):
        assert hidden not in main
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    english = client.get(f"/en/kursbevis/{certificate.number}/").text
    assert "The certificate is genuine" in english
    assert "Service design in two days" in english


@pytest.mark.parametrize("number", ["0000-0000-0000-0000-0000", "x", "%00", "å", "<script>", "a" * 300])
def test_a_forged_number_is_told_in_a_plain_sentence(client, certificate, number):
    answer = client.get(f"/kursbevis/{number}/")
    assert answer.status_code == 404
    assert "Det finns inget sådant kursbevis" in answer.text
    assert "<script>alert" not in answer.text


def test_the_number_can_be_typed(client, certificate):
    assert client.get("/kursbevis/").status_code == 200
    answer = client.get("/kursbevis/", {"nummer": certificate.number.upper().replace("-", " ")})
    assert answer["Location"] == f"/kursbevis/{certificate.number}/"
    assert client.get("/kursbevis/", {"nummer": "fel"}).status_code == 404
    assert client.post("/kursbevis/").status_code == 405


# --- By API --------------------------------------------------------------------------------------
def test_the_api_gives_ones_own_and_nobody_elses(client, certificate, cast, then):
    new = correct(certificate, cast, then)
    own, other = (
        {"Authorization": f"Bearer {make_token(each, name='p', now=timezone.now())[1]}"}
        for each in (cast.employee, cast.outsider)
    )
    body = client.get("/api/v1/certificates/", headers=own).json()
    assert [(one["number"], one["standing"], one["replaces"]) for one in body["results"]] == [
        (new.number, "genuine", certificate.number), (certificate.number, "superseded", None),
    ]  # fmt: skip
    one = client.get(f"/api/v1/certificates/{new.pk}/", headers=own).json()
    assert one["check_url"].endswith(f"/kursbevis/{new.number}/")
    file = client.get(one["file_url"], headers=own)
    assert hashlib.sha256(file.content).hexdigest() == one["sha256"] == new.sha256
    assert client.get("/api/v1/certificates/", headers=other).json()["count"] == 0
    for address in (f"/api/v1/certificates/{new.pk}/", f"/api/v1/certificates/{new.pk}/file/"):
        assert client.get(address, headers=other).status_code == 404
        assert client.get(address).status_code == 401
