"""The first thing anyone sees."""

from tests.support.browser import check, visit
from tests.support.windows import windows

SIZES = [(320, 640), (390, 844), (768, 1024), (1440, 900)]


@windows(SIZES)
def test_the_front_page_fits_every_window_and_can_be_read_by_everyone(open_page, size, scheme):
    page = open_page(width=size[0], height=size[1], color_scheme=scheme)
    visit(page, "/")
    assert page.locator("h1").count() == 1


def test_the_log_in_page_offers_the_log_ins_of_the_demo(open_page):
    page = open_page()
    visit(page, "/konto/login/")
    assert "medarbetare@skarvik.example" in page.locator("main").inner_text()


def test_an_unknown_address_gets_a_page_in_plain_words(open_page):
    page = open_page()
    visit(page, "/finns-inte/", status=404)


def test_an_employee_logs_in(log_in):
    page = log_in("medarbetare")
    check(page)
