"""A part of a page that is the same for everyone is made once for each edition and language."""

import uuid

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import override

from shared.public_pages import kept_part, start_new_edition


@pytest.fixture
def part(settings):
    """Asks for a part of its own; answers how often it has been made."""
    settings.PAGE_CACHE_SECONDS = 60
    start_new_edition()
    name, made = uuid.uuid4().hex, []

    def ask(meanwhile=lambda: None):
        def make():
            made.append(1)
            meanwhile()
            return mark_safe(f"<p>{len(made)}</p>")

        return str(kept_part(name, make))

    return ask


def test_it_is_made_once_and_anew_when_something_public_changed(part):
    assert [part(), part()] == ["<p>1</p>", "<p>1</p>"]
    start_new_edition()
    assert [part(), part()] == ["<p>2</p>", "<p>2</p>"]


def test_what_changes_while_it_is_made_is_not_kept(part):
    assert part(meanwhile=start_new_edition) == "<p>1</p>"
    assert part() == "<p>2</p>"


def test_each_language_has_its_own(part):
    assert part() == "<p>1</p>"
    with override("en"):
        assert part() == "<p>2</p>"


def test_nothing_is_kept_where_pages_are_not(part, settings):
    settings.PAGE_CACHE_SECONDS = 0
    assert [part(), part()] == ["<p>1</p>", "<p>2</p>"]
