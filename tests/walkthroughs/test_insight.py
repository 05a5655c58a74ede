"""HR sees how many are trained, and opens a figure into its rows."""

from tests.support.browser import check, visit
from tests.support.windows import windows


def test_hr_sees_how_many_are_trained_against_the_goal_and_opens_a_figure_into_its_rows(log_in, site):
    # The demo trains 412; other walkthroughs on the same site may have trained some more.
    ((trained,),) = site.rows(
        "SELECT count(DISTINCT completion.person_id) FROM courses_completion completion"
        " JOIN courses_course course ON course.id = completion.course_id"
        " JOIN people_employment employment ON employment.person_id = completion.person_id"
        " AND employment.is_main AND employment.starts_on <= current_date"
        " AND coalesce(employment.ends_on, current_date) >= current_date"
        " WHERE course.slug = 'tjanstedesign-i-tva-dagar' AND completion.withdrawn_at IS NULL"
    )
    assert trained in range(412, 420)
    page = log_in("hr")
    visit(page, "/uppfoljning/")
    assert f"{trained} personer har gått Tjänstedesign i två dagar" in page.locator("h1").inner_text()
    assert "Målet är 300. Det nåddes den" in page.locator("main").inner_text()
    page.get_by_text("Visa andelarna som tabell").click()
    row = page.get_by_role("row").filter(has_text="Kommunledningsförvaltningen")
    trained = row.get_by_role("link").first
    number = trained.inner_text()
    check(page)
    trained.click()
    assert f"Utbildade: {number} personer" in page.locator("h1").inner_text()
    assert page.get_by_role("row").count() == min(int(number), 50) + 1
    check(page)


def test_hr_sees_who_is_left_out_and_why(log_in):
    page = log_in("hr")
    visit(page, "/uppfoljning/")
    page.get_by_role("link", name="Se vilka som inte räknas, och varför").click()
    assert "Räknas inte" in page.locator("main").inner_text()
    check(page)


def test_a_day_to_come_gets_a_sentence_and_stays_in_the_field(log_in):
    page = log_in("hr")
    visit(page, "/uppfoljning/")
    page.get_by_label("Vilken dag").fill("2099-01-01")
    page.get_by_role("button", name="Visa").click()
    assert "Den dagen har inte kommit än" in page.locator("main").inner_text()
    assert page.get_by_label("Vilken dag").input_value() == "2099-01-01"
    check(page)


def test_a_manager_sees_the_own_unit_and_an_employee_nothing(log_in):
    page = log_in("chef")
    visit(page, "/uppfoljning/")
    assert "Kontaktcenter" in page.locator("main").inner_text()
    assert "Vård- och omsorgsförvaltningen" not in page.locator("main").inner_text()
    visit(log_in("medarbetare"), "/uppfoljning/", status=404)


@windows([(320, 640), (768, 1024), (1440, 900)])
def test_the_figures_fit_every_window(log_in, size, scheme):
    page = log_in("hr")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    visit(page, "/uppfoljning/")
    visit(page, "/uppfoljning/personer/")
