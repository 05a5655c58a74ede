"""A person at a browser: opens pages, and every page opened is held to what we promise of all pages.

With WALK_SLOWLY=1 the line is a poor one and the browser's processor a fourth as quick: a walk that forgot to wait
fails there, and not once in a while.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, expect

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The shell is Chromium without its window: it asks for half the work.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
]
PASSWORD = "stigen-demo"
# How long a walk waits for what it is to see, as for what it is to press. What comes sooner is never waited for.
PATIENCE = 20_000


def find_chromium() -> str | None:
    """The installed browser, or the one that CHROMIUM names."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = (shutil.which(name) for name in NAMES)
    return next((place for place in (*found, *PLACES) if place and Path(place).exists()), None)


NO_BROWSER = (
    "No Chromium was found: install it (Debian or Ubuntu: apt-get install chromium; macOS: brew install --cask "
    "chromium), or name one with CHROMIUM=/path/to/it."
)


def start_browser(playwright: Playwright) -> Browser:
    path = find_chromium()
    assert path, NO_BROWSER
    expect.set_options(timeout=PATIENCE)
    arguments = ["--disable-dev-shm-usage"]
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=path, args=arguments)


class Walker:
    """Opens pages as anyone or as someone, and keeps what the browser complained about."""

    # Cookies of those who have logged in during this run, by address: a password takes half a second to check.
    kept: dict[tuple[str, str], Any] = {}

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.contexts: list[BrowserContext] = []

    def open_page(self, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """A page in a browser of its own: no cookies, Swedish, reduced motion."""
        context = self.browser.new_context(
            base_url=self.url,
            locale=options.pop("locale", "sv-SE"),
            timezone_id="Europe/Stockholm",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        listen(page)
        if os.environ.get("WALK_SLOWLY"):
            slow_down(page)
        return page

    def log_in(self, email: str, *, password: str = PASSWORD, **options: Any) -> Page:
        """Logged in, in a browser of its own, where the site leads: by the form the first time, then by its cookies."""
        address = email if "@" in email else f"{email}@skarvik.example"
        page = self.open_page(**options)
        if cookies := self.kept.get((self.url, address)):
            page.context.add_cookies(cookies)
            page.goto("/min-sida/")
        if "/min-sida/" not in page.url:
            fill_in_log_in(page, address, password)
        assert "/konto/login/" not in page.url, f"{email} could not log in: {page.locator('main').inner_text()}"
        self.kept[self.url, address] = page.context.cookies()
        return page

    def close(self) -> list[str]:
        """Closes all, and answers what their browsers complained about that nobody has looked at."""
        complaints = [each for context in self.contexts for page in context.pages for each in complaints_of(page)]
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        return complaints


def slow_down(page: Page) -> None:
    """As a worn machine on a poor line sees it: what a walk forgot to wait for has not happened yet."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    cdp.send("Network.enable")
    line = {"latency": 250, "downloadThroughput": 500_000, "uploadThroughput": 250_000}

    def set_offline(offline: bool) -> None:
        if not page.is_closed():
            cdp.send("Network.emulateNetworkConditions", {**line, "offline": offline})
        go_offline(offline)

    # The line's conditions stand above the context's own, so both must know of it.
    go_offline = page.context.set_offline
    page.context.set_offline = set_offline  # type: ignore[method-assign]  # for walks on a poor line
    set_offline(False)


def fill_in_log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/konto/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_load_state()


_COMPLAINTS = "stigen_complaints"


def listen(page: Page) -> None:
    complaints: list[tuple[str, str]] = []
    setattr(page, _COMPLAINTS, complaints)

    def on_console(message: ConsoleMessage) -> None:
        # The policy's violations come as errors too.
        if message.type == "error":
            url = message.location.get("url", "")
            complaints.append((url, f"console: {message.text} {url}"))

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(("", f"script: {error}")))
    page.on("requestfailed", lambda request: _note_failure(complaints, request))


def _note_failure(complaints: list[tuple[str, str]], request: Any) -> None:
    # A page left in the middle of a fetch or of its event stream is no fault.
    if "ERR_ABORTED" not in (request.failure or "") and "/events/" not in request.url:
        complaints.append((request.url, f"failed: {request.method} {request.url}: {request.failure}"))


def complaints_of(page: Page) -> list[str]:
    return [text for _url, text in getattr(page, _COMPLAINTS, [])]


def forgive(page: Page) -> None:
    """Forget what the browser complained about until now: after a refusal that the test asked for."""
    getattr(page, _COMPLAINTS).clear()


def visit(page: Page, path: str, *, status: int = 200, checked: bool = True) -> Response:
    """Opens `path`: it answers `status`, nothing complains, and (unless told) the page is accessible."""
    response = page.goto(path)
    assert response is not None
    assert response.status == status, f"{path} answered {response.status}, not {status}"
    if status >= 400:  # the browser writes the very refusal we asked for into its console
        complaints = getattr(page, _COMPLAINTS)
        complaints[:] = [each for each in complaints if "Failed to load resource" not in each[1]]
    if checked:
        check(page)
    return response


def check(page: Page) -> None:
    """What we promise of every page, of the page as it stands now: call it after clicks that lead somewhere."""
    page.wait_for_load_state()
    assert complaints_of(page) == [], f"{page.url}: {complaints_of(page)}"
    assert_nothing_overflows(page)
    assert_page_is_accessible(page)


def assert_nothing_overflows(page: Page) -> None:
    wide = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= edge) return [];
            return [...document.querySelectorAll("body *")]
                .filter((each) => each.getBoundingClientRect().right > edge + 1)
                .slice(0, 5).map((each) => each.outerHTML.slice(0, 120));
        }"""
    )
    assert wide == [], f"{page.url} is wider than its window: {wide}"


# What moves for ever is not waited for.
AT_REST = """() => Promise.race([
    Promise.allSettled(
        document.getAnimations()
            .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
            .map((each) => each.finished)
    ),
    new Promise((done) => setTimeout(done, 5000)),
])"""


def assert_page_is_accessible(page: Page, *, within: str = "", but_for: tuple[str, ...] = ()) -> None:
    """axe-core finds nothing against WCAG 2.2 AA or good practice. `but_for` names rules, with a reason beside."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in but_for},
    }
    run = "([within, options]) => window.axe.run(within || document, options).then((each) => each.violations)"
    found = page.evaluate(run, [within, options])
    if found:  # what is still fading in has no contrast yet: the page at rest is what counts
        page.wait_for_timeout(1000)
        page.evaluate(AT_REST)
        found = page.evaluate(run, [within, options])
    lines = [
        f"{each['id']} ({each['impact']}): {each['help']}\n"
        + "\n".join(f"    {node['target']}: {node['html'][:160]}" for node in each["nodes"][:4])
        for each in found
    ]
    assert not lines, f"{page.url} is not accessible:\n" + "\n".join(lines)
