"""What a first visit downloads stays small, and comes under names that a browser may keep for ever."""

import re
import urllib.request
from pathlib import Path

import pytest

from tests.support.browser import visit

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "the front page": ("/", None),
    "the guide": ("/guiden/", None),
    "a step": ("/guiden/undersoka/", None),
    "a method": ("/guiden/undersoka/intervju/", None),
    "the courses": ("/kurser/", None),
    "a course": ("/kurser/tjanstedesign-i-tva-dagar/", None),
    "my page": ("/min-sida/", "medarbetare"),
    "the headcount": ("/uppfoljning/", "hr"),
    "the journeys": ("/resor/", "admin"),
    "the journey editor": ("JOURNEY", "medarbetare"),
}


@pytest.fixture
def weighing(monkeypatch):
    """The bench's own scales, so that both say the same."""
    monkeypatch.syspath_prepend(ROOT / "script/benches")
    import weighing

    return weighing


@pytest.fixture
def journey(site):
    """The one with the most notes."""
    (number,) = site.rows("SELECT id FROM journeys_journey WHERE title = 'Elevens resa'")[0]
    return f"/resor/{number}/"


def asker(site, page):
    """As the browser asks, with the page's cookies: what is sent, and what is read."""
    cookies = page.context.cookies() if page else []
    headers = {"Cookie": "; ".join(f"{each['name']}={each['value']}" for each in cookies)} if cookies else {}

    def fetch(path, **more):
        with urllib.request.urlopen(urllib.request.Request(site.url + path, headers={**headers, **more})) as answer:
            assert answer.status == 200
            assert answer.url == site.url + path, f"{path} leads to {answer.url}"
            return answer.read()

    return lambda path: (fetch(path, **{"Accept-Encoding": "br, gzip"}), fetch(path))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_to_its_budget(site, log_in, weighing, journey, name):
    path, who = PAGES[name]
    page = log_in(who) if who else None
    weight = weighing.weigh(journey if path == "JOURNEY" else path, asker(site, page))
    assert weight.sheets, "no stylesheet was found: the scales look past something"
    assert weight.total <= weighing.MOST, weight
    assert len(weight.sheets) <= weighing.MOST_SHEETS, weight.sheets


def test_the_editors_modules_are_asked_for_by_names_that_hold_their_content(site, log_in, weighing, journey):
    page = log_in("medarbetare")
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    visit(page, journey, checked=False)
    page.wait_for_selector("html[data-journey=ready]")
    scripts = {path for path in asked if path.endswith(".js")}
    assert len(scripts) > 10
    assert {path for path in scripts if not re.search(r"\.[0-9a-f]{12}\.js$", path)} == set()
    # And the scales have seen every one of them.
    weighed = weighing.weigh(journey, asker(site, page)).files
    assert {path for path in weighed if path.endswith(".js")} == scripts
