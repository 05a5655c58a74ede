"""A facilitator plans again what went well: copied, for some, places kept; the manager names, and a letter goes."""

import datetime as dt

from tests.support.browser import check, forgive, visit

LEADER, MANAGER = "processledare", "chef@skarvik.example"


def led(site):
    """An occasion of the demo that the facilitator leads, with two sessions, and where the manager's unit is."""
    ((occasion,),) = site.rows(
        """SELECT o.id FROM courses_occasion o JOIN courses_course c ON c.id = o.course_id AND NOT c.needs_approval
        JOIN courses_occasion_facilitators f ON f.occasion_id = o.id JOIN people_person p ON p.id = f.person_id
        WHERE p.email = 'processledare@skarvik.example' AND o.state = 'open'
        AND (SELECT count(*) FROM courses_session s WHERE s.occasion_id = o.id) = 2 ORDER BY o.id LIMIT 1"""
    )
    ((unit, administration),) = site.rows(
        """SELECT u.name, coalesce(a.name, u.name) FROM people_unit u JOIN people_person p ON p.id = u.manager_id
        LEFT JOIN people_unit a ON a.id = u.administration_id WHERE p.email = %s ORDER BY u.id DESC LIMIT 1""",
        MANAGER,
    )
    return occasion, unit, administration


def a_day_ahead():
    """A Tuesday two to three months ahead."""
    day = dt.date.today() + dt.timedelta(days=75)
    return day + dt.timedelta(days=(1 - day.weekday()) % 7)


def test_an_occasion_is_copied_limited_kept_for_a_unit_and_written_to(site, mailbox, log_in):
    earlier, unit, administration = led(site)
    page = log_in(LEADER)
    visit(page, f"/kurstillfallen/{earlier}/", checked=False)
    page.get_by_role("link", name="Kopiera till en annan dag").click()
    check(page)
    page.get_by_label("Första dagen").fill(a_day_ahead().isoformat())
    page.get_by_role("button", name="Fyll i formuläret").click()
    page.get_by_text("Formuläret är ifyllt").wait_for()
    check(page)

    page.get_by_label("Antal platser").fill("8")
    page.get_by_label("Minst antal").fill("9")
    page.get_by_label(administration).check()
    page.get_by_role("button", name="Planera kurstillfället").click()
    page.get_by_text("kan inte vara större än antalet platser").first.wait_for()
    forgive(page)  # the browser writes the refusal that we asked for into its console
    check(page)
    assert page.get_by_label(administration).is_checked()
    page.get_by_label("Minst antal").fill("3")
    page.get_by_role("button", name="Planera kurstillfället").click()
    page.get_by_text("Kurstillfället är planerat").wait_for()
    occasion = int(page.url.rstrip("/").split("/")[-1])
    days = site.rows(
        "SELECT (starts_at AT TIME ZONE 'Europe/Stockholm')::text FROM courses_session WHERE occasion_id = %s "
        "ORDER BY starts_at",
        occasion,
    )
    assert days[0][0].startswith(a_day_ahead().isoformat())

    page.get_by_role("link", name="Platser reserverade för en enhet").click()
    check(page)
    choice = page.get_by_label("För vilken enhet")
    choice.select_option(label=f"{administration} › {unit}" if unit != administration else unit)
    page.get_by_label("Hur många platser").fill("2")
    page.get_by_role("button", name="Reservera platserna").click()
    page.get_by_text("får ett brev och utser vilka som kommer").wait_for()
    check(page)
    mailbox.wait_for(to=MANAGER, about="Utse vilka som ska gå")

    manager = log_in(MANAGER)
    visit(manager, "/kurser/att-godkanna/")
    manager.locator("li", has_text="hålls till").get_by_role("link", name="Utse vilka som kommer").last.click()
    name = manager.locator("datalist option").nth(1).get_attribute("value")
    manager.get_by_label("Vem kommer").fill(name)
    manager.get_by_role("button", name="Ge platsen").click()
    manager.get_by_text("har en plats och får ett brev").wait_for()
    check(manager)
    ((address,),) = site.rows(
        "SELECT p.email FROM courses_booking b JOIN people_person p ON p.id = b.person_id WHERE b.occasion_id = %s",
        occasion,
    )

    visit(page, f"/kurstillfallen/{occasion}/deltagare/")
    page.get_by_text("1 av minst 3").wait_for()
    page.get_by_role("link", name="Historik och ändringar").click()
    page.locator("summary", has_text="Avboka platsen").click()
    check(page)
    page.go_back()
    page.get_by_role("link", name="Vilka som kan komma").click()
    check(page)
    visit(page, f"/kurstillfallen/{occasion}/ge-plats/")
    visit(page, f"/kurstillfallen/{occasion}/meddelanden/")
    page.get_by_label("Ämne").fill("Ta med en idé")
    page.get_by_label("Text").fill("Hej!\n\nTa med ett problem från din vardag.")
    page.get_by_role("button", name="Titta innan det skickas").click()
    page.get_by_role("button", name="Skicka till 1 person").wait_for()
    check(page)
    page.get_by_role("button", name="Skicka till 1 person").click()
    page.get_by_text("Ditt meddelande går till 1 person.").wait_for()
    check(page)
    letter = mailbox.wait_for(to=address, about="Ta med en idé")
    assert "Ta med ett problem från din vardag." in letter.get_body(("plain",)).get_content()
    visit(page, f"/kurstillfallen/{occasion}/stall-in/")
