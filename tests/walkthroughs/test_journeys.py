"""The way through a journey in real browsers: together, by keyboard, without network, on a phone, without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import assert_page_is_accessible, check, forgive, visit
from tests.support.windows import windows

NOTE = "Ringer skolan för att fråga om fritids"


@pytest.fixture
def path(site):
    (number,) = site.rows("SELECT id FROM journeys_journey WHERE title = 'Elevens resa'")[0]
    return f"/resor/{number}/"


def open_journey(page, path):
    visit(page, path, checked=False)
    page.wait_for_selector("html[data-journey=ready]")
    return page


def cell(page, step, lane):
    """The cell in column `step` (1 is the first) of row `lane`."""
    return page.locator(f".map__row:nth-child({lane}) > td").nth(step - 1)


def write_note(page, step, lane, text):
    target = cell(page, step, lane)
    target.focus()
    page.keyboard.press("n")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator(".note", has_text=text)).to_be_visible()


def test_a_note_by_one_appears_at_the_other_without_a_reload(log_in, path):
    elin, frida = open_journey(log_in("medarbetare"), path), open_journey(log_in("processledare"), path)
    frida.evaluate("window.notReloaded = true")
    with frida.expect_response(lambda response: "/operations/" in response.url):
        write_note(elin, 2, 1, NOTE)
    expect(frida.locator(".note", has_text=NOTE)).to_be_visible()
    for number in range(5):
        text = f"Lapp nummer {number} i dag"
        cell(elin, 3, 1).focus()
        elin.keyboard.press("n")
        elin.keyboard.type(text)
        elin.keyboard.press("Enter")
        frida.wait_for_selector(f".note:has-text('{text}')")
    assert frida.evaluate("window.notReloaded")
    expect(elin.locator("#journey-status")).to_contain_text("Sparat")


@pytest.mark.long
def test_the_page_is_accessible_also_while_writing_and_moving(log_in, path):
    page = open_journey(log_in("medarbetare"), path)
    check(page)
    cell(page, 4, 1).locator(".note").first.focus()
    page.keyboard.press("Enter")
    assert_page_is_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_page_is_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert_page_is_accessible(page)


@windows([320, 390, 768, 1440], "width")
def test_the_map_fits_every_window(log_in, path, width, scheme):
    page = open_journey(log_in("chef", width=width, color_scheme=scheme), path)
    check(page)


def test_everything_can_be_done_by_keyboard_alone(log_in, path):
    page = open_journey(log_in("medarbetare"), path)
    stops = page.locator(".map__table [tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowDown")  # from the first step to the first note below it
    first = page.locator(":focus")
    text = first.locator(".note__text").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" Tillagt.")
    page.keyboard.press("Enter")
    changed = page.locator(".note", has_text=f"{text} Tillagt.")
    expect(changed).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Ångrar mig")
    page.keyboard.press("Escape")
    expect(changed.locator(".note__text")).to_have_text(f"{text} Tillagt.")
    page.keyboard.press("Alt+ArrowRight")
    expect(cell(page, 2, 1).locator(".note", has_text="Tillagt.")).to_be_focused()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Steg").select_option(index=2)
    dialog.get_by_role("button", name="Flytta hit").press("Enter")
    expect(cell(page, 3, 1).locator(".note", has_text="Tillagt.")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(".note", has_text="Tillagt.")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".note", has_text="Tillagt.")).to_have_count(1)
    expect(page.locator("#journey-status")).to_contain_text("Sparat")


def test_steps_rows_and_feelings_are_made_and_undone(log_in, path):
    page = open_journey(log_in("medarbetare"), path)
    steps = page.locator("th.map__step").count()
    page.get_by_text("Lägg till", exact=True).click()
    page.get_by_role("button", name="Lägg till steg", exact=True).click()
    page.keyboard.type("Skolavslutningen")
    page.keyboard.press("Enter")
    header = page.locator("th.map__step", has_text="Skolavslutningen")
    expect(header).to_be_focused()
    feeling = page.locator(".map__row--curve > td").nth(steps)
    feeling.focus()
    page.keyboard.press("+")
    expect(feeling).to_contain_text("bra")
    header.focus()
    page.keyboard.press("Delete")
    expect(page.locator("th.map__step")).to_have_count(steps)
    page.locator(".toast").get_by_role("button", name="Ångra").click()
    expect(page.locator("th.map__step")).to_have_count(steps + 1)
    expect(page.locator(".map__row--curve > td").nth(steps)).to_contain_text("bra")
    expect(page.locator("#journey-status")).to_contain_text("Sparat")


def test_what_is_written_without_network_is_kept_and_sent_when_it_is_back(log_in, path, site):
    page = open_journey(log_in("medarbetare"), path)
    text = "Skrivet i tunneln under sjön"
    page.context.set_offline(True)
    write_note(page, 5, 1, text)
    expect(page.locator("#journey-status")).to_contain_text("Utan kontakt")
    page.context.set_offline(False)
    # Even a page that goes away keeps it.
    page.reload()
    expect(page.locator(".note", has_text=text)).to_be_visible()
    expect(page.locator("#journey-status")).to_contain_text("Sparat", timeout=20_000)
    assert site.rows("SELECT count(*) FROM journeys_note WHERE text = %s", text) == [(1,)]
    forgive(page)


def test_a_half_written_note_is_there_after_a_reload(log_in, path):
    page = open_journey(log_in("medarbetare"), path)
    cell(page, 6, 1).focus()
    page.keyboard.press("n")
    page.keyboard.type("Halvfärdig tan")
    page.reload()
    expect(page.locator("textarea")).to_have_value("Halvfärdig tan")
    page.locator("textarea").focus()
    page.keyboard.press("End")
    page.keyboard.type("ke")
    page.keyboard.press("Enter")
    expect(page.locator(".note", has_text="Halvfärdig tanke")).to_be_visible()


def test_two_who_change_the_same_note_see_both_texts_and_choose(log_in, path):
    elin, frida = open_journey(log_in("medarbetare"), path), open_journey(log_in("processledare"), path)
    write_note(elin, 7, 5, "Ursprunget")
    theirs = frida.locator(".note", has_text="Ursprunget")
    theirs.focus()
    frida.keyboard.press("Enter")
    elin.locator(".note", has_text="Ursprunget").focus()
    elin.keyboard.press("Enter")
    elin.keyboard.press("Control+a")
    elin.keyboard.type("Elins ord")
    elin.keyboard.press("Enter")
    expect(elin.locator("#journey-status")).to_contain_text("Sparat")
    frida.locator("textarea").fill("Fridas ord")
    frida.keyboard.press("Enter")
    frida.locator("#journey-status").get_by_role("button", name="En text att jämföra").click()
    dialog = frida.get_by_role("dialog")
    expect(dialog).to_contain_text("Elins ord")
    expect(dialog.locator("textarea")).to_have_value("Fridas ord")
    assert_page_is_accessible(frida)
    dialog.get_by_role("button", name="Skriv ihop dem").click()
    dialog.get_by_role("button", name="Använd min").click()
    expect(elin.locator(".note", has_text=re.compile("Elins ord\\s*Fridas ord"))).to_be_visible()


def test_a_note_is_dragged_to_another_cell(log_in, path):
    page = open_journey(log_in("medarbetare"), path)
    write_note(page, 2, 1, "Ska dras")
    note = page.locator(".note", has_text="Ska dras")
    note.scroll_into_view_if_needed()
    start, goal = note.locator(".note__text").bounding_box(), cell(page, 3, 1).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(goal["x"] + 40, goal["y"] + 10, steps=8)
    page.mouse.up()
    expect(cell(page, 3, 1).locator(".note", has_text="Ska dras")).to_be_visible()
    expect(page.locator("#journey-status")).to_contain_text("Sparat")


def test_on_a_phone_one_step_at_a_time(log_in, path):
    page = open_journey(log_in("medarbetare", width=390, height=844), path)
    expect(page.locator("th.map__step:visible")).to_have_count(1)
    page.get_by_role("button", name="Nästa steg").click()
    expect(page.locator("th.map__step:visible")).to_contain_text("Väljer skola")
    page.locator(".cell__add:visible").first.click()
    page.keyboard.type("Från mobilen")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator(".note", has_text="Från mobilen")).to_be_visible()
    check(page)


def test_who_only_reads_sees_the_map_and_changes_nothing(log_in, path):
    page = open_journey(log_in("chef"), path)
    expect(page.locator(".cell__add")).to_have_count(0)
    cell(page, 1, 1).locator(".note").first.focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_have_count(0)


def test_without_a_script_the_map_is_read_and_a_note_is_added_and_changed(log_in, path):
    page = log_in("medarbetare", java_script_enabled=False)
    visit(page, path, checked=False)
    assert page.locator(".note").count() > 80
    page.locator(".cell__plain").first.click()
    page.get_by_label("Vad står det på lappen?").fill("Utan skript")
    page.get_by_role("button", name="Spara").click()
    note = page.locator(".note", has_text="Utan skript")
    expect(note).to_be_visible()
    note.get_by_role("link", name="Ändra").click()
    page.get_by_label("Vad står det på lappen?").fill("Utan skript, ändrad")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".note", has_text="Utan skript, ändrad")).to_be_visible()


def test_a_facilitator_makes_a_journey_and_invites_a_colleague(log_in, walker):
    page = log_in("processledare")
    visit(page, "/resor/")
    page.get_by_role("link", name="Ny resa").click()
    check(page)
    page.get_by_label("Vad heter resan?").fill("Att söka jobb hos oss")
    page.get_by_role("button", name="Skapa resan").click()
    page.wait_for_selector("html[data-journey=ready]")
    check(page)
    page.get_by_role("link", name="Dela och beskriv").click()
    check(page)
    page.get_by_role("textbox", name="Kollega").fill("medarbetare@skarvik.example")
    page.get_by_role("button", name="Bjud in").click()
    expect(page.get_by_role("listitem").filter(has_text="Ta bort Elin")).to_contain_text("Ändrar")
    other = walker.log_in("medarbetare")
    visit(other, "/resor/")
    other.get_by_role("link", name="Att söka jobb hos oss").click()
    expect(other.locator("h1")).to_have_text("Att söka jobb hos oss")
