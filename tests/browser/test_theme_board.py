"""The board of themes in a real browser: an answer dragged onto another theme, and the map that can be looked at closer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from feedback.collect import intake
from feedback.models import Assignment
from feedback.themes import refreshing as themes
from heard.accounts import access, signin
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.conftest import pointing_to
from tests.feedback.said import ALL, COLD, STAFF, say, theme_of
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, PollHandle, World, dict[str, int]]]:
    """A served garden with a poll that has been read by words; {text: comment}."""
    folder = tmp_path_factory.mktemp("board")
    with serving(folder, HEARD_WORK="0") as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(themes, "the_encoder", lambda: None)
        with pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
            world = World()
            poll = world.open_poll([Draft("long_text", "What should change?")], title="The library")
            said = dict(zip(ALL, say(poll.id, ALL), strict=True))
            themes.refresh(poll.id)
            yield server, poll, world, said
            intake.stop()


def signed_in(chromium: Browser, board, path: str, **more) -> Page:
    server, _poll, world, _said = board
    with writing() as session:
        token = signin.start_session(session, world.people["maya"])
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **more)
    context.add_cookies([{"name": access.session_cookie(), "value": token, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}{path}")
    return page


def home(comment: int):
    with reading() as session:
        return theme_of(session, comment)


def test_an_answer_is_dragged_onto_another_theme_with_the_mouse(chromium: Browser, board) -> None:
    comment, staff = board[3][COLD[0]], home(board[3][STAFF[0]])
    page = signed_in(chromium, board, f"/m/garden/themes/{home(comment).id}")
    row = page.locator(f".to-choose > li:has(input[value='{comment}'])")
    row.hover()
    page.mouse.down()
    page.mouse.move(400, 300, steps=3)
    option = page.locator(f"#to option[value='{staff.id}'], #to option[value='{staff.parent_id}']")
    target = page.locator(".drop-here > li", has_text=option.inner_text())
    expect(target).to_be_visible()
    box = target.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator(".flash")).to_contain_text("Moved 1 answer")
    with reading() as session:
        assert session.get_one(Assignment, comment).theme_id == staff.id


def test_a_drag_that_ends_nowhere_changes_nothing(chromium: Browser, board) -> None:
    comment = board[3][COLD[2]]
    before = home(comment).id
    page = signed_in(chromium, board, f"/m/garden/themes/{before}")
    page.locator(f".to-choose > li:has(input[value='{comment}'])").hover()
    page.mouse.down()
    page.mouse.move(400, 300, steps=3)
    page.mouse.move(200, 100, steps=3)
    page.mouse.up()
    expect(page.locator(".drop-here")).to_have_count(0)
    expect(page.locator(".to-choose :checked")).to_have_count(0)
    assert home(comment).id == before


def test_the_map_is_drawn_anew_to_look_closer_and_a_circle_leads_to_its_theme(chromium: Browser, board) -> None:
    path = f"{board[1].page}/themes?view=map"
    page = signed_in(chromium, board, path)
    expect(page.locator(".chart .points path").first).to_be_visible()
    expect(page.locator("#drawn")).to_be_hidden()
    expect(page.locator("#look-closer")).to_be_visible()
    box = page.locator(".chart .points path").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".chart .hoverlayer text").first).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/m/garden/themes/*")
    plain = signed_in(chromium, board, path, java_script_enabled=False)
    expect(plain.locator("svg.wide a").first).to_be_visible()
    plain.locator("svg.wide a circle").first.click()
    assert "/themes/" in plain.url
    assert "view=map" not in plain.url
