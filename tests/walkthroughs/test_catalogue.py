"""The catalogue by keyboard alone: filtered, told, shared, gone back from; and the same without script."""

import re

from playwright.sync_api import expect

from tests.support.browser import check, visit

TOLD = "#catalogue [role=status]"


def tab_to(page, name, *, most=40):
    """By Tab alone, as many as it takes from where the focus is."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id || document.activeElement.innerText") == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def shown(page):
    return page.locator("#catalogue .rows > li a").evaluate_all("(links) => links.map((each) => each.pathname)")


def test_the_catalogue_is_filtered_by_keyboard_and_shared_as_an_address(open_page):
    page = open_page()
    visit(page, "/kurser/")
    everything = shown(page)
    tab_to(page, "places_left")
    page.keyboard.press("Space")
    expect(page.locator(TOLD)).to_contain_text("tillfällen passar")
    assert page.url.endswith("?places_left=1")
    assert page.evaluate("() => document.activeElement.id") == "places_left"  # nothing jumps
    with_places = shown(page)
    assert 0 < len(with_places) < len(everything)

    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.id") == "where"
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"(?=.*where=)(?=.*places_left=1)"))
    narrow, address = shown(page), page.url
    assert set(narrow) < set(with_places)
    told = page.locator(TOLD).inner_text()
    assert told.startswith(f"{len(narrow)} ")
    check(page)

    page.go_back()
    expect(page.locator("#where")).to_have_value("")
    assert shown(page) == with_places
    page.go_back()
    expect(page.locator("#places_left")).not_to_be_checked()
    assert shown(page) == everything

    # Whoever gets the address sees the same, with script and without.
    plain = open_page(java_script_enabled=False)
    plain.goto(address)
    assert plain.locator("#catalogue .rows > li a").count() == len(narrow)
    assert plain.locator(TOLD).inner_text() == told
    plain.goto("/kurser/")
    plain.locator("#places_left").focus()
    plain.keyboard.press("Space")
    plain.keyboard.press("Tab")
    expect(plain.get_by_role("button", name="Visa", exact=True)).to_be_focused()
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/kurser/?*places_left=1*")
    assert plain.locator("#catalogue .rows > li a").count() == len(with_places)
