"""A visitor finds the method: front page, step 2, an exercise."""

import re

from playwright.sync_api import expect

from tests.support.browser import check, visit


def test_a_visitor_goes_from_the_front_page_to_step_two_and_an_exercise(open_page):
    page = open_page()
    visit(page, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gör tjänsten tillsammans med dem som använder den")
    expect(page.get_by_text(re.compile(r"\d+ av \d+ platser kvar")).first).to_be_visible()
    page.get_by_role("link", name="Undersöka").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undersöka")
    check(page)
    page.get_by_role("link", name="Intervju", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Intervju")
    expect(page.get_by_role("heading", name="Be om en berättelse")).to_be_visible()
    check(page)
