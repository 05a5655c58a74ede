"""Laying the guide that comes with the site, again and again: what an editor has changed since is left alone."""

import pytest
from wagtail.models import Page

from guide.models import StepPage
from guide.services.seed import load_guide
from shared.rules import RuleBroken
from tests.website.guide.conftest import NOW
from tests.website.guide.small_guide import SMALL_GUIDE, write_small_guide


@pytest.fixture
def content(small_guide, tmp_path):
    return write_small_guide(tmp_path / "content")


@pytest.fixture
def step(small_guide):
    return StepPage.objects.get(number=2, locale=small_guide.locale)


def test_loading_again_changes_nothing(content):
    again = load_guide(NOW, folder=content)
    assert (again.created, again.updated, again.same, again.kept) == (0, 0, len(SMALL_GUIDE), [])


def test_a_page_that_an_editor_changed_is_left_alone(content, step, cast):
    step.aim = "Redaktörens egna ord."
    step.save_revision(user=cast.editor).publish()
    assert load_guide(NOW, folder=content).kept == ["sv: Undersöka"]
    step.refresh_from_db()
    assert step.aim == "Redaktörens egna ord."


def test_a_page_that_an_editor_moved_stays_where_it_is(content, step):
    method = step.get_children().first()
    method.move(StepPage.objects.get(number=3, locale=step.locale), pos="last-child")
    load_guide(NOW, folder=content)
    assert Page.objects.get(pk=method.pk).get_parent().slug == "fokusera"


def test_a_changed_file_updates_its_page_and_keeps_its_children(content, step):
    file = content / "sv" / "guiden" / "1-undersoka" / "index.md"
    file.write_text(file.read_text().replace("Ni lär er hur", "Ni tar reda på hur"))
    loaded = load_guide(NOW, folder=content)
    assert (loaded.created, loaded.updated) == (0, 1)
    step.refresh_from_db()
    assert "Ni tar reda på hur" in step.aim
    assert step.get_children().count() == 2
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front matter", "front matter"),
        ("---\nid: [\n---\n", "front matter"),
        ("---\nid: x\ntype: article\nparent: nowhere\nslug: x\ntitle: X\n---\nLead.\n", "No parent"),
        ("---\nid: guide\ntype: article\nparent: front\nslug: x\ntitle: X\n---\nLead.\n", "same id"),
        ("---\nid: x\ntype: article\nparent: front\nslug: x\ntitle: X\nsecret: 1\n---\nLead.\n", "no field"),
    ],
)
def test_a_broken_file_loads_nothing_at_all(content, text, says):
    (content / "sv" / "zz.md").write_text(text)
    before = Page.objects.count()
    with pytest.raises(RuleBroken, match=says):
        load_guide(NOW, folder=content)
    assert Page.objects.count() == before
