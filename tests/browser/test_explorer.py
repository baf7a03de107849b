"""The results explorer in a real browser: one task by keyboard alone, and every view by the rules of accessibility."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser_client import PASSWORD
from tests.conftest import pointing_to
from tests.insights.explore.test_pages import choices
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, PollHandle, PollHandle]]:
    """A server with a poll of 120 answers, and one that nobody has answered."""
    folder = tmp_path_factory.mktemp("explorer")
    with serving(folder, HEARD_WORK="0") as server, pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
        world = World()
        yield server, choices(world, 120), world.open_poll(title="Nobody yet")


def test_a_segment_is_chosen_read_and_taken_along_by_keyboard(garden, chromium: Browser):
    """Filter by an answer, read the table, download its figures; then every view in light and dark, down to 320 px."""
    server, poll, empty = garden
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    page.goto(f"{server.url}/sign-in?next={poll.page}/results")
    page.fill("[type=email]", "maya@garden.example")
    page.fill("[type=password]", PASSWORD)
    page.press("[type=password]", "Enter")
    page.wait_for_url("**/results")

    def tab_to(words: str) -> None:
        for _press in range(80):
            page.keyboard.press("Tab")
            if words in page.evaluate(
                "document.activeElement.textContent + (document.activeElement.labels?.[0]?.textContent ?? '')"
            ):
                return
        raise AssertionError(f"the keyboard does not get to “{words}”")

    page.locator("h1").click()
    for words, key in (("Anything", "Enter"), ("Member since?", "Enter"), ("This year", "Space")):
        tab_to(words)
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(page.locator("#filters > summary")).to_be_focused()
    tab_to("Show")
    page.keyboard.press("Enter")
    page.wait_for_url("**/results?where=*")
    expect(page.locator("h1")).to_contain_text("of 120 responses")
    tab_to("Show as a table")
    page.keyboard.press("Enter")
    shown = page.locator(".view-table").first.locator("tbody td:nth-child(2)").all_inner_texts()
    tab_to("CSV – Which evening?")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    sheet = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row[5] or "–" for row in sheet[1:]] == shown

    since = poll.questions[1]
    views = ["", f"?by=q{since.id}", f"?where=q{since.id}:is:{since.options[0].id}", "?by=week", "?where=zz:is:1",
             f"?margin=q{since.id}:{since.options[0].id}=50,{since.options[1].id}=50"]  # fmt: skip
    faults = []
    for path in (*(f"{poll.page}/results{view}" for view in views), f"{empty.page}/results"):
        page.goto(server.url + path)
        page.evaluate("for (const more of document.querySelectorAll('main details:not(#filters)')) more.open = true")
        for scheme, width in (("light", 1280), ("dark", 320)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            faults += [
                f"{path} {scheme}: {v['id']} {v['nodes'][0]['html'][:120]}"
                for v in Axe().run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{path} scrolls sideways at {width}")
    assert faults == []
