"""The list of a course day when the network goes: marks wait in the browser, and arrive once."""

from tests.support.browser import check, forgive, visit

FACILITATOR = "processledare@skarvik.example"
# And yet today: just after midnight the day has only begun.
AN_HOUR_AGO = (
    "greatest(now() - interval '1 hour', "
    "date_trunc('day', now() AT TIME ZONE 'Europe/Stockholm') AT TIME ZONE 'Europe/Stockholm')"
)


def a_day_that_is_over(site):
    """A day on which five or more had a place; the demo's facilitator leads it, and nobody on it is marked."""
    ((occasion, session),) = site.rows(
        """SELECT o.id, s.id FROM courses_occasion o JOIN courses_session s ON s.occasion_id = o.id
        WHERE o.state = 'open' AND s.ends_at < now()
        AND (SELECT count(*) FROM courses_booking b WHERE b.occasion_id = o.id AND b.state = 'booked') >= 5
        AND NOT EXISTS (SELECT 1 FROM courses_completion c JOIN courses_booking b ON b.id = c.booking_id
            JOIN people_person p ON p.id = c.person_id WHERE b.occasion_id = o.id AND p.email LIKE '%%@skarvik.example'
            AND p.email IN ('medarbetare@skarvik.example', 'hr@skarvik.example'))
        ORDER BY s.starts_at DESC LIMIT 1"""
    )
    for email in (FACILITATOR, "admin@skarvik.example"):
        site.rows(
            """INSERT INTO courses_occasion_facilitators (occasion_id, person_id)
            SELECT %s, id FROM people_person WHERE email = %s ON CONFLICT DO NOTHING RETURNING id""",
            occasion,
            email,
        )
    site.rows(
        "DELETE FROM courses_attendancechange WHERE attendance_id IN "
        "(SELECT id FROM courses_attendance WHERE session_id = %s) RETURNING id",
        session,
    )
    site.rows("DELETE FROM courses_attendance WHERE session_id = %s RETURNING id", session)
    return f"/kurstillfallen/{occasion}/dag/{session}/", session


def changes_of(site, session):
    return site.rows(
        """SELECT a.booking_id, c.after FROM courses_attendancechange c
        JOIN courses_attendance a ON a.id = c.attendance_id WHERE a.session_id = %s ORDER BY c.id""",
        session,
    )


def test_marks_made_without_network_arrive_once_and_lose_to_what_is_newer(site, log_in):
    address, session = a_day_that_is_over(site)
    page = log_in(FACILITATOR)
    visit(page, address)
    page.wait_for_selector("html[data-attendance=ready]")
    people = page.locator(".attendance__person")
    ids = [int(people.nth(number).get_attribute("data-booking")) for number in range(4)]

    page.context.set_offline(True)
    people.nth(0).get_by_role("button", name="Här").click()
    people.nth(1).get_by_role("button", name="Borta").click()
    people.nth(2).locator("summary").click()
    people.nth(2).get_by_label("Minuter på plats").fill("45")
    people.nth(2).get_by_label("Varför").fill("Tåget gick tidigare")
    people.nth(2).get_by_role("button", name="Spara").click()
    page.get_by_text("3 närvaromarkeringar väntar på nät.").wait_for()
    assert people.nth(0).get_by_role("button", name="Här").get_attribute("aria-pressed") == "true"
    assert "Gick tidigare, 45 minuter · väntar på nät" in people.nth(2).inner_text()
    assert changes_of(site, session) == []

    # Meanwhile another facilitator marks one of them.
    other = log_in("admin")
    visit(other, address, checked=False)
    other.locator(".attendance__person").nth(1).get_by_role("button", name="Anmäld frånvaro").click()
    other.locator(".attendance__person").nth(1).get_by_text("Anmäld frånvaro ·").wait_for()

    page.context.set_offline(False)
    page.get_by_role("heading", name="Blev inte som du markerade").wait_for()
    page.get_by_text("Allt är skickat.").wait_for()
    forgive(page)  # the browser writes each try without network into its console
    check(page)
    assert changes_of(site, session) == [(ids[1], "excused"), (ids[0], "present"), (ids[2], "left_early")]
    lost = page.get_by_role("region", name="Blev inte som du markerade")
    assert "Du markerade: Borta." in lost.inner_text()
    lost.get_by_role("button", name="Använd min markering").click()
    # The day is over, so what is changed now has a reason: the field for it waits.
    page.keyboard.type("Kom aldrig")
    page.keyboard.press("Enter")
    people.nth(1).get_by_text("Borta ·").wait_for()
    assert changes_of(site, session)[-1] == (ids[1], "absent")
    people.nth(1).locator("summary").click()
    assert "ändrade från anmäld frånvaro till borta" in people.nth(1).inner_text()
    assert "Varför: Kom aldrig" in people.nth(1).inner_text()
    # A press on a mark that stands asks for it too, and changes nothing before.
    people.nth(1).get_by_role("button", name="Här").click()
    assert people.nth(1).get_by_label("Varför").evaluate("field => field === document.activeElement")
    people.nth(1).get_by_role("button", name="Spara").click()
    assert changes_of(site, session)[-1] == (ids[1], "absent")

    # Sent, but the answer was lost on the way: sent again it is the same mark.
    page.route("**/attendance/", lambda route: (route.fetch(), route.abort()))
    people.nth(3).get_by_role("button", name="Här").click()
    page.get_by_text("1 närvaromarkering väntar på nät.").wait_for()
    page.unroute("**/attendance/")
    page.reload()
    page.wait_for_selector("html[data-attendance=ready]")
    wait_until_sent(page)
    assert changes_of(site, session).count((ids[3], "present")) == 1
    forgive(page)


def test_logging_out_loses_no_mark(site, log_in):
    address, session = a_day_that_is_over(site)
    page = log_in(FACILITATOR)
    visit(page, address, checked=False)
    page.wait_for_selector("html[data-attendance=ready]")
    page.context.clear_cookies(name="sessionid")
    page.locator(".attendance__person").nth(0).get_by_role("button", name="Här").click()
    page.get_by_text("Du är utloggad. 1 närvaromarkering är sparad här").wait_for()
    check_after_refusal(page)
    assert changes_of(site, session) == []
    page.get_by_role("link", name="Logga in").last.click()
    page.locator("input[name=login]").fill(FACILITATOR)
    page.locator("input[name=password]").fill("stigen-demo")
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_selector("html[data-attendance=ready]")
    page.locator(".attendance__person").nth(0).get_by_text("Närvarande ·").wait_for()
    assert [state for _booking, state in changes_of(site, session)] == ["present"]


def check_after_refusal(page):
    forgive(page)
    check(page)


COPY = """
DO $$ DECLARE
    of_demo bigint;
    o courses_occasion%%ROWTYPE;
    s courses_session%%ROWTYPE;
BEGIN
    SELECT occasion.id INTO of_demo FROM courses_occasion occasion JOIN courses_course c ON c.id = occasion.course_id
    WHERE c.title = 'Tjänstedesign i två dagar' AND occasion.state = 'open' AND occasion.booking_closes_at > now()
    AND (SELECT count(*) FROM courses_session WHERE occasion_id = occasion.id) = 2
    ORDER BY occasion.starts_at DESC LIMIT 1;
    SELECT * INTO o FROM courses_occasion WHERE id = of_demo;
    o.id := nextval(pg_get_serial_sequence('courses_occasion', 'id'));
    o.is_limited := false;
    INSERT INTO courses_occasion VALUES (o.*);
    FOR s IN SELECT * FROM courses_session WHERE occasion_id = of_demo LOOP
        s.id := nextval(pg_get_serial_sequence('courses_session', 'id'));
        s.uuid := gen_random_uuid();
        s.occasion_id := o.id;
        INSERT INTO courses_session VALUES (s.*);
    END LOOP;
END $$"""


def two_coming_occasions(site):
    """Empty ones of the two-day course, led by the demo's facilitator; other walks keep those of the demo."""
    made = []
    for _each in range(2):
        site.rows(COPY)
        ((occasion,),) = site.rows("SELECT max(id) FROM courses_occasion")
        site.rows(
            """INSERT INTO courses_occasion_facilitators (occasion_id, person_id)
            SELECT %s, id FROM people_person WHERE email = %s RETURNING id""",
            occasion, FACILITATOR,
        )  # fmt: skip
        made.append(occasion)
    return made


def someone_new_to_the_course(site, occasion):
    """Whoever has another place on it has nothing to make up: someone with none, who is given a password."""
    return site.rows(
        """UPDATE people_person SET password = (
            SELECT password FROM people_person WHERE email = 'redaktor@skarvik.example'
        ) WHERE id = (
            SELECT p.id FROM people_person p WHERE p.is_active AND NOT EXISTS (
                SELECT 1 FROM courses_booking b JOIN courses_occasion o ON o.id = b.occasion_id
                JOIN courses_occasion this ON this.course_id = o.course_id
                WHERE b.person_id = p.id AND this.id = %s
            ) ORDER BY p.id DESC LIMIT 1
        ) RETURNING email, family_name || ', ' || given_name""",
        occasion,
    )[0]


def let_it_be_over(site, occasion, days):
    """The clock of the machine can't be moved: the occasion is, to before today."""
    for table, key, moments in (
        ("courses_session", "occasion_id", ("starts_at", "ends_at")),
        ("courses_occasion", "id", ("starts_at", "ends_at", "booking_closes_at", "cancel_until", "offers_until")),
    ):
        changes = ", ".join(f"{moment} = {moment} - interval '{days} days'" for moment in moments)
        assert site.rows(f"UPDATE {table} SET {changes} WHERE {key} = {occasion} RETURNING id")


def days_of(site, occasion):
    return [
        pk for (pk,) in site.rows("SELECT id FROM courses_session WHERE occasion_id = %s ORDER BY starts_at", occasion)
    ]


def mark(leader, occasion, session, person, button):
    visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/", checked=False)
    leader.wait_for_selector("html[data-attendance=ready]")
    line = leader.locator(".attendance__person", has_text=person)
    line.get_by_role("button", name=button).click()
    line.get_by_text("·").first.wait_for()
    wait_until_sent(leader)
    return line


def wait_until_sent(leader):
    """The list says so before a mark is sent: the server has it when nothing waits in the browser."""
    leader.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('stigen.attendance.'))")


def test_two_days_with_one_absent_made_up_later(site, log_in):
    first, later = two_coming_occasions(site)
    email, person = someone_new_to_the_course(site, first)
    page = log_in(email)
    visit(page, f"/kurstillfallen/{first}/", checked=False)
    page.get_by_role("button", name="Boka plats").click()
    page.get_by_text("Du har en plats", exact=True).wait_for()
    let_it_be_over(site, first, 300)

    leader = log_in(FACILITATOR)
    one, two = days_of(site, first)
    mark(leader, first, one, person, "Här")
    mark(leader, first, two, person, "Borta")

    visit(page, "/min-sida/")
    page.get_by_role("region", name="Att ta igen").get_by_role("link", name="Ta igen dag 2").click()
    page.get_by_role("heading", name="Ta igen dag 2").wait_for()
    check(page)
    page.locator("form", has=page.locator(f"input[name=occasion][value='{later}']")).get_by_role("button").click()
    page.get_by_text("Du kommer bara").wait_for()
    check(page)

    let_it_be_over(site, later, 250)
    there, here = days_of(site, later)
    visit(leader, f"/kurstillfallen/{later}/dag/{there}/", checked=False)
    assert leader.locator(".attendance__person", has_text=person).count() == 0
    line = mark(leader, later, here, person, "Här")
    assert "Tar igen" in line.inner_text()
    check(leader)

    visit(page, "/min-sida/")
    done = page.get_by_role("region", name="Det här har du lärt dig")
    assert done.get_by_text("Tjänstedesign i två dagar").count() == 1
    assert page.get_by_role("region", name="Att ta igen").count() == 0
    assert site.rows(
        """SELECT b.occasion_id FROM courses_completion c JOIN courses_booking b ON b.id = c.booking_id
        JOIN people_person p ON p.id = c.person_id WHERE p.email = %s AND c.withdrawn_at IS NULL
        AND b.occasion_id IN (%s, %s)""",
        email,
        first,
        later,
    ) == [(first,)]
