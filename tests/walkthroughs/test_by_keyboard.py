"""Screens that few open and nobody else walks: possible duplicates, and the questions of an evaluation."""

import pytest

from tests.support.browser import assert_nothing_overflows, check, forgive, visit

pytestmark = pytest.mark.long


def press(page, name):
    """The button as someone without a mouse reaches and presses it."""
    button = page.get_by_role("button", name=name).first
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pair_is_told_apart_by_keys_and_taken_back_by_mouse(log_in, scheme):
    page = log_in("admin")
    page.emulate_media(color_scheme=scheme)
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        visit(page, "/personer/dubbletter/")
        check(page)
    count = page.locator('input[name="first"]').count()
    assert 0 < count < 20
    press(page, "Inte samma person")
    page.get_by_text("är lagda åt sidan: två personer.").wait_for()
    assert page.locator('input[name="first"]').count() == count - 1
    page.get_by_role("link", name="lagt åt sidan").click()
    page.get_by_role("heading", name="Skilda åt").wait_for()
    check(page)
    page.get_by_role("button", name="Ta tillbaka").first.click()
    page.get_by_text("Tillbakataget. ").wait_for()
    check(page)
    visit(page, "/personer/dubbletter/")
    assert page.locator('input[name="first"]').count() == count


def test_a_question_is_added_by_keys_after_a_mistake_that_is_told(site, log_in):
    ((slug,),) = site.rows("SELECT slug FROM courses_course ORDER BY id LIMIT 1")
    page = log_in("processledare")
    visit(page, f"/kurser/{slug}/utvarderingsfragor/")
    asked = page.locator("fieldset.plan-session").count()
    swedish = page.get_by_label("Frågan på svenska").last
    swedish.focus()
    page.keyboard.type("Hur mycket tar du med dig hem?")
    press(page, "Spara frågorna")
    wrong = page.locator('[aria-invalid="true"]')
    wrong.first.wait_for()
    forgive(page)  # 422: the ends of the scale are missing
    check(page)
    assert swedish.input_value() == "Hur mycket tar du med dig hem?"
    for name, words in (("low_sv", "Ingenting"), ("high_sv", "Allt")):
        page.locator(f'input[name$="{name}"]').last.focus()
        page.keyboard.type(words)
    press(page, "Spara frågorna")
    page.get_by_text("Sparat. Nästa utvärdering").wait_for()
    check(page)
    assert page.locator("fieldset.plan-session").count() == asked + 1


# A day that someone missed and nobody has made whole, on an occasion of the facilitator's, who leads one to come.
MISSED = """
    SELECT o.id, b.id, s.id FROM courses_occasion o
    JOIN courses_occasion_facilitators f ON f.occasion_id = o.id
    JOIN people_person l ON l.id = f.person_id AND l.email = 'processledare@skarvik.example'
    JOIN courses_booking b ON b.occasion_id = o.id AND b.state = 'booked'
    JOIN people_person p ON p.id = b.person_id AND p.is_active
    JOIN courses_session s ON s.occasion_id = o.id
    JOIN courses_attendance a ON a.session_id = s.id AND a.booking_id = b.id AND a.state = 'absent'
    WHERE NOT EXISTS (SELECT 1 FROM courses_completion c WHERE c.person_id = p.id AND c.course_id = o.course_id)
    AND NOT EXISTS (SELECT 1 FROM courses_booking x JOIN courses_occasion y ON y.id = x.occasion_id
        WHERE x.person_id = p.id AND y.course_id = o.course_id AND x.id <> b.id)
    ORDER BY o.starts_at DESC, b.id LIMIT 1
"""


def test_a_missed_day_is_given_by_keys(site, log_in):
    ((occasion, booking, session),) = site.rows(MISSED)
    page = log_in("processledare")
    visit(page, f"/kurstillfallen/{occasion}/deltagare/{booking}/")
    way = page.locator(f'a[href$="/ta-igen/{session}/"]').first
    way.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="på ett annat tillfälle").wait_for()
    check(page)
    page.locator('input[name="occasion"]').last.focus()
    page.keyboard.press("Space")
    page.get_by_label("Varför").focus()
    page.keyboard.type("Var sjuk")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/ta-igen/" not in address)
    check(page)
    ((days,),) = site.rows(
        "SELECT count(*) FROM courses_madeupday WHERE missed_id = %s AND original_id = %s", session, booking
    )
    assert days == 1
    visit(page, f"/kurstillfallen/{occasion}/deltagare/{booking}/ta-igen/{session}/")
    assert page.locator('input[name="occasion"]').count() == 0


LED = """
    SELECT o.id, min(s.id) FROM courses_occasion o JOIN courses_session s ON s.occasion_id = o.id
    JOIN courses_occasion_facilitators f ON f.occasion_id = o.id
    JOIN people_person l ON l.id = f.person_id AND l.email = 'processledare@skarvik.example'
    JOIN courses_booking b ON b.occasion_id = o.id AND b.state = 'booked'
    WHERE o.state = 'open' AND o.starts_at > now() GROUP BY o.id ORDER BY o.id DESC LIMIT 1
"""


def test_after_a_press_the_keyboard_is_where_something_happened(site, log_in):
    """Not at the top of the site again, ten stops from what was said."""
    ((occasion, session),) = site.rows(LED)
    page = log_in("processledare")

    def is_at(selector):
        page.wait_for_function("(selector) => document.activeElement.matches(selector)", arg=selector)
        check(page)

    visit(page, f"/kurstillfallen/{occasion}/dag/{session}/")
    page.get_by_label("Vad är kvar efter i dag?").fill("Skriv ut fler kartor")
    page.keyboard.press("Enter")
    is_at("#open-points")
    visit(page, f"/kurstillfallen/{occasion}/dag/{session}/upplagg/")
    press(page, "Spara och lägg till rader")
    is_at("#more")
    press(page, "Spara upplägget")
    is_at(".site-messages")
    visit(page, f"/kurstillfallen/{occasion}/meddelanden/")
    press(page, "Titta innan det skickas")
    page.wait_for_function("() => document.activeElement.matches('[aria-invalid=true]')")
    forgive(page)  # 422: nothing is written yet
    page.get_by_label("Ämne").fill("Ta med dator")
    page.get_by_label("Text").fill("Den som har en.")
    press(page, "Titta innan det skickas")
    is_at("#look")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("Text").fill("https://skarvik.example/" + "a" * 120)
    assert_nothing_overflows(page)
    menu, is_open = page.locator(".site-menu"), "() => document.querySelector('.site-menu').open"
    button = menu.locator("summary")
    button.press("Enter")
    page.wait_for_function(is_open)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.evaluate(is_open)
    is_at(".site-menu summary")
    button.press("Enter")
    page.wait_for_function(is_open)
    for _control in range(menu.locator("a:visible, button:visible, summary").count()):
        page.keyboard.press("Tab")
    page.wait_for_function("() => !document.activeElement.closest('.site-menu')")
    assert not page.evaluate(is_open)
