"""The room's code, said by two and confirmed at once; and a file of attendance, wrong and then mended."""

from tests.support.browser import check, forgive, visit
from tests.walkthroughs.test_attendance import (
    AN_HOUR_AGO,
    FACILITATOR,
    changes_of,
    days_of,
    two_coming_occasions,
    wait_until_sent,
)


def a_day_that_goes_on(site):
    """A copy of a coming occasion that began an hour ago, with two of the demo's log-ins on it."""
    occasion, _other = two_coming_occasions(site)
    site.rows(
        f"""UPDATE courses_session SET starts_at = {AN_HOUR_AGO} + (starts_at - first),
        ends_at = {AN_HOUR_AGO} + (ends_at - first)
        FROM (SELECT min(starts_at) AS first FROM courses_session WHERE occasion_id = %s) AS o
        WHERE occasion_id = %s RETURNING id""",
        occasion, occasion,
    )  # fmt: skip
    site.rows(
        """UPDATE courses_occasion SET starts_at = s.first, ends_at = s.last, booking_closes_at = s.first,
        cancel_until = s.first, offers_until = s.first
        FROM (SELECT min(starts_at) AS first, max(ends_at) AS last FROM courses_session WHERE occasion_id = %s) AS s
        WHERE id = %s RETURNING id""",
        occasion, occasion,
    )  # fmt: skip
    site.rows(
        """WITH b AS (INSERT INTO courses_booking (occasion_id, person_id, uuid, state, created_at)
            SELECT %s, id, gen_random_uuid(), 'booked', now() - interval '9 days' FROM people_person
            WHERE email IN ('medarbetare@skarvik.example', 'chef@skarvik.example') RETURNING id)
        INSERT INTO courses_bookingevent (booking_id, state, at, why, to_tell)
        SELECT id, 'booked', now() - interval '9 days', '', false FROM b RETURNING id""",
        occasion,
    )
    return occasion, days_of(site, occasion)[0]


def test_two_say_to_be_there_and_one_press_confirms_both(site, log_in):
    occasion, session = a_day_that_goes_on(site)
    leader = log_in(FACILITATOR)
    visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/kod/")
    leader.get_by_role("button", name="Visa koden", exact=True).click()
    check(leader)
    code = "".join(leader.locator(".wall__signs").inner_text().split())
    for who, types_it in (("medarbetare", False), ("chef", True)):
        page = log_in(who, width=390)
        visit(page, "/har/" if types_it else f"/har/?kod={code}")
        if types_it:
            page.get_by_label("Rummets kod").fill(f"{code[:3]} {code[3:]}".lower())
        page.get_by_role("button", name="Jag är här").click()
        page.get_by_text("Tack, det är noterat.").wait_for()
        page.wait_for_function("() => document.activeElement.matches('.site-messages')")
        assert not page.get_by_label("Rummets kod").is_visible()
        check(page)
    visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/")
    leader.wait_for_selector("html[data-attendance=ready]")
    assert changes_of(site, session) == []
    leader.get_by_role("button", name="Bekräfta 2 som säger sig vara här").press("Enter")
    leader.get_by_text("2 av 2 markerade, 2 här").wait_for()
    assert leader.evaluate("document.activeElement.id") == "attendance-heading"
    wait_until_sent(leader)
    assert [state for _booking, state in changes_of(site, session)] == ["present", "present"]

    for page in ("fyll-i", "upplagg"):
        visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/{page}/")

    # After the day: a file with a mistake in it, and the same file mended.
    visit(leader, f"/kurstillfallen/{occasion}/narvaro-fran-fil/")
    for word in ("kanske", "borta"):
        text = f"E-post;Närvaro;Dag\nchef@skarvik.example;{word};{day_of(site, session)}\n"
        file = {"name": "narvaro.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        leader.get_by_label("Fil med närvaro").set_input_files(files=[file])
        leader.get_by_role("button", name="Läs filen").click()
        if word == "kanske":
            leader.get_by_text("”kanske” är ingen närvaro").wait_for()
            leader.wait_for_function("() => document.activeElement.id === 'faults'")
            forgive(leader)  # the browser writes the refusal into its console
            check(leader)
    leader.get_by_role("button", name="Spara 1 markering").click()
    leader.get_by_text("1 markering är sparad.").wait_for()
    assert changes_of(site, session)[-1][1] == "absent"


def day_of(site, session):
    ((day,),) = site.rows(
        "SELECT to_char(starts_at AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM-DD') FROM courses_session WHERE id = %s",
        session,
    )
    return day
