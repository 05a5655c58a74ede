"""Attendance after the day: typed in from paper, and read from a file. All of it, or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from courses.attendance_forms import minutes_until
from courses.attendance_queries import lines_of
from courses.models import Attendance, AttendanceChange, Booking, Occasion
from courses.participants_table import participants_table
from courses.services.attendance import mark_attendance
from courses.services.attendance_import import read_attendance
from courses.services.booking import book_place
from courses.services.writing_down import NotWritten, Written, write_down
from people.models import Person
from shared.rules import RuleBroken
from shared.table_files import read_table
from shared.tables import as_csv, as_xlsx
from tests.courses.conftest import DAY, two_days


@pytest.fixture
def start():
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - 20 * DAY


@pytest.fixture
def held(plan_occasion, start, cast):
    """Two days that are over; the employee and the colleague had a place, the manager waits in vain."""
    occasion = plan_occasion(sessions=two_days(start))
    for person in (cast.employee, cast.colleague, cast.manager):
        book_place(occasion, person=person, now=start - 30 * DAY, wait=True)
    return occasion


@pytest.fixture
def days(held):
    return list(held.sessions.all())


def booking_of(person):
    return Booking.objects.get(person=person)


def marks():
    return {
        (mark.booking.person.given_name, mark.session.title): (mark.state, mark.minutes)
        for mark in Attendance.objects.select_related("booking__person", "session")
    }


def read(occasion, text):
    return read_attendance(occasion, read_table(text.encode()), now=timezone.now())


def take(reading, occasion, by):
    written = [one.written for one in reading.changes]
    return write_down(occasion, written, by=by, now=timezone.now(), source="file")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_our_own_table_reads_back_as_it_is_and_what_was_filled_in_is_taken(held, days, cast, write, language):
    mark_attendance(booking_of(cast.employee), days[0], state="present", by=cast.facilitator, now=timezone.now())
    left = {"state": "left_early", "minutes": 150}
    mark_attendance(booking_of(cast.employee), days[1], **left, by=cast.facilitator, now=timezone.now())
    mark_attendance(booking_of(cast.colleague), days[0], state="excused", by=cast.facilitator, now=timezone.now())
    with translation.override(language):
        table = [list(line) for line in participants_table(held)]
    reading = read_attendance(held, read_table(write(table)), now=timezone.now())
    assert (reading.faults, reading.changes, reading.same) == ([], [], 3)
    (row,) = [line for line in table if line[0] == cast.colleague.employee_id]
    row[10] = "Borta"
    reading = read_attendance(held, read_table(write(table)), now=timezone.now())
    assert [(one.line, one.now_stands, one.becomes) for one in reading.changes] == [(4, "Inte markerad", "Borta")]
    assert take(reading, held, cast.facilitator) == 1
    assert AttendanceChange.objects.last().source == "file"
    assert marks()["Kaj", "Dag 2"] == ("absent", None)
    # The same file again changes nothing.
    assert read_attendance(held, read_table(write(table)), now=timezone.now()).changes == []


def test_a_plain_table_names_the_day_in_a_column_or_beside_the_heading(held, cast, start):
    day, next_day = f"{start:%Y-%m-%d}", f"{start + DAY:%Y-%m-%d}"
    reading = read(
        held,
        f"E-post;Närvaro;Minuter på plats;Dag\n{cast.employee.email.upper()};här;;{day}\n"
        f"{cast.employee.email};Gick tidigare;90;{next_day}\n",
    )
    assert reading.faults == []
    take(reading, held, cast.facilitator)
    assert marks() == {("Elin", "Dag 1"): ("present", None), ("Elin", "Dag 2"): ("left_early", 90)}
    reading = read(held, f"Anställningsnummer,Närvaro {next_day}\n{cast.colleague.employee_id},nej\n")
    take(reading, held, cast.facilitator)
    assert marks()["Kaj", "Dag 2"] == ("absent", None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{outsider};;Närvarande;;{day}", "är inte bokad på det här kurstillfället"),
        ("X99;;Närvarande;;{day}", "Vi hittar ingen med X99"),
        ("{manager};;Närvarande;;{day}", "Märta Chefsson har ingen plats"),
        ("{employee};;Kanske;;{day}", "”Kanske” är ingen närvaro"),
        ("{employee};;Gick tidigare;;{day}", "Ange antal minuter"),
        ("{employee};;Gick tidigare;999;{day}", "Ange antal minuter"),
        ("{employee};;Gick tidigare;två;{day}", "”två” är inget antal minuter"),
        ("{employee};;Närvarande;90;{day}", "90 minuter stämmer inte med ”Närvarande”"),
        ("{employee};;;90;{day}", "Det finns minuter men ingen närvaro"),
        ("{employee};;Närvarande;;1999-01-01", "inget pass 1999-01-01"),
        ("{employee};;Närvarande;;i går", "”i går” är ingen dag"),
        ("{employee};{mail};Närvarande;;{day}", "hör inte till samma person"),
        (";;Närvarande;;{day}", "varken anställnings-id eller e-post"),
        ("{colleague};;Borta;;{day}", "Kaj Kvist står redan på rad 2"),
    ],
)
def test_a_line_that_is_wrong_is_told_by_its_number_and_nothing_is_half_done(held, cast, start, line, says):
    words = {part: getattr(cast, part).employee_id for part in ("employee", "colleague", "outsider", "manager")}
    words |= {"mail": cast.colleague.email, "day": f"{start:%Y-%m-%d}"}
    head = "Anställnings-id;E-post;Närvaro;Minuter på plats;Dag\n"
    reading = read(held, head + "{colleague};;Närvarande;;{day}\n".format(**words) + "\n" + line.format(**words))
    ((number, sentence),) = reading.faults
    assert (number, len(reading.changes)) == (4, 1)
    assert says in sentence


@pytest.mark.parametrize(
    ("head", "code"),
    [("Namn;Närvaro", "no_people"), ("E-post;Namn", "no_marks"), ("E-post;Närvaro", "which_day"),
     ("E-post;Närvaro 1999-01-01", "other_session")],
)  # fmt: skip
def test_headings_that_do_not_tell_enough_are_refused(held, head, code):
    with pytest.raises(RuleBroken) as broken:
        read(held, f"{head}\nx;y")
    assert broken.value.code == code


def test_nothing_is_written_where_one_mark_is_refused(held, days, cast):
    good = Written(booking_of(cast.employee).pk, days[0].pk, "present")
    waits = Written(booking_of(cast.manager).pk, days[0].pk, "present")
    with pytest.raises(NotWritten) as refused:
        write_down(held, [good, waits], by=cast.facilitator, now=timezone.now(), source="paper")
    assert list(refused.value.sentences) == [1]
    assert marks() == {}


def test_what_someone_marked_since_it_was_shown_is_not_overwritten(held, days, cast):
    written = Written(booking_of(cast.employee).pk, days[0].pk, "absent")
    mark_attendance(booking_of(cast.employee), days[0], state="present", by=cast.facilitator, now=timezone.now())
    with pytest.raises(NotWritten) as refused:
        write_down(held, [written], by=cast.facilitator, now=timezone.now(), source="file")
    assert "Frida Fors har under tiden markerat" in refused.value.sentences[0]
    assert marks() == {("Elin", "Dag 1"): ("present", None)}


def test_reading_takes_as_many_queries_with_1_line_as_with_60(
    plan_occasion, cast, start, django_assert_max_num_queries
):
    occasion = plan_occasion(sessions=two_days(start), places=80)
    occasion = Occasion.objects.prefetch_related("sessions").get(pk=occasion.pk)
    day = f"{start:%Y-%m-%d}"
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@skarvik.example", employee_id=f"P{number}", given_name="P") for number in range(60)
    )
    Booking.objects.bulk_create(Booking(occasion=occasion, person=p, state="booked", created_at=start) for p in people)
    for count in (1, 60):
        text = "Anställningsnummer;Närvaro;Dag\n" + "".join(f"P{number};x;{day}\n" for number in range(count))
        with django_assert_max_num_queries(5):
            assert len(read(occasion, text).changes) == count


@pytest.mark.parametrize(
    ("typed", "minutes"), [("11.30", 150), ("11:30", 150), ("150", 150), ("25.00", None), ("snart", None), ("", None)]
)
def test_when_someone_left_is_typed_as_the_clock_or_as_minutes(days, typed, minutes):
    assert minutes_until(typed, days[0]) == minutes


# Pages


def as_(client, person):
    client.force_login(person)
    return client


def test_the_printed_list_is_typed_in_at_once(client, held, days, cast):
    as_(client, cast.facilitator)
    address = f"/kurstillfallen/{held.pk}/dag/{days[0].pk}/fyll-i/"
    elin, kaj = booking_of(cast.employee).pk, booking_of(cast.colleague).pk
    page = client.get(address).text
    assert page.index("Ek, Elin") < page.index("Kvist, Kaj")
    wrong = client.post(address, {f"state-{elin}": "present", f"state-{kaj}": "left_early", f"left-{kaj}": "strax"})
    assert wrong.status_code == 422
    assert "Skriv när personen gick" in wrong.text
    assert 'value="strax"' in wrong.text
    assert marks() == {}
    typed = {f"state-{elin}": "present", f"state-{kaj}": "left_early", f"left-{kaj}": "12.00"}
    assert "2 markeringar är sparade." in client.post(address, typed, follow=True).text
    assert marks() == {("Elin", "Dag 1"): ("present", None), ("Kaj", "Dag 1"): ("left_early", 180)}
    assert "Inskrivet från papper." in lines_of(held, days[0])[0].log[0]
    # Sent again from a page that stood open: it stands so already.
    assert "Inget ändrades" in client.post(address, typed, follow=True).text
    other = client.post(address, {f"state-{elin}": "absent"})
    assert (other.status_code, marks()["Elin", "Dag 1"]) == (422, ("present", None))
    last = lines_of(held, days[0])[0].last_mark
    corrected = {f"state-{elin}": "absent", f"based-{elin}": last}
    wrong = client.post(address, corrected)
    assert (wrong.status_code, marks()["Elin", "Dag 1"]) == (422, ("present", None))
    assert "Dagen är över. Skriv varför markeringen ändras." in wrong.text
    client.post(address, corrected | {"why": "Förväxlade namnen"})
    assert marks()["Elin", "Dag 1"] == ("absent", None)
    assert "Varför: Förväxlade namnen" in lines_of(held, days[0])[0].log[0]


def test_a_time_without_the_choice_is_told_and_a_row_left_alone_takes_nothing_back(client, held, days, cast):
    as_(client, cast.facilitator)
    address = f"/kurstillfallen/{held.pk}/dag/{days[0].pk}/fyll-i/"
    elin, kaj = booking_of(cast.employee), booking_of(cast.colleague)
    wrong = client.post(address, {f"left-{elin.pk}": "14.30"})
    assert (wrong.status_code, 'value="14.30"' in wrong.text) == (422, True)
    assert "”Gick tidigare” är inte valt" in wrong.text
    mark_attendance(elin, days[0], state="present", by=cast.facilitator, now=timezone.now())
    shown = lines_of(held, days[0])[0].last_mark
    # A colleague corrects one row while the page stands open; its other rows are saved, and that one is left alone.
    mark_attendance(elin, days[0], state="absent", by=cast.administrator, now=timezone.now(), why="Var inte där")
    page = {f"state-{elin.pk}": "present", f"based-{elin.pk}": shown, f"state-{kaj.pk}": "present"}
    assert client.post(address, page).status_code == 302
    assert marks() == {("Elin", "Dag 1"): ("absent", None), ("Kaj", "Dag 1"): ("present", None)}


def test_a_day_that_was_taken_away_since_the_file_was_shown_is_told(held, days, cast):
    booking = booking_of(cast.employee)
    days[1].delete()
    with pytest.raises(NotWritten) as refused:
        write_down(held, [Written(booking.pk, days[0].pk, "present"), Written(booking.pk, days[1].pk or 0, "present")],
                   by=cast.facilitator, now=timezone.now(), source="file")  # fmt: skip
    assert refused.value.sentences == {1: "Kursdagen hör inte längre till kurstillfället."}
    assert marks() == {}


def test_a_file_is_shown_first_and_taken_by_another_press(client, held, days, cast, start):
    as_(client, cast.facilitator)
    address = f"/kurstillfallen/{held.pk}/narvaro-fran-fil/"
    assert "Så ska filen se ut" in client.get(address).text
    assert "Välj en fil." in client.post(address, {}).text
    day = f"{start:%Y-%m-%d}"

    def send(text):
        return client.post(address, {"file": SimpleUploadedFile("narvaro.csv", text.encode())})

    wrong = send(f"E-post;Närvaro;Dag\n{cast.employee.email};Kanske;{day}\n{cast.colleague.email};x;{day}\n")
    assert wrong.status_code == 422
    assert "<strong>Rad 2</strong> ”Kanske” är ingen närvaro." in wrong.text
    assert "sealed" not in wrong.text
    shown = send(f"E-post;Närvaro;Dag\n{cast.employee.email};borta;{day}\n{cast.colleague.email};x;{day}\n")
    assert "Spara 2 markeringar" in shown.text
    assert marks() == {}
    done = client.post(address, {"sealed": shown.context["sealed"]}, follow=True)
    assert "2 markeringar är sparade." in done.text
    assert marks() == {("Elin", "Dag 1"): ("absent", None), ("Kaj", "Dag 1"): ("present", None)}
    assert "Inget ändrades" in client.post(address, {"sealed": shown.context["sealed"]}, follow=True).text
    assert AttendanceChange.objects.count() == 2
    assert "för länge sedan" in client.post(address, {"sealed": shown.context["sealed"] + "x"}, follow=True).text
    assert 'name="why"' not in shown.text
    corrects = send(f"E-post;Närvaro;Dag\n{cast.employee.email};x;{day}\n")
    assert 'name="why"' in corrects.text
    sealed = {"sealed": corrects.context["sealed"]}
    asked = client.post(address, sealed)
    assert asked.status_code == 422
    assert ">Dagen är över. Skriv varför markeringen ändras.</p><input" in asked.text
    assert "Spara 1 markering" in asked.text
    sealed = {"sealed": asked.context["sealed"]}
    assert marks()["Elin", "Dag 1"] == ("absent", None)
    client.post(address, sealed | {"why": "Listan var fel"})
    assert marks()["Elin", "Dag 1"] == ("present", None)


def test_what_was_shown_to_one_is_not_taken_from_another(client, held, days, cast, plan_occasion, start):
    as_(client, cast.facilitator)
    text = f"E-post;Närvaro;Dag\n{cast.employee.email};borta;{start:%Y-%m-%d}\n"
    file = SimpleUploadedFile("a.csv", text.encode())
    sealed = client.post(f"/kurstillfallen/{held.pk}/narvaro-fran-fil/", {"file": file}).context["sealed"]
    other = plan_occasion(sessions=two_days(start - 5 * DAY))
    client.post(f"/kurstillfallen/{other.pk}/narvaro-fran-fil/", {"sealed": sealed})
    as_(client, cast.administrator)
    client.post(f"/kurstillfallen/{held.pk}/narvaro-fran-fil/", {"sealed": sealed})
    assert marks() == {}


@pytest.mark.parametrize("part", ["employee", "outsider", "hr"])
def test_they_do_not_exist_for_others(client, held, days, cast, part):
    as_(client, getattr(cast, part))
    for page in (f"dag/{days[0].pk}/fyll-i/", "narvaro-fran-fil/"):
        address = f"/kurstillfallen/{held.pk}/{page}"
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
