"""Tables out of files, however they were saved."""

import datetime as dt
import io

import openpyxl
import pytest

from shared.rules import RuleBroken
from shared.table_files import read_table
from shared.tables import as_csv, as_xlsx

TABLE = [["Namn", "Minuter", "Dag"], ["Åsa Öberg", 90, dt.date(2027, 3, 2)], ["=1+1", None, None]]
READ = [(1, ("Namn", "Minuter", "Dag")), (2, ("Åsa Öberg", "90", "2027-03-02")), (3, ("=1+1",))]


def cells(content):
    return [(line.number, line.cells) for line in read_table(content)]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_what_our_own_tables_wrote_comes_back_as_it_was(write):
    assert cells(write(TABLE)) == READ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_however_it_was_saved(encoding, delimiter):
    text = f'Namn{delimiter}Ort\r\n\r\nÅsa{delimiter}"Öland, {delimiter} norr"\r\n'
    assert cells(text.encode(encoding)) == [(1, ("Namn", "Ort")), (3, ("Åsa", f"Öland, {delimiter} norr"))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n;;\r\n", "file_empty"),
        (b"PK\x03\x04 no workbook", "file_unreadable"),
        (b"%PDF-1.7\x00\x01", "file_unreadable"),
        (b"x" * 2_000_001, "file_too_big"),
        (b"a\n" * 5_002, "too_many_lines"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(content, code):
    with pytest.raises(RuleBroken) as broken:
        read_table(content)
    assert broken.value.code == code


def test_a_workbook_is_read_by_what_its_cells_show():
    book = openpyxl.Workbook()
    book.active.append(["id", 7.0, 1.5, dt.datetime(2027, 3, 2, 9, 0), True])
    file = io.BytesIO()
    book.save(file)
    assert cells(file.getvalue()) == [(1, ("id", "7", "1.5", "2027-03-02 09:00", "True"))]


def test_a_workbook_with_a_cell_far_down_is_refused_before_its_empty_lines_are_counted():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A5002"] = "id", "x"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(RuleBroken) as broken:
        read_table(file.getvalue())
    assert broken.value.code == "too_many_lines"
