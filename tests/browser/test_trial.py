"""A trial walked through three versions in a real browser: put out, signed up for, asked, changed because of it, asked again,
ended with a reason. Every page is looked at for accessibility and sideways scrolling.

PICTURES=folder keeps a picture of every page, at 360 and 1280 px, light and dark, and the mails.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_loop import Walk
from tests.journeys.server import Mailbox, Server, serving, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.long]
FIRST = ("ana@home.example", "ben@home.example", "cem@home.example")
MORE = tuple(f"{name}@home.example" for name in ("dee", "eli", "fay", "gus"))
SAID = "The reading lamps are too dim to read by in the evening"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Server]:
    """An empty install."""
    with serving(tmp_path_factory.mktemp("trial"), HEARD_SMTP_URL=mailbox.url) as running:
        yield running


def test_a_trial_in_three_versions(chromium: Browser, server: Server, mailbox: Mailbox) -> None:
    """One walk, because each step stands on the one before."""
    walk = Walk(chromium, server)
    maya = walk.page()
    _set_up(walk, maya)
    _put_out(walk, maya)
    _sign_up(walk, mailbox)
    _let_more_in(walk, maya, mailbox)
    _ask(walk, maya)
    _answer(walk, mailbox, "How is it going", dict(zip((*FIRST[1:], *MORE), (2, 1, 3, 2, 2, 3), strict=True)))
    _next(walk, maya, 2, "Lamps are too dim, and nine is too early to close.", "Brighter lamps on every table.")
    _answer(walk, mailbox, "Version 2", dict(zip((*FIRST[1:], *MORE), (4, 3, 4, 3, 4, 4), strict=True)))
    _compare(walk, maya)
    _next(walk, maya, 3, "The lamps are good now. The door is locked too early.", "The door stays open until ten.")
    _answer(walk, mailbox, "Version 3", dict(zip((*FIRST[1:], *MORE), (5, 4, 5, 4, 4, 5), strict=True)))
    _end(walk, maya, mailbox)
    _draw_mails(walk, mailbox)
    assert walk.faults == []


def _set_up(walk: Walk, page: Page) -> None:
    path = re.search(r"/setup/\S+", walk.server.log())
    assert path, walk.server.log()
    page.goto(walk.server.url + path[0])
    page.fill("[name=community]", "Harbour Readers")
    page.fill("[name=email]", "maya@harbour.example")
    page.fill("[name=password]", "a long enough password")
    page.click("text=Create the community")
    page.wait_for_url("**/polls/new")


def _put_out(walk: Walk, page: Page) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements")
    walk.look(page, "announcements-empty")
    page.get_by_role("link", name="New trial").click()
    page.fill("[name=title]", "Late evenings in the reading room")
    page.fill("[name=what]", "From Monday to Thursday the reading room stays open until ten.")
    page.fill("[name=audience]", "Everybody with a card who comes after work.")
    page.fill("[name=how]", "After two weeks you get a few questions by mail. Answer them by your own link.")
    page.fill("[name=starts_on]", "2099-03-10")
    page.fill("[name=ends_on]", "2099-03-01")
    page.fill("[name=places]", "2")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("It would end before it starts.").first).to_be_visible()
    expect(page.locator("[name=places]")).to_have_value("2")
    page.fill("[name=ends_on]", "2099-06-30")
    walk.look(page, "announcement-editor")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Its page is open to everybody.")).to_be_visible()
    walk.look(page, "trial-manager-new")


def _sign_up(walk: Walk, mailbox: Mailbox) -> None:
    for address, words in zip(FIRST, ("You are in", "You are in", "waiting list, number 1"), strict=True):
        phone = walk.page(width=360, script=False)
        phone.goto(f"{walk.server.url}/t/late-evenings-in-the-reading-room")
        if address == FIRST[0]:
            walk.look(phone, "trial-public")
        _join(phone, address)
        expect(phone.locator("h1")).to_contain_text(words)
        phone.context.close()
    for address in FIRST:
        phone = walk.page(width=360, script=False)
        phone.goto(_link(mailbox, address, "/me/"))
        if address == FIRST[2]:
            walk.look(phone, "trial-me-unconfirmed")
        phone.get_by_role("button", name=re.compile("Yes, it is mine")).click()
        phone.context.close()
    phone = walk.page(width=360, script=False)
    phone.goto(_link(mailbox, FIRST[0], "/me/"))
    walk.look(phone, "trial-me")
    phone.get_by_role("button", name="Leave the trial").click()
    expect(phone.locator("h1")).to_contain_text("You have left the trial")
    walk.look(phone, "trial-me-left")
    assert wait_for(lambda: [m for m in mailbox.to(FIRST[2]) if "A place for you" in str(m["Subject"])])
    phone.goto(_link(mailbox, FIRST[2], "/me/"))
    expect(phone.locator("h1")).to_contain_text("You are in")
    phone.context.close()


def _join(phone: Page, address: str) -> None:
    phone.fill("[name=email]", address)
    phone.check("[name=agreed]")
    phone.locator("#sign-up button").click()


def _let_more_in(walk: Walk, page: Page, mailbox: Mailbox) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room/text")
    page.fill("[name=places]", "6")
    page.get_by_role("button", name="Save").click()
    for address in MORE:
        phone = walk.page(width=360, script=False)
        phone.goto(f"{walk.server.url}/t/late-evenings-in-the-reading-room")
        _join(phone, address)
        phone.goto(_link(mailbox, address, "/me/"))
        phone.get_by_role("button", name=re.compile("Yes, it is mine")).click()
        phone.context.close()
    phone = walk.page(width=360, script=False)
    phone.goto(f"{walk.server.url}/t/late-evenings-in-the-reading-room")
    expect(phone.get_by_text("All places are taken.")).to_be_visible()
    walk.look(phone, "trial-public-full")
    phone.context.close()


def _ask(walk: Walk, page: Page) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room")
    page.get_by_role("button", name="Make the check-in").click()
    page.wait_for_url(re.compile("/polls/"))
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room")
    walk.look(page, "trial-manager-check-in")
    page.get_by_role("button", name="Ask 6 participants now").click()
    expect(page.get_by_text("The check-in is open.")).to_be_visible()


def _answer(walk: Walk, mailbox: Mailbox, subject: str, steps: dict[str, int]) -> None:
    for address, step in steps.items():
        phone = walk.page(width=360, script=False)
        phone.goto(_link(mailbox, address, "/p/", subject))
        phone.locator("fieldset").first.locator("input[type=radio]").nth(step - 1).check()
        phone.locator("textarea").first.fill(SAID)
        phone.locator("main form button").last.click()
        assert "/r/" in phone.url, phone.content()[:2000]
        phone.context.close()
    phone = walk.page(width=360, script=False)
    phone.goto(_link(mailbox, next(iter(steps)), "/me/"))
    expect(phone.get_by_text("You have answered.")).to_be_visible()
    walk.look(phone, f"trial-me-{subject[:9].strip().lower().replace(' ', '-')}")
    phone.context.close()


def _next(walk: Walk, page: Page, number: int, heard: str, changed: str) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room")
    page.get_by_role("button", name=f"Begin version {number}").click()

    def themes() -> Any:
        page.reload()
        return page.locator("[name=themes]").count()

    assert wait_for(themes), walk.server.log()
    page.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.get_by_text("Say what you heard").first).to_be_visible()
    page.fill("[name=heard]", heard)
    page.fill("[name=changed]", changed)
    page.locator("[name=themes]").first.check()
    walk.look(page, f"version-{number}")
    page.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.get_by_text(f"Version {number} is published.")).to_be_visible()


def _compare(walk: Walk, page: Page) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room")
    expect(page.get_by_text("6 people answered both.")).to_be_visible()
    expect(page.get_by_text("2.2 → 3.7")).to_be_visible()
    expect(page.get_by_text("+1.5")).to_be_visible()
    walk.look(page, "trial-manager-two-versions")


def _end(walk: Walk, page: Page, mailbox: Mailbox) -> None:
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements/late-evenings-in-the-reading-room")
    walk.look(page, "trial-manager-three-versions")
    page.locator("summary", has_text="End the trial").click()
    page.get_by_label("We keep it, changed").check()
    page.get_by_role("button", name="End the trial").click()
    expect(page.get_by_role("link", name=re.compile("Say why"))).to_be_visible()
    page.fill(
        "[name=reason]", "It works, with bright lamps and an open door. From May it stays, on four evenings a week."
    )
    page.get_by_role("button", name="End the trial").click()
    expect(page.get_by_text("The trial has ended. Everybody who takes part is told.")).to_be_visible()
    walk.look(page, "trial-manager-ended")
    page.goto(f"{walk.server.url}/m/harbour-readers/announcements")
    walk.look(page, "announcements")
    phone = walk.page(width=360, script=False)
    phone.goto(f"{walk.server.url}/t/late-evenings-in-the-reading-room")
    expect(phone.locator(".decision")).to_contain_text("From May it stays")
    expect(phone.locator(".version h3").first).to_contain_text("Version 3")
    walk.look(phone, "trial-public-ended")
    phone.goto(f"{walk.server.url}/c/harbour-readers")
    expect(phone.get_by_role("link", name="Late evenings in the reading room")).to_be_visible()
    walk.look(phone, "community-with-trial")
    phone.context.close()
    assert wait_for(lambda: [m for m in mailbox.to(MORE[0]) if "What became of it" in str(m["Subject"])])
    subjects = [str(m["Subject"]) for m in mailbox.to(MORE[0])]
    assert len(subjects) == len(set(subjects)) == 5, subjects


def _link(mailbox: Mailbox, address: str, part: str, subject: str = "") -> str:
    """The newest address with this part in the mails to somebody."""

    def found() -> str:
        for mail in reversed(mailbox.to(address)):
            body = mail.get_body(("plain",))
            link = re.search(rf"http://\S+{part}\S+", body.get_content()) if body else None
            if link and subject in str(mail["Subject"]):
                return link[0]
        return ""

    link = wait_for(found)
    assert link, [str(m["Subject"]) for m in mailbox.to(address)]
    return str(link)


def _draw_mails(walk: Walk, mailbox: Mailbox) -> None:
    if not walk.pictures:
        return
    for number, mail in enumerate([*mailbox.to(FIRST[2]), *mailbox.to(MORE[0])]):
        html, text = mail.get_body(("html",)), mail.get_body(("plain",))
        assert html is not None
        assert text is not None
        file = walk.pictures / f"trial-mail-{number}.html"
        file.write_text(html.get_content())
        file.with_suffix(".txt").write_text(f"{mail['Subject']}\n\n{text.get_content()}")
        page = walk.page(width=600)
        page.goto(file.as_uri())
        page.screenshot(path=file.with_suffix(".png"), full_page=True)
        page.context.close()
