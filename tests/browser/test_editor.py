"""The editor in a real browser: with its script, without one, and by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser_client import PASSWORD
from tests.chromium import find
from tests.journeys.server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served community "garden" with Maya."""
    with serving(tmp_path_factory.mktemp("editor"), HEARD_WORK="0") as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=PASSWORD + "\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield browser
        browser.close()


def signed_in(chromium: Browser, server: Server, path: str, *, script: bool = True, width: int = 1280) -> Page:
    """A page of the community, as Maya sees it; its complaints are collected in `page.complaints`."""
    page = chromium.new_context(java_script_enabled=script, viewport={"width": width, "height": 800}).new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.complaints.append(str(e)))  # type: ignore[attr-defined]
    page.goto(f"{server.url}/sign-in?next={path}")
    page.fill("[type=email]", "maya@garden.example")
    page.fill("[type=password]", PASSWORD)
    page.press("[type=password]", "Enter")
    page.wait_for_url(f"**{path}")
    return page


def test_a_poll_in_three_interactions_by_keyboard_with_the_ballot_beside_it(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("Where shall we meet?")  # the question has the focus already
    page.keyboard.press("Enter")
    page.keyboard.insert_text("1. Library\n2. Town hall\n3. The garden")
    ballot = page.frame_locator("#preview")
    expect(ballot.locator("h1")).to_have_text("Where shall we meet?")
    expect(ballot.locator(".choice")).to_have_text(["Library", "Town hall", "The garden"])
    page.click("text=Publish poll")
    page.wait_for_url("**/polls/where-shall-we-meet/sharing")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_questions_are_added_moved_and_saved_without_asking(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("First question")
    page.click("text=Add another question")
    page.keyboard.type("How was it?")
    page.select_option("#q-1-kind", "rating")
    expect(page.frame_locator("#preview").locator(".scale label")).to_have_count(5)
    expect(page.locator("#q-1-options")).to_be_hidden()
    page.click("#q-1 [data-do=up]")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.wait_for_url(re.compile(r"/polls/(?!new)"))
    page.reload()
    assert page.locator(".asking").evaluate_all("all => all.map(one => one.value)") == ["How was it?", "First question"]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_a_script_on_a_phone(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new", script=False, width=320)
    page.fill("#q-0-wording", "No script?")
    page.fill("#q-0-options", "A\nB")
    page.click("#update-preview")
    expect(page.frame_locator("#preview").locator("h1")).to_have_text("No script?")
    page.click("text=Add another question")
    expect(page.locator("#q-1-wording")).to_be_focused()
    page.click("#q-1 >> text=Remove")
    page.click("text=Publish poll")
    page.wait_for_url("**/polls/no-script/sharing")
    expect(page.locator("#link")).to_have_value(re.compile(r"/p/no-script$"))


@pytest.mark.parametrize("path", ["/m/garden/polls", "/m/garden/polls/new?example=1", "/m/garden/sharing"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways_or_fails_axe(server, chromium, path, width):
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(chromium, server, "/m/garden/polls", width=width)
    page.goto(server.url + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
