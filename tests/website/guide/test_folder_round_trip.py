"""The guide as a folder: what goes out comes in again, and nothing is different."""

import pytest
from django.core.management import call_command
from wagtail.images.models import Image
from wagtail.models import Page, Revision

from guide.blocks import text_blocks
from guide.models import ArticlePage, PageName, ReadingPage, StepPage
from guide.services.folder.exporting import export_guide
from guide.services.folder.importing import import_guide
from guide.services.folder.shapes import SHAPES
from shared.rules import RuleBroken
from tests.website.guide.conftest import NOW
from tests.website.guide.folder_support import (
    empty_the_site,
    make_article,
    make_restricted,
    tree_of,
)
from tests.website.guide.small_guide import SMALL_GUIDE


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_export_import_into_an_empty_site_and_export_again_are_identical(small_guide, cast, tmp_path):
    make_article(cast)
    export_guide(tmp_path / "first")
    empty_the_site()
    loaded = import_guide(tmp_path / "first", now=NOW).loaded
    assert loaded.created + loaded.updated == Page.objects.filter(depth__gt=1).count()
    assert (loaded.same, loaded.kept) == (0, [])
    export_guide(tmp_path / "second")
    assert tree_of(tmp_path / "second") == tree_of(tmp_path / "first")
    assert Page.find_problems() == ([], [], [], [], [])


def test_what_is_written_is_what_an_export_writes(small_guide, tmp_path):
    export_guide(tmp_path / "out")
    written = {name: text.encode() for name, text in SMALL_GUIDE.items()}
    assert tree_of(tmp_path / "out") == written


def test_the_small_guide_holds_every_type_of_page_and_every_block(small_guide, cast):
    """What the tests of this folder rest on: a type or a block that is new gets its place in the small guide."""
    pages = [page for page in Page.objects.filter(depth__gt=1).specific() if isinstance(page, ReadingPage)]
    assert {type(page) for page in pages} == {shape.model for shape in SHAPES.values()}
    held = {block.block_type for page in [*pages, make_article(cast)] for block in getattr(page, "body", ())}
    assert held == {name for name, _block in text_blocks()}


def test_importing_over_the_same_site_changes_nothing(small_guide, cast, tmp_path):
    make_article(cast)
    export_guide(tmp_path / "out")
    before = Revision.objects.count(), list(Page.objects.order_by("pk").values("pk", "path", "latest_revision"))
    loaded = import_guide(tmp_path / "out", now=NOW).loaded
    assert (loaded.created, loaded.updated, loaded.moved, loaded.kept) == (0, 0, 0, [])
    assert loaded.same == Page.objects.filter(depth__gt=1).count()
    assert (
        Revision.objects.count(),
        list(Page.objects.order_by("pk").values("pk", "path", "latest_revision")),
    ) == before
    assert Image.objects.count() == 1


def test_an_editors_page_keeps_its_identity_and_its_words(small_guide, cast, tmp_path):
    made = make_article(cast)
    export_guide(tmp_path / "out")
    file = tmp_path / "out" / "sv" / "kok-och-matlada.md"
    assert file.read_text().startswith(f"---\nid: {made.translation_key}\ntype: article\n")
    empty_the_site()
    import_guide(tmp_path / "out", now=NOW)
    page = ArticlePage.objects.get(slug="kok-och-matlada")
    assert page.translation_key == made.translation_key
    for name in ("title", "lead", "seo_title", "search_description"):
        assert getattr(page, name) == getattr(made, name), name
    image = page.body[0].value
    assert image.contextual_alt_text == "Ett kök [med] *bänk*"
    assert (image.title, image.focal_point_x, image.focal_point_height) == ("Köket: före & efter", 400, 100)
    assert [block.block_type for block in page.body] == [
        "image", "text", "note", "note", "quote", "quote", "markdown", "image"
    ]  # fmt: skip
    assert page.body[4].value == "Tips: det här är ett citat.\nMed två rader.\n\nOch ett stycke till."
    step = StepPage.objects.get(slug="undersoka")
    assert f'<a id="{step.pk}" linktype="page">steg <b>två</b></a>' in page.body[1].value.source


def test_folders_mirror_the_tree_and_keep_its_order(small_guide, tmp_path):
    export_guide(tmp_path / "out")
    steps = sorted(path.name for path in (tmp_path / "out" / "sv" / "guiden").iterdir() if path.is_dir())
    assert steps == ["1-undersoka", "2-fokusera"]
    for place, step in enumerate(StepPage.objects.filter(locale__language_code="sv").order_by("path"), start=1):
        folder = tmp_path / "out" / "sv" / "guiden" / f"{place}-{step.slug}"
        names = sorted(path.stem.partition("-")[2] for path in folder.glob("[0-9]*.md"))
        assert names == sorted(step.get_children().values_list("slug", flat=True))


def test_what_not_everyone_may_read_stays_at_home_and_is_told_of(small_guide, cast, tmp_path, capsys):
    make_restricted(cast)
    draft = make_article(cast, slug="utkast")
    draft.unpublish()
    call_command("guide_export", str(tmp_path / "out"))
    assert "Left out, since not everyone may read it: sv: Bara för oss" in capsys.readouterr().out
    assert not list((tmp_path / "out").rglob("*bara-for-oss*"))
    assert not list((tmp_path / "out").rglob("*utkast*"))
    import_guide(tmp_path / "out", now=NOW)
    assert Page.objects.filter(slug__in=["bara-for-oss", "utkast"]).count() == 2


def test_a_link_to_what_stays_at_home_stands_as_plain_text(small_guide, cast, tmp_path, capsys):
    page = make_article(cast)
    StepPage.objects.get(slug="undersoka").unpublish()
    call_command("guide_export", str(tmp_path / "out"))
    assert "1 link leads to what is not published" in capsys.readouterr().out
    assert "Läs steg **två**," in (tmp_path / "out" / "sv" / f"{page.slug}.md").read_text()
    import_guide(tmp_path / "out", now=NOW)


def test_the_same_picture_is_exported_once_and_known_again(small_guide, cast, tmp_path):
    make_article(cast)
    make_article(cast, title="En till", slug="en-till")
    export_guide(tmp_path / "out")
    # The two uploads are one file with one title.
    assert [path.name for path in (tmp_path / "out" / "images").glob("*.jpg")] == [
        "koket-fore-efter-" + _hash() + ".jpg"
    ]
    count = Image.objects.count()
    import_guide(tmp_path / "out", now=NOW)
    assert Image.objects.count() == count


def _hash():
    return Image.objects.first().file_hash[:10]


def test_a_folder_is_not_written_over_unless_asked(small_guide, tmp_path):
    target = tmp_path / "out"
    (target / "sv").mkdir(parents=True)
    (target / "sv" / "gammal.md").write_text("x")
    (target / "LÄSMIG.txt").write_text("mitt")
    with pytest.raises(RuleBroken, match="not empty"):
        export_guide(target)
    export_guide(target, replace=True)
    assert not (target / "sv" / "gammal.md").exists()
    assert (target / "LÄSMIG.txt").read_text() == "mitt"


def test_ids_of_a_folder_come_back_in_the_next_export(small_guide, tmp_path):
    export_guide(tmp_path / "out")
    assert PageName.objects.filter(stable_id="method-interview").exists()
    assert "id: method-interview\n" in "".join(file.read_text() for file in (tmp_path / "out").rglob("*.md"))
    assert "related: [method-diary]" in "".join(file.read_text() for file in (tmp_path / "out").rglob("*.md"))


def test_every_field_that_editors_fill_stands_in_the_folder(small_guide):
    """A new field of a page must find its place here, or an export would lose it."""
    from guide.services.folder.shapes import SHAPES, fact_fields, lead_field

    for kind, shape in SHAPES.items():
        told = {*fact_fields(kind), lead_field(kind), "body", "related"} | {each.field for each in shape.sections}
        asked = set()
        panels = [*shape.model.content_panels, *shape.model.promote_panels]
        while panels:
            panel = panels.pop()
            panels += getattr(panel, "children", [])
            asked |= {getattr(panel, name) for name in ("field_name", "relation_name") if hasattr(panel, name)}
        assert asked <= told, kind
