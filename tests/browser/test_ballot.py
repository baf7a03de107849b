"""A ballot under conditions in a real browser: live with its script, also inside a sandboxed frame, and by keyboard without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from feedback.collect import counters
from heard.kit.db import reading
from polls.kinds.kind import Draft
from polls.logic import Condition, ShowIf
from tests.conftest import pointing_to
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

pytestmark = pytest.mark.browser

GARDENERS = ShowIf((Condition(0, "is", ("Yes",)),))
QUESTIONS = [
    Draft("single", "Do you garden?", ("Yes", "No"), required=True),
    Draft("rating", "How happy are you with it?", required=True, show_if=GARDENERS, section="Your garden"),
    Draft("short_text", "What is missing?", show_if=ShowIf((Condition(1, "at_most", number=2),))),
    Draft("short_text", "Your street?", section="Last"),
]


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, PollHandle]]]:
    """A served garden with a poll on one page and the same page by page."""
    folder = tmp_path_factory.mktemp("ballot")
    with serving(folder, HEARD_WORK="0") as server, pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
        world = World()
        rules = {"voter_rule": "open"}
        made = {way: world.open_poll(QUESTIONS, title=way, paged=way == "pages", **rules) for way in ("one", "pages")}
        yield server, made


def opened(chromium: Browser, address: str, *, script: bool = True) -> Page:
    """A page on a phone; what it complains of is collected in `page.complaints`."""
    page = chromium.new_context(java_script_enabled=script, viewport={"width": 320, "height": 640}).new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.complaints.append(str(e)))  # type: ignore[attr-defined]
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.goto(address)
    return page


def counted(poll: PollHandle) -> int:
    """Responses on disk."""
    with reading() as session:
        return counters.cells(session, poll.id).get("n", 0)


def test_questions_come_and_go_and_are_told_of(polls, chromium):
    server, made = polls
    page = opened(chromium, f"{server.url}/p/{made['one'].slug}")
    happy, missing = page.get_by_text("How happy are you with it?"), page.get_by_text("What is missing?")
    expect(happy).to_be_hidden()
    expect(page.get_by_text("Your garden")).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(happy).to_be_visible()
    expect(page.locator("[data-changes]")).to_have_text("One more question below.")
    page.get_by_label("2", exact=True).check()
    expect(missing).to_be_visible()
    page.get_by_label("No", exact=True).check()
    expect(missing).to_be_hidden()  # it hangs on a question that is hidden now
    expect(page.locator("[data-changes]")).to_have_text("A question that does not apply was taken away.")
    page.click("text=Send my answers")
    page.wait_for_url("**/r/**")
    expect(page.get_by_text("How happy are you with it?")).to_have_count(0)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_inside_a_frame_that_allows_scripts_only(polls, chromium):
    server, made = polls
    page = opened(chromium, f"{server.url}/healthz")
    before = counted(made["one"])
    page.evaluate(
        "src => { const f = document.createElement('iframe'); f.setAttribute('sandbox', 'allow-scripts');"
        " f.width = 300; f.height = 600; f.src = src; document.body.append(f) }",
        f"{server.url}/e/{made['one'].slug}",
    )
    frame = page.frame_locator("iframe")
    frame.get_by_label("Yes").check()
    frame.get_by_label("1", exact=True).check()
    expect(frame.get_by_text("What is missing?")).to_be_visible()
    frame.get_by_text("Send my answers").click()
    expect(frame.get_by_text("Your answer is recorded")).to_be_visible()
    assert counted(made["one"]) == before + 1


def test_page_by_page_by_keyboard_without_a_script(polls, chromium):
    server, made = polls
    page = opened(chromium, f"{server.url}/p/{made['pages'].slug}", script=False)
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your garden")
    page.locator("input[type=radio]").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # the page comes back with the question that a low rating brings
    expect(page.locator("#added")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("More sun")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Last")
    page.locator("input[type=text][name^=q]").fill("Mill Lane")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/**")
    expect(page.get_by_text("More sun")).to_be_visible()
