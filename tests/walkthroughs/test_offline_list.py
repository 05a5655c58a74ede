"""A day's list without network: opened anew, marked, sent once; and gone with whoever kept it."""

import pytest

from tests.support.browser import check, fill_in_log_in, forgive, visit
from tests.walkthroughs.test_attendance import (
    AN_HOUR_AGO,
    FACILITATOR,
    changes_of,
    days_of,
    two_coming_occasions,
    wait_until_sent,
)

KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('stigen.list.')).length"
PARTICIPANTS = """
WITH booked AS (
    INSERT INTO courses_booking (uuid, occasion_id, person_id, state, created_at)
    SELECT gen_random_uuid(), %s, id, 'booked', now() FROM people_person
    WHERE id NOT IN (SELECT person_id FROM courses_booking) AND email > '' ORDER BY id DESC LIMIT 2
    RETURNING id, person_id
)
INSERT INTO courses_bookingevent (booking_id, state, at, by_id, why, to_tell)
SELECT id, 'booked', now(), person_id, '', false FROM booked RETURNING id"""


@pytest.fixture
def day(site):
    """Today's day of an occasion of its own, with two participants: its address and the session."""
    occasion, _other = two_coming_occasions(site)
    session, _later = days_of(site, occasion)
    site.rows(
        f"UPDATE courses_session SET starts_at = {AN_HOUR_AGO}, ends_at = {AN_HOUR_AGO} + interval '1 hour' "
        "WHERE id = %s",
        session,
    )
    site.rows(f"UPDATE courses_occasion SET starts_at = {AN_HOUR_AGO} WHERE id = %s", occasion)
    assert len(site.rows(PARTICIPANTS, occasion)) == 2
    return f"/kurstillfallen/{occasion}/dag/{session}/", session


def keep(page, address):
    visit(page, address, checked=False)
    page.wait_for_selector("html[data-attendance=ready][data-kept=ready]")


def open_kept(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-attendance=ready]")
    page.get_by_text(", du är utan nät").wait_for()
    forgive(page)


def keys_in(page):
    return [each["name"] for each in page.context.cookies() if each["name"].startswith("stigen_list_")]


def test_a_list_opens_without_network_and_its_marks_arrive_once(site, log_in, day):
    address, session = day
    page = log_in(FACILITATOR)
    keep(page, address)
    name = page.locator(".attendance__name").first.inner_text()
    assert name not in page.evaluate("() => JSON.stringify({ ...localStorage })")

    context = page.context
    context.set_offline(True)
    open_kept(page, address)
    check(page)
    people = page.locator(".attendance__person")
    assert people.count() == 2
    people.nth(0).get_by_role("button", name="Här").click()
    page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()

    # Closed, and opened anew in another tab: the mark still stands there.
    again = context.new_page()
    page.close()
    again.goto(address)
    people = again.locator(".attendance__person")
    people.nth(0).get_by_text("Närvarande · väntar på nät").wait_for()
    people.nth(1).locator("summary").click()
    people.nth(1).get_by_label("Minuter på plats").fill("45")
    people.nth(1).get_by_role("button", name="Spara").click()
    again.get_by_text("2 närvaromarkeringar väntar på nät.").wait_for()
    # The first may have left with the tab that was closed, which some browsers let through; this one can't have.
    assert "left_early" not in [state for _booking, state in changes_of(site, session)]

    context.set_offline(False)
    again.get_by_text("Allt är skickat.").wait_for()
    assert [state for _booking, state in changes_of(site, session)] == ["present", "left_early"]
    again.get_by_role("link", name="Öppna listan på nytt").click()
    again.get_by_role("link", name="Lista att skriva ut (PDF)").wait_for()
    assert again.get_by_text("Sparad lista").count() == 0
    assert len(changes_of(site, session)) == 2


def test_what_is_kept_goes_with_the_log_out_and_is_never_anothers(site, log_in, day):
    address, session = day
    page = log_in(FACILITATOR)
    page.context.clear_cookies()  # a log-in of its own: others go on with theirs
    fill_in_log_in(page, FACILITATOR)
    keep(page, address)
    page.context.set_offline(True)
    open_kept(page, address)
    page.get_by_role("button", name="Borta").first.click()
    page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()

    # The log-in ends without a script having the chance to erase anything: the key is gone, and so is the list.
    assert keys_in(page)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/min-sida/")
    with page.expect_navigation():
        page.evaluate("() => document.querySelector('form.site-log-out').submit()")
    assert page.evaluate(KEPT) == 1
    assert keys_in(page) == []
    page.context.set_offline(True)
    page.goto(address)
    page.get_by_role("heading", name="Listan är inte sparad i den här webbläsaren").wait_for()
    assert page.locator(".attendance__person:visible").count() == 0
    forgive(page)
    check(page)

    # Another logs in: what the first one kept goes, and the mark waits for whoever made it.
    page.goto("about:blank")
    page.context.set_offline(False)
    fill_in_log_in(page, "admin@skarvik.example")
    keep(page, address)
    assert page.evaluate(KEPT) == 1
    assert page.get_by_text("närvaromarkering väntar").count() == 0
    assert changes_of(site, session) == []
    page.context.set_offline(True)
    open_kept(page, address)
    page.context.set_offline(False)
    page.goto("/min-sida/")
    page.goto("/konto/logout/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Logga ut").click()
    assert page.evaluate(KEPT) == 0
    fill_in_log_in(page, FACILITATOR)
    visit(page, "/processledare/", checked=False)
    wait_until_sent(page)
    assert [state for _booking, state in changes_of(site, session)] == ["absent"]
    forgive(page)


@pytest.mark.long
def test_a_list_opens_while_the_server_is_stopped(site, log_in, day):
    address, session = day
    page = log_in(FACILITATOR)
    keep(page, address)
    site.stop("web")
    try:
        page.goto(address)
        page.get_by_text(", sidan svarar inte").wait_for()
        page.get_by_role("button", name="Här").first.click()
        page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()
        page.reload()
        page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()
    finally:
        site.start_web()
    page.get_by_text("Allt är skickat.").wait_for(timeout=40_000)
    assert [state for _booking, state in changes_of(site, session)] == ["present"]
    forgive(page)
