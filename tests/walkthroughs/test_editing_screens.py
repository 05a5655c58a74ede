"""Editors at their own screens: by keyboard, on a phone, in both themes, and two of them at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import assert_nothing_overflows, assert_page_is_accessible, forgive
from tests.support.windows import windows


@pytest.fixture
def method(site):
    return site.rows("SELECT id FROM wagtailcore_page WHERE url_path LIKE '%%/guiden/ringa-in/aktorskarta/'")[0][0]


@windows([390, 1440], "width")
def test_our_own_screens_are_accessible(log_in, method, site, width, scheme):
    site.rows(
        "INSERT INTO guide_externallink (url, state, trouble, checked_at, broken_since) "
        "VALUES ('https://exempel.example/' || repeat('lang/', 40), 'broken', '404', now(), now()) "
        "ON CONFLICT DO NOTHING"
    )
    page = log_in("redaktor", width=width, color_scheme=scheme)
    page.goto("/guiden/fokusera/")
    page.get_by_role("button", name="Nej").first.click()
    page.get_by_label("Vad saknades?").fill("Ett exempel från förskolan")
    page.get_by_role("button", name="Skicka", exact=True).click()
    expect(page.get_by_text("Redaktörerna läser det.")).to_be_visible()
    for path in ("", "omdomen/", "lankar/", f"sidor/{method}/dela/", f"sidor/{method}/sprak/"):
        page.goto(f"/cms/{path}")
        if path.endswith("sprak/"):
            expect(page.locator(".guide-cell [role=textbox]").first).to_have_attribute(
                "aria-labelledby", re.compile(".")
            )
        assert_nothing_overflows(page)
        assert_page_is_accessible(page)


def test_two_editors_side_by_side_lose_nothing(log_in, method):
    first, second = log_in("redaktor"), log_in("admin")
    for page in (first, second):
        page.goto(f"/cms/sidor/{method}/sprak/")
    second.get_by_label("Varför (svenska)").fill("Den andras varför.")
    second.get_by_label("När (svenska)").fill("Den andras när.")
    press_save(second)
    expect(second.get_by_text("Sparat som utkast: svenska.")).to_be_visible()
    first.get_by_label("När (svenska)").fill("Mitt när.")
    first.get_by_label("Varför (engelska)").fill("My why.")
    press_save(first)
    expect(first.get_by_text("Texten ändrades av någon annan medan du skrev.")).to_be_visible()
    expect(first.get_by_label("När (svenska)")).to_have_value("Mitt när.")
    expect(first.get_by_text("Den andras när.")).to_be_visible()
    expect(first.get_by_label("Varför (svenska)")).to_have_value("Den andras varför.")
    forgive(first)  # the refusal stands in the browser's console
    assert_page_is_accessible(first)
    press_save(first)
    expect(first.get_by_text("Sparat som utkast: svenska och engelska.")).to_be_visible()
    expect(first.get_by_label("När (svenska)")).to_have_value("Mitt när.")


def press_save(page: Page) -> None:
    button = page.get_by_role("button", name="Spara som utkast")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
