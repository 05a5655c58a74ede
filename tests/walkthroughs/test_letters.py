"""A letter on its way: asked for in the browser, sent by the worker, read by its receiver, seen by an administrator."""

import re

import pytest

from tests.support.browser import visit

EMPLOYEE = "chef@skarvik.example"


def test_a_forgotten_password_comes_by_letter_and_the_administrator_sees_that_it_left(open_page, log_in, mailbox):
    page = open_page()
    visit(page, "/konto/password/reset/")
    page.locator("input[name=email]").fill(EMPLOYEE)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()

    letter = mailbox.wait_for(to=EMPLOYEE, about="lösenord")
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body(("plain",)).get_content()
    link = re.search(r"https?://[^/\s]+(/\S*reset/key\S+)", text)[1]
    visit(page, link)
    assert page.locator("input[name=password1]").count() == 1

    administrator = log_in("admin")
    visit(administrator, "/utskick/?address=chef%40")
    administrator.get_by_role("link", name=re.compile("lösenord")).first.click()
    administrator.wait_for_load_state()
    shown = administrator.locator("main").inner_text()
    assert "skickat" in shown
    # A link that sets a password is for the one who got it, not for the administrator.
    assert "/reset/key/" not in administrator.content()


def test_a_key_to_the_api_is_made_shown_once_and_revoked(log_in):
    page = log_in("processledare")
    visit(page, "/min-sida/nycklar/")
    page.get_by_label("Vad ska nyckeln användas till?").fill("Tavlan i entrén")
    page.get_by_role("button", name="Skapa en nyckel").click()
    key = page.locator("#new-key").inner_text()
    answer = page.request.get("/api/v1/courses/", headers={"Authorization": f"Bearer {key}", "Cookie": ""})
    assert answer.status == 200
    assert set(answer.json()) == {"count", "next", "previous", "results"}
    visit(page, "/min-sida/nycklar/")
    assert page.locator("#new-key").count() == 0
    page.get_by_role("button", name="Återkalla").click()
    page.wait_for_load_state()
    refused = page.request.get("/api/v1/courses/", headers={"Authorization": f"Bearer {key}", "Cookie": ""})
    assert refused.status == 401


# Hundreds of addresses on one page: looking through them all takes a quarter of a minute.
@pytest.mark.long
def test_the_api_is_described_for_whoever_has_a_key(log_in):
    visit(log_in("processledare"), "/api/v1/docs/")
