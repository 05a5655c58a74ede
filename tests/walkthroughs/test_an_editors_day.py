"""An editor changes a text and adds a picture, another approves it, and the reader sees both."""

import re

import pytest
from playwright.sync_api import Error, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as NotHeard

from tests.support.browser import assert_nothing_overflows, forgive, visit
from tests.website.guide.folder_support import picture_bytes

AIM = {"keys": "Ni väljer den fråga som hjälper flest.", "phone": "Ni väljer en fråga, och en enda."}
ALT = "Tre lappar på en vägg"
SIZES = {"keys": {}, "phone": {"width": 390, "height": 844, "has_touch": True}}
STEPS = {"keys": "fokusera", "phone": "testa-ideer"}


class Hand:
    """Reaches what is on the page: by Tab alone, or by a finger."""

    def __init__(self, page: Page, *, by: str):
        self.page, self.by = page, by

    def reach(self, target: Locator) -> None:
        if self.by == "phone":
            self.tap(target)
            return
        target.wait_for()
        for _press in range(250):
            self.page.keyboard.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {target}")

    def tap(self, target: Locator) -> None:
        """A finger on a page that has not come to rest is not always heard: who sees nothing happen taps again."""
        target.scroll_into_view_if_needed()
        for _try in range(4):
            target.evaluate("each => each.addEventListener('click', () => { window.heard = true; }, { capture: true })")
            self.page.evaluate("() => { window.heard = false; }")
            target.tap()
            try:
                self.page.wait_for_function("() => window.heard !== false", timeout=2000)
            except NotHeard:
                continue
            except Error:  # it led to another page
                pass
            return
        raise AssertionError(f"No tap on {target} is heard")

    def press(self, target: Locator) -> None:
        self.reach(target)
        if self.by == "keys":
            self.page.keyboard.press("Enter")

    def open(self, button: Locator, *, shows: Locator) -> None:
        """Presses again where nothing opens: Wagtail shows its buttons a moment before its scripts hear them."""
        for _try in range(4):
            self.press(button)
            try:
                expect(shows).to_be_visible(timeout=5000)
            except AssertionError:
                continue
            return
        raise AssertionError(f"{button} opens nothing")

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(words)


# By Tab alone it takes hundreds of presses.
@pytest.mark.long
@pytest.mark.parametrize("by", ["keys", "phone"])
def test_a_text_and_a_picture_are_written_reviewed_published_and_read(log_in, open_page, site, by):
    path = f"/guiden/{STEPS[by]}/"
    reader = open_page(**SIZES[by])
    visit(reader, path)
    (number,) = site.rows("SELECT id FROM wagtailcore_page WHERE url_path LIKE %s", f"%{path}")[0]

    editor = log_in("redaktor", **SIZES[by])
    hand = Hand(editor, by=by)
    saves = Saves(editor)
    editor.goto(f"/cms/pages/{number}/edit/")
    assert_nothing_overflows(editor)
    hand.write(editor.locator("textarea[name=aim]"), AIM[by])
    add_a_picture(editor, hand)
    words = editor.locator("[name$='-value-alt_text']").last
    expect(words).to_have_value(ALT)
    hand.write(words, "")
    saves.wait()
    submit(editor, hand)
    expect(editor.get_by_text("Vänligen lägg till alternativ text för din bild")).to_be_visible()
    expect(editor.locator("textarea[name=aim]")).to_have_value(AIM[by])
    hand.write(words, ALT)
    saves.wait()
    submit(editor, hand)
    editor.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    reader.reload()
    expect(reader.get_by_text(AIM[by])).to_have_count(0)

    reviewer = log_in("admin", **SIZES[by])
    hand = Hand(reviewer, by=by)
    reviewer.goto(f"/cms/pages/{number}/edit/")
    approve = reviewer.locator('footer [data-workflow-action-name="approve"]').first
    hand.open(reviewer.get_by_role("button", name="Fler åtgärder"), shows=approve)
    hand.press(approve)
    reviewer.wait_for_url(re.compile(r"/cms/(pages/\d+/)?$"))

    visit(reader, path)
    expect(reader.get_by_text(AIM[by])).to_be_visible()
    reader.get_by_role("img", name=ALT).scroll_into_view_if_needed()  # fetched when one comes there
    expect(reader.get_by_role("img", name=ALT)).to_have_js_property("complete", value=True)
    for page in (editor, reviewer):
        forgive(page)


def add_a_picture(page: Page, hand: Hand) -> None:
    body = page.locator("#panel-child-innehall-body-section")
    hand.press(body.get_by_title("Lägg till ett block").last)
    if hand.by == "keys":
        page.keyboard.press("Tab")
        expect(page.get_by_role("combobox").last).to_be_focused()
        page.keyboard.type("Bild")
        page.keyboard.press("Enter")
    else:
        hand.tap(page.get_by_role("option", name="Bild", exact=True))
    dialog = page.locator(".modal-content")  # Wagtail gives it no name
    hand.open(body.get_by_role("button", name="Välj en bild"), shows=dialog)
    if hand.by == "keys":
        # When it has come all the way the dialog takes the focus, from whoever was quick enough to be in it already.
        expect(page.locator(".modal")).to_be_focused()
        search = dialog.get_by_role("tab", name="Sök")
        expect(search).to_have_attribute("aria-selected", "true")  # the tabs hear the keys
        hand.reach(search)
        page.keyboard.press("ArrowRight")
        expect(dialog.get_by_role("tab", name="Ladda upp")).to_have_attribute("aria-selected", "true")
    else:
        hand.tap(dialog.get_by_role("tab", name="Ladda upp"))
    picture = {
        "name": "vagg.jpg",
        "mimeType": "image/jpeg",
        "buffer": picture_bytes((30, 120, 200) if hand.by == "keys" else (200, 120, 30)),
    }
    dialog.get_by_label("Fil").set_input_files(picture)
    hand.write(dialog.get_by_role("textbox", name="Titel"), "Vägg med lappar")
    send, described = dialog.get_by_role("button", name="Ladda upp"), dialog.locator("[name$=upload-description]")
    hand.press(send)
    expect(described).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Fil").set_input_files(picture)  # no browser lets a page keep it
    hand.write(described, ALT)
    hand.press(send)
    expect(dialog).to_be_hidden()


class Saves:
    """The saves that the editor sends by itself. Who submits in the midst of one may miss the button.

    After a refusal Wagtail saves once when the page has come and not again while one types, so what is
    waited for is that nothing is on its way, not that something has been sent.
    """

    def __init__(self, page: Page):
        self.page = page
        self.under_way: set[Request] = set()
        self.begun = 0
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def _begin(self, request: Request) -> None:
        if request.method == "POST" and "/edit/" in request.url:
            self.begun += 1
            self.under_way.add(request)

    def _end(self, request: Request) -> None:
        self.under_way.discard(request)

    def wait(self) -> None:
        """Until none is under way and none has begun for three seconds: it begins at most 1.5 after a key."""
        for _turn in range(12):
            known = self.begun
            self.page.wait_for_timeout(3000)
            if not self.under_way and known == self.begun:
                return
        raise AssertionError("The editor goes on saving.")


def submit(page: Page, hand: Hand) -> None:
    send = page.locator("footer [name=action-submit]")
    hand.open(page.get_by_role("button", name="Fler åtgärder"), shows=send)
    hand.press(send)
    page.wait_for_load_state()
