"""A real site and a real browser for the walkthroughs. `from tests.support.browser import visit, check`."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import NO_BROWSER, Walker, find_chromium, start_browser
from tests.support.mailbox import Mailbox
from tests.support.site import Site, running_site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "walkthroughs" in item.path.parts:
            item.add_marker(pytest.mark.walkthrough)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demo, running: `site.url`, `site.mailbox`, `site.manage("api_token", …)`, `site.rows("SELECT …")`."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with running_site() as site:
        yield site


@pytest.fixture(scope="session")
def mailbox(site: Site) -> Mailbox:
    return site.mailbox


@pytest.fixture(scope="session")
def browser(site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def walker(browser: Browser, site: Site) -> Iterator[Walker]:
    walker = Walker(browser, site.url)
    yield walker
    complaints = walker.close()
    assert complaints == []


@pytest.fixture
def open_page(walker: Walker):
    """`page = open_page()`: someone without an account, in a browser of their own."""
    return walker.open_page


@pytest.fixture
def log_in(walker: Walker):
    """`page = log_in("hr")`: someone of the demo, logged in, in a browser of their own."""
    return walker.log_in
