"""Places change hands: a waiting list that moves, a manager who decides, a move, a hand-over."""

import re

from tests.support.browser import check, forgive, visit

FREE = "o.places - (SELECT count(*) FROM courses_booking b WHERE b.occasion_id = o.id AND b.state <> ALL(%s))"
GONE = ["cancelled", "moved", "handed_over", "lapsed", "refused", "waiting"]


def occasions(site, *, needs_approval=False, course=None):
    """Of the demo: open for weeks to come, with three places left at least."""
    return [
        pk
        for (pk,) in site.rows(
            f"""SELECT o.id FROM courses_occasion o JOIN courses_course c ON c.id = o.course_id
            WHERE o.state = 'open' AND c.needs_approval = %s AND (%s::text IS NULL OR c.slug = %s)
            AND o.cancel_until > now() + interval '10 days' AND {FREE} > 2 ORDER BY o.starts_at DESC""",
            needs_approval, course, course, GONE,
        )
    ]  # fmt: skip


def leave_places(site, occasion, left):
    """As many places as are held, and `left` more."""
    site.rows(
        """UPDATE courses_occasion o SET places = %s + (SELECT count(*) FROM courses_booking b
        WHERE b.occasion_id = o.id AND b.state IN ('asked', 'offered', 'booked')) WHERE id = %s RETURNING id""",
        left, occasion,
    )  # fmt: skip


def press(within, name, *, role="button"):
    """By keyboard: to the button, and Enter."""
    within.get_by_role(role, name=name).press("Enter")
    getattr(within, "page", within).wait_for_load_state()


def book(page, occasion, button="Boka plats"):
    visit(page, f"/kurstillfallen/{occasion}/", checked=False)
    press(page, button)
    assert "/bokningar/" in page.url


def answer_link(letter):
    return re.search(r"https?://\S+/erbjudanden/svar/\S+", letter.get_body(("plain",)).get_content())[0]


def test_someone_cancels_and_the_first_who_waits_answers_from_the_letter(site, mailbox, open_page, log_in):
    occasion = occasions(site, course="introduktion-till-tjanstedesign")[0]
    leave_places(site, occasion, 1)
    first, second = log_in("hr"), log_in("redaktor")
    book(first, occasion)
    book(second, occasion, "Ställ dig på väntelistan")
    second.get_by_text("Du står som nummer 1 på väntelistan").wait_for()
    check(second)
    booking = second.url

    press(first, "Avboka…", role="link")
    check(first)
    press(first, "Ja, avboka min plats")
    first.get_by_text("Du är avbokad").wait_for()
    check(first)

    letter = mailbox.wait_for(to="redaktor@skarvik.example", about="är ledig: vill du ha den?")
    stranger = open_page()
    visit(stranger, answer_link(letter))
    press(stranger, "Ja, jag vill ha platsen")
    stranger.get_by_role("heading", name="Platsen är din").wait_for()
    check(stranger)

    visit(second, booking)
    history = second.locator(".log").inner_text()
    assert history.index("väntelistan") < history.index("Du erbjöds en plats") < history.index("Du tackade ja")


def test_a_manager_says_no_with_a_reason_and_then_yes(site, log_in):
    occasion = occasions(site, needs_approval=True)[0]
    page, manager = log_in("medarbetare"), log_in("chef")

    book(page, occasion, "Be om en plats")
    page.get_by_text("Din chef avgör", exact=True).wait_for()
    check(page)
    visit(manager, "/kurser/att-godkanna/")
    request = manager.locator(".rows > li", has_text=name_of(site, "medarbetare@skarvik.example"))
    request.locator("summary").press("Enter")
    request.locator("details button").press("Enter")
    manager.wait_for_function("() => document.activeElement.name === 'why'")
    manager.get_by_text("Skriv varför, så att personen vet.").wait_for()
    forgive(manager)
    check(manager)
    # Enter in the reason says no, never yes.
    manager.keyboard.type("Vi går kursen tillsammans i höst.")
    manager.keyboard.press("Enter")
    manager.get_by_text("Du sa nej till").wait_for()
    page.reload()
    page.get_by_text("Svaret blev nej", exact=True).wait_for()
    assert "Vi går kursen tillsammans i höst." in page.locator(".log").inner_text()
    check(page)

    book(page, occasion, "Be om en plats")
    visit(manager, "/kurser/att-godkanna/", checked=False)
    press(request, "Godkänn")
    manager.get_by_text("har en plats").wait_for()
    check(manager)
    page.reload()
    page.get_by_text("Du har en plats", exact=True).wait_for()
    assert "godkände din förfrågan" in page.locator(".log").inner_text()


def name_of(site, email):
    ((name,),) = site.rows("SELECT given_name || ' ' || family_name FROM people_person WHERE email = %s", email)
    return name


def test_a_place_is_moved_and_the_new_one_handed_to_a_colleague(site, mailbox, log_in):
    here, there = occasions(site, course="tjanstedesign-i-tva-dagar")[:2]
    page = log_in("hr")
    book(page, here)
    old = page.url
    press(page, "Flytta till…", role="link")
    check(page)
    page.locator(f"form:has(input[value='{there}'])").get_by_role("button").press("Enter")
    page.get_by_text("Du har flyttat: nu är det här din plats.").wait_for()
    check(page)
    new = page.url
    visit(page, old)
    assert "till Tjänstedesign i två dagar, som börjar" in page.locator(".log").inner_text()

    visit(page, new, checked=False)
    press(page, "Lämna över till…", role="link")
    page.get_by_label("Kollegans e-postadress på jobbet").fill("ingen-alls@skarvik.example")
    page.keyboard.press("Enter")
    page.get_by_text("Platsen kan inte gå till den adressen").first.wait_for()
    forgive(page)  # the refusal is an answer of its own, which the browser notes
    check(page)
    page.get_by_label("Kollegans e-postadress på jobbet").fill("redaktor@skarvik.example")
    page.keyboard.press("Enter")
    page.get_by_text("har din plats nu och får ett brev om det.").wait_for()
    check(page)

    letter = mailbox.wait_for(to="redaktor@skarvik.example", about="ger dig en plats")
    address = re.search(r"https?://\S+/bokningar/\d+/", letter.get_body(("plain",)).get_content())[0]
    colleague = log_in("redaktor")
    visit(colleague, address)
    assert colleague.get_by_text("Du har en plats", exact=True).is_visible()
    assert "lämnade över platsen till dig" in colleague.locator(".log").inner_text()
