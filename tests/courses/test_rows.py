"""A line of a list is rendered once for all that it shows: what differs must show."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from courses.rows import Day, Row
from courses.rules import Places
from courses.templatetags.courses import occasion_row

START = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
DAY = Day(START, START + dt.timedelta(hours=7), "Salen")
ROW = Row(7, START, "sv", Places(places=12, held=4, waiting=0), (DAY,))


def _said(row: Row, language: str = "sv", **more: object) -> str:
    with translation.override(language):
        return str(occasion_row(row, **more))


def test_a_line_says_the_day_the_room_and_the_places():
    said = _said(ROW)
    for words in ("2 mars 2027", "09.00–16.00", "Salen", "8 av 12 platser kvar", 'href="/kurstillfallen/7/"'):
        assert words in said
    assert _said(ROW) == said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (replace(ROW, places=Places(places=12, held=5, waiting=0)), "7 av 12 platser kvar"),
        (replace(ROW, places=Places(places=12, held=12, waiting=2)), "Fullt, 2 väntar"),
        (replace(ROW, sessions=(replace(DAY, place="Biblioteket"),)), "Biblioteket"),
        (replace(ROW, sessions=(replace(DAY, place=""),)), "på distans"),
        (replace(ROW, sessions=(DAY, replace(DAY, place="Biblioteket"), DAY)), "Salen och Biblioteket"),
        (replace(ROW, sessions=(DAY, replace(DAY, place="Biblioteket"), replace(DAY, place=""))), "flera platser"),
        (replace(ROW, sessions=(DAY, replace(DAY, ends_at=START + dt.timedelta(hours=4)))), "olika tider"),
        (replace(ROW, sessions=(replace(DAY, starts_at=START + dt.timedelta(hours=1)),)), "10.00–16.00"),
        (replace(ROW, language="en"), "på engelska"),
        (replace(ROW, places=None), "Inställt"),
    ],
)
def test_a_line_that_was_said_before_says_what_has_changed(row, words):
    assert words not in _said(ROW)
    assert words in _said(row)


@pytest.mark.parametrize("is_past", [False, True])
def test_a_cancelled_line_counts_no_places(is_past):
    said = _said(replace(ROW, places=None), is_past=is_past)
    assert ("Inställt" in said, "platser" in said, "meter" in said) == (True, False, False)
    assert "Cancelled" in _said(replace(ROW, places=None), "en", is_past=is_past)


def test_a_line_is_in_the_readers_language_and_may_begin_with_a_name_or_lie_behind():
    assert "8 of 12 places left" in _said(ROW, "en")
    assert "<b" not in _said(ROW, name="<b>Kursen")
    assert "&lt;b&gt;Kursen" in _said(ROW, name="<b>Kursen")
    assert "4 av 12 platser var bokade" in _said(ROW, is_past=True)
