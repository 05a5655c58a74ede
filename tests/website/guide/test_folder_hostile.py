"""A folder that is broken or means harm: nothing of it is taken in, and every problem is told with file and line."""
# ruff: noqa: E501 - each case stands on a line of its own

import os

import pytest
from django.core.management import CommandError, call_command
from wagtail.images.models import Image
from wagtail.models import Page, Revision

from guide.services.folder.exporting import export_guide
from guide.services.folder.importing import import_guide
from guide.services.folder.problems import FolderRefused
from tests.website.guide.conftest import NOW
from tests.website.guide.folder_support import picture_bytes

HEAD = "---\nid: article-x\ntype: article\nslug: x\ntitle: X\n---\nEn text.\n\n## Mer\n\n"


@pytest.fixture
def folder(small_guide, settings, tmp_path):
    """A sound folder: a language with its front page, to which a test adds what is wrong."""
    settings.MEDIA_ROOT = tmp_path / "media"
    root = tmp_path / "in"
    (root / "sv").mkdir(parents=True)
    (root / "sv" / "index.md").write_text(
        "---\nid: front\ntype: front\ntitle: Stigen\nheading: Ny rubrik\n---\nNy text.\n", encoding="utf-8"
    )
    return root


def put(folder, text, name="sv/x.md"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def state():
    pages = Page.objects.order_by("pk").values_list("pk", "path", "title", "latest_revision", "numchild")
    return list(pages), Revision.objects.count(), Image.objects.count()


def refused(folder):
    """The problems, after a look that nothing at all has changed."""
    before = state()
    with pytest.raises(FolderRefused) as told:
        import_guide(folder, now=NOW)
    assert state() == before
    return [str(problem) for problem in told.value.problems]


def test_the_folder_of_these_tests_is_sound_in_itself(folder):
    put(folder, HEAD + "Text.\n")
    loaded = import_guide(folder, now=NOW).loaded
    assert (loaded.created, loaded.updated) == (1, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Bara text.\n", "sv/x.md:1: The file must begin with front matter"),
        ("---\nid: x\ntitle: X\n", "sv/x.md:1: The file must begin with front matter"),
        ("---\nid: x\ntype: article\ntitle: [x\n---\nText.\n", "sv/x.md:5: The front matter can't be read"),
        ("---\nid: x\ntype: article\n\ttitle: x\n---\n", "sv/x.md:4: The front matter can't be read"),
        ("---\n- id\n- type\n---\nText.\n", "sv/x.md:2: The front matter can't be read"),
        ("---\ntype: article\nslug: x\ntitle: X\n---\nText.\n", "id must be small letters"),
        ("---\nid: ../x\ntype: article\nslug: x\ntitle: X\n---\nText.\n", "sv/x.md:2: The front matter can't be read: id"),
        ("---\nid: x\ntype: wizard\nslug: x\ntitle: X\n---\nText.\n", "sv/x.md:3: The front matter can't be read: type must be one of"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: {a: b}\n---\nText.\n", "sv/x.md:5: title must be a single value"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: !!python/object:os.system x\n---\nT.\n\n## A\n\nb\n", None),
        ("---\nid: x\ntype: article\nslug: x\ntitle: &a [*a]\n---\nText.\n", "sv/x.md:5: title must be a single value or a list"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\ntitle: Y\n---\nText.\n", "sv/x.md:6: title stands twice"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\nsecret: 1\n---\nText.\n", "sv/x.md:6: secret is no field of a article"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\nminutes_to_read: soon\n---\nText.\n", "sv/x.md:6: minutes_to_read must be a whole number; it is “soon”"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\nminutes_to_read: [1, 2]\n---\nText.\n", "sv/x.md:6: minutes_to_read must be a single value"),
        ("---\nid: x\ntype: article\nslug: å/ä\ntitle: X\n---\nText.\n", "sv/x.md:4: slug"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: " + "x" * 300 + "\n---\nText.\n", "sv/x.md:5: title"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\n---\n" + "ord " * 300 + "\n", "sv/x.md:1: The lead: It may have at most 500 signs"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\norder: first\n---\nText.\n", "sv/x.md:6: order must be a whole number"),
        ("---\nid: x\ntype: method\nslug: x\ntitle: X\nparent: front\n---\nText.\n", "sv/x.md:6: A method can't stand below a front"),
        ("---\nid: x\ntype: article\nslug: x\ntitle: X\nparent: nowhere\n---\nText.\n", "sv/x.md:6: No parent is found: no page has the id nowhere"),
        ("---\nid: x\ntype: article\nslug: guiden\ntitle: X\n---\nText.\n", "sv/x.md:4: The slug guiden is taken here by"),
        ("---\nid: guide\ntype: article\nslug: x\ntitle: X\n---\nText.\n", "sv/x.md:3: The page guide is a guide on this site"),
        ("---\nid: front2\ntype: front\nparent: front\nslug: x\ntitle: X\nheading: h\n---\nText.\n", "sv/x.md:4: A front page has no parent"),
    ],
)  # fmt: skip
def test_broken_front_matter_is_told_with_its_line(folder, text, says):
    put(folder, text)
    told = refused(folder) if says else None
    if says:
        assert any(says in each for each in told), told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<script>alert(1)</script>", "sv/x.md:11: HTML is not allowed here: <script>"),
        ("Hej <script src=//x.se></script>", "sv/x.md:11: HTML is not allowed here: <script"),
        ("Hej\ndu <b onclick=x()>fet</b>", "sv/x.md:12: HTML is not allowed here: <b onclick"),
        ("<style>body{display:none}</style>", "sv/x.md:11: HTML is not allowed here: <style>"),
        ("<img src=x onerror=alert(1)>", "sv/x.md:11: HTML is not allowed here: <img"),
        ("<svg onload=alert(1)>", "sv/x.md:11: HTML is not allowed here: <svg"),
        ("<!-- dolt -->", "sv/x.md:11: HTML is not allowed here: <!--"),
        ("<iframe src='https://x.se'></iframe>", "sv/x.md:11: HTML is not allowed here: <iframe"),
        ("[x](javascript:alert(1))", "sv/x.md:11: A link may not lead to javascript:"),
        ("[x](JaVaScRiPt:alert(1))", "A link may not lead to"),
        ("[x](<java\tscript:alert(1)>)", "A link may not lead to"),
        ("[x](&#106;avascript:alert(1))", "A link may not lead to javascript:"),
        ("[x](data:text/html,<script>1</script>)", "A link may not lead to data:"),
        ("[x](vbscript:x)", "A link may not lead to vbscript:"),
        ("[x](//example.se/a)", "A link may not lead to //example.se"),
        ("<javascript:alert(1)>", "A link may not lead to javascript:"),
        ("[x][y]\n\n[y]: javascript:alert(1)", "A link may not lead to javascript:"),
        ("[x](guide:no-such-page)", "sv/x.md:11: No page has the id no-such-page"),
        ("Rad ett\nrad två [x](guide:no-such-page)", "sv/x.md:12: No page has the id no-such-page"),
        ("[x](mall.pdf)", "sv/x.md:11: There is no file mall.pdf"),
        ("![x](bild.jpg)", "sv/x.md:11: There is no file bild.jpg"),
        ("![x](../../../etc/passwd)", "sv/x.md:11: ../../../etc/passwd leads out of the folder"),
        ("![x](/etc/passwd)", "sv/x.md:11: /etc/passwd leads out of the folder"),
        ("![x](https://example.se/x.jpg)", "is not a file of the folder"),
        ("![x](file:///etc/passwd)", "A link may not lead to file:"),
        ("Text ![x](bild.jpg) text", "sv/x.md:11: An image stands in a paragraph of its own"),
        ("```python\nx()\n```", "sv/x.md:11: A fenced block has no place"),
        ("```markdown\n<script>x()</script>\n```", "sv/x.md:12: HTML is not allowed here: <script>"),
        ("```markdown\n\n[x](javascript:x())\n```", "sv/x.md:13: A link may not lead to javascript:"),
        ("```markdown\nEn rad", "sv/x.md:11: This Markdown block is never closed"),
        ("# För stor", "sv/x.md:11: A heading is written ## or ###"),
        ("Ett\n\n---\n\ntvå", "sv/x.md:13: A line across (---) has no place"),
        ("En signal \x07 här", "sv/x.md:11: There is a sign here that is no text (U+0007)"),
        ("En nolla \x00 här", "sv/x.md:11: There is a sign here that is no text (U+0000)"),
    ],
)
def test_hostile_or_lost_text_is_told_with_its_line(folder, text, says):
    put(folder, HEAD + text + "\n")
    told = refused(folder)
    assert any(says in each for each in told), told


def test_text_that_is_not_utf8_is_told_with_its_line(folder):
    put(folder, HEAD.encode() + "Räksmörgås\n".encode("latin-1"))
    assert refused(folder) == ["sv/x.md:11: The text is not UTF-8. Save the file as UTF-8 and try again."]


def test_two_files_of_one_id_are_told_with_both_names(folder):
    put(folder, HEAD + "Text.\n", "sv/a.md")
    put(folder, HEAD.replace("slug: x", "slug: y") + "Text.\n", "sv/b.md")
    assert refused(folder) == ["sv/b.md:2: sv/a.md has the same id, article-x. Each page needs an id of its own."]


@pytest.mark.parametrize("name", ["sv/stor.md", "images/stor.jpg"])
def test_a_file_of_50_mb_is_told_and_not_opened(folder, name):
    put(folder, "", name)
    with (folder / name).open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert any(each.startswith(f"{name}: The file is 50 MB") for each in refused(folder))


def test_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    (tmp_path / "hemligt.md").write_text(HEAD)
    (tmp_path / "utanfor").mkdir()
    (folder / "sv" / "fil.md").symlink_to(tmp_path / "hemligt.md")
    (folder / "sv" / "mapp").symlink_to(tmp_path / "utanfor")
    (folder / "en").symlink_to("/etc")
    told = refused(folder)
    for name in ("sv/fil.md", "sv/mapp", "en"):
        assert f"{name}: This is a link to another place. A guide holds only files of its own." in told


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "sv" / "ror.md")
    assert refused(folder) == ["sv/ror.md: This is not an ordinary file."]


def test_a_file_whose_name_is_no_text_can_still_be_told_of(folder):
    (folder / os.fsdecode(b"sv/\xff\xfe.md")).write_text("x")
    assert "must begin with front matter" in refused(folder)[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "This can't be an image here"),
        ("bild.html", b"<script>", "This can't be an image here"),
        ("bild.jpg", b"<script>x()</script>", "This is no image, or a broken one"),
        ("bild.jpg", picture_bytes()[:900], None),
        ("bild.png", picture_bytes(), "The file is named .png but is JPEG"),
        ("bild.jpg", b"", "This is no image, or a broken one"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_image_is_told(folder, name, content, says):
    put(folder, content, f"sv/{name}")
    put(folder, HEAD + f"![Ett kök]({name})\n")
    if says:
        assert any(each.startswith(f"sv/{name}: {says}") for each in refused(folder))


def test_pages_that_are_each_others_parents_are_told(folder):
    for own, above in (("a", "b"), ("b", "c"), ("c", "a")):
        put(
            folder,
            f"---\nid: {own}\ntype: article\nparent: {above}\nslug: {own}\ntitle: X\n---\nText.\n\n## A\n\nb\n",
            f"sv/{own}.md",
        )
    assert refused(folder) == ["sv/a.md:4: The pages are each other's parents: a → b → c → a."]


def test_a_folder_that_is_not_there_or_holds_no_guide_is_told(folder, tmp_path):
    assert refused(tmp_path / "ingenting") == [f"{tmp_path / 'ingenting'}: There is no such folder."]
    (tmp_path / "tom").mkdir()
    assert "holds no guide" in refused(tmp_path / "tom")[0]
    put(folder, HEAD, "de/x.md")
    assert any(each.startswith("de/x.md: de is no language of the site") for each in refused(folder))


def test_limits_of_blocks_are_told_with_their_lines(folder):
    method = (
        "---\nid: m\ntype: method\nparent: step-1\nslug: m\ntitle: M\nminutes: 10\npeople: 2-1\n---\nText.\n\n## Varför\nDärför.\n\n"
        "## När\nNu.\n\n## Material\n- "
        + "x"
        * 301
        + "\n\n## Gör så här\n### Gör (0 min)\nSå.\n\n### Utan tid\nSå.\n\n"
        "## Arbetsblad\n### Blad (9 kolumner)\nSå.\n\n- **Ruta** tips [7]\n- utan rubrik\n"
    )
    put(folder, method)
    told = refused(folder)
    for says in (
        "sv/x.md:8: people: The most people can't be fewer than the fewest.",
        "sv/x.md:19: material: ",
        "sv/x.md:22: steps: minutes: ",
        "sv/x.md:25: Each step of the exercise is written",
        "sv/x.md:29: worksheets: columns: ",
        "sv/x.md:33: A box is written",
    ):
        assert any(each.startswith(says) for each in told), (says, told)


def test_every_problem_is_told_at_once_and_the_command_fails(folder, capsys):
    put(folder, "trasig", "sv/a.md")
    put(folder, HEAD + "<script>x</script>\n\n[x](guide:ingen)\n", "sv/b.md")
    put(folder, HEAD.replace("article-x", "article-y").replace("slug: x", "slug: y") + "![x](saknas.png)\n", "sv/c.md")
    before = state()
    with pytest.raises(CommandError, match=r"Nothing was imported: 4 problems\. The guide is as it was"):
        call_command("guide_import", str(folder))
    told = capsys.readouterr().err
    assert [line.split(": ")[0] for line in told.splitlines()] == [
        "sv/a.md:1",
        "sv/b.md:11",
        "sv/b.md:13",
        "sv/c.md:11",
    ]
    assert state() == before


def test_files_of_an_import_that_fails_late_are_taken_away_again(folder, settings, monkeypatch):
    from guide.services.folder import importing

    put(folder, picture_bytes(), "sv/bild.jpg")
    put(folder, HEAD + "![Ett kök](bild.jpg)\n")

    def fail(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr(importing, "apply_plan", fail)
    with pytest.raises(RuntimeError):
        import_guide(folder, now=NOW)
    assert not Image.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_sound_folder_is_never_hostile_by_its_own_words(folder, tmp_path):
    """What looks like code in plain words goes out and comes in again as words."""
    words = r"Skriv \<script> och \[x](javascript:x) och `kod` så här: 1 \< 2 & 3."
    put(folder, f"---\nid: x\ntype: article\nslug: x\ntitle: <script>x</script>\n---\n{words}\n\n## Mer\n\nText.\n")
    import_guide(folder, now=NOW)
    page = Page.objects.get(slug="x").specific
    assert page.lead == "Skriv <script> och [x](javascript:x) och `kod` så här: 1 < 2 & 3."
    export_guide(tmp_path / "out")
    assert import_guide(tmp_path / "out", now=NOW).loaded.updated == 0
