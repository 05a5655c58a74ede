"""Every kind of page of the guide, in both languages and both themes, on each width; and words that explain
themselves, by keyboard and by finger."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import assert_nothing_overflows, check, visit

KINDS = {
    "sv": ["/", "/guiden/", "/guiden/undersoka/", "/guiden/undersoka/intervju/", "/metoder/", "/fall/",
           "/fall/elevens-resa/", "/ordlista/", "/ordlista/prototyp/", "/forsta-dagen/", "/om-tjanstedesign/",
           "/tillganglighet/"],
    "en": ["/en/", "/en/guide/", "/en/guide/explore/", "/en/guide/explore/interview/"],
}  # fmt: skip
WIDTHS = [320, 768, 1440]


# Every page, each language and each theme in every run; all of them with each other in the long one.
@pytest.mark.parametrize(
    ("language", "scheme"),
    [
        ("sv", "light"),
        ("en", "dark"),
        pytest.param("sv", "dark", marks=pytest.mark.long),
        pytest.param("en", "light", marks=pytest.mark.long),
    ],
)
def test_every_kind_of_page_can_be_read_by_everyone_on_every_width(open_page, site, language, scheme):
    page = open_page(width=390, height=844, color_scheme=scheme)
    paths = list(KINDS["sv"])
    if language == "en":
        # The translation that each Swedish page names as its own.
        paths = []
        for path in KINDS["sv"]:
            page.goto(path)
            paths.append(page.locator('link[rel="alternate"][hreflang="en"]').get_attribute("href"))
        assert {path.removeprefix(site.url) for path in paths} >= set(KINDS["en"])
    for path in paths:
        visit(page, path)
        assert page.locator("html").get_attribute("lang") == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert_nothing_overflows(page)
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_part_of_the_introduction_leads_to_the_next_until_the_last(open_page):
    page = open_page(width=390, height=844)
    visit(page, "/forsta-dagen/")
    page.get_by_role("link", name="Börja med första delen").click()
    parts = 1
    while (onward := page.get_by_role("link", name="Nästa del")).count():
        check(page)
        onward.click()
        parts += 1
        expect(page.get_by_text(f"Del {parts} av", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Det var sista delen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Din första dag med tjänstedesign")


def test_a_word_explains_itself_by_keyboard_and_gives_the_place_back(open_page):
    page = open_page()
    visit(page, "/guiden/undersoka/")
    word = page.locator("a.term").first
    word.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    expect(panel).to_be_focused()
    expect(panel).to_contain_text(word.get_attribute("data-explanation"))
    check(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Läs mer")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ordlista/*/")


def test_a_word_explains_itself_under_a_finger_and_closes_beside_it(open_page):
    page = open_page(width=390, height=844, has_touch=True)
    visit(page, "/guiden/undersoka/", checked=False)
    word = page.locator("a.term").first
    word.scroll_into_view_if_needed()
    word.tap()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert_nothing_overflows(page)
    word.tap()
    expect(panel).to_be_hidden()
    word.tap()
    panel.get_by_role("button", name="Stäng").tap()
    expect(panel).to_be_hidden()


def test_without_script_a_word_is_a_link_to_its_own_page(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/guiden/undersoka/")
    page.locator("a.term").first.click()
    assert "/ordlista/" in page.url


def test_the_pupils_journey_leads_from_its_story_to_its_map_for_who_is_logged_in(log_in, open_page):
    stranger = open_page()
    visit(stranger, "/fall/elevens-resa/")
    expect(stranger.get_by_role("link", name="Logga in för att se resan")).to_be_visible()
    page = log_in("medarbetare")
    visit(page, "/fall/elevens-resa/")
    page.get_by_role("link", name="Öppna ”Elevens resa”").click()
    page.wait_for_url("**/resor/*/")
    expect(page.get_by_role("heading", name="Elevens resa")).to_be_visible()
