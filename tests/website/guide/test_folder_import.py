"""What taking in a folder changes, and what it leaves alone."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Revision

from guide.models import MethodPage, StepPage
from guide.services.folder.exporting import export_guide
from guide.services.folder.importing import import_guide
from tests.website.guide.conftest import NOW


@pytest.fixture
def folder(small_guide, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    export_guide(tmp_path / "out")
    return tmp_path / "out"


def step_file(folder, language="sv"):
    return next((folder / language).glob("*/1-*/index.md"))


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def lines(language="sv", field="results"):
    step = StepPage.objects.get(number=2, locale__language_code=language)
    return [(block["id"], block["value"]) for block in getattr(step, field).raw_data]


def test_lines_of_both_languages_share_their_identity(small_guide):
    for field in ("results", "questions"):
        assert [each for each, _text in lines("sv", field)] == [each for each, _text in lines("en", field)]


def test_a_line_that_stays_keeps_its_identity_when_others_come_and_change(folder):
    before = lines()
    file = step_file(folder)
    change(file, f"- {before[0][1]}\n", f"- En helt ny rad.\n- {before[0][1]}\n")
    change(file, before[-1][1], "Sista raden sagd på ett annat sätt.")
    assert import_guide(folder, now=NOW).loaded.updated == 1
    after = lines()
    assert [each for each, _text in after[1:]] == [each for each, _text in before]
    assert after[0][0] not in {each for each, _text in before}
    assert len({each for each, _text in after}) == len(after)
    # The same line added to the other language gets the same identity.
    change(step_file(folder, "en"), "## When you are done you have\n", "## When you are done you have\n- A new line.\n")
    import_guide(folder, now=NOW)
    assert lines("en")[0][0] == after[0][0]


def test_only_what_is_written_differently_is_touched(folder):
    step = StepPage.objects.get(number=2, locale__language_code="sv")
    stored = step.body.raw_data[0]["value"]
    change(step_file(folder), "title: Undersöka", "title: Ta reda på")
    import_guide(folder, now=NOW)
    step.refresh_from_db()
    assert step.title == "Ta reda på"
    assert StepPage.objects.get(pk=step.pk).body.raw_data[0]["value"] == stored
    assert step.get_children().exists()


def test_a_dry_run_shows_the_difference_and_writes_nothing(folder, capsys):
    change(step_file(folder), "title: Undersöka", "title: Ta reda på")
    (folder / "sv" / "ny.md").write_text("---\nid: ny\ntype: article\nslug: ny\ntitle: Ny\n---\nNy.\n\n## A\n\nb\n")
    before = list(Page.objects.values_list("pk", "title")), Revision.objects.count()
    call_command("guide_import", str(folder), "--dry-run")
    told = capsys.readouterr().out
    assert "+ sv: Ny  (sv/ny.md)" in told
    assert "    -title: Undersöka\n    +title: Ta reda på\n" in told
    assert "Would create 1, change 1, leave 0" in told
    assert (list(Page.objects.values_list("pk", "title")), Revision.objects.count()) == before


def test_a_page_that_an_editor_changed_is_left_alone_unless_overwritten(folder, cast, capsys):
    step = StepPage.objects.get(number=2, locale__language_code="sv")
    step.aim = "Redaktörens ord."
    step.save_revision(user=cast.editor).publish()
    call_command("guide_import", str(folder), "--dry-run")
    assert "An editor has changed this page here" in capsys.readouterr().out
    call_command("guide_import", str(folder))
    assert "Left as an editor wrote it: sv: Undersöka" in capsys.readouterr().out
    step.refresh_from_db()
    assert step.aim == "Redaktörens ord."
    import_guide(folder, now=NOW, overwrite=True)
    step.refresh_from_db()
    assert step.aim != "Redaktörens ord."
    assert step.revisions.filter(user=cast.editor).exists()


def test_pages_go_where_the_folder_has_them(folder):
    method = MethodPage.objects.filter(locale__language_code="sv", path__startswith=StepPage.objects.get(
        number=2, locale__language_code="sv").path).order_by("path").first()  # fmt: skip
    file = next(step_file(folder).parent.glob("1-*.md"))
    target = next((folder / "sv").glob("guiden/2-*"))
    file.rename(target / f"0-{method.slug}.md")
    loaded = import_guide(folder, now=NOW).loaded
    assert (loaded.created, loaded.updated) == (0, 0)
    third = StepPage.objects.get(number=3, locale__language_code="sv")
    assert third.get_children().order_by("path").first().pk == method.pk
    assert MethodPage.objects.get(pk=method.pk).translation_key == method.translation_key
    assert Page.find_problems() == ([], [], [], [], [])


def test_what_the_folder_lacks_stays(folder, capsys):
    file = next(step_file(folder).parent.glob("1-*.md"))
    slug = file.stem.partition("-")[2]
    file.unlink()
    text = "".join(each.read_text() for each in folder.rglob("*.md"))
    stable_id = MethodPage.objects.get(slug=slug, locale__language_code="sv").translation_key
    assert str(stable_id) not in text
    call_command("guide_import", str(folder))
    assert "1 pages here are not in the folder and stay" in capsys.readouterr().out
    assert MethodPage.objects.filter(slug=slug, locale__language_code="sv").exists()


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(folder):
    for file in folder.rglob("*.md"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    loaded = import_guide(folder, now=NOW).loaded
    assert (loaded.created, loaded.updated, loaded.kept) == (0, 0, [])
