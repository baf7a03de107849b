"""A file is brought in by a person with a browser: looked at, renamed, and its bar seen to move."""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.feedback.imports import samples
from tests.journeys.server import Server, serving

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"


def table(responses: int) -> bytes:
    """Days, stars and words."""
    days = ("Monday", "Thursday", "Sunday")
    lines = [f"{days[i % 3]},{i % 5 + 1},words number {i} about the opening hours" for i in range(responses)]
    return "\n".join(["Which day suits you?,How was it?,Why?", *lines]).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with its worker, and the community garden with Maya."""
    with serving(tmp_path_factory.mktemp("imports")) as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=f"{PASSWORD}\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        yield running


@pytest.fixture
def maya(chromium: Browser, server: Server):
    """Maya's page, signed in; scripts must not fail."""
    page = chromium.new_page(viewport={"width": 360, "height": 740}, locale="en")
    page.set_default_timeout(30_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{server.url}/sign-in")
    page.fill("[name=email]", "maya@garden.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.primary")
    yield page
    page.close()
    assert faults == []


def choose(page: Page, server: Server, content: bytes) -> None:
    page.goto(f"{server.url}/m/garden/polls/imports/new")
    page.set_input_files("#file", {"name": "opening-hours.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main button.primary")


def test_a_file_is_looked_at_mapped_and_its_bar_moves_to_the_end(maya: Page, server: Server):
    choose(maya, server, table(15_000))
    expect(maya.get_by_role("button", name="Import 15,000 responses")).to_be_visible()
    maya.fill("[name=wording-0]", "Your day")
    maya.click("text=Import 15,000 responses")
    seen: set[int] = set()
    maya.wait_for_selector("progress, .counted")
    while maya.locator("progress").count():
        value = maya.evaluate("document.querySelector('progress')?.value ?? -1")
        seen.add(int(value))
        maya.wait_for_timeout(100)
    expect(maya.get_by_role("heading", name=re.compile("15,000 responses are in"))).to_be_visible()
    assert len({value for value in seen if value > 0}) >= 2, seen
    maya.click("text=See the results")
    expect(maya.get_by_text("Your day").first).to_be_visible()


def test_without_a_script_the_page_refreshes_itself_and_stops(chromium: Browser, maya: Page, server: Server):
    choose(maya, server, table(15_000))
    cookies = maya.context.cookies()
    plain = chromium.new_context(java_script_enabled=False, locale="en")
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(maya.url)
    page.click("text=Import 15,000 responses")
    page.click("text=Stop")
    expect(page.get_by_role("heading", name=re.compile("^Stopped after"))).to_be_visible(timeout=30_000)
    plain.close()


TIMES = 500  # each sample has six responses
# Where a tool's own number of the response stands; Google Forms writes none.
ID_COLUMN = {"limesurvey": 0, "typeform": 0, "surveymonkey": 0, "formbricks": 1, "long": 0, "google": None}
HEADS = {"surveymonkey": 2}


def many(form: str) -> bytes:
    """The sample so often, each time as other people."""
    raw = samples.SAMPLES[form].decode("utf-8-sig")
    if form == "jsonl":
        lines = [json.loads(line) for line in raw.splitlines()]
        again = [line | {"submission_id": f"{line['submission_id']}-{n}"} for n in range(TIMES) for line in lines]
        return "".join(json.dumps(line) + "\n" for line in again).encode()
    delimiter = ";" if form == "limesurvey" else ","
    rows = [row for row in csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter) if row]
    heads, said = rows[: HEADS.get(form, 1)], rows[HEADS.get(form, 1) :]
    column = ID_COLUMN[form]
    again = [
        [f"{cell}{n:03d}" if at == column else cell for at, cell in enumerate(row)]
        for n in range(TIMES)
        for row in said
    ]
    return samples.table([*heads, *again], delimiter)


def plain() -> bytes:
    """A table of nobody's."""
    rows = [
        [colour, stars, f"{why} {n}"] for n in range(TIMES) for colour, _e, _o, stars, _p, _s, why in samples.PEOPLE
    ]
    return samples.table([[samples.COLOUR, samples.STARS, samples.WHY], *rows])


def workbook() -> bytes:
    """The same as a sheet."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(csv.reader(io.StringIO(plain().decode(), newline=""))):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    **{form: (lambda form=form: many(form)) for form in samples.SAMPLES}, "csv": plain, "xlsx": workbook,
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("form", FILES)
def test_a_file_of_each_tool_comes_in_with_its_bar(maya: Page, server: Server, form: str):
    ending = form if form in ("jsonl", "xlsx") else "csv"
    maya.goto(f"{server.url}/m/garden/polls/imports/new")
    content = {"name": f"from-{form}.{ending}", "mimeType": "application/octet-stream", "buffer": FILES[form]()}
    maya.set_input_files("#file", content)
    maya.click("main button.primary")
    maya.get_by_role("button", name=re.compile("^Import 3,000 responses")).click()
    maya.wait_for_selector("progress")
    expect(maya.get_by_role("heading", name=re.compile("3,000 responses are in"))).to_be_visible()
    maya.click("text=See the results")
    expect(
        maya.locator(".of-question").filter(has_text=samples.COLOUR).first
    ).to_be_visible()  # not that in the filters
    slug = maya.url.split("/polls/")[1].split("/")[0]
    assert "3,000 responses recounted; every counter is right" in server.run("verify", slug).stdout
