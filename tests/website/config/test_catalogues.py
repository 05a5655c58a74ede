"""The reader of catalogues finds what is said, and says what is missing."""

import ast

import pytest
from babel.messages.catalog import Catalog

from config import catalogues
from config.catalogues import Room, Said, contradictions, faults


def said_in_python(source):
    return list(catalogues._said_in_python(ast.parse(source)))


def said_in_template(source):
    return list(catalogues._said_in_template("{% load i18n %}" + source, name="test"))


def test_python_is_read_from_its_syntax_tree():
    source = '_("One" " two"); ngettext("%(n)s place", "%(n)s places", n); pgettext("month", "May"); other("no")'
    assert said_in_python(source) == [
        Said("One two"),
        Said("%(n)s place", "%(n)s places"),
        Said("May", None, "month"),
    ]


def test_templates_are_read_as_django_understands_them():
    source = (
        '{% if x %}{% translate "Book" %}{% endif %}'
        "{% blocktranslate trimmed count n=n %}\n One place \n{% plural %}{{ n }} places{% endblocktranslate %}"
        '{% include "x.html" with title=_("Courses") %}'
    )
    assert set(said_in_template(source)) == {Said("Book"), Said("One place", "%(n)s places"), Said("Courses")}


@pytest.mark.parametrize(
    ("swedish", "complaint"),
    [
        ("", "no Swedish"),
        ("Hej %(nam)s", "other placeholders"),
        ("Hej %(name)s", None),
        ("Hej %(name)s, igen.God dag", "run together"),
    ],
)
def test_a_gap_or_a_wrong_placeholder_is_told(tmp_path, settings, monkeypatch, swedish, complaint):
    settings.ROOT = tmp_path
    catalogue = Catalog(locale="sv")
    catalogue.add("Hello %(name)s", swedish)
    monkeypatch.setattr(catalogues, "read_catalogue", lambda path: catalogue)
    room = Room(tmp_path / "room")
    room.said[Said("Hello %(name)s")].add("a.py")
    found = list(faults(room))
    assert [complaint in fault for fault in found] == ([True] if complaint else [])


def test_a_sentence_that_nobody_says_any_more_is_told(tmp_path, settings, monkeypatch):
    settings.ROOT = tmp_path
    catalogue = Catalog(locale="sv")
    catalogue.add("Old", "Gammal")
    monkeypatch.setattr(catalogues, "read_catalogue", lambda path: catalogue)
    assert ["nobody says 'Old'" in fault for fault in faults(Room(tmp_path / "room"))] == [True]


def test_what_two_rooms_say_differently_is_told(tmp_path, settings, monkeypatch):
    """All catalogues become one: the button of one room once said what another room calls something else."""
    settings.ROOT = tmp_path
    said = {"guide": "Fortsätt", "courses": "Gå vidare", "people": "Fortsätt"}

    def read(path):
        catalogue = Catalog(locale="sv")
        catalogue.add("Go on", next(swedish for name, swedish in said.items() if name in path.parts))
        catalogue.add("Next", "Nästa")
        return catalogue

    monkeypatch.setattr(catalogues, "read_catalogue", read)
    (told,) = contradictions([Room(tmp_path / name) for name in said])
    assert "'Fortsätt' (guide) and 'Gå vidare' (courses)" in told
    said["courses"] = "Fortsätt"
    assert list(contradictions([Room(tmp_path / name) for name in said])) == []
