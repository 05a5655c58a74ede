"""Names sort as Swedes sort, in Python and in the database alike."""

import datetime as dt

import pytest

from people.models import Person, Unit
from shared.sorting import InSwedishOrder, swedish_sort_key

EXPECTED = [
    "adam",
    "Berg Al",
    "Berg-Ek",
    "Édouard",
    "Müller",
    "Mzia",
    "Wallin",
    "Zorn",
    "Åkerlund",
    "Årsta",
    "Ängström",
    "Ærlig",
    "Öberg",
    "Øster",
]
SHUFFLED = sorted(EXPECTED, key=lambda name: name[::-1])


def test_python_puts_the_swedish_letters_last_and_in_their_order():
    names = ["Öst", "Äng", "Ås", "Zon", "ask"]
    assert sorted(names, key=swedish_sort_key) == ["ask", "Zon", "Ås", "Äng", "Öst"]


def test_the_column_the_expression_and_python_agree_on_every_name(db):
    Unit.objects.bulk_create(
        Unit(code=str(number), name=name, starts_on=dt.date(2020, 1, 1)) for number, name in enumerate(SHUFFLED)
    )
    by_column = list(Unit.objects.order_by("sort_key").values_list("name", flat=True))
    by_expression = list(Unit.objects.order_by(InSwedishOrder("name")).values_list("name", flat=True))
    assert by_column == by_expression == sorted(SHUFFLED, key=swedish_sort_key) == EXPECTED


def test_a_person_sorts_by_family_name_then_given_name(db):
    for number, (given, family) in enumerate([("Åsa", "Berg"), ("Anna", "Öst"), ("Zara", "Berg"), ("Ärla", "Berg")]):
        Person.objects.create(email=f"{number}@skarvik.example", given_name=given, family_name=family)
    names = [person.name_in_lists for person in Person.objects.order_by("sort_key")]
    assert names == ["Berg, Zara", "Berg, Åsa", "Berg, Ärla", "Öst, Anna"]


def test_the_key_follows_a_changed_name(db):
    person = Person.objects.create(email="x@skarvik.example", given_name="Ulla", family_name="Ask")
    person.family_name = "Öman"
    person.save()
    person.refresh_from_db()
    assert person.sort_key == swedish_sort_key("Öman Ulla")


@pytest.mark.parametrize("text", ["", "123", "  ", "漢字", "ß"])
def test_other_characters_keep_their_place_and_break_nothing(text):
    assert swedish_sort_key(text) == text
