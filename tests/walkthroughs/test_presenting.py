"""A group does an exercise: someone shows it on the big screen, by the keys of a remote control."""

import datetime as dt

from playwright.sync_api import expect

from tests.support.browser import check, visit

EXERCISE = "/guiden/ta-fram-ideer/brainwriting/"


def open_at_nine(open_page, **options):
    page = open_page(**options)
    page.clock.install(time=dt.datetime(2027, 3, 2, 9, 0))
    return page


def test_an_exercise_is_shown_by_keyboard_and_its_time_runs(open_page):
    page = open_at_nine(open_page, width=1440)
    visit(page, EXERCISE)
    show = page.get_by_role("link", name="Visa för gruppen")
    show.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Läs frågan")
    expect(page.get_by_text("1 av 4")).to_be_visible()
    check(page)

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv tre idéer")
    expect(page.locator("[data-said]")).to_have_text("2 av 4: Skriv tre idéer")
    timer = page.locator("[data-slide='2']").get_by_role("timer")
    expect(timer).to_have_text("5:00")

    # From here the clock stands still but for what is run; a tenth more, so that the second has turned.
    page.clock.pause_at(dt.datetime(2027, 3, 2, 9, 30))
    start = page.get_by_role("button", name="Starta tiden")
    start.focus()
    page.keyboard.press("Enter")
    page.clock.run_for(60_100)
    expect(timer).to_have_text("4:00")
    page.get_by_role("button", name="+1 min").click()
    expect(timer).to_have_text("5:00")

    # A reload in the middle loses neither the step nor the time.
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv tre idéer")
    expect(timer).to_have_text("5:00")
    page.get_by_role("button", name="Pausa").click()
    page.clock.run_for(120_000)
    expect(timer).to_have_text("5:00")
    page.get_by_role("button", name="Fortsätt").click()
    page.clock.run_for(245_000)
    expect(page.locator("[data-said]")).to_have_text("En minut kvar")
    page.clock.run_for(60_000)
    expect(timer).to_have_text("0:00")
    expect(page.locator("[data-said]")).to_have_text("Tiden är slut")
    page.clock.resume()
    check(page)

    page.keyboard.press("End")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bra jobbat!")
    check(page)
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{EXERCISE}")


def test_it_works_on_a_phone_and_without_a_script(open_page):
    phone = open_page(width=390, height=844)
    visit(phone, EXERCISE)
    phone.get_by_role("link", name="Visa för gruppen").click()
    phone.get_by_role("link", name="Nästa").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Skriv tre idéer")
    check(phone)

    plain = open_page(width=1440, java_script_enabled=False)
    plain.goto(EXERCISE)
    plain.get_by_role("link", name="Visa för gruppen").click()
    expect(plain.get_by_text("3 min", exact=True)).to_be_visible()
    expect(plain.get_by_role("button", name="Starta tiden")).to_be_hidden()
    plain.get_by_role("link", name="Nästa").click()
    plain.wait_for_url("**/?steg=2")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Skriv tre idéer")
