"""Integrity in a real browser: what fills in forms by itself stays out of the trap, and the panel works by keyboard.

Chromium's own autofill cannot be called from a script; so the form gets what autofill could read of it (its heuristics look
at names, labels and autocomplete), and the page is filled in as extensions do: every field that is visible and can be typed in.
"""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from feedback.collect import intake
from heard.accounts import access, signin
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.browser.test_ballot import counted, opened
from tests.conftest import pointing_to
from tests.feedback.voting import rows
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

pytestmark = pytest.mark.browser
# What browsers take for a name, an address, a telephone number or a card, by their sources' words.
AUTOFILLED = re.compile(
    r"name|mail|phone|tel|mobile|street|address|city|town|state|zip|post|country|company|card|user|login|pass|birth|url|site|nom\b|ville|rue"
)
# As extensions that fill in forms do: what can be seen and typed in.
FILL_WHAT_IS_SEEN = """() => {
  for (const field of document.querySelectorAll('input:not([type]), input[type=text], input[type=email], textarea')) {
    const box = field.getBoundingClientRect(), hidden = field.closest('[aria-hidden=true]') || field.tabIndex < 0;
    if (!hidden && box.width > 4 && box.height > 4) field.value = 'Ada Example';
  }
}"""


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, PollHandle, World]]:
    """A served garden with a poll at level 2; networks are known by what a proxy on this machine says."""
    folder = tmp_path_factory.mktemp("integrity")
    with serving(folder, HEARD_WORK="0", HEARD_PROXIES="127.0.0.1") as server:
        with pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
            world = World()
            questions = [Draft("single", "Which day?", ("Monday", "Friday")), Draft("short_text", "Your name?")]
            yield server, world.open_poll(questions, title="Day", voter_rule="network"), world
            intake.stop()


def test_what_fills_in_forms_by_itself_stays_out_of_the_trap(chromium: Browser, garden) -> None:
    server, poll, _world = garden
    page = opened(chromium, f"{server.url}/p/{poll.slug}")
    trap = page.locator("[name=topic]")
    told = " ".join(
        [
            trap.get_attribute("name") or "",
            trap.get_attribute("id") or "",
            page.locator("label[for=topic]").inner_text(),
        ]
    )
    assert not AUTOFILLED.search(told.lower())
    assert trap.get_attribute("autocomplete") == "off"
    page.evaluate(FILL_WHAT_IS_SEEN)
    assert trap.input_value() == ""
    assert page.locator(f"[name={poll.questions[1].name}]").input_value() == "Ada Example"
    stops = []
    for _press in range(12):  # nobody comes into it by keyboard
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.name"))
    assert "topic" not in stops
    page.get_by_label("Friday").check()
    page.wait_for_timeout(2500)  # a person, not a program
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("It is counted.")).to_be_visible()
    assert page.complaints == []
    assert [r["set_aside"] for r in rows("responses")] == [""]


def test_a_proxy_that_is_named_tells_networks_apart_and_nobody_else_does(garden) -> None:
    server, poll, _world = garden
    for said in ("198.51.100.7", "203.0.113.9, 198.51.100.8", "192.0.2.1"):
        page = httpx.get(f"{server.url}/p/{poll.slug}").text
        sent = dict(re.findall(r'name="(submission|seen)" value="([^"]*)"', page))
        sent[poll.questions[0].name] = str(poll.questions[0].options[0].id)
        headers = {"x-forwarded-for": said, "sec-fetch-site": "same-origin"}
        assert httpx.post(f"{server.url}/p/{poll.slug}", data=sent, headers=headers).status_code == 303
    quick = [r["network"] for r in rows("responses") if r["set_aside"] == "quick"]
    assert len(quick) == 3  # the last hop before the proxy counts: two are of one network, whatever was said before it
    assert len(set(quick)) == 2


def test_the_panel_works_by_keyboard_at_320_px(chromium: Browser, garden) -> None:
    server, poll, world = garden
    before = counted(poll)
    aside = sum(r["set_aside"] == "quick" for r in rows("responses"))
    assert aside
    with writing() as session:
        token = signin.start_session(session, world.people["maya"])
    page = opened(chromium, f"{server.url}/sign-in")
    page.context.add_cookies([{"name": access.session_cookie(), "value": token, "url": server.url}])
    page.goto(f"{server.url}{poll.page}/integrity")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "reason":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("People at the market stand.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="none set aside")).to_be_visible()
    assert counted(poll) == before + aside
    assert "People at the market stand." in page.inner_text("main")
    assert page.complaints == []
