"""What whoever leads an occasion takes along: the list to print, the table for Excel."""

from tests.support.browser import visit

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


def test_the_leader_takes_the_lists_along(site, log_in):
    occasion = led_occasion(site)
    leader = log_in("processledare")
    visit(leader, f"/kurstillfallen/{occasion}/deltagare/")
    leader.get_by_role("link", name="Deltagare och närvaro för Excel").wait_for()
    session = site.rows("SELECT id FROM courses_session WHERE occasion_id = %s ORDER BY starts_at", occasion)[0][0]
    visit(leader, f"/kurstillfallen/{occasion}/dag/{session}/", checked=False)
    roster = leader.get_by_role("link", name="Lista att skriva ut (PDF)").get_attribute("href")
    assert leader.request.get(roster).body().startswith(b"%PDF")
