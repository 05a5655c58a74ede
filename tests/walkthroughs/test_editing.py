"""A reader ticks the checklist, goes on where they left off, and says whether the page helped."""

import re

from playwright.sync_api import expect

from tests.support.browser import check, forgive, visit


def test_a_reader_ticks_the_checklist_and_goes_on_where_they_left_off(log_in):
    page = log_in("medarbetare", width=390)
    visit(page, "/guiden/undersoka/")
    box = page.get_by_role("checkbox").first
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Sparat.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("button", name="Markera som läst").press("Enter")
    expect(page.get_by_text("Du har läst den här sidan.")).to_be_visible()
    check(page)
    visit(page, "/")
    expect(page.get_by_role("heading", name="Fortsätt där du slutade")).to_be_visible()
    visit(page, "/min-sida/")
    expect(page.get_by_text(re.compile(r"1 av \d i checklistan"))).to_be_visible()


def test_a_visitor_says_that_the_page_did_not_help(open_page, site):
    (before,) = site.rows("SELECT coalesce(max(id), 0) FROM guide_pageopinion")[0]  # other walks answer too
    page = open_page()
    visit(page, "/guiden/fokusera/")
    page.get_by_role("button", name="Nej").press("Enter")
    expect(page.get_by_text("Tack. Du har svarat nej.")).to_be_focused()
    page.get_by_role("button", name="Skicka", exact=True).press("Enter")
    expect(page.get_by_text("Skriv en mening först.")).to_be_visible()
    expect(page.get_by_label("Vad saknades?")).to_be_focused()
    forgive(page)  # the refusal stands in the browser's console
    page.keyboard.type("Ett exempel från förskolan")
    check(page)
    page.get_by_role("button", name="Skicka", exact=True).click()
    expect(page.get_by_text("Redaktörerna läser det.")).to_be_visible()
    answers = site.rows(f"SELECT is_helpful, sentence FROM guide_pageopinion WHERE id > {before}")
    assert answers == [(False, "Ett exempel från förskolan")]


def test_without_the_script_the_answer_is_taken_all_the_same(open_page, site):
    page = open_page(java_script_enabled=False)
    page.goto("/guiden/testa-ideer/")
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.get_by_text("Tack. Du har svarat ja.")).to_be_visible()
    page.get_by_role("link", name="Tillbaka till sidan").click()
    expect(page).to_have_url(re.compile("/guiden/testa-ideer/$"))
