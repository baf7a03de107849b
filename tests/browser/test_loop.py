"""The loop, once around, in a real browser: set-up → poll → votes on a phone without JavaScript → themes → both briefs →
mail in an SMTP server → "we did" on the receipt. Every page is looked at for accessibility and sideways scrolling.

PICTURES=folder keeps a picture of every page, at 360 and 1280 px, light and dark.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.server import Mailbox, Server, serving, wait_for

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
SAID = [
    "Please open on Sunday afternoon",
    "Sunday opening would help working people",
    "I can only come on Sundays, please open",
    "Open on Sundays and I will come every week",
    "It is cold in the reading room",
    "The reading room is far too cold in winter",
    "So cold that I keep my coat on",
    "Please turn up the heating, the room is cold",
    "The staff at the desk are friendly",
    "Friendly and patient staff, thank you",
    "The people at the desk are so kind and friendly",
    "The friendly staff found my book at once",
    "Please open on Sunday, even for three hours",
    "Sunday would be the best day for families, please open",
    "Cold room, cold hands, but nice books",
    "The staff are friendly but the room is cold",
]


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Server]:
    """An empty install."""
    with serving(tmp_path_factory.mktemp("loop"), HEARD_SMTP_URL=mailbox.url) as running:
        yield running


class Walk:
    """The pages of one walk, and what is wrong with them."""

    def __init__(self, chromium: Browser, server: Server) -> None:
        self.chromium, self.server, self.faults = chromium, server, list[str]()
        self.pictures = Path(folder) if (folder := os.environ.get("PICTURES")) else None

    def page(self, *, width: int = 1280, script: bool = True) -> Page:
        """A new browser window."""
        window = self.chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script, locale="en-GB", bypass_csp=script
        )
        return window.new_page()

    def look(self, page: Page, name: str) -> None:
        """Accessibility and sideways scrolling at 320 px; pictures where they are asked for."""
        here = self.page()
        here.context.add_cookies(list(page.context.cookies()))  # type: ignore[misc]
        here.goto(page.url)
        for scheme in ("light", "dark"):
            here.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for violation in Axe().run(here).response["violations"]:
                self.faults.append(f"{name} ({scheme}): {violation['id']}: {violation['nodes'][0]['html'][:120]}")
            if self.pictures:
                self._draw(here, name, scheme)
        here.set_viewport_size({"width": 320, "height": 640})
        if here.evaluate("document.documentElement.scrollWidth") > 320:
            self.faults.append(f"{name}: scrolls sideways at 320 px")
        here.context.close()

    def _draw(self, page: Page, name: str, scheme: str) -> None:
        assert self.pictures
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=self.pictures / f"{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})


def test_the_loop_once_around(chromium: Browser, server: Server, mailbox: Mailbox) -> None:
    """One walk, because each step stands on the one before."""
    walk = Walk(chromium, server)
    maya = walk.page()
    _set_up(walk, maya)
    slug = _ask(walk, maya)
    receipts = _vote(walk, slug)
    theme = _read(walk, maya, slug)
    _tell(walk, maya, mailbox)
    _answer(walk, maya, theme, receipts)
    assert walk.faults == []


def _set_up(walk: Walk, page: Page) -> None:
    path = re.search(r"/setup/\S+", walk.server.log())
    assert path, walk.server.log()
    page.goto(walk.server.url + path[0])
    walk.look(page, "set-up")
    page.fill("[name=community]", "Harbour Readers")
    page.fill("[name=email]", "maya@harbour.example")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Create the community")
    page.wait_for_url("**/m/harbour-readers/polls/new")


def _ask(walk: Walk, page: Page) -> str:
    page.locator("textarea[name$=wording]").first.fill("Which day suits you best?")
    page.keyboard.press("Enter")  # on to its options, each a line of its own
    page.keyboard.insert_text("1. Saturday\n2. Sunday\n3. A weekday evening")
    # By keyboard: advice that arrives between the two halves of a click would move the button from under it.
    page.get_by_role("button", name="Add another question").press("Enter")
    page.locator("select[name$=kind]").nth(1).select_option("long_text")
    page.locator("textarea[name$=wording]").nth(1).fill("What should change?")
    walk.look(page, "editor")
    page.get_by_role("button", name="Publish poll").click()
    page.wait_for_url("**/sharing")
    walk.look(page, "share")
    return page.url.split("/polls/")[1].split("/")[0]


def _vote(walk: Walk, slug: str) -> list[tuple[str, str]]:
    receipts = []
    for number, words in enumerate(SAID):
        phone = walk.page(width=360, script=False)
        phone.goto(f"{walk.server.url}/p/{slug}")
        if number == 0:
            walk.look(phone, "ballot")
        phone.get_by_label("Sunday" if number % 3 else "Saturday", exact=True).check()
        phone.locator("textarea").fill(words)
        phone.locator("main form button").last.click()
        assert "/r/" in phone.url, phone.content()[:2000]
        receipts.append((phone.url, words))
        if number == 1:
            walk.look(phone, "receipt")
            phone.goto(f"{walk.server.url}/p/{slug}/results")
            expect(phone.locator("table").first).to_be_attached()
            walk.look(phone, "results")
        phone.context.close()
    return receipts


def _read(walk: Walk, page: Page, slug: str) -> str:
    at = f"{walk.server.url}/m/harbour-readers/polls/{slug}/themes"

    def there() -> Any:
        page.goto(at)
        return page.locator("main a[href*='/themes/']").count() >= 2

    assert wait_for(there), page.locator("main").inner_text()
    page.request.post(f"{at}/runs", headers={"Sec-Fetch-Site": "same-origin"})
    assert wait_for(lambda: str(len(SAID)) in (page.goto(at) and page.locator("main").inner_text()) or None)
    walk.look(page, "themes")
    return str(
        page.locator("main a[href*='/themes/']")
        .filter(has_text=re.compile("Sunday|Open", re.I))
        .first.get_attribute("href")
    )


def _tell(walk: Walk, page: Page, mailbox: Mailbox) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/briefs")
    walk.look(page, "briefs")
    page.select_option("[name=audience]", "both")
    page.get_by_role("button", name="Write the brief").click()
    page.wait_for_url(re.compile(r"/briefs/\d+$|/briefs$"))
    page.goto(f"{walk.server.url}/m/harbour-readers/briefs")
    links = [str(a.get_attribute("href")) for a in page.locator("main a[href*='/briefs/']").all()]
    assert len(links) >= 2, page.content()[:3000]
    for number, link in enumerate(dict.fromkeys(links)):
        page.goto(walk.server.url + link)
        walk.look(page, f"brief-manager-{number}")
        page.fill("[name=to]", "maya@harbour.example")
        page.get_by_role("button", name=re.compile("^Send to")).click()
    assert wait_for(lambda: len(mailbox.to("maya@harbour.example")) == 2), walk.server.log()
    for number, mail in enumerate(mailbox.to("maya@harbour.example")):
        text = mail.get_body(("plain",))
        html = mail.get_body(("html",))
        assert text is not None
        assert html is not None
        address = re.search(rf"{walk.server.url}/b/\S+", text.get_content())
        assert address, text.get_content()
        reader = walk.page(width=360, script=False)
        reader.goto(address[0].rstrip(".>"))
        assert reader.locator("h1").count() == 1
        walk.look(reader, f"brief-reader-{number}")
        if walk.pictures:
            (walk.pictures / f"mail-{number}.html").write_text(html.get_content())
            (walk.pictures / f"mail-{number}.txt").write_text(text.get_content())
        reader.context.close()


def _answer(walk: Walk, page: Page, theme: str, receipts: list[tuple[str, str]]) -> None:
    page.goto(walk.server.url + theme)
    walk.look(page, "theme")
    page.fill("[name=title]", "Open on Sundays")
    page.fill("[name=public_note]", "From May we open on Sundays from two to five.")
    page.select_option("[name=status]", "done") if page.locator("select[name=status]").count() else page.check(
        "[name=status][value=done]"
    )
    page.get_by_role("button", name="Publish the answer").click()
    spoke = [url for url, words in receipts if "Sunday" in words]
    phone = walk.page(width=360, script=False)
    seen = 0
    for url in spoke:
        phone.goto(url)
        seen += "From May we open on Sundays" in phone.content()
    assert seen >= 4, f"{seen} of {len(spoke)} receipts show what was done"
    walk.look(phone, "receipt-we-did")
    phone.goto(f"{walk.server.url}/c/harbour-readers")
    expect(phone.get_by_text("From May we open on Sundays")).to_be_visible()
    walk.look(phone, "community")
    page.goto(f"{walk.server.url}/m/harbour-readers/answers")
    walk.look(page, "answers")
