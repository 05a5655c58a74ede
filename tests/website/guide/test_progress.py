"""A reader's checklist, and where they left off."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from guide.keys import key_of
from guide.models import ArticlePage, LineTick, ReadingPlace, StepPage
from guide.progress import lines_of, path_progress, ticked_lines, where_left_off
from guide.services.reading import mark_read, note_opened, tick_lines
from tests.support.races import at_once


@pytest.fixture(autouse=True)
def in_swedish():
    with translation.override("sv"):
        yield


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.employee)
    return cast.employee


def test_who_is_not_logged_in_sees_the_checklist_and_no_boxes(client, guide, step):
    html = client.get("/guiden/undersoka/").content.decode()
    assert str(step.results[0].value) in html
    assert 'type="checkbox"' not in html


def test_a_reader_ticks_a_line_and_sees_it_ticked_in_both_languages(client, guide, step, reader):
    first, second = lines_of(step)[:2]
    where = reverse("tick", args=[step.translation_key])
    answer = client.post(where, {"shown": [first, second], "ticked": [second]})
    assert answer.status_code == 302
    assert answer["Location"] == "/guiden/undersoka/#results"
    for path in ("/guiden/undersoka/", "/en/guide/explore/"):
        html = client.get(path, follow=True).content.decode()
        assert f'value="{second}" id="line-{second}" checked' in html
        assert f'value="{first}" id="line-{first}">' in html


def test_a_tick_survives_a_rename_a_move_and_a_line_put_before_it(guide, step, cast, now):
    line = lines_of(step)[0]
    tick_lines(step, person=cast.employee, ticked=[line], unticked=[], now=now)
    step.title, step.slug = "Ta reda på", "ta-reda-pa"
    step.results.insert(0, ("line", "Något nytt före"))
    step.save_revision().publish()
    step.move(guide, pos="last-child")
    fresh = StepPage.objects.get(pk=step.pk)
    assert lines_of(fresh)[1] == line
    assert ticked_lines(cast.employee, fresh.translation_key) == {str(line)}


def test_ticking_twice_is_one_tick_and_unticking_twice_is_none(guide, step, cast, now):
    line = lines_of(step)[0]
    for later in (0, 1):
        tick_lines(step, person=cast.employee, ticked=[line], unticked=[], now=now + dt.timedelta(days=later))
    assert list(LineTick.objects.values_list("ticked_at", flat=True)) == [now]
    for _time in range(2):
        tick_lines(step, person=cast.employee, ticked=[], unticked=[line], now=now)
    assert not LineTick.objects.exists()


@pytest.mark.committed
def test_two_clicks_at_once_are_one_tick(guide, step, cast, now):
    line = lines_of(step)[0]
    assert at_once(lambda: tick_lines(step, person=cast.employee, ticked=[line], unticked=[], now=now)) == []
    assert LineTick.objects.count() == 1


def test_a_form_that_names_one_line_leaves_the_others(guide, step, cast, now):
    first, second = lines_of(step)[:2]
    tick_lines(step, person=cast.employee, ticked=[first], unticked=[], now=now)
    tick_lines(step, person=cast.employee, ticked=[second], unticked=[], now=now)
    assert ticked_lines(cast.employee, step.translation_key) == {str(first), str(second)}


def test_sent_by_the_script_the_answer_is_the_part_alone(client, guide, step, reader):
    line = lines_of(step)[0]
    where = reverse("tick", args=[step.translation_key])
    html = client.post(
        where, {"shown": [line], "ticked": [line]}, headers={"X-Requested-With": "fetch"}
    ).content.decode()
    assert html.lstrip().startswith("<form")
    assert "Sparat." in html
    where = reverse("mark_read", args=[step.translation_key])
    html = client.post(where, {"read": "yes"}, headers={"X-Requested-With": "fetch"}).content.decode()
    assert html.lstrip().startswith("<form")
    assert "Du har läst den här sidan." in html


def test_lines_and_pages_that_are_not_there_are_404(client, guide, step, reader):
    where = reverse("tick", args=[step.translation_key])
    assert client.post(where, {"shown": ["7b0f6f0e-0000-4000-8000-000000000000"]}).status_code == 404
    assert client.post(where, {"shown": ["inte-en-rad", "'; --"]}).status_code == 404
    assert client.post(where).status_code == 404
    line = lines_of(step)[0]
    for key in (guide.translation_key, "7b0f6f0e-0000-4000-8000-000000000000"):
        assert client.post(reverse("tick", args=[key]), {"shown": [line], "ticked": [line]}).status_code == 404
    assert client.get(where).status_code == 405
    assert not LineTick.objects.exists()


def test_who_is_not_logged_in_ticks_nothing_and_nobody_sees_anothers_ticks(client, guide, step, cast, now):
    line = lines_of(step)[0]
    answer = client.post(reverse("tick", args=[step.translation_key]), {"shown": [line], "ticked": [line]})
    assert answer["Location"].startswith("/konto/")
    tick_lines(step, person=cast.employee, ticked=[line], unticked=[], now=now)
    client.force_login(cast.outsider)
    assert " checked" not in client.get("/guiden/undersoka/").content.decode()


def test_the_reader_goes_on_from_the_page_last_opened(client, guide, step, reader):
    client.get("/guiden/undersoka/")
    assert ReadingPlace.objects.get().translation_key == step.translation_key
    html = client.get("/").content.decode()
    assert "Fortsätt där du slutade" in html
    assert 'href="/guiden/undersoka/"' in html
    html = client.get("/min-sida/").content.decode()
    assert "Din väg genom metoden" in html
    assert "Du var på" in html


def test_the_next_thing_is_the_next_unread_step(guide, step, cast, now):
    with translation.override("sv"):
        assert where_left_off(cast.employee) is None
        note_opened(step, person=cast.employee, now=now)
        found = where_left_off(cast.employee)
        assert (found.last.title, found.is_read, found.next.title) == ("Undersöka", False, "Fokusera")
        mark_read(StepPage.objects.get(number=3, locale=step.locale), person=cast.employee, now=now)
        note_opened(step, person=cast.employee, now=now + dt.timedelta(hours=1))
        assert where_left_off(cast.employee).next.title == "Ta fram idéer"
    with translation.override("en"):
        assert where_left_off(cast.employee).last.url.startswith("/en/")


def test_from_an_exercise_the_way_leads_back_to_its_step(guide, step, cast, now):
    method = step.get_children().live().first().specific
    with translation.override("sv"):
        note_opened(method, person=cast.employee, now=now)
        assert where_left_off(cast.employee).next.title == "Undersöka"
        mark_read(step, person=cast.employee, now=now)
        assert where_left_off(cast.employee).next.title == "Fokusera"


def test_when_all_is_read_nothing_is_next_and_a_page_that_is_gone_is_not_shown(guide, step, cast, now):
    with translation.override("sv"):
        for number in range(1, 7):
            mark_read(StepPage.objects.get(number=number, locale=step.locale), person=cast.employee, now=now)
        assert where_left_off(cast.employee).next is None
        ReadingPlace.objects.create(
            person=cast.employee, translation_key=key_of("gone"), opened_at=now + dt.timedelta(days=1)
        )
        assert where_left_off(cast.employee) is None


def test_articles_lead_to_the_next_of_their_run(guide, cast, now):
    front = guide.get_parent()
    start = front.add_child(instance=ArticlePage(title="Första dagen", slug="forsta-dagen-x", lead="x"))
    one = start.add_child(instance=ArticlePage(title="Ett", slug="ett", lead="x"))
    start.add_child(instance=ArticlePage(title="Två", slug="tva", lead="x"))
    with translation.override("sv"):
        note_opened(start, person=cast.employee, now=now)
        assert where_left_off(cast.employee).next.title == "Ett"
        note_opened(one, person=cast.employee, now=now)
        assert where_left_off(cast.employee).next.title == "Två"


def test_the_path_counts_read_pages_and_ticked_lines(guide, step, cast, now, django_assert_num_queries):
    tick_lines(step, person=cast.employee, ticked=lines_of(step)[:2], unticked=[], now=now)
    mark_read(step, person=cast.employee, now=now)
    with translation.override("sv"), django_assert_num_queries(2):
        path = path_progress(cast.employee)
    assert [each.number for each in path] == [1, 2, 3, 4, 5, 6]
    assert (path[1].is_read, path[1].ticked, path[1].lines) == (True, 2, len(step.results))


def test_a_visit_without_an_account_leaves_no_trace(client, guide):
    client.get("/guiden/undersoka/")
    assert not ReadingPlace.objects.exists()
