"""Rosters and tables of participants: who may have them, and what is in them when read back."""

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pikepdf
import pytest
from django.utils import translation

from courses.paper.rosters import roster_data, set_roster
from courses.participants_table import participants_table
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place
from people.models import Person
from people.roles import FACILITATOR
from people.services.roles import give_role
from shared.tables import as_csv, as_xlsx
from tests.courses.conftest import HOUR
from tests.support.cast import make_person
from tests.support.pdf import structure_of
from tests.support.pictures import drawn_boxes

LONG = "Verksamhetsutvecklingsprocesssamordnare-Österbröderlund"


@pytest.fixture
def full(plan_occasion, cast, now):
    """An occasion with more than fits one page of a roster."""
    occasion = plan_occasion(places=100)
    for number in range(60):
        person = make_person("Förnamn", f"{LONG if number == 0 else 'Efternamn'} {number}", unit=cast.school)
        book_place(occasion, person=person, now=now)
    return occasion


def open_roster(occasion):
    with translation.override("sv"):
        return pikepdf.open(io.BytesIO(set_roster(occasion, occasion.sessions.first())))


# --- Rosters -------------------------------------------------------------------------------------
def test_a_roster_is_tagged_pages_with_a_table_whose_head_is_repeated(full):
    pdf = open_roster(full)
    assert len(pdf.pages) > 1
    assert str(pdf.open_metadata()["pdfuaid:part"]) == "1"
    assert pdf.Root.Lang == "sv"
    assert "Närvarolista" in str(pdf.open_metadata()["dc:title"])
    kinds = [kind for kind, _text in structure_of(pdf)]
    assert (kinds.count("Table"), kinds.count("H1"), kinds.count("TH")) == (1, 1, 7)
    assert kinds.count("TR") == 61
    assert {tuple(float(side) for side in page.MediaBox) for page in pdf.pages} == {
        tuple(float(side) for side in pdf.pages[0].MediaBox)
    }


def test_each_line_of_a_roster_has_its_boxes_large_enough_for_a_pen(occasion, cast, now):
    for person in (cast.employee, cast.colleague):
        book_place(occasion, person=person, now=now)
    with translation.override("sv"):
        boxes = drawn_boxes(set_roster(occasion, occasion.sessions.first()))
    assert sum(min(sides) >= 7 for sides in boxes) == 2 * 3


def test_an_empty_roster_is_one_page_to_write_on(occasion):
    pdf = open_roster(occasion)
    assert len(pdf.pages) == 1
    with translation.override("sv"):
        data = roster_data(occasion, occasion.sessions.first())
    assert (data["people"], data["count"], data["empty_lines"]) == ([], "0 deltagare", 12)


def test_a_roster_shows_those_who_have_a_place_in_swedish_order(occasion, cast, now):
    for person in (cast.employee, cast.colleague, cast.outsider):
        book_place(occasion, person=person, now=now, wait=True)
    assert roster_data(occasion, occasion.sessions.first())["people"] == ["Ek, Elin", "Kvist, Kaj"]


def test_a_roster_takes_as_many_queries_with_1_as_with_60(full, django_assert_max_num_queries):
    session = full.sessions.first()
    with django_assert_max_num_queries(5):
        roster_data(full, session)


def test_the_roster_is_for_whoever_leads(client, occasion, cast):
    address = f"/kurstillfallen/{occasion.pk}/dag/{occasion.sessions.first().pk}/lista.pdf"
    assert client.get(address).status_code == 302
    give_role(cast.outsider, role=FACILITATOR)
    for person in (cast.employee, cast.outsider, cast.manager, cast.editor, cast.hr):
        client.force_login(person)
        assert client.get(address).status_code == 404
    for person in (cast.facilitator, cast.administrator):
        client.force_login(person)
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Cache-Control"] == "private, no-store"
        assert "object-src 'self'" in answer["Content-Security-Policy"]
    assert client.get(f"/kurstillfallen/{occasion.pk}/dag/999999/lista.pdf").status_code == 404
    assert client.post(address).status_code == 405


# --- Tables --------------------------------------------------------------------------------------
@pytest.fixture
def attended(occasion, cast, now):
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    first, second = occasion.sessions.all()
    mark_attendance(booking, first, state="left_early", minutes=90, by=cast.facilitator, now=first.ends_at)
    mark_attendance(booking, second, state="present", by=cast.facilitator, now=second.ends_at)
    book_place(occasion, person=cast.colleague, now=now)
    return occasion


def table_of(occasion):
    with translation.override("sv"):
        return participants_table(occasion)


def test_the_table_tells_who_comes_and_who_was_there(attended, cast, now):
    headings, first, second = table_of(attended)
    row = dict(zip(headings, first, strict=True))
    assert (row["Efternamn"], row["Enhet"], row["Förvaltning"], row["Bokning"]) == (
        "Ek", "Åsaskolan", "Barn- och utbildningsförvaltningen", "Bokad",
    )  # fmt: skip
    assert row["Bokade"] == now
    assert [row[name] for name in headings if name.startswith(("Närvaro", "Minuter"))] == [
        "Gick tidigare", 90, "Närvarande", 420,
    ]  # fmt: skip
    assert second[1] == "Kvist"
    assert second[-1] is None


def test_the_workbook_opens_with_days_as_days_and_nothing_to_run(attended, cast, now):
    Person.objects.filter(pk=cast.employee.pk).update(given_name='=HYPERLINK("http://x")', family_name="+Åäö\x07")
    content = as_xlsx(table_of(attended))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows())
    cells = {heading.value: cell for heading, cell in zip(rows[0], rows[1], strict=True)}
    if cells["Efternamn"].value != "+Åäö":
        cells = {heading.value: cell for heading, cell in zip(rows[0], rows[2], strict=True)}
    assert (cells["Förnamn"].value, cells["Förnamn"].data_type) == ('=HYPERLINK("http://x")', "s")
    assert cells["Efternamn"].value == "+Åäö"
    assert cells["Bokade"].is_date
    assert cells["Bokade"].value == dt.datetime(2027, 3, 2, 9, 0)
    assert rows[0][0].font.bold
    assert sheet.freeze_panes == "A2"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_the_csv_opens_in_a_swedish_excel(attended, cast):
    Person.objects.filter(pk=cast.employee.pk).update(given_name="=1+1", family_name="Åäö; Ek")
    content = as_csv(table_of(attended))
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    (line,) = [line for line in lines if line["Efternamn"] == "Åäö; Ek"]
    assert (line["Förnamn"], line["Bokade"]) == ("'=1+1", "2027-03-02 09:00")


def test_a_completion_stands_as_a_day(occasion, cast, now):
    booking, _ = book_place(occasion, person=cast.employee, now=now)
    for session in occasion.sessions.all():
        mark_attendance(booking, session, state="present", by=cast.facilitator, now=occasion.ends_at + HOUR)
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table_of(occasion)))).active
    cell = list(sheet.iter_rows())[1][-1]
    assert (cell.is_date, cell.value) == (True, dt.datetime(2027, 3, 17))


def test_the_table_takes_as_many_queries_with_1_as_with_60(full, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        table_of(full)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_tables_are_for_whoever_leads_and_hr(client, attended, cast, kind):
    address = f"/kurstillfallen/{attended.pk}/deltagare.{kind}"
    assert client.get(address).status_code == 302
    give_role(cast.outsider, role=FACILITATOR)
    for person in (cast.employee, cast.outsider, cast.manager, cast.editor):
        client.force_login(person)
        assert client.get(address).status_code == 404
    for person in (cast.facilitator, cast.administrator, cast.hr):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="tva-dagar-2027-03-16.{kind}"'
    assert client.get(f"/kurstillfallen/{attended.pk}/deltagare.pdf").status_code == 404
    assert client.get(f"/kurstillfallen/999999/deltagare.{kind}").status_code == 404


def test_hr_finds_the_tables_on_the_occasions_page(client, attended, cast):
    address = f"/kurstillfallen/{attended.pk}/"
    client.force_login(cast.hr)
    assert "deltagare.xlsx" in client.get(address).text
    client.force_login(cast.outsider)
    assert "deltagare.xlsx" not in client.get(address).text
