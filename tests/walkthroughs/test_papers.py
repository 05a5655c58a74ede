"""A certificate in the hands of a stranger, one put right, and a calendar that reads its address."""

import urllib.request

from icalendar import Calendar

from tests.support.browser import check, forgive, visit

FORGED = "0000-0000-0000-0000-0000"


EMPLOYEE = "medarbetare@skarvik.example"


def led_occasion(site):
    """The occasion on which the demo's employee first completed a course; the demo's facilitator leads it too."""
    ((occasion,),) = site.rows(
        """SELECT b.occasion_id FROM courses_completion c JOIN courses_booking b ON b.id = c.booking_id
        JOIN people_person p ON p.id = c.person_id
        WHERE c.withdrawn_at IS NULL AND p.email = %s ORDER BY c.completed_on, c.id LIMIT 1""",
        EMPLOYEE,
    )
    site.rows(
        """INSERT INTO courses_occasion_facilitators (occasion_id, person_id)
        SELECT %s, id FROM people_person WHERE email = 'processledare@skarvik.example'
        ON CONFLICT DO NOTHING RETURNING id""",
        occasion,
    )
    return occasion


def test_a_stranger_checks_a_certificate_and_it_is_put_right(site, mailbox, open_page, log_in):
    occasion = led_occasion(site)
    owner = log_in(EMPLOYEE)
    visit(owner, "/min-sida/kursbevis/")
    owner.get_by_role("button", name="Skapa kursbeviset").last.click()
    owner.get_by_text("Ditt kursbevis är skapat.").wait_for()
    check(owner)
    address = owner.get_by_role("link", name="Sidan som andra ser").last.get_attribute("href")
    file = owner.get_by_role("link", name="Öppna kursbeviset").last.get_attribute("href")
    answer = owner.request.get(file)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")

    stranger = open_page()
    visit(stranger, address)
    assert stranger.get_by_role("heading", level=1).inner_text() == "Kursbeviset är äkta"
    number = address.strip("/").split("/")[-1]
    visit(stranger, "/kursbevis/")
    stranger.get_by_label("Nummer").fill(number.upper().replace("-", " "))
    stranger.get_by_role("button", name="Kontrollera kursbeviset").click()
    stranger.get_by_role("heading", name="Kursbeviset är äkta").wait_for()
    visit(stranger, f"/kursbevis/{FORGED}/", status=404)
    assert stranger.get_by_role("heading", level=1).inner_text() == "Det finns inget sådant kursbevis"
    assert stranger.request.get(file, max_redirects=0).status == 302
    stranger.set_viewport_size({"width": 320, "height": 700})
    visit(stranger, address)

    leader = log_in("processledare")
    visit(leader, f"/kurstillfallen/{occasion}/kursbevis/")
    leader.get_by_role("link", name="Rätta").first.click()
    check(leader)
    leader.get_by_label("Namn").fill("Åsa Östersjö-Ängström")
    leader.get_by_role("button", name="Utfärda ett nytt kursbevis").click()
    leader.get_by_role("alert").wait_for()
    forgive(leader)  # the browser writes the refusal that we asked for into its console
    check(leader)
    assert leader.get_by_label("Namn").input_value() == "Åsa Östersjö-Ängström"
    leader.get_by_label("Varför").fill("Namnet var felstavat.")
    leader.get_by_role("button", name="Utfärda ett nytt kursbevis").click()
    leader.get_by_role("heading", name="Kursbeviset är äkta").wait_for()
    check(leader)

    visit(stranger, address)
    assert stranger.get_by_role("heading", level=1).inner_text() == "Kursbeviset är ersatt"
    assert "Namnet var felstavat." in stranger.locator("main").inner_text()
    letter = mailbox.wait_for(to=EMPLOYEE, about="Ett rättat kursbevis")
    assert [part.get_content_type() for part in letter.walk()].count("application/pdf") == 1


def test_the_leader_takes_the_lists_along(site, log_in):
    occasion = led_occasion(site)
    leader = log_in("processledare")
    visit(leader, f"/kurstillfallen/{occasion}/deltagare/")
    leader.get_by_role("link", name="Deltagare och närvaro för Excel").wait_for()
    session = site.rows("SELECT id FROM courses_session WHERE occasion_id = %s ORDER BY starts_at", occasion)[0][0]
    visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/", checked=False)
    roster = leader.get_by_role("link", name="Lista att skriva ut (PDF)").get_attribute("href")
    assert leader.request.get(roster).body().startswith(b"%PDF")


def test_a_calendar_reads_its_address_until_it_is_turned_off(log_in):
    page = log_in("medarbetare")
    visit(page, "/min-sida/kalender/")
    page.get_by_role("button", name="Skapa min adress").click()
    page.get_by_role("heading", name="Din adress").wait_for()
    check(page)
    address = page.get_by_label("Kalenderns adress").input_value()
    with urllib.request.urlopen(address) as answer:
        assert str(Calendar.from_ical(answer.read())["METHOD"]) == "PUBLISH"
    page.get_by_role("button", name="Stäng av adressen").click()
    page.get_by_text("Adressen är avstängd.").wait_for()
    check(page)
    assert page.request.get(address).status == 404
