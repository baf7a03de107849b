"""A ranking on the ballot in a real browser: buttons, keyboard, dragging, inside a frame of another site; and its results."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser_client import PASSWORD
from tests.journeys.server import Server, serving

pytestmark = pytest.mark.browser
GROWN = ["Tomatoes", "Runner beans along the southern fence", "Courgettes", "Salad", "Pumpkins"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served community "garden" whose token is in `server.token`."""
    with serving(tmp_path_factory.mktemp("ranking"), HEARD_WORK="0") as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=PASSWORD + "\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        made = running.run("token", "create", "maya@garden.example", "--community", "garden").stdout
        running.token = made.split()[-1]  # type: ignore[attr-defined]
        yield running


def api(server: Server, method: str, path: str, **more: Any) -> Any:
    """A call of the API as Maya."""
    headers = {"authorization": f"Bearer {server.token}"}  # type: ignore[attr-defined]
    answer = httpx.request(method, f"{server.url}/api/v1{path}", headers=headers, **more)
    assert answer.status_code < 400, answer.text
    return answer.json()


def ranking(server: Server, **question: Any) -> dict[str, Any]:
    """An open poll with a ranking, and a second question so that a ballot may leave it out."""
    asked = {"kind": "ranking", "wording": "What shall we grow first?", "options": GROWN, **question}
    other = {"kind": "short_text", "wording": "Anything else?"}
    polls = "/communities/garden/polls"
    sent = {"title": "Growing", "questions": [asked, other], "voter_rule": "open", "results_rule": "always"}
    poll = api(server, "POST", polls, json=sent)
    api(server, "POST", f"/polls/{poll['slug']}/opening")
    return poll


def opened(chromium: Browser, address: str, *, script: bool = True, width: int = 360) -> Page:
    """A page whose complaints are collected in `page.complaints`."""
    page = chromium.new_context(java_script_enabled=script, viewport={"width": width, "height": 800}).new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.complaints.append(str(e)))  # type: ignore[attr-defined]
    page.goto(address)
    return page


def order(page: Any) -> list[str]:
    """The options as they stand."""
    return page.locator(".ranking label").all_inner_texts()


def ranks(page: Any) -> list[str]:
    """What the selects would send, in ballot order."""
    chosen = page.locator("select").evaluate_all("all => all.map(one => [one.name, one.value])")
    return [value for _name, value in sorted(chosen, key=lambda each: int(each[0].rpartition("-i")[2]))]


def test_options_move_by_keyboard_and_every_move_is_said(server, chromium):
    poll = ranking(server)
    page = opened(chromium, f"{server.url}/p/{poll['slug']}")
    expect(page.locator("select").first).to_be_hidden()
    assert ranks(page) == [""] * 5
    button = page.get_by_role("button", name="Move “Courgettes” up, not ranked yet")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_have_text("“Courgettes”: now 2 of 5.")
    page.keyboard.press("Space")  # the focus went with the option
    expect(page.locator("[role=status]")).to_have_text("“Courgettes”: now 1 of 5.")
    expect(page.get_by_role("button", name="Move “Courgettes” up, now 1 of 5")).to_be_focused()
    assert order(page)[:2] == ["Courgettes", "Tomatoes"]
    assert ranks(page) == ["2", "3", "1", "4", "5"]
    page.get_by_role("button", name="Move “Pumpkins” down, now 5 of 5").click()
    expect(page.locator("[role=status]")).to_have_text("“Pumpkins”: left out.")
    assert ranks(page) == ["2", "3", "1", "4", ""]
    sizes = page.locator(".ranking button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert all(width >= 44 and height >= 44 for width, height in sizes)
    page.click("text=Send my answers")
    page.wait_for_url("**/r/*")
    found = api(server, "GET", f"/polls/{poll['slug']}/results")["questions"][0]
    names = {o["id"]: o["label"] for o in poll["questions"][0]["options"]}
    assert [names[o] for level in found["ranked"]["schulze"] for o in level] == [
        "Courgettes", "Tomatoes", "Runner beans along the southern fence", "Salad", "Pumpkins"
    ]  # fmt: skip
    page.goto(page.url + "/change")
    assert order(page) == ["Courgettes", "Tomatoes", "Runner beans along the southern fence", "Salad", "Pumpkins"]
    assert ranks(page) == ["2", "3", "1", "4", ""]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_ranking_that_nobody_touched_is_not_counted(server, chromium):
    poll = ranking(server)
    page = opened(chromium, f"{server.url}/p/{poll['slug']}")
    page.fill("input[type=text][name^=q]", "Nothing")
    page.click("text=Send my answers")
    page.wait_for_url("**/r/*")
    results = api(server, "GET", f"/polls/{poll['slug']}/results")
    assert (results["n"], results["questions"][0]["n"]) == (1, 0)


def test_the_order_as_it_stands_may_be_kept_and_taken_back(server, chromium):
    page = opened(chromium, f"{server.url}/p/{ranking(server)['slug']}")
    page.click("text=Keep this order")
    assert ranks(page) == ["1", "2", "3", "4", "5"]
    page.click("text=Rank nothing")
    assert ranks(page) == [""] * 5
    expect(page.get_by_role("button", name="Keep this order")).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
def test_options_are_dragged(server, chromium, width):
    page = opened(chromium, f"{server.url}/p/{ranking(server)['slug']}", width=width)
    grip, place = (
        page.locator(".ranking-grip").nth(3).bounding_box(),
        page.locator(".ranking > li").nth(0).bounding_box(),
    )
    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 20, grip["y"] - 60, steps=4)
    page.mouse.move(grip["x"] + 20, place["y"] + 4, steps=6)
    page.mouse.up()
    assert order(page)[:2] == ["Salad", "Tomatoes"]
    assert ranks(page) == ["2", "3", "4", "1", "5"]


def test_a_finger_drags_by_the_grip(server, chromium):
    page = opened(chromium, f"{server.url}/p/{ranking(server)['slug']}")
    grip, place = (
        page.locator(".ranking-grip").nth(0).bounding_box(),
        page.locator(".ranking > li").nth(2).bounding_box(),
    )
    touch, x = page.context.new_cdp_session(page), grip["x"] + 20
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": grip["y"] + 20}]})
    for step in range(1, 9):
        y = grip["y"] + 20 + (place["y"] + 40 - grip["y"] - 20) * step / 8
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert order(page)[:3] == ["Runner beans along the southern fence", "Courgettes", "Tomatoes"]
    assert ranks(page)[0] == "3"


def test_a_message_about_a_missing_answer_leads_to_the_list(server, chromium):
    page = opened(chromium, f"{server.url}/p/{ranking(server, required=True)['slug']}")
    page.click("text=Send my answers")
    page.click(".error-summary a")
    expect(page.locator(".ranking")).to_be_focused()


def test_it_works_in_a_frame_of_another_site_that_forbids_forms(server, chromium, tmp_path: Path):
    poll = ranking(server, required=True)
    frame = f'<iframe sandbox="allow-scripts" width="340" height="900" src="{server.url}/e/{poll["slug"]}"></iframe>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Elsewhere</title>{frame}")
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=tmp_path)) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        page = opened(chromium, f"http://127.0.0.1:{elsewhere.server_port}/", width=400)
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="Move “Salad” up, not ranked yet").wait_for()
        inside.get_by_role("button", name="Send my answers").click()  # refused: the page inside is a new one
        inside.locator(".error-summary").wait_for()
        inside.get_by_role("button", name="Move “Salad” up, not ranked yet").click()
        inside.get_by_role("button", name="Send my answers").click()
        inside.get_by_text("It is counted.").wait_for()
        elsewhere.shutdown()
    assert api(server, "GET", f"/polls/{poll['slug']}/results")["questions"][0]["n"] == 1


def test_without_a_script_the_numbers_are_chosen(server, chromium):
    poll = ranking(server)
    page = opened(chromium, f"{server.url}/p/{poll['slug']}", script=False, width=320)
    page.locator("select").nth(1).select_option("1")
    page.click("text=Send my answers")
    page.wait_for_url("**/r/*")
    expect(page.locator("main")).to_contain_text("1. Runner beans along the southern fence")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_ballot_and_results_never_scroll_sideways_nor_fail_axe(server, chromium, width):
    poll = ranking(server)
    question = poll["questions"][0]
    ids = [o["id"] for o in question["options"]]
    for options in (ids, ids[::-1], ids[2:], ids[1:2], ids[3:1:-1]):
        answers = [{"question": question["id"], "options": options}]
        api(server, "POST", f"/polls/{poll['slug']}/responses", json={"answers": answers})
    for address in (f"/p/{poll['slug']}", f"/p/{poll['slug']}/results"):
        page = opened(chromium, server.url + address, width=width)
        if "results" in address:
            page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        else:
            page.locator(".ranking-down").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
