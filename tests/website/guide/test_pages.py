"""The tree, the seed, the languages, and what a page costs."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail import blocks
from wagtail.models import Locale, Page, Site

from guide.fields import BodyField
from guide.models import (
    AccessibilityStatementPage,
    ArticlePage,
    CasesPage,
    FrontPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    StepPage,
)
from guide.queries import address
from guide.services.seed import CONTENT
from guide.services.tree import lay_site

# A file is a page, and each is there in Swedish and English.
SHIPPED = len(list((CONTENT / "sv").rglob("*.md")))
PAGES = ["/", "/guiden/", "/guiden/undersoka/", "/guiden/undersoka/intervju/", "/om-tjanstedesign/", "/tillganglighet/"]
ENGLISH = ["/en/", "/en/guide/", "/en/guide/explore/", "/en/guide/explore/interview/", "/en/about-service-design/"]


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (
            FrontPage,
            {GuidePage, LibraryPage, CasesPage, GlossaryPage, ArticlePage, AccessibilityStatementPage},
        ),
        (GuidePage, {StepPage}),
        (StepPage, {MethodPage}),
        (MethodPage, set()),
        (ArticlePage, {ArticlePage}),
        (AccessibilityStatementPage, set()),
    ],
)
def test_each_page_type_takes_only_its_own_children(parent, children):
    assert set(parent.allowed_subpage_models()) == children


def test_the_six_steps_stand_in_order_in_both_languages(guide):
    def names(language):
        return list(
            StepPage.objects.filter(locale__language_code=language).order_by("number").values_list("title", flat=True)
        )

    assert names("sv") == ["Ringa in", "Undersöka", "Fokusera", "Ta fram idéer", "Testa idéer", "Förverkliga"]
    assert names("en") == ["Frame", "Explore", "Focus", "Ideate", "Test", "Realise"]


def test_every_shipped_page_is_there_in_both_languages(guide):
    keys = {}
    for key, language in Page.objects.filter(depth__gt=1).values_list("translation_key", "locale__language_code"):
        keys.setdefault(key, set()).add(language)
    assert len(keys) == SHIPPED
    assert set(map(frozenset, keys.values())) == {frozenset({"sv", "en"})}


def test_every_method_can_be_led_from_its_page_alone(guide):
    methods = MethodPage.objects.live()
    assert methods.count() >= 26
    for method in methods:
        told = [method.why, method.when_to_use, method.accessibility, method.material, method.tips, method.steps]
        assert all(told), method
        minutes = sum(block.value["minutes"] for block in method.steps)
        assert minutes == method.minutes, f"{method}: the steps take {minutes} minutes, the page says {method.minutes}"


def test_laying_the_site_again_changes_nothing_and_removes_wagtails_welcome_page(guide):
    root = Page.objects.get(depth=1)
    root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home"))
    front = lay_site()
    assert lay_site().pk == front.pk
    assert not Page.objects.filter(slug="home").exists()
    assert Site.objects.get(is_default_site=True).root_page_id == front.pk
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"sv", "en"}
    assert FrontPage.objects.count() == 2


def test_our_short_way_to_an_address_agrees_with_wagtails(guide):
    for page in Page.objects.filter(depth__gt=1).select_related("locale"):
        assert address(page.url_path, language=page.locale.language_code) == page.url


@pytest.mark.parametrize("path", PAGES + ENGLISH)
def test_each_page_is_shown_in_its_language_with_its_translation(client, guide, path):
    answer = client.get(path)
    html = answer.content.decode()
    language, other = ("en", "sv") if path.startswith("/en/") else ("sv", "en")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in html
    assert f'hreflang="{other}"' in html
    assert '<link rel="canonical"' in html
    assert re.search(r'<meta name="description" content="[^"]{40,160}"', html)
    assert html.count("<h1") == 1
    other_path = re.search(rf'rel="alternate" hreflang="{other}" href="[^"]*?://[^/"]+([^"]*)"', html)[1]
    assert client.get(other_path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_at_most_twelve_queries(client, guide, path, settings):
    client.get(f"{path}?warm=1")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(f"{path}?fresh=1").status_code == 200
    assert len(queries) <= 12, "\n".join(query["sql"][:160] for query in queries)


def test_a_step_costs_as_many_queries_with_many_methods_as_with_few(client, guide, step):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/guiden/undersoka/?fresh=1")
        return len(queries)

    count()
    few = count()
    for number in range(12):
        step.add_child(
            instance=MethodPage(
                title=f"Metod {number}", slug=f"metod-{number}", lead="Kort.", why="Därför.", when_to_use="Nu.",
                minutes=10, people_from=2, steps="[]", locale=step.locale,
            )
        )  # fmt: skip
        step.refresh_from_db()
    assert "Metod 11" in client.get("/guiden/undersoka/?fresh=1").content.decode()
    assert count() == few


@pytest.mark.parametrize("path", ["/guiden/finns-inte/", "/finns-inte/", "/en/guiden/"])
def test_an_unknown_address_is_not_found(client, guide, path):
    assert client.get(path).status_code == 404


def test_an_unpublished_page_is_not_found(client, guide, step):
    step.unpublish()
    assert client.get("/guiden/undersoka/").status_code == 404


def test_pages_answer_only_to_reading(client, guide):
    assert client.post("/guiden/").status_code == 405
    assert client.delete("/guiden/").status_code == 405


def test_the_site_map_lists_every_page_with_its_translation_and_the_catalogue_of_courses(client, guide):
    xml = client.get("/sitemap.xml").content.decode()
    pages = 2 * (SHIPPED + 1)
    assert xml.count("<loc>") == pages
    assert [xml.count(f'hreflang="{language}"') for language in ("sv", "en", "x-default")] == [pages] * 3
    assert "/kurser/</loc>" in xml
    assert "/en/kurser/</loc>" in xml
    assert "/en/guide/explore/interview/" in xml


def test_a_text_written_as_markdown_keeps_no_script():
    from guide.markdown import to_html

    html = to_html("# Rubrik\n\n<script>x()</script><a href='javascript:x()' onclick='x()'>a</a> <b style='x'>b</b>")
    assert "<script" not in html
    assert "javascript" not in html
    assert "onclick" not in html
    assert "style" not in html
    assert "<h2>Rubrik</h2>" in html


def _migrations_after(field):
    """What makemigrations would write if ArticlePage's body were `field`."""
    from django.db import connection as database
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(database)
    before = loader.project_state()
    after = before.clone()
    state: ModelState = after.models["guide", "articlepage"].clone()
    state.fields["body"] = field
    after.models["guide", "articlepage"] = state
    return MigrationAutodetector(before, ProjectState(after.models)).changes(graph=loader.graph)


@pytest.mark.django_db
def test_a_changed_block_makes_no_migration():
    other_blocks = [("text", blocks.CharBlock()), ("new", blocks.StructBlock([("a", blocks.IntegerBlock())]))]
    with translation.override(None):  # as a migration has it: in no language
        help_text = str(ArticlePage._meta.get_field("body").help_text)
    assert _migrations_after(BodyField(other_blocks, verbose_name="text", help_text=help_text)) == {}
    assert _migrations_after(BodyField(other_blocks, verbose_name="another word", help_text=help_text)) != {}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "guide", check=True, dry_run=True, verbosity=0)
