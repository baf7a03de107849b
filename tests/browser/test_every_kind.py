"""One poll with a question of every kind: made in the browser, answered four ways, and the four count the same.

The ways: a browser without JavaScript, the keyboard alone, the API, an import. Every page on the way is looked at for
accessibility and sideways scrolling. PICTURES=folder keeps a picture of each, at 320, 360 and 1280 px, light, and dark.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from polls.kinds.kind import kinds
from tests.browser_client import PASSWORD
from tests.chromium import find
from tests.journeys.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.long]


@dataclass(frozen=True)
class Asked:
    """A question as Maya writes it, and what everybody answers. `answer`: words as they stand on the ballot; of several
    things one by one, words by item; of pairs, the options in the order in which they are preferred."""

    kind: str
    wording: str
    answer: Any
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""  # beside "Other"


WISHES = "More benches along the path.\n\nAnd a roof over the table: it rains a lot. 🌧"
ASKED = (
    Asked("single", "Where shall the new bed go?", "Other", ("By the gate", "Along the southern fence", "Behind the shed"),
          settings={"other": True, "dont_know": True}, words="Up on the roof"),
    Asked("multiple", "Which days suit you?", ["Friday", "Saturday"], ("Monday", "Wednesday", "Friday", "Saturday"),
          settings={"min": 1, "max": 3, "dont_know": True}),
    Asked("yes_no", "Shall we open on Sundays?", "Yes"),
    Asked("rating", "How was the harvest supper?", "4", settings={"low_label": "dull", "high_label": "a delight"}),
    Asked("likert", "I feel welcome in the garden.", "Agree"),
    Asked("nps", "How likely are you to bring a friend along?", "9"),
    Asked("short_text", "What do you call your favourite corner?", "L’allée du café"),
    Asked("long_text", "What would make you come more often?", WISHES),
    Asked("number", "How long is your way here?", "12.5", settings={"min": "0", "unit": "minutes"}),
    Asked("date", "From which day could you help?", "2027-03-21"),
    Asked("matrix", "How are these?", {"Paths": "Good", "Tools": "Poor", "Watering by the neighbours": "Good"},
          ("Poor", "Fair", "Good"), ("Paths", "Tools", "Watering by the neighbours")),
    Asked("ranking", "What shall we grow first?", ["Courgettes", "Salad", "Runner beans"],
          ("Salad", "Runner beans", "Pumpkins", "Courgettes")),
    Asked("points", "What is the money for?", {"Seeds": "6", "A water butt": "4"}, ("Seeds", "A water butt", "Paint")),
    Asked("pair", "Which of the two?", ["Apples", "Plums", "Quinces"], ("Apples", "Quinces", "Plums")),
    Asked("statements", "What do you think of these?",
          {"Dogs are welcome.": "Agree", "Fires are fine in autumn.": "Disagree", "The gate needs a lock.": "Pass"},
          ("Dogs are welcome.", "Fires are fine in autumn.", "The gate needs a lock."), settings={"members_add": True}),
)  # fmt: skip
STANCES = {"Agree": 1, "Disagree": -1, "Pass": 0}
GROWS = {"n", "count", "score", "exhausted", "pairwise", "strengths"}  # with each answer; shares, means and orders stay


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served community "garden" with Maya, whose token is in `server.token`."""
    with serving(tmp_path_factory.mktemp("every-kind"), HEARD_WORK="0") as running:
        running.run("account", "create", "maya@garden.example", "--name", "Maya", text=PASSWORD + "\n")
        running.run("community", "create", "garden", "--name", "The Quiet Garden", "--owner", "maya@garden.example")
        made = running.run("token", "create", "maya@garden.example", "--community", "garden").stdout
        running.token = made.split()[-1]  # type: ignore[attr-defined]
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find(), args=["--no-sandbox", "--lang=en-US"])
        yield browser
        browser.close()


class Walk:
    """The pages of the walk, and what is wrong with them."""

    def __init__(self, chromium: Browser, server: Server) -> None:
        self.chromium, self.server, self.faults = chromium, server, list[str]()
        self.pictures = Path(folder) if (folder := os.environ.get("PICTURES")) else None

    def page(self, *, width: int = 1280, script: bool = True) -> Page:
        """A new browser window; what its pages complain of is a fault."""
        size = {"width": width, "height": 800}
        page = self.chromium.new_context(java_script_enabled=script, viewport=size, locale="en-GB").new_page()  # type: ignore[arg-type]
        page.on("console", lambda m: self._complained(page, m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.faults.append(f"{page.url}: {e}"))
        return page

    def _complained(self, page: Page, words: str) -> None:
        """The editor's preview is a sandbox on purpose: that it runs nothing is no fault."""
        if not ("Blocked script execution" in words and "/preview'" in words):
            self.faults.append(f"{page.url}: {words}")

    def look(self, page: Page, name: str, *, unfold: str = "main details") -> None:
        """Accessibility in light and dark, and sideways scrolling from 320 px on; pictures."""
        page.evaluate("all => { for (const more of document.querySelectorAll(all)) more.open = true }", unfold)
        for scheme, width in (("light", 1280), ("dark", 320)):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for violation in Axe().run(page).response["violations"]:
                self.faults.append(f"{name} ({scheme}): {violation['id']}: {violation['nodes'][0]['html'][:160]}")
        for width, scheme in ((320, "light"), (360, "light"), (1280, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append(f"{name}: scrolls sideways at {width} px")
            if self.pictures:
                page.screenshot(path=self.pictures / f"{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


def test_four_ways_to_answer_every_kind_count_the_same(chromium: Browser, server: Server) -> None:
    """One walk, because each step stands on the one before."""
    assert sorted(q.kind for q in ASKED) == sorted(kinds())
    walk = Walk(chromium, server)
    maya = walk.page()
    slug = made_in_the_browser(walk, maya)
    poll = api(server, "GET", f"/polls/{slug}").json()
    ways: list[Callable[[], None]] = [
        lambda: answered_without_a_script(walk, slug),
        lambda: answered_by_keyboard(walk, poll),
        lambda: answered_by_api(server, poll),
        lambda: answered_by_import(server, slug),
    ]
    results = []
    for answered in ways:
        answered()
        results.append(api(server, "GET", f"/polls/{slug}/results").json())
    assert results[0]["n"] == 1
    assert all(question["n"] == 1 for question in results[0]["questions"])
    for n, found in enumerate(results, 1):
        assert figures(found) == {at: times(n, at, figure) for at, figure in figures(results[0]).items()}
    rows = [json.loads(line) for line in server.run("export", slug, "--format", "jsonl").stdout.splitlines()]
    assert len(rows) == 4
    for row, (name, said) in product(rows, rows[0]["answers"].items()):
        assert row["answers"][name] == said
    assert len({row["submission_id"] for row in rows}) == 4
    verified = server.run("verify", slug)
    assert verified.returncode == 0, verified.stdout
    for name, path in (
        ("results", f"/p/{slug}/results"),
        ("results-manager", f"/m/garden/polls/{slug}/results"),
        ("overview", f"/m/garden/polls/{slug}"),
    ):
        maya.goto(server.url + path)
        walk.look(maya, name)
    assert walk.faults == []


def made_in_the_browser(walk: Walk, page: Page) -> str:
    """The slug of the poll that Maya writes and publishes in the editor."""
    page.goto(f"{walk.server.url}/sign-in?next=/m/garden/polls/new")
    page.fill("[type=email]", "maya@garden.example")
    page.fill("[type=password]", PASSWORD)
    page.press("[type=password]", "Enter")
    page.wait_for_url("**/m/garden/polls/new")
    page.fill("#title", "A year in the garden")
    for n, asked in enumerate(ASKED):
        if n:
            page.click("text=Choose its kind")
            page.click(f"[data-kind={asked.kind}]")
        else:
            page.select_option("#q-0-kind", asked.kind)
            page.focus("#q-0-wording")
        expect(page.locator(f"#q-{n}-wording")).to_be_focused()
        page.keyboard.insert_text(asked.wording)
        for lines, name in ((asked.rows, "rows"), (asked.options, "options")):
            if lines:
                page.focus(f"#q-{n} .{name}-field .line textarea")
                page.keyboard.insert_text("\n".join(lines))
        if asked.settings:
            page.click(f"#q-{n}-more summary")
        for name, value in asked.settings.items():
            if value is True:
                page.check(f"[name=q-{n}-set-{asked.kind}-{name}]")
            else:
                page.fill(f"#q-{n}-{asked.kind}-{name}", str(value))
    page.click("text=More: who may vote")
    page.select_option("#voter_rule", "open")
    page.select_option("#results_rule", "always")
    page.uncheck("[name=anonymous]")
    expect(page.locator("#saved")).to_contain_text("Saved at", timeout=20_000)
    walk.look(page, "editor", unfold=".settings")
    page.get_by_role("button", name="Publish poll").click()
    page.wait_for_url("**/sharing")
    return page.url.split("/polls/")[1].split("/")[0]


def answered_without_a_script(walk: Walk, slug: str) -> None:
    """By clicking, choosing and typing, each thing found by the name that a screen reader says."""
    page = walk.page(width=360, script=False)
    page.goto(f"{walk.server.url}/p/{slug}")
    for asked in ASKED:
        match asked.kind, asked.answer:
            case (("short_text" | "long_text" | "number" | "date"), words):
                page.get_by_label(asked.wording).fill(words)
            case "pair", preferred:
                for pair in group(page, asked.wording).locator("fieldset").all():
                    there = pair.locator("label").all_inner_texts()
                    pair.get_by_label(min(there, key=preferred.index)).check()
            case "ranking", order:
                for rank, label in enumerate(order, 1):
                    group(page, asked.wording).get_by_label(label, exact=True).select_option(str(rank))
            case "points", points:
                for label, sum_ in points.items():
                    group(page, asked.wording).get_by_label(label, exact=True).fill(sum_)
            case _, dict() as chosen:
                for label, stance in chosen.items():
                    group(group(page, asked.wording), label).get_by_label(stance, exact=True).check()
            case _, chosen:
                for label in [chosen] if isinstance(chosen, str) else chosen:
                    group(page, asked.wording).get_by_label(label, exact=True).check()
        if asked.words:
            group(page, asked.wording).get_by_label("Other, in your own words").fill(asked.words)
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url("**/r/*")


def group(inside: Page | Locator, name: str) -> Locator:
    """The fieldset with this legend."""
    return inside.get_by_role("group", name=name, exact=True)


class Keyboard:
    """A person without a mouse: only keys are pressed."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, what: str) -> None:
        """Tab, or Shift and Tab where it stands before, until this has the focus."""
        at = "what => document.activeElement.matches(what)"
        behind = (
            "what => !document.activeElement.closest('main') || !!(document.activeElement.compareDocumentPosition("
            "document.querySelector(what)) & Node.DOCUMENT_POSITION_FOLLOWING)"
        )
        for _press in range(120):
            if self.page.evaluate(at, what):
                return
            self.page.keyboard.press("Tab" if self.page.evaluate(behind, what) else "Shift+Tab")
        raise AssertionError(f"no key leads to {what}")

    def choose(self, name: str, value: object) -> None:
        """A radio of a group: Tab leads into the group, arrows to the other ones, Space takes the one that has the focus."""
        self.reach(f"[name='{name}']")
        for _press in range(12):
            if self.page.evaluate("value => document.activeElement.value === value", str(value)):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert self.page.locator(f"[name='{name}']:checked").input_value() == str(value)

    def type(self, what: str, words: str) -> None:
        """Words into a field, key by key but for what no key has."""
        self.reach(what)
        for line, words_of_line in enumerate(words.split("\n")):
            if line:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(words_of_line)

    def rank(self, name: str, order: list[str]) -> None:
        """The options into this order by their Move buttons, what is not in it below the line."""
        labels = self.page.locator(f"[data-ranking]:has([name^='{name}-']) .ranking label")
        for at, label in enumerate(order):
            for stands in range(labels.all_inner_texts().index(label), at, -1):
                self.reach(f".ranking > li:nth-child({stands + 1}) .ranking-up")
                self.page.keyboard.press("Enter")
        for last in range(labels.count(), len(order), -1):
            self.reach(f".ranking > li:nth-child({last}) .ranking-down")
            self.page.keyboard.press("Space")
        assert labels.all_inner_texts()[: len(order)] == order


def answered_by_keyboard(walk: Walk, poll: dict[str, Any]) -> None:
    """With the script, from the address line to the receipt, and once more to the page that changes the answers."""
    page = walk.page()
    page.goto(f"{walk.server.url}/p/{poll['slug']}")
    walk.look(page, "ballot")
    page.goto(f"{walk.server.url}/p/{poll['slug']}")  # nothing has the focus
    keys = Keyboard(page)
    for asked, question in zip(ASKED, poll["questions"], strict=True):
        name, ids = f"q{question['id']}", ids_of(question)
        match asked.kind, asked.answer:
            case "date", day:
                keys.type(f"[name={name}]", american(day))
            case (("short_text" | "long_text" | "number"), words):
                keys.type(f"[name={name}]", words)
            case "multiple", labels:
                for value in sorted((str(ids[label]) for label in labels), key=in_sight(page, name).index):
                    keys.reach(f"[name={name}][value='{value}']")
                    page.keyboard.press("Space")
            case "pair", preferred:
                for pair in dict.fromkeys(page.locator(f"[name^={name}-]").evaluate_all("all => all.map(o => o.name)")):
                    values = in_sight(page, pair)
                    keys.choose(pair, next(str(ids[o]) for o in preferred if str(ids[o]) in values))
            case "ranking", order:
                keys.rank(name, order)
            case "points", points:
                for label, sum_ in points.items():
                    keys.type(f"[name={name}-i{ids[label]}]", sum_)
            case _, dict() as chosen:
                for label, stance in chosen.items():
                    item = ids[label] if label in ids else rows_of(question)[label]
                    keys.choose(f"{name}-i{item}", STANCES[stance] if asked.kind == "statements" else ids[stance])
            case (("rating" | "nps"), step):
                keys.choose(name, step)
            case _, label:
                keys.choose(name, ids[label])
        if asked.words:
            keys.type(f"[name={name}-other]", asked.words)
    keys.reach("main form button:not([type=button])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*")
    walk.look(page, "receipt")
    page.goto(page.url + "/change")
    walk.look(page, "change")


def in_sight(page: Page, name: str) -> list[str]:
    """The values of the fields of one name, as they stand on this ballot."""
    return list(page.locator(f"[name='{name}']").evaluate_all("all => all.map(one => one.value)"))


def american(day: str) -> str:
    """What is typed into the date field of a browser that speaks American English."""
    year, month, of_month = day.split("-")
    return month + of_month + year


def answered_by_api(server: Server, poll: dict[str, Any]) -> None:
    """One call."""
    answers = []
    for asked, question in zip(ASKED, poll["questions"], strict=True):
        ids, said = ids_of(question), asked.answer
        answer: dict[str, Any]
        match asked.kind:
            case "single" | "yes_no" | "likert":
                answer = {"option": ids[said]} | ({"text": asked.words} if asked.words else {})
            case "multiple" | "ranking":
                answer = {"options": [ids[label] for label in said]}
            case "rating" | "nps" | "number":
                answer = {"number": float(said)}
            case "date":
                answer = {"date": said}
            case "matrix":
                rows = rows_of(question)
                answer = {"items": [{"item": rows[row], "option": ids[o]} for row, o in said.items()]}
            case "points":
                answer = {"items": [{"item": ids[label], "number": int(sum_)} for label, sum_ in said.items()]}
            case "statements":
                answer = {"items": [{"item": ids[label], "number": STANCES[o]} for label, o in said.items()]}
            case "pair":
                pairs = [(better, worse) for at, better in enumerate(said) for worse in said[at + 1 :]]
                answer = {"items": [{"item": ids[worse], "option": ids[better]} for better, worse in pairs]}
            case _:
                answer = {"text": said}
        answers.append({"question": question["id"], **answer})
    assert api(server, "POST", f"/polls/{poll['slug']}/responses", json={"answers": answers}).status_code == 201


def answered_by_import(server: Server, slug: str) -> None:
    """The first answer of the long export once more, as somebody else's."""
    rows = list(csv.DictReader(io.StringIO(server.run("export", slug, "--format", "long").stdout)))
    first = rows[0]["submission_id"]
    file = server.folder / "one.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(row | {"submission_id": "from-elsewhere"} for row in rows if row["submission_id"] == first)
    brought = server.run("import", str(file), "--community", "garden", "--poll", slug)
    assert "1 responses taken, 0 were there already, 0 rows not taken." in brought.stdout, brought


def ids_of(question: dict[str, Any]) -> dict[str, int]:
    """The options' ids by their words."""
    return {o["label"]: o["id"] for o in question["options"]}


def rows_of(question: dict[str, Any]) -> dict[str, int]:
    """The rows' ids by their words."""
    return {r["label"]: r["id"] for r in question["rows"]}


def api(server: Server, method: str, path: str, **more: Any) -> httpx.Response:
    """A call of the API as Maya."""
    headers = {"authorization": f"Bearer {server.token}"}  # type: ignore[attr-defined]
    answer = httpx.request(method, f"{server.url}/api/v1{path}", headers=headers, **more)
    assert answer.status_code < 400, answer.text
    return answer


def figures(found: Any, at: str = "") -> dict[str, Any]:
    """Every figure of the results by where it stands: "questions.0.options.2.count". Two are left out, since they are made
    to change with n: the seed of a ranking's lots, and the order of statements, which trusts many more than few."""
    if isinstance(found, dict):
        dropped = "seed" if "seed" in found else "score" if {"score", "options"} <= set(found) else ""
        found = {key: value for key, value in found.items() if key != dropped}
    if isinstance(found, dict | list):
        inside = found.items() if isinstance(found, dict) else enumerate(found)
        return {name: figure for key, value in inside for name, figure in figures(value, f"{at}.{key}").items()}
    return {at.removeprefix("."): found}


def times(n: int, at: str, figure: Any) -> Any:
    """What stands there when n people say the same: n times every count, shares, means and orders as they are."""
    return figure * n if GROWS & set(at.split(".")) else figure
