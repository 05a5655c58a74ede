"""Setting a letter in the language of the one who gets it."""

import pytest
from django.template import engines

from letters.services.rendering import render_letter


@pytest.fixture
def templates(settings, tmp_path):
    """A room's three templates."""
    folder = tmp_path / "room" / "letters"
    folder.mkdir(parents=True)
    (folder / "hello.subject.txt").write_text("Hello\n{{ words }}\n")
    (folder / "hello.txt").write_text('{% extends "letters/letter.txt" %}{% block content %}{{ words }}{% endblock %}')
    (folder / "hello.html").write_text(
        '{% extends "letters/letter.html" %}{% block content %}<p>{{ words }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    engines._templates = None
    engines.__dict__.pop("templates", None)
    engines._engines = {}


def test_text_is_not_escaped_and_html_is(cast, templates):
    letter = render_letter("room/letters/hello", {"words": "Bo & <Ek>"}, person=cast.employee)
    assert letter.subject == "Hello Bo & <Ek>"
    assert "Bo & <Ek>" in letter.text
    assert "<p>Bo &amp; &lt;Ek&gt;</p>" in letter.html
    assert "<title>Hello Bo &amp; &lt;Ek&gt;</title>" in letter.html


def test_the_letter_speaks_the_persons_language(cast, templates):
    assert '<html lang="sv">' in render_letter("room/letters/hello", {}, person=cast.employee).html
    cast.employee.language = "en"
    english = render_letter("room/letters/hello", {}, person=cast.employee)
    assert '<html lang="en">' in english.html
    assert "Hello Elin," in english.text


def test_the_page_is_plain_and_fetches_nothing(cast, templates):
    html = render_letter("room/letters/hello", {}, person=cast.employee).html
    for word in ("<img", "<script", "<link", "src=", "@import", "url("):
        assert word not in html


def test_an_inbox_is_shown_what_the_letter_says_and_no_address(cast, templates):
    words = "Bo & Ek har bytt dag.\n\n- måndag 1 mars\n- tisdag 2 mars\n\nSe din bokning: https://stigen.example/x"
    html = render_letter("room/letters/hello", {"words": words}, person=cast.employee).html
    assert '<div class="preheader">Bo &amp; Ek har bytt dag. Måndag 1 mars Tisdag 2 mars</div>' in html
    assert 'class="preheader"' not in render_letter("room/letters/hello", {}, person=cast.employee).html
