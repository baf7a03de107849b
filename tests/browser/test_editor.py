"""The editor in a real browser: with its script, without one, and by keyboard."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_client import PASSWORD
from tests.journeys.server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served community "garden" with Maya."""
    with serving(tmp_path_factory.mktemp("editor"), HEARD_WORK="0") as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=PASSWORD + "\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        yield running


SIGNED_IN: dict[str, Any] = {}  # by server: signing in is limited, and once is enough


def signed_in(chromium: Browser, server: Server, path: str, *, script: bool = True, width: int = 1280) -> Page:
    """A page of the community, as Maya sees it; its complaints are collected in `page.complaints`."""
    state = SIGNED_IN.get(server.url)
    size = {"width": width, "height": 800}
    page = chromium.new_context(java_script_enabled=script, viewport=size, storage_state=state).new_page()  # type: ignore[arg-type]
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.complaints.append(str(e)))  # type: ignore[attr-defined]
    if state:
        page.goto(server.url + path)
        return page
    page.goto(f"{server.url}/sign-in?next={path}")
    page.fill("[type=email]", "maya@garden.example")
    page.fill("[type=password]", PASSWORD)
    page.press("[type=password]", "Enter")
    page.wait_for_url(f"**{path}")
    SIGNED_IN[server.url] = page.context.storage_state()
    return page


class Counted:
    """A person at the page: every click, key chord and text that is typed or pasted is one interaction."""

    def __init__(self, page: Page) -> None:
        self.page, self.interactions = page, 0

    def click(self, what: str) -> None:
        """One click."""
        self.interactions += 1
        self.page.click(what)

    def press(self, key: str) -> None:
        """One key, or several together."""
        self.interactions += 1
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """One text, typed."""
        self.interactions += 1
        self.page.keyboard.type(words)

    def paste(self, words: str) -> None:
        """One text, pasted."""
        self.interactions += 1
        self.page.keyboard.insert_text(words)


def lines(page: Page, field: str = "#q-0 .options-field") -> list[str]:
    """The options as they stand, without the empty line that asks for more."""
    return [v for v in page.locator(f"{field} .line textarea").evaluate_all("all => all.map(one => one.value)") if v]


def questions(page: Page) -> list[str]:
    """Their words, in order."""
    return list(page.locator(".asking").evaluate_all("all => all.map(one => one.value)"))


def test_the_first_poll_of_an_empty_install_with_five_options_in_six_interactions(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls")
    person = Counted(page)
    person.click("main >> text=New poll")
    page.wait_for_selector("#q-0-wording:focus")
    person.type("Where shall we meet?")
    person.press("Enter")
    person.paste("1. Library\n2. Town hall\n3. The garden\n4. The café\n5. At home")
    ballot = page.frame_locator("#preview")
    expect(ballot.locator(".choice")).to_have_text(["Library", "Town hall", "The garden", "The café", "At home"])
    assert lines(page) == ["Library", "Town hall", "The garden", "The café", "At home"]  # as the server reads them
    person.click("text=Publish poll")
    page.wait_for_url("**/polls/where-shall-we-meet/sharing")
    assert person.interactions <= 6
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_new_poll_by_keyboard_alone_in_four_interactions(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    person = Counted(page)
    person.type("Which day?")  # the question has the focus already
    person.press("Enter")
    person.paste("Mon, Tue, Wed, Thu, Fri")
    expect(page.frame_locator("#preview").locator(".choice")).to_have_text(["Mon", "Tue", "Wed", "Thu", "Fri"])
    page.focus("text=Publish poll")
    person.press("Enter")
    page.wait_for_url("**/polls/which-day/sharing")
    assert person.interactions <= 6


def test_options_are_written_moved_and_taken_out_by_keyboard(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("Which?")
    page.keyboard.press("Enter")
    for words in ("A", "B", "C"):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    assert lines(page) == ["A", "B", "C"]
    page.keyboard.press("Backspace")  # in the empty line: back to C
    page.keyboard.press("Alt+ArrowUp")
    assert lines(page) == ["A", "C", "B"]
    expect(page.locator("#told")).to_have_text("“C” is now 2 of 3.")
    page.focus("#q-0 .options-field .line:nth-child(1) .handle")
    page.keyboard.press("ArrowDown")
    assert lines(page) == ["C", "A", "B"]
    expect(page.locator("#q-0 .options-field .line:nth-child(2) .handle")).to_be_focused()
    page.focus("#q-0 .options-field .line:nth-child(3) textarea")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert lines(page) == ["C", "A"]
    expect(page.locator("#q-0 .options-field .line:nth-child(2) textarea")).to_be_focused()
    assert page.input_value("#q-0-options") == "C\nA"  # what is sent


def test_options_and_questions_are_dragged(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new?example=1")
    drag(page, "#q-0 .options-field .line:nth-child(1) .handle", "#q-0 .options-field .line:nth-child(3)")
    assert lines(page) == ["Beans", "Sunflowers", "Tomatoes"]
    page.locator("#q-0 .handle.big").scroll_into_view_if_needed()
    drag(page, "#q-0 .handle.big", "#q-1 .sheet")
    assert questions(page) == ["What would make you come more often?", "What should we plant first?"]


def drag(page: Page, handle: str, onto: str) -> None:
    """Take it by its handle to the lower part of something."""
    start, end = page.locator(handle).bounding_box(), page.locator(onto).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] * 0.6, steps=8)
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] * 0.9, steps=4)
    page.mouse.up()


def test_questions_are_added_moved_and_saved_without_asking(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("First question")
    page.click("text=Choose its kind")
    page.click("[data-kind=rating]")
    page.keyboard.type("How was it?")
    expect(page.frame_locator("#preview").locator(".scale label")).to_have_count(5)
    expect(page.locator("#q-1 .options-field")).to_be_hidden()
    page.click("#q-1 [data-do=up]")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.wait_for_url(re.compile(r"/polls/(?!new)"))
    page.reload()
    assert questions(page) == ["How was it?", "First question"]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_removed_question_comes_back_with_what_hung_on_it(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new?example=1")
    expect(page.frame_locator("#preview").locator("h1, h2")).to_have_count(2)
    page.hover("#q-1")
    page.click("#q-1-show_if summary")
    page.click("#q-1 [data-do=if]")
    page.check("#q-1 .condition-options >> text=Beans")
    page.hover("#q-0")
    page.click("#q-0 [data-do=remove]")
    assert questions(page) == ["What would make you come more often?"]
    page.click("text=Undo")
    assert questions(page) == ["What should we plant first?", "What would make you come more often?"]
    expect(page.locator("#q-1 .condition-on")).to_have_value("0")
    expect(page.locator("#q-1 .condition-options input[value=Beans]")).to_be_checked()
    expect(page.frame_locator("#preview").locator(".only-if")).to_contain_text("is one of: Beans")


def test_conditions_go_with_the_removed_question_once_its_time_is_over(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new?example=1")
    page.clock.install()
    page.goto(server.url + "/m/garden/polls/new?example=1")
    page.click("#q-1-show_if summary")
    page.click("#q-1 [data-do=if]")
    page.hover("#q-0")
    page.click("#q-0 [data-do=remove]")
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#q-1 .condition-on")).to_have_count(1)
    page.mouse.move(5, 5)
    page.focus("#q-1-wording")
    page.clock.run_for(31_000)
    expect(page.locator(".toast")).to_have_count(0)
    expect(page.locator("#q-1 .condition-on")).to_have_count(0)
    expect(page.locator("#told")).to_contain_text("are gone too")


def test_a_copy_of_a_question_has_its_words_and_options(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new?example=1")
    page.fill("#q-0-wording", "Changed before copying")
    page.hover("#q-0")
    page.click("#q-0 [data-do=copy]")
    assert questions(page)[:2] == ["Changed before copying"] * 2
    assert lines(page, "#q-2 .options-field") == ["Tomatoes", "Beans", "Sunflowers"]
    page.fill("#q-2 .options-field .line >> nth=0 >> textarea", "Apples")
    assert lines(page)[0] == "Tomatoes"


def test_each_place_shows_its_text_with_its_room_as_one_types(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.fill("#title", "Autumn")
    ballot = page.frame_locator("#preview")
    for place, words in (
        ("mastodon", "of 500 characters"),
        ("discord", "of 2,000 characters"),
        ("card", "of 70 characters"),
    ):
        page.click(f"[data-place={place}]")
        expect(ballot.locator(".room").first).to_contain_text(words)
    page.click("[data-place=mastodon]")
    page.fill("#intro", "Many words. " * 60)
    expect(ballot.locator(".too-long")).to_be_visible()
    expect(ballot.locator(".left-out")).to_contain_text("Many words")


def test_advice_comes_while_typing_and_can_be_put_aside(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("Don't you agree that it helps?")
    advice = page.locator("#q-0 .wording .hints li")
    expect(advice).to_have_count(2)
    page.click("#q-0 .wording .hints li:first-child button")
    expect(advice).to_have_count(1)
    page.fill("#title", "Food")
    expect(page.frame_locator("#preview").locator("main")).to_contain_text("Food")
    expect(advice).to_have_count(1)
    expect(page.locator("#minutes")).to_contain_text("Takes")


def test_a_list_too_long_for_lines_is_edited_as_text_and_nothing_is_lost(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("Which of many?")
    page.keyboard.press("Enter")
    many = [f"Option number {n}" for n in range(10_000)]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("words => navigator.clipboard.writeText(words)", "\n".join(many))
    page.keyboard.press("Control+V")
    expect(page.locator("#q-0-options")).to_be_visible()
    assert page.input_value("#q-0-options").split("\n") == many
    expect(page.locator("#saved")).to_contain_text("at most 1,000 options; these are 10,000")
    page.locator("#q-0-options").fill("A\nB")
    page.focus("#title")
    assert lines(page) == ["A", "B"]


def test_a_killed_browser_loses_no_more_than_three_seconds_of_steady_typing(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if "autosave" in (r.post_data or "") else None)
    page.keyboard.type("abcdefghijklmnopqrstuvwxyz", delay=200)  # never a pause: five seconds
    assert len(sent) >= 2
    at = page.url
    page.context.close()
    again = signed_in(chromium, server, at.removeprefix(server.url))
    assert len(questions(again)[0]) >= 10


def test_somebody_elses_change_is_shown_and_never_overwritten_by_itself(server, chromium):
    mine = signed_in(chromium, server, "/m/garden/polls/new")
    mine.keyboard.type("Two editors?")
    expect(mine.locator("#saved")).to_contain_text("Saved at")
    mine.wait_for_url(re.compile(r"/polls/(?!new)"))
    theirs = signed_in(chromium, server, mine.url.removeprefix(server.url))
    theirs.fill("#q-0-wording", "Theirs?")
    expect(theirs.locator("#saved")).to_contain_text("Saved at")
    mine.keyboard.type(" Mine.")
    mine.click("text=See what is different")
    expect(mine.locator("main")).to_contain_text("theirs is “Theirs?”, yours is “Two editors? Mine.”")
    mine.fill("#title", "Still mine")
    expect(mine.locator("#saved")).to_have_text("Not saved yet.")
    mine.click(".actions >> text=Save draft")
    expect(mine.locator("main")).to_contain_text("Your draft")
    theirs.reload()
    assert questions(theirs) == ["Two editors? Mine."]


def test_an_open_poll_is_saved_by_its_button_only(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new")
    page.keyboard.type("Open and unanswered?")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Yes\nNo")
    page.click("text=Publish poll")
    page.wait_for_url("**/sharing")
    page.goto(page.url.replace("/sharing", "?edit=1"))
    page.fill("#q-0-wording", "Open and unanswered, still?")
    expect(page.locator("#saved")).to_have_text("Not saved yet.")
    page.click("text=Save and keep it open")
    expect(page.locator(".flash")).to_contain_text("The poll is saved.")


def test_without_a_script_on_a_phone(server, chromium):
    page = signed_in(chromium, server, "/m/garden/polls/new", script=False, width=320)
    page.fill("#q-0-wording", "No script?")
    page.fill("#q-0-options", "A\nB")
    page.click("#update-preview")
    expect(page.frame_locator("#preview").locator("h1")).to_have_text("No script?")
    page.click("[data-place=slack]")
    expect(page.frame_locator("#preview").locator(".post")).to_contain_text("of 3,000 characters")
    page.click("text=Add another question")
    expect(page.locator("#q-1-wording")).to_be_focused()
    page.fill("#q-1-wording", "And why?")
    page.select_option("#q-1-kind", "long_text")
    page.click("#q-1-show_if summary")
    page.click("#q-1 >> text=Add a condition >> visible=true")
    page.check("#q-1 .condition-options >> text=A")
    page.click("#q-1 .tools >> text=Remove")
    page.click("text=Bring it back")
    expect(page.locator("#q-1 .condition-options >> text=A")).to_be_checked()
    page.click("text=Publish poll")
    page.wait_for_url("**/polls/no-script/sharing")
    expect(page.locator("#link")).to_have_value(re.compile(r"/p/no-script$"))


EVERYTHING = [
    ("single", "Which day suits you?", "Monday\nTuesday"), ("multiple", "Which tools and which seeds do you use?", "Spade\nRake"),
    ("yes_no", "Shall we buy a shed?", ""), ("rating", "How was it?", ""), ("likert", "It helps.", ""),
    ("nps", "Would you recommend us?", ""), ("matrix", "How are these?", "Bad\nGood"), ("ranking", "What matters?", "Water\nShade"),
    ("points", "Share out", "Seeds\nTools"), ("pair", "Which?", "Tea\nCoffee"), ("statements", "Agree?", "More shade\nLess"),
    ("short_text", "Your plant?", ""), ("long_text", "What else?", ""), ("number", "How far?", ""), ("date", "When?", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def everything(server: Server, chromium: Browser) -> str:
    """The path of a draft with a question of every kind, a section and a condition."""
    from urllib.parse import urlencode

    page = signed_in(chromium, server, "/m/garden/polls")
    sent = [("title", "Everything"), ("do", "save"), ("q-3-section", "Part two"), ("q-6-rows", "Price\nTaste")]
    sent += [("q-1-if", "0"), ("q-1-if-0-on", "0"), ("q-1-if-0-op", "is"), ("q-1-if-0-option", "Monday")]
    for n, (kind, wording, options) in enumerate(EVERYTHING):
        sent += [("question", str(n)), (f"q-{n}-kind", kind), (f"q-{n}-wording", wording), (f"q-{n}-options", options)]
    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    answer = page.request.post(
        f"{server.url}/m/garden/polls/new", data=urlencode(sent), headers=headers, max_redirects=0
    )
    return answer.headers["location"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_draft_of_every_kind_scrolls_nowhere_sideways_and_fails_no_axe_rule(server, chromium, everything, width):
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(chromium, server, everything, width=width)
    expect(page.locator(".hints [data-hint]").first).to_be_visible()
    for more in page.locator(".question .more > summary").all():
        if more.is_visible() and not more.evaluate("one => one.parentElement.open"):
            more.click()
    for words in ("Choose its kind", "More: who may vote"):
        page.click(f"text={words}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert page.complaints == []  # type: ignore[attr-defined]


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
