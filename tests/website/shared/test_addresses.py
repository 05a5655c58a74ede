"""Addresses without arguments are looked up once: they still follow the language, and still tell what is missing."""

import pytest
from django.template import Context, engines
from django.urls import NoReverseMatch
from django.utils import translation


def rendered(text, **context):
    return engines["django"].engine.from_string(text).render(Context(context))


def test_an_address_follows_the_language_in_which_it_is_asked_for():
    for _twice in range(2):
        with translation.override("sv"):
            assert rendered("{% url 'courses' %}") == "/kurser/"
        with translation.override("en"):
            assert rendered("{% url 'courses' %}") == "/en/kurser/"


def test_it_can_be_kept_under_a_name():
    with translation.override("sv"):
        assert rendered("{% url 'courses' as there %}[{{ there }}]") == "[/kurser/]"


def test_arguments_and_names_from_variables_are_still_asked_each_time():
    with translation.override("sv"):
        assert rendered("{% url 'course' slug %}", slug="tva-dagar") == "/kurser/tva-dagar/"
        assert [rendered("{% url name %}", name=name) for name in ("courses", "search")] == ["/kurser/", "/sok/"]


def test_a_name_that_does_not_exist_is_silent_only_under_a_name():
    for _twice in range(2):
        assert rendered("{% url 'nowhere_at_all' as there %}[{{ there }}]") == "[]"
        with pytest.raises(NoReverseMatch):
            rendered("{% url 'nowhere_at_all' %}")
