"""The look: what is vendored is what it says, colours can be read, no page needs an inline style or script."""

import hashlib
import json
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from config.static_files import join_sheets

THEME = settings.SITE / "static" / "theme"
ROOMS = (settings.SITE, settings.ROOT / "courses", settings.ROOT / "journeys")
TEMPLATES = sorted(path for room in ROOMS for path in room.rglob("templates/**/*.html"))


def read_static(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")


# --- What is vendored ----------------------------------------------------------------------------
def test_every_vendored_file_is_the_one_the_manifest_names():
    manifest = json.loads((settings.SITE / "static/vendor/VENDORED.json").read_text(encoding="utf-8"))
    named = {name: digest for part in manifest for name, digest in part["files"].items()}
    for name, digest in named.items():
        assert hashlib.sha256((settings.ROOT / name).read_bytes()).hexdigest() == digest, name
    # What tests alone use may lie beside axe-core with a note of its own; what is served is all named.
    folders = [settings.SITE / "static/vendor", settings.ROOT / "tests/support/vendor/axe-core"]
    folders.append(settings.SITE / "shared/typeset/fonts")
    there = {path.relative_to(settings.ROOT).as_posix() for folder in folders for path in folder.rglob("*.*")}
    there |= {path.relative_to(settings.ROOT).as_posix() for folder in folders for path in folder.rglob("LICENSE")}
    assert there - {"site/static/vendor/VENDORED.json"} == set(named)


def test_every_vendored_part_has_a_version_and_a_licence():
    manifest = json.loads((settings.SITE / "static/vendor/VENDORED.json").read_text(encoding="utf-8"))
    for part in manifest:
        assert re.fullmatch(r"\d+\.\d+\.\d+", part["version"]), part["package"]
        assert part["licence"]
        assert any(name.endswith("LICENSE") for name in part["files"]), part["package"]


def test_every_icon_a_template_asks_for_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([\w-]+)"', read_static("vendor/aksel-icons/icons.svg")))
    asked = {name for path in TEMPLATES for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text("utf-8"))}
    assert asked - there == set()


# --- No inline style or script -------------------------------------------------------------------
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/(?:json|ld\+json))", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"(?:href|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
}


# Letters are read by mail programs, which know no stylesheets, and the editor's pages have a policy of their own.
def is_a_page(path: Path) -> bool:
    return "letters/letter.html" not in path.as_posix() and "/administration/" not in path.as_posix()


PAGES = [path for path in TEMPLATES if is_a_page(path)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_template_holds_no_inline_style_or_script(path):
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


# --- Colours ---------------------------------------------------------------------------------------
FAMILIES = ["accent", "brand1", "neutral", "info", "success", "warning", "danger"]
GROUNDS = ["background-default", "background-tinted", "surface-default", "surface-tinted", "surface-hover"]
# WCAG AA: 4.5 for text, 3 for the edges of what one can act on. Body text aims at AAA.
NEEDED = [("text-default", 7.0), ("text-subtle", 4.5), ("border-strong", 4.0), ("border-default", 3.0)]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def read_colours(scheme: str) -> dict[str, str]:
    pairs = re.findall(
        r"--ds-color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", read_static("theme/theme.css")
    )
    return {name: light if scheme == "light" else dark for name, light, dark in pairs}


def test_the_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("family", FAMILIES)
def test_text_and_edges_can_be_told_from_every_ground(scheme, family):
    colours = read_colours(scheme)
    faint = [
        (ink, ground, round(seen, 2))
        for ink, needed in NEEDED
        for ground in GROUNDS
        for base in {family, "neutral"}
        if (seen := contrast(colours[f"{family}-{ink}"], colours[f"{base}-{ground}"])) < needed - 0.005
    ]
    assert faint == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("family", FAMILIES)
def test_text_on_a_filled_button_can_be_read_in_each_of_its_states(scheme, family):
    colours = read_colours(scheme)
    for state in ("base-default", "base-hover", "base-active"):
        assert contrast(colours[f"{family}-base-contrast-default"], colours[f"{family}-{state}"]) >= 4.5


def test_every_token_that_the_components_ask_for_is_given():
    asked = set(re.findall(r"var\((--ds-[\w-]+)", read_static("vendor/designsystemet/designsystemet.css")))
    ours = "".join(read_static(f"theme/{name}.css") for name in ("theme", "sizes", "colour-roles"))
    given = set(re.findall(r"(--ds-[\w-]+):", ours))
    given |= set(re.findall(r"(--ds-[\w-]+):", read_static("vendor/designsystemet/designsystemet.css")))
    assert asked - given == set()


def test_no_page_and_not_the_common_stylesheet_names_a_colour_itself():
    """A municipality changes theme.css and the logo, nothing else."""
    colour = re.compile(r"(?<![&\w])#(?:[0-9a-f]{6}|[0-9a-f]{3,4})\b(?=[\s;,)\"'])")
    named = {
        f"{path.name}: {found}"
        for path in [*PAGES, THEME / "site.css"]
        for found in colour.findall(path.read_text("utf-8"))
    }
    assert named == set()


def test_browsers_hear_of_the_same_colours_as_the_stylesheet_uses(client, db):
    light, dark = read_colours("light"), read_colours("dark")
    page = client.get("/konto/login/").text
    assert f'content="{light["neutral-background-default"]}" media="(prefers-color-scheme: light)"' in page
    assert f'content="{dark["neutral-background-default"]}" media="(prefers-color-scheme: dark)"' in page
    (address,) = re.findall(r'rel="manifest" href="([^"]+)"', page)
    manifest = client.get(address)
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["background_color"] == light["neutral-background-default"]
    assert manifest.json()["theme_color"] == light["accent-base-default"]
    for icon in manifest.json()["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))


# --- The base page -----------------------------------------------------------------------------------
def test_a_page_for_everyone_carries_no_token(client, db):
    response = client.get("/robots.txt")
    assert response.status_code == 200
    response = client.get("/finns-inte/")
    assert b"csrfmiddlewaretoken" not in response.content
    assert not response.cookies


def test_the_page_says_its_language_and_leads_to_the_other(client, db):
    swedish = client.get("/stil/").content.decode()
    assert '<html lang="sv">' in swedish
    assert 'href="/en/stil/" hreflang="en" lang="en"' in swedish
    english = client.get("/en/stil/").content.decode()
    assert '<html lang="en">' in english
    assert 'href="/stil/" hreflang="sv" lang="sv"' in english


def test_the_first_thing_to_reach_skips_to_the_content(client, db):
    page = client.get("/stil/").content.decode()
    body = page[page.index("<body") :]
    assert re.search(r"<a [^>]*href=\"([^\"]+)\"", body).group(1) == "#main"
    assert '<main id="main"' in body


def test_the_menu_shows_what_the_role_may_use(client, cast):
    def menu_of(person):
        client.force_login(person)
        page = client.get("/stil/").content.decode()
        return re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL).group(0)

    assert "Uppföljning" not in menu_of(cast.outsider)
    assert "Processledare" not in menu_of(cast.outsider)
    assert "Utskick" not in menu_of(cast.outsider)


# --- The picture of the path -------------------------------------------------------------------------
def render_path(**options) -> str:
    from django.template.loader import render_to_string

    from config.style_page import STOPS
    from shared.templatetags.parts import path_picture

    return render_to_string("parts/path.html", path_picture(STOPS, **options))


def test_the_path_is_a_list_of_six_links_and_its_drawing_is_silent():
    page = render_path()
    assert len(re.findall(r'<a class="path__link" href="#"', page)) == 6
    assert all('aria-hidden="true"' in drawing for drawing in re.findall(r"<svg[^>]*>", page))


def test_the_path_says_where_you_are_and_what_is_done_in_words_too():
    page = render_path(current=3, done=[1, 2], size="small")
    assert page.count('aria-current="step"') == 1
    assert page.count("(klart)") == 2
    assert page.count("(kvar att göra)") == 3
    assert "Steg 3 av 6: Fokusera" in page


# --- Forms ----------------------------------------------------------------------------------------------
def test_an_error_stands_at_its_field_and_in_the_summary_and_keeps_what_was_typed():
    from config.style_page import SampleForm

    page = str(SampleForm({"name": "", "email": "anna@", "unit": "b"}))
    summary = page[: page.index('class="form-fields"')]
    assert 'href="#id_email"' in summary
    email = re.search(r'<input[^>]*name="email"[^>]*>', page).group(0)
    assert 'value="anna@"' in email
    assert 'aria-invalid="true"' in email
    assert 'aria-describedby="id_email_error"' in email
    assert 'class="ds-input"' in email
    assert 'id="id_email_error"' in page
    name = re.search(r'<input[^>]*name="name"[^>]*>', page).group(0)
    assert 'aria-describedby="id_name_helptext id_name_error"' in name


def test_every_id_that_a_field_points_at_is_on_the_page():
    from config.style_page import SampleForm

    page = str(SampleForm({"email": "anna@"}))
    pointed = {name for group in re.findall(r'aria-describedby="([^"]+)"', page) for name in group.split()}
    pointed |= set(re.findall(r'href="#([^"]+)"', page))
    pointed |= set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    assert pointed - set(re.findall(r' id="([^"]+)"', page)) == set()


# --- Log-in and errors ------------------------------------------------------------------------------------
def test_the_demo_log_ins_are_shown_in_a_demo_and_nowhere_else(client, db, settings):
    settings.DEMO = True
    assert "processledare@skarvik.example" in client.get("/konto/login/").content.decode()
    settings.DEMO = False
    page = client.get("/konto/login/").content.decode()
    assert "skarvik.example" not in page
    assert "stigen-demo" not in page


def test_a_wrong_password_is_told_above_the_form_and_the_address_is_kept(client, cast):
    page = client.post("/konto/login/", {"login": cast.employee.email, "password": "fel-losenord"}).content.decode()
    assert '<div class="ds-error-summary" role="alert" tabindex="-1" autofocus' in page
    assert cast.employee.email in page


def test_an_unknown_page_says_what_happened_and_what_to_do(client, db):
    response = client.get("/finns-inte/")
    assert response.status_code == 404
    assert "Här tar stigen slut" in response.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_saved(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/konto/login/", {"login": "a@b.se", "password": "x"})
    assert response.status_code == 403
    assert "Inget har sparats" in response.content.decode()


def test_a_wrong_method_gets_a_page_in_a_browser_and_silence_elsewhere(client, db):
    response = client.post("/robots.txt", headers={"accept": "text/html"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "Det går inte att göra här" in response.content.decode()
    assert client.post("/robots.txt").content == b""


def test_the_page_for_our_own_fault_needs_neither_request_nor_database():
    from django.template.loader import render_to_string

    page = render_to_string("500.html")
    assert "Något gick fel hos oss" in page
    assert "<form" not in page


# --- Size ----------------------------------------------------------------------------------------------------
BUDGET = 150_000


def compressed(text: str) -> int:
    return len(brotli.compress(text.encode(), quality=5))


def test_the_heaviest_page_of_ours_stays_within_its_budget(client, db):
    """The style page shows every component at once. What it needs beside fonts: itself, the sheet, icons and logo."""
    page = client.get("/stil/").content.decode()
    needed = {"page": compressed(page), "sheet": compressed(join_sheets("theme/all.css", read_static))}
    for name in set(re.findall(r'(?:src|href)="/static/([^"#]+)', page)):
        if not name.endswith((".woff2", ".png", "all.css")):
            needed[name] = compressed(read_static(name))
    assert sum(needed.values()) <= BUDGET / 2, needed


def test_a_page_asks_for_one_shared_stylesheet():
    base = (settings.SITE / "templates/base.html").read_text("utf-8")
    assert base.count('rel="stylesheet"') == 1


def test_joining_leaves_no_import_and_loses_no_rule():
    joined = join_sheets("theme/all.css", read_static)
    assert "@import" not in joined
    for name in ("theme", "sizes", "colour-roles", "site", "parts", "path", "my-page", "print"):
        assert compressed(read_static(f"theme/{name}.css")) > 0
    for rule in (".ds-button", ".site-header", ".next-thing", ".path__mark", "@media print"):
        assert rule in joined


def test_the_footer_leads_to_the_source_code_where_an_address_is_given(db, client, settings):
    settings.PAGE_CACHE_SECONDS = 0
    assert "Källkod" not in client.get("/konto/login/").content.decode()
    settings.SOURCE_URL = "https://code.example/stigen"
    assert '<a href="https://code.example/stigen">Källkod</a>' in client.get("/konto/login/").content.decode()
