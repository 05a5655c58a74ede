"""Marking the rest as present and taking it back: by keyboard, with the script or without, and without network."""

from playwright.sync_api import expect

from tests.support.browser import check, forgive, visit
from tests.walkthroughs.test_attendance import FACILITATOR, a_day_that_is_over, changes_of

ARRIVED = "() => !Object.keys(localStorage).some((key) => key.startsWith('stigen.attendance.'))"


def open_day(site, page):
    address, session = a_day_that_is_over(site)
    visit(page, address, checked=False)
    return session, page.locator(".attendance__person")


def told(page):
    return page.get_by_text("Du markerade resten som närvarande:")


def by_keyboard(page, name):
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_slip_is_undone_by_the_next_key(site, log_in):
    page = log_in(FACILITATOR)
    session, people = open_day(site, page)
    page.wait_for_selector("html[data-attendance=ready]")
    people.nth(0).get_by_role("button", name="Borta").click()
    page.wait_for_function(ARRIVED)
    many = people.count() - 1

    by_keyboard(page, "Markera resten som närvarande")
    expect(page.get_by_role("button", name="Ångra", exact=True)).to_be_visible()
    expect(told(page)).to_contain_text(f"{many} personer. Det går att ångra till ")
    check(page)
    expect(page.get_by_role("heading", name="Närvaro", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ångra", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Ångrat: {many} personer är inte längre markerade.")).to_be_visible()
    expect(page.get_by_role("button", name="Ångra", exact=True)).to_be_hidden()
    expect(page.get_by_role("heading", name="Närvaro", exact=True)).to_be_focused()
    expect(page.locator("[data-count]")).to_contain_text(f"1 av {many + 1} markerade, 0 här")
    check(page)
    people.nth(1).locator("summary").click()
    expect(people.nth(1)).to_contain_text("ångrade ”Markera resten som närvarande”")
    assert [state for _booking, state in changes_of(site, session)] == ["absent", *["present"] * many, *[""] * many]

    # What is tapped now is a first mark, and says nothing of the undo any more.
    people.nth(1).get_by_role("button", name="Här").click()
    expect(people.nth(1)).to_contain_text("Närvarande ·")
    expect(page.get_by_text("Ångrat:")).to_have_count(0)
    page.reload()
    expect(told(page)).to_be_hidden()


def test_it_is_offered_when_the_server_has_answered_and_while_nothing_waits(site, log_in):
    page = log_in(FACILITATOR)
    session, people = open_day(site, page)
    page.wait_for_selector("html[data-attendance=ready]")
    many = people.count()
    undo = page.get_by_role("button", name="Ångra", exact=True)
    page.context.set_offline(True)
    page.get_by_role("button", name="Markera resten som närvarande").click()
    page.get_by_text(f"{many} närvaromarkeringar väntar på nät.").wait_for()
    expect(told(page)).to_contain_text(f"{many} personer. Kan ångras när det är skickat.")
    expect(undo).to_be_hidden()
    page.context.set_offline(False)
    expect(undo).to_be_visible()
    expect(told(page)).to_contain_text(f"{many} personer. Det går att ångra till ")

    # One was not there: that tap arrives before anything can be undone, and stays.
    page.context.set_offline(True)
    people.nth(0).locator("summary").click()
    people.nth(0).get_by_label("Närvaro").select_option("absent")
    people.nth(0).get_by_label("Varför").fill("Kom aldrig")
    people.nth(0).get_by_role("button", name="Spara").click()
    page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()
    expect(undo).to_be_hidden()
    page.context.set_offline(False)
    expect(undo).to_be_visible()
    expect(told(page)).to_contain_text(f"{many - 1} personer")
    page.context.set_offline(True)
    undo.click()
    expect(page.get_by_text("Sidan svarar inte. Försök igen.")).to_be_visible()
    page.context.set_offline(False)
    forgive(page)  # the browser writes each try without network into its console
    undo.click()
    expect(page.get_by_text("1 markering har ändrats sedan dess och står kvar.")).to_be_visible()
    assert [state for _booking, state in changes_of(site, session)][-many:] == ["absent", *[""] * (many - 1)]


def test_without_a_script_the_keyboard_comes_to_what_was_marked_and_next_to_the_way_back(site, log_in):
    page = log_in(FACILITATOR, java_script_enabled=False)
    session, people = open_day(site, page)
    many = people.count()
    by_keyboard(page, "Markera resten som närvarande")
    expect(told(page)).to_contain_text(f"{many} personer")
    expect(page.locator("#undo")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ångra", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Ångrat: {many} personer är inte längre markerade.")).to_be_visible()
    expect(page.locator(".site-messages")).to_be_focused()
    expect(told(page)).to_be_hidden()
    assert [state for _booking, state in changes_of(site, session)] == [*["present"] * many, *[""] * many]
