"""The employee books, sees it first, gets a letter for the calendar; the facilitator marks both days; trained."""

from icalendar import Calendar

from tests.support.browser import check, visit
from tests.walkthroughs.test_attendance import wait_until_sent

COURSE = "Tjänstedesign i två dagar"
EMPLOYEE = "medarbetare@skarvik.example"


def next_two_days(site):
    """The next occasion of the two-day course that has places left for two."""
    ((pk,),) = site.rows(
        """SELECT o.id FROM courses_occasion o JOIN courses_course c ON c.id = o.course_id
        WHERE c.title = 'Tjänstedesign i två dagar' AND o.state = 'open' AND o.booking_closes_at > now()
        AND o.starts_at > now() AND NOT o.is_limited AND NOT o.is_hidden
        AND o.places > 1 + (SELECT count(*) FROM courses_booking b WHERE b.occasion_id = o.id
            AND b.state IN ('asked', 'offered', 'booked', 'waiting'))
        ORDER BY o.starts_at LIMIT 1"""
    )
    return pk


def test_from_i_want_to_learn_to_trained(site, mailbox, open_page, log_in):
    occasion = next_two_days(site)

    stranger = open_page()
    visit(stranger, "/kurser/")
    visit(stranger, f"/kurstillfallen/{occasion}/")
    assert stranger.get_by_role("link", name="Logga in och boka").is_visible()

    page = log_in("medarbetare")
    count_presses(page)
    visit(page, "/kurser/")
    page.locator(f'a[href="/kurstillfallen/{occasion}/"]').click()
    page.get_by_role("button", name="Boka plats").click()
    page.get_by_text("Du har en plats", exact=True).wait_for()
    assert presses(page) == 2
    assert "/bokningar/" in page.url
    check(page)

    keys = log_in("redaktor")
    count_presses(keys)
    keys.goto("/kurser/")
    press_key(keys, f'a[href="/kurstillfallen/{occasion}/"]')
    keys.wait_for_url(f"**/kurstillfallen/{occasion}/")
    press_key(keys, f'form[action="/kurstillfallen/{occasion}/boka/"] button')
    keys.get_by_text("Du har en plats", exact=True).wait_for()
    assert presses(keys) == 2

    visit(page, "/min-sida/")
    first = page.locator(".next-thing")
    assert COURSE in first.inner_text()
    assert first.locator("li").count() == 2

    letter = mailbox.wait_for(to=EMPLOYEE, about=f"Du har en plats på {COURSE}")
    further = mailbox.wait_for(to=EMPLOYEE, about=f"till din kalender: {COURSE}")
    for each in (letter, further):  # one invitation in each, as an alternative: mail programs take it by themselves
        (part,) = [part for part in each.walk() if part.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "REQUEST"
        calendar = Calendar.from_ical(part.get_content())
        assert str(calendar["METHOD"]) == "REQUEST"
        assert len(calendar.walk("VEVENT")) == 1

    let_the_days_pass(site, occasion)
    leader = log_in("processledare")
    visit(leader, "/processledare/")
    sessions = [pk for (pk,) in site.rows("SELECT id FROM courses_session WHERE occasion_id = %s", occasion)]
    for session in sessions:
        visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/")
        person = leader.locator(".attendance__person", has_text=name_in_lists(site))
        person.get_by_role("button", name="Här").click()
        person.get_by_role("paragraph").get_by_text("Närvarande").wait_for()
        wait_until_sent(leader)
    check(leader)

    visit(page, "/min-sida/")
    done = page.get_by_role("region", name="Det här har du lärt dig")
    assert COURSE in done.inner_text()
    assert page.locator(".my-path__done", has_text=COURSE).count() == 1
    visit(page, "/min-sida/bokningar/")
    visit(page, "/min-sida/brev/")


def count_presses(page):
    """From now on, in this tab, over the pages: what a pointer or a key has pressed, links and buttons alike.

    A key that only moves the focus presses nothing; what a script presses by itself is not counted.
    """
    page.add_init_script(
        """addEventListener("click", (event) => {
            if (event.isTrusted) sessionStorage.presses = Number(sessionStorage.presses || 0) + 1;
        }, true)"""
    )


def presses(page):
    return page.evaluate("() => Number(sessionStorage.presses || 0)")


def press_key(page, selector, *, most=80):
    """Reached by Tab alone from where the focus is, and pressed by Enter."""
    for _tab in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach {selector}")


def name_in_lists(site):
    ((name,),) = site.rows("SELECT family_name || ', ' || given_name FROM people_person WHERE email = %s", EMPLOYEE)
    return name


def let_the_days_pass(site, occasion):
    """The clock of the machine can't be moved: the occasion is, to before today."""
    for table, key, moments in (
        ("courses_session", "occasion_id", ("starts_at", "ends_at")),
        ("courses_occasion", "id", ("starts_at", "ends_at", "booking_closes_at", "cancel_until", "offers_until")),
    ):
        changes = ", ".join(f"{moment} = {moment} - interval '200 days'" for moment in moments)
        assert site.rows(f"UPDATE {table} SET {changes} WHERE {key} = {occasion} RETURNING id")
