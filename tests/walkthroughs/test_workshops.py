"""A workshop: planned and led by a facilitator, joined by a guest with a phone, followed by the agenda's time."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.support.browser import check, visit

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def plan_one(page):
    """Plans a workshop that begins now and stands on its page; answers its path."""
    visit(page, "/workshopar/")
    page.get_by_role("link", name="Planera en workshop").click()
    check(page)
    page.get_by_label("Vad heter workshopen?").fill("Kartlägg skolstarten")
    page.get_by_label("Vilken resa arbetar ni med?").select_option(label="Elevens resa")
    page.get_by_label("När börjar den?").fill(dt.datetime.now(STOCKHOLM).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Agenda").fill("15 Välkomna\n30 Fyll i resan tillsammans\n5 Avslut")
    page.get_by_role("button", name="Planera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kartlägg skolstarten")
    return re.sub(r"^https?://[^/]+", "", page.url)


def test_a_guest_joins_by_the_code_on_the_wall_and_the_agenda_moves(site, log_in, open_page):
    leader = log_in("processledare")
    path = plan_one(leader)
    number = int(path.rstrip("/").rpartition("/")[2])
    check(leader)
    code = leader.locator(".workshop-code").inner_text()
    expect(leader.get_by_text("Ingen har gått med än")).to_be_visible()
    expect(leader.locator("[aria-current=step]")).to_contain_text("Välkomna")

    guest = open_page(width=390, height=844)
    visit(guest, path, status=404)  # an address alone opens nothing
    visit(guest, "/")
    guest.get_by_role("link", name="Gå med i en workshop").click()
    check(guest)
    guest.get_by_label("Workshopens kod").fill("ZZZZZZ")
    guest.get_by_label("Ditt namn").fill("Ingrid, förälder")
    guest.get_by_role("button", name="Gå med").click()
    expect(guest.locator("main")).to_contain_text("Ingen workshop har den koden")
    check(guest)
    expect(guest.get_by_label("Ditt namn")).to_have_value("Ingrid, förälder")
    guest.get_by_label("Workshopens kod").fill(code.lower())
    guest.get_by_role("button", name="Gå med").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Kartlägg skolstarten")
    check(guest)
    expect(guest.get_by_text("Ingrid, förälder")).to_be_visible()
    expect(guest.get_by_role("link", name=re.compile("Elevens resa"))).to_have_count(0)

    # A quarter of an hour later.
    site.rows("UPDATE workshops_workshop SET starts_at = starts_at - interval '16 minutes' WHERE id = %s", number)
    guest.reload()
    expect(guest.locator("[aria-current=step]")).to_contain_text("Fyll i resan tillsammans")
    check(guest)
    leader.reload()
    expect(leader.get_by_text("Ingrid, förälder")).to_be_visible()
    leader.get_by_role("button", name="Stäng workshopen").click()
    expect(leader.locator(".ds-tag", has_text="stängd")).to_be_visible()
    check(leader)

    late = open_page(width=390, height=844)
    visit(late, f"/w/?kod={code}")
    late.get_by_label("Ditt namn").fill("Sen")
    late.get_by_role("button", name="Gå med").click()
    expect(late.locator("main")).to_contain_text("stängd")
