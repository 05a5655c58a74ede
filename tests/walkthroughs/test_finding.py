"""A newcomer finds an exercise for eight people and thirty minutes in step 4: by mouse, by keys alone, on a phone."""

import re

from playwright.sync_api import expect

from tests.support.browser import check, visit
from tests.support.windows import windows

ADDRESS = re.compile(r"/metoder/\?step=4&minutes=30&people=8$")


def leave_only_what_fits(page):
    expect(page).to_have_url(ADDRESS)
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^\d+ av \d+ metoder$"))).to_be_visible()
    expect(page.get_by_label(re.compile("Ta fram idéer"))).to_be_checked()


def open_an_exercise(page):
    page.get_by_role("link", name="Brainwriting", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brainwriting")


def test_a_newcomer_finds_an_exercise_by_mouse(open_page):
    page = open_page()
    visit(page, "/metoder/")
    page.evaluate("() => { window.stays = true }")
    page.get_by_label(re.compile("Ta fram idéer")).check()
    page.get_by_label(re.compile("Högst 30 min")).check()
    page.get_by_label("Hur många är ni?").fill("8")
    page.get_by_label("Hur många är ni?").press("Enter")
    leave_only_what_fits(page)
    assert page.evaluate("() => window.stays"), "the page was loaded anew"
    check(page)
    open_an_exercise(page)
    page.go_back()
    leave_only_what_fits(page)


def test_a_newcomer_finds_an_exercise_by_keys_alone(open_page):
    page = open_page()
    visit(page, "/metoder/", checked=False)
    page.get_by_label(re.compile("Ringa in")).focus()
    for _step in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("step=4"))
    expect(page.locator(":focus")).to_have_attribute("id", "step-4")
    for _step in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("minutes=30"))
    expect(page.locator(":focus")).to_have_attribute("id", "minutes-30")
    page.keyboard.press("Tab")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    leave_only_what_fits(page)
    page.get_by_role("link", name="Brainwriting", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Brainwriting")


def test_a_newcomer_finds_an_exercise_on_a_phone(open_page):
    page = open_page(width=390, height=844)
    visit(page, "/metoder/")
    page.get_by_label(re.compile("Ta fram idéer")).check()
    page.get_by_label(re.compile("Högst 30 min")).check()
    page.get_by_label("Hur många är ni?").fill("8")
    page.get_by_label("Hur många är ni?").press("Enter")
    leave_only_what_fits(page)
    page.get_by_role("link", name=re.compile(r"^Se de \d+ metoderna")).click()
    open_an_exercise(page)


def test_the_library_works_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/metoder/")
    page.locator("#step-4").check()
    page.locator("#library-people").fill("8")
    page.locator("#library-filters button[type=submit]").click()
    expect(page.locator("#library-count")).to_have_text(re.compile(r"^\d+ av \d+ metoder$"))


@windows(["/metoder/?step=4", "/en/methods/?step=4&people=1", "/sok/?q=brainwritting", "/en/sok/?q=xyzzyxyzzy"], "path")
def test_finding_is_for_everyone(open_page, path, scheme):
    visit(open_page(width=390, height=844, color_scheme=scheme), path)


def test_a_slip_of_the_fingers_finds_the_method_from_any_page(open_page):
    page = open_page()
    visit(page, "/kurser/", checked=False)
    page.get_by_role("searchbox", name="Sök på webbplatsen").fill("brainwritting")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Visar träffar för brainwriting")).to_be_visible()
    check(page)
    open_an_exercise(page)
