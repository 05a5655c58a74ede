"""A reader's own marks."""

import pytest
from django.urls import reverse

from courses.models import Programme
from guide.keys import key_of
from guide.models import ReadingMark
from guide.queries import has_read, read_keys
from guide.services.reading import mark_read, mark_unread


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.employee)
    return cast.employee


def test_marking_twice_is_one_mark_with_the_first_moment(guide, step, cast, now):
    import datetime as dt

    mark_read(step, person=cast.employee, now=now)
    mark_read(step, person=cast.employee, now=now + dt.timedelta(days=1))
    assert list(ReadingMark.objects.values_list("read_at", flat=True)) == [now]
    mark_unread(step, person=cast.employee)
    assert read_keys(cast.employee) == set()


def test_a_mark_counts_in_every_language_and_survives_a_rename_and_a_move(guide, step, cast, now):
    mark_read(step, person=cast.employee, now=now)
    step.title, step.slug = "Ta reda på", "ta-reda-pa"
    step.save_revision().publish()
    step.move(guide, pos="last-child")
    assert has_read(cast.employee, [key_of("step-2"), str(key_of("step-3"))]) == {key_of("step-2")}


def test_a_reader_marks_a_page_and_sees_it_on_the_path(client, guide, step, reader):
    html = client.get("/guiden/undersoka/").content.decode()
    assert "Markera som läst" in html
    answer = client.post(reverse("mark_read", args=[step.translation_key]), {"read": "yes"})
    assert answer.status_code == 302
    assert answer["Location"] == "/guiden/undersoka/"
    html = client.get("/guiden/undersoka/").content.decode()
    assert "Du har läst den här sidan." in html
    assert "1 av 6 steg lästa" in client.get("/guiden/").content.decode()
    client.post(reverse("mark_read", args=[step.translation_key]), {"read": "no"})
    assert "0 av 6 steg lästa" in client.get("/guiden/").content.decode()


def test_nobody_sees_anothers_marks(client, guide, step, cast, now):
    mark_read(step, person=cast.employee, now=now)
    client.force_login(cast.outsider)
    assert "0 av 6 steg lästa" in client.get("/guiden/").content.decode()
    assert "Markera som läst" in client.get("/guiden/undersoka/").content.decode()


def test_who_is_not_logged_in_is_sent_to_log_in_and_marks_nothing(client, guide, step):
    answer = client.post(reverse("mark_read", args=[step.translation_key]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/")
    assert not ReadingMark.objects.exists()
    assert "Markera som läst" not in client.get("/guiden/undersoka/").content.decode()


def test_only_a_live_page_to_read_can_be_marked(client, guide, step, reader):
    step.unpublish()
    step.get_translations().first().unpublish()
    for key in (step.translation_key, guide.translation_key, "7b0f6f0e-0000-4000-8000-000000000000"):
        assert client.post(reverse("mark_read", args=[key])).status_code == 404
    assert not ReadingMark.objects.exists()


def test_marking_is_an_act_and_not_a_visit(client, guide, step, reader):
    assert client.get(reverse("mark_read", args=[step.translation_key])).status_code == 405


def test_the_path_names_a_page_in_the_readers_language(client, guide, step, reader):
    """Whatever the page was called when the path was laid."""
    programme = Programme.objects.create(slug="p", title="Grundväg", title_en="Basic path", is_for_everyone=True)
    programme.items.create(position=1, kind="read", title="Läs x", title_en="Read x", key=str(step.translation_key))
    assert ">Läs Undersöka</a>" in client.get("/min-sida/").text
    english = client.get("/en/min-sida/").text
    assert f">Read {step.get_translations().get().title}</a>" in english
    assert "Undersöka" not in english
