"""Eight people, thirty minutes, step 4: from the front page to the exercise on the big screen, in as few steps as that.

What a walk costs is held: the pages that are opened, the clicks or the keys, and the seconds that the site takes of the
minute that a person has.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.support.browser import check

ADDRESS = re.compile(r"/metoder/\?step=4&minutes=30&people=8$")
# The minute that a person has. The site takes a few seconds of it, on a loaded machine more.
SECONDS = 60
# On a phone the menu is opened first.
WIDTHS = [
    pytest.param({"width": 1280}, False, id="wide"),
    pytest.param({"width": 390, "height": 844}, True, id="phone"),
]


class Walk:
    """Counts what it takes to come from one page to another."""

    def __init__(self, page):
        self.page = page
        self.pages = []
        self.clicks = self.keys = 0
        page.on("request", self._note)
        page.goto("/")
        self.began = time.monotonic()

    def _note(self, request):
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.pages.append(request.url)

    def click(self, target):
        target.click()
        self.clicks += 1

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1

    def tab_to(self, target):
        """By Tab alone, as someone who can't point: what is not on the way is not reached."""
        for _press in range(60):
            self.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {target}")

    def assert_cost(self, *, pages, seconds=SECONDS):
        assert len(self.pages) == pages, self.pages
        assert time.monotonic() - self.began < seconds


def the_group_sees_the_exercise(page):
    expect(page).to_have_url(re.compile(r"/visa/[-0-9a-f]+/$"))
    page.wait_for_load_state()  # the keys are heard from then on
    expect(page.get_by_role("heading", level=1)).to_have_text("Läs frågan")
    expect(page.get_by_text("1 av 4")).to_be_visible()


@pytest.mark.parametrize(("size", "has_menu"), WIDTHS)
def test_from_the_front_page_to_the_big_screen_in_five_clicks(open_page, size, has_menu):
    page = open_page(**size)
    walk = Walk(page)
    if has_menu:
        walk.click(page.get_by_text("Meny", exact=True))
    walk.click(page.get_by_role("navigation").get_by_role("link", name="Metoder", exact=True).first)
    walk.click(page.locator("label", has_text="Ta fram idéer"))
    expect(page).to_have_url(re.compile("step=4"))
    walk.click(page.locator("label", has_text="Högst 30 min"))
    page.get_by_label("Hur många är ni?").fill("8")
    page.keyboard.press("Enter")
    expect(page).to_have_url(ADDRESS)
    walk.click(page.get_by_role("link", name="Brainwriting", exact=True))
    walk.click(page.get_by_role("link", name="Visa för gruppen"))
    the_group_sees_the_exercise(page)
    # The library narrows in place: of pages there are the front page, the library, the exercise and the screen.
    walk.assert_cost(pages=4)
    assert walk.clicks == 5 + has_menu
    check(page)


@pytest.mark.parametrize(("size", "has_menu"), WIDTHS)
def test_by_keys_alone(open_page, size, has_menu):
    page = open_page(**size)
    walk = Walk(page)
    if has_menu:
        walk.tab_to(page.locator("summary", has_text="Meny"))
        walk.press("Enter")
    walk.tab_to(page.get_by_role("navigation").get_by_role("link", name="Metoder", exact=True).first)
    walk.press("Enter")
    page.wait_for_url("**/metoder/")
    walk.tab_to(page.locator("#step-4"))
    walk.press("Space")
    expect(page).to_have_url(re.compile("step=4"))
    expect(page.locator(":focus")).to_have_attribute("id", "step-4")
    walk.tab_to(page.locator("input[name=minutes]:checked"))
    for choice in ("minutes-15", "minutes-30"):
        walk.press("ArrowDown")
        expect(page.locator(":focus")).to_have_attribute("id", choice)
        expect(page).to_have_url(re.compile(f"minutes={choice.removeprefix('minutes-')}"))
    walk.tab_to(page.get_by_label("Hur många är ni?"))
    walk.press("8")
    walk.press("Enter")
    expect(page).to_have_url(ADDRESS)
    walk.tab_to(page.get_by_role("link", name="Brainwriting", exact=True))
    walk.press("Enter")
    page.wait_for_url("**/brainwriting/")
    walk.tab_to(page.get_by_role("link", name="Visa för gruppen"))
    walk.press("Enter")
    the_group_sees_the_exercise(page)
    walk.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv tre idéer")
    walk.assert_cost(pages=4)
    # Fifty-four of them when this was written, forty-eight on a phone.
    assert walk.keys <= 60, walk.keys
    check(page)
