"""The share page in a real browser: a place opens, its text is copied, and without a script everything is still there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_editor import signed_in
from tests.browser_client import PASSWORD
from tests.journeys.server import Server, serving

pytestmark = pytest.mark.browser
AT = "/m/garden/polls/which-day/sharing"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Server]:
    """A served community "garden" with Maya and an open poll."""
    with serving(tmp_path_factory.mktemp("sharing"), HEARD_WORK="0") as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=PASSWORD + "\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        page = signed_in(chromium, running, "/m/garden/polls/new")
        page.keyboard.type("Which day?")
        page.keyboard.press("Enter")
        page.keyboard.insert_text("Monday\nTuesday")
        page.click("text=Publish poll")
        page.wait_for_url(f"**{AT}")
        page.context.close()
        yield running


def test_after_publishing_the_text_for_a_place_is_one_or_two_clicks_away(server, chromium):
    page = signed_in(chromium, server, AT)
    expect(page.locator("details.place[open]")).to_have_count(1)
    page.locator("#chat").get_by_role("button", name="Copy: Text").click()
    expect(page.locator("#chat").get_by_role("button", name="Copy: Text")).to_have_text("Copied")
    page.locator("#slack summary").click()
    expect(page.locator("details.place[open]")).to_have_count(1)  # one at a time
    expect(page.locator("#slack-text")).to_have_value(f"*Which day?*\n• Monday\n• Tuesday\n{_tail(page)}")


def _tail(page):
    """The closing day, if it has one, and the link."""
    return page.locator("#slack-text").input_value().partition("• Tuesday\n")[2]


def test_without_a_script_a_place_opens_and_a_server_gives_its_button(server, chromium):
    page = signed_in(chromium, server, AT, script=False, width=360)
    page.locator("#mastodon summary").click()
    page.fill("#server", "evil.com/@x")
    page.click("text=Make the button")
    expect(page.locator("#server-error")).to_be_visible()
    page.fill("#server", "mastodon.example")
    page.click("text=Make the button")
    opens = page.get_by_role("link", name="Open mastodon.example with it")
    expect(opens).to_be_visible()
    assert opens.get_attribute("href").startswith("https://mastodon.example/share?text=Which%20day")
    page.locator("#own summary").click()
    page.fill("#name", "Notice board")
    page.click("text=Make its link")
    expect(page.locator("details.place[open] summary")).to_contain_text("Notice board")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_place_scrolls_sideways_or_fails_axe(server, chromium, width):
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(chromium, server, AT, width=width)
    page.evaluate(
        "document.querySelectorAll('details').forEach(one => { one.removeAttribute('name'); one.open = true })"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    # a control is 44 px high; the rows of places are higher
    low = page.evaluate(
        "[...document.querySelectorAll('main .button, main summary')].filter(e => e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 90))"
    )
    assert low == []
