"""The last day is over: a letter asks what they thought, five answer without log-in, and whoever leads reads it."""

import re

import pytest

from tests.support.browser import check, visit

ASKED = "Vad tyckte du om"


def held_just_now(site):
    """An occasion of the demo's past that the facilitator led is moved to end two hours ago; who was there."""
    ((occasion,),) = site.rows(
        """SELECT o.id FROM courses_occasion o JOIN courses_occasion_facilitators f ON f.occasion_id = o.id
        JOIN people_person p ON p.id = f.person_id
        WHERE p.email = 'processledare@skarvik.example' AND o.state = 'open' AND o.ends_at < now() - interval '40 days'
        AND NOT EXISTS (SELECT 1 FROM courses_evaluation e WHERE e.occasion_id = o.id)
        AND (SELECT count(DISTINCT b.person_id) FROM courses_booking b JOIN courses_attendance a ON a.booking_id = b.id
            JOIN people_person q ON q.id = b.person_id
            WHERE b.occasion_id = o.id AND a.state = 'present' AND q.is_active) >= 6
        ORDER BY o.starts_at DESC LIMIT 1"""
    )
    ((moved,),) = site.rows(
        "SELECT (now() - interval '2 hours' - ends_at)::text FROM courses_occasion WHERE id = %s", occasion
    )
    for table, key, moments in (
        ("courses_session", "occasion_id", ("starts_at", "ends_at")),
        ("courses_occasion", "id", ("starts_at", "ends_at", "booking_closes_at", "cancel_until", "offers_until")),
    ):
        changes = ", ".join(f"{moment} = {moment} + interval '{moved}'" for moment in moments)
        site.rows(f"UPDATE {table} SET {changes} WHERE {key} = {occasion}")
    people = site.rows(
        """SELECT DISTINCT p.email FROM people_person p JOIN courses_booking b ON b.person_id = p.id
        JOIN courses_attendance a ON a.booking_id = b.id
        WHERE b.occasion_id = %s AND a.state = 'present' AND p.is_active AND p.language = 'sv' ORDER BY 1 LIMIT 5""",
        occasion,
    )
    return occasion, [email for (email,) in people]


def link_in(letter):
    return re.search(r"https?://\S+/utvardering/\S+/", letter.get_body(("plain",)).get_content())[0]


@pytest.mark.long
def test_five_answer_by_the_letter_and_the_result_is_seen_at_the_closing(site, mailbox, open_page, log_in):
    occasion, people = held_just_now(site)
    links = [link_in(mailbox.wait_for(to=email, about=ASKED)) for email in people]

    leader = log_in("processledare")
    visit(leader, f"/kurstillfallen/{occasion}/")
    leader.get_by_role("link", name="Utvärdering", exact=True).click()
    leader.get_by_role("heading", name="0 av").wait_for()
    for link in links[:4]:
        assert leader.request.post(link, form={"q-useful": "4", "q-keep": "Övningen med papper"}).ok
    leader.reload()
    leader.get_by_role("heading", name="4 av").wait_for()
    check(leader)
    assert leader.get_by_role("button", name="Stäng nu och se resultatet").count() == 0
    assert "Övningen med papper" not in leader.content()

    page = open_page()
    visit(page, links[4].removeprefix(site.url))
    question = page.get_by_role("group", name="Hur mycket nytta har du av det du lärde dig?")
    question.get_by_role("radio", name=re.compile("Ingen alls")).focus()
    for _step in range(4):
        page.keyboard.press("ArrowRight")
    assert question.get_by_role("radio", name=re.compile("Mycket stor")).is_checked()
    check(page)
    page.get_by_label("Vad ska vi göra annorlunda").fill("Fler korta pauser.")
    page.get_by_role("button", name="Skicka mitt svar").click()
    page.get_by_role("heading", name="Tack för ditt svar").wait_for()
    check(page)

    leader.reload()
    leader.get_by_role("button", name="Stäng nu och se resultatet").click()
    leader.get_by_text("Utvärderingen är stängd. Så här tyckte de.").wait_for()
    assert "4,2" in leader.locator(".evaluation-mean").first.inner_text()
    assert leader.get_by_text("Fler korta pauser.").is_visible()
    check(leader)
    leader.get_by_role("link", name="Jämför med andra tillfällen").click()
    leader.get_by_role("heading", name="Vad deltagarna tyckte").wait_for()
    check(leader)
    assert site.rows("SELECT count(*) FROM courses_ballot b JOIN courses_evaluation e ON e.id = b.evaluation_id "
                     "WHERE e.occasion_id = %s", occasion) == [(0,)]  # fmt: skip
