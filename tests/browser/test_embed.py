"""Polls inside pages of other sites: plain, in WordPress, in a sandbox, without script. The other site is `localhost`, ours is
127.0.0.1: two sites, though one machine. Chromium sends no third-party cookies here; one test proves that it does not."""

import http.server
import re
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from feedback.collect import counters
from heard.accounts import access, signin
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft, kinds
from polls.models import Poll
from polls.publish import framing
from tests.conftest import pointing_to
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

pytestmark = pytest.mark.browser
WIDTHS = (320, 768, 1280)
SOME = ("Runner beans", "Courgettes", "Tomatoes", "Salad")
QUESTIONS = [
    Draft("multiple", "Which two shall we grow?", SOME, settings={"min": 2}),
    Draft("long_text", "Why?", help="A few words do."),
]


class Elsewhere(http.server.ThreadingHTTPServer):
    """Another site: `page()` puts something there and says where it is."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        """Its origin."""
        return f"http://localhost:{self.server_port}"

    def page(self, body: str, **headers: str) -> str:
        """A page that looks like many blogs: it sizes boxes by their borders."""
        path = f"/{len(self.pages)}"
        style = "<style>*{box-sizing:border-box}body{margin:8px}iframe{width:100%;border:2px solid}</style>"
        self.pages[path] = (
            f"<!doctype html><meta name=viewport content='width=device-width'><title>A blog</title>{style}{body}",
            headers,
        )
        return self.origin + path


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Elsewhere

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """A page of the other site; /cookies sets two, and says which it was sent."""
        body, headers = self.server.pages.get(self.path, ("", {}))
        if self.path == "/cookies":
            body = f"got {self.headers.get('cookie', 'none')}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if self.path == "/cookies":
            for name in ("plain=1", "apart=1; Partitioned"):
                self.send_header("Set-Cookie", f"{name}; Secure; HttpOnly; SameSite=None; Path=/")
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    """The other site."""
    with Elsewhere() as site:
        yield site
        site.shutdown()


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, World]]:
    """Ours."""
    folder = tmp_path_factory.mktemp("embed")
    with serving(folder, HEARD_WORK="0") as server, pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
        yield server, World()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    """Somebody who visits the other site."""
    with chromium.new_context(viewport={"width": 768, "height": 900}) as made:
        yield made


def counted(poll: PollHandle) -> int:
    """Responses on disk."""
    with reading() as session:
        return counters.cells(session, poll.id).get("n", 0)


def embed_of(server: Server, poll: PollHandle) -> str:
    """What oEmbed says to show."""
    answer = httpx.get(f"{server.url}/oembed", params={"url": f"{server.url}/p/{poll.slug}"})
    return str(answer.json()["html"])


def with_script(server: Server, poll: PollHandle) -> str:
    """The same as a manager would paste it."""
    return f'{embed_of(server, poll)}<script async src="{server.url}/embed.js"></script>'


def plain_frame(server: Server, poll: PollHandle, attributes: str = 'width="600" height="700"') -> str:
    """Nothing but the frame."""
    return f'<iframe src="{server.url}/e/{poll.slug}" title="A poll" {attributes}></iframe>'


def in_wordpress(server: Server, poll: PollHandle) -> str:
    """What WordPress makes of the answer of a provider that it does not know, and what its script on the page then does; acted
    out from what is known of both (trust.md 3.2)."""
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", embed_of(server, poll), re.S)
    assert found
    assert found[1]
    quoted = found[1].replace("<blockquote", '<blockquote data-secret="Ab3dEf6hIj"')
    frame = re.sub(r' src="([^"]*)"', r' src="\1#?secret=Ab3dEf6hIj" data-secret="Ab3dEf6hIj"', found[2])
    frame = frame.replace(' loading="lazy"', "")  # not among what it lets through
    hidden = 'sandbox="allow-scripts" security="restricted" style="position: absolute; visibility: hidden"'
    return quoted + frame.replace("<iframe", f"<iframe {hidden}") + WORDPRESS


WORDPRESS = """<style>iframe { border: 0 }</style><script>
addEventListener("message", (event) => {
  const { secret, message, value } = event.data || {};
  if (!secret || !message || !value || /[^a-zA-Z0-9]/.test(secret)) return;
  for (const frame of document.querySelectorAll(`iframe[data-secret="${secret}"]`)) {
    if (event.source !== frame.contentWindow) continue;
    document.querySelectorAll(`blockquote[data-secret="${secret}"]`).forEach((quote) => { quote.style.display = "none" });
    frame.removeAttribute("style");
    if (message === "height") frame.height = Math.min(1000, Math.max(200, ~~value));
    if (message === "link" && new URL(value).host === new URL(frame.src).host && document.activeElement === frame)
      top.location.href = value;
  }
});
addEventListener("load", () => {
  for (const frame of document.querySelectorAll("iframe[data-secret]"))
    frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
});
</script>"""


def opened(context: BrowserContext, address: str) -> tuple[Page, FrameLocator]:
    """A page of the other site and what is in its frame; what it complains of is collected in `page.complaints`."""
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.complaints.append(str(e)))  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text) if "Security Policy" in said.text else None)  # type: ignore[attr-defined]
    page.goto(address)
    return page, page.frame_locator("iframe")


def fits(page: Page, *, least: int = 120, most: int = 2000) -> None:
    """At every width the frame is as high as what it holds, within 2 px, with nothing to scroll sideways."""
    inner, wrong = page.frames[1], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for _try in range(40):
            page.wait_for_timeout(30)
            held, high = inner.evaluate("[document.body.getBoundingClientRect().height, innerHeight]")
            if (error := abs(max(least, min(most, held)) - high)) <= 2:
                break
        wide = inner.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [(width, held, high, wide)] if error > 2 or wide > 0 else []
    assert wrong == []


def press(frame: FrameLocator, name: str) -> None:
    """As a hand would: the button is seen for a moment before. The browser tells ten times a second whether it can be."""
    button = frame.get_by_role("button", name=name)
    button.scroll_into_view_if_needed()
    button.page.wait_for_timeout(250)
    button.click()


def refused(frame: FrameLocator) -> None:
    """One choice where two are asked for: sent, told, and nothing is lost."""
    frame.get_by_label("Salad").check()
    frame.get_by_label("Why?").fill("More of it.\n" * 12)
    press(frame, "Send my answers")
    expect(frame.locator(".error-summary")).to_be_focused()
    expect(frame.get_by_label("Why?")).to_have_value(re.compile("More of it."))


def answer(frame: FrameLocator, *, label: str = "Send my answers") -> None:
    """Two choices, sent."""
    frame.get_by_label("Tomatoes").check()
    frame.get_by_label("Salad").check()
    press(frame, label)


def recorded(frame: FrameLocator) -> None:
    """It says so."""
    expect(frame.get_by_role("heading", name="Your answer is recorded")).to_be_visible()


def test_no_third_party_cookie_is_sent_here(elsewhere, visitor):
    """The ground the others stand on: a frame's cookie is kept when it is Partitioned, and else not."""
    inside = f"http://127.0.0.1:{elsewhere.server_port}/cookies"
    page, frame = opened(visitor, elsewhere.page(f'<iframe src="{inside}"></iframe>'))
    page.reload()
    expect(frame.locator("body")).to_have_text("got apart=1")


def test_on_another_site_it_is_as_high_as_what_it_holds_and_remembers_the_vote(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="What to grow", results_rule="after_vote")
    page, frame = opened(visitor, elsewhere.page(with_script(server, poll)))
    expect(frame.get_by_label("Salad")).to_be_visible()
    fits(page)
    refused(frame)
    fits(page)  # higher, by what is wrong and what was typed
    frame.get_by_label("Why?").fill("")
    fits(page)  # and lower again
    answer(frame)
    recorded(frame)
    fits(page)
    page.reload()
    expect(frame.get_by_text("You have answered.")).to_be_visible()
    fits(page)
    answer(frame, label="Change my answer")
    expect(frame.get_by_text("as you last changed it")).to_be_visible()
    assert counted(poll) == 1
    assert page.complaints == []


def test_in_wordpress_it_votes_without_forms_cookies_or_an_origin(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="In WordPress")
    page, frame = opened(visitor, elsewhere.page(in_wordpress(server, poll)))
    expect(page.locator("iframe")).to_be_visible()  # the secret came back
    expect(page.locator("blockquote")).to_be_hidden()
    assert page.frames[1].evaluate("self.origin") == "null"
    fits(page, least=200, most=1000)
    refused(frame)
    fits(page, least=200, most=1000)
    answer(frame)
    recorded(frame)
    fits(page, least=200, most=1000)
    assert counted(poll) == 1
    frame.get_by_role("link", name="Open your receipt").click()
    page.wait_for_url(f"{server.url}/r/*")
    assert page.complaints == []


def test_wordpress_leads_to_a_poll_that_must_know_its_voters(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(title="For accounts", voter_rule="sign_in")
    page, frame = opened(visitor, elsewhere.page(in_wordpress(server, poll)))
    frame.get_by_role("link", name="Vote on the site").click()
    page.wait_for_url(f"{server.url}/p/{poll.slug}")


def test_the_other_language_keeps_the_secret(garden, elsewhere, visitor):
    server, world = garden
    words = {
        "fr": {
            "Best day": "Le meilleur jour",
            "Which one suits you?": "Lequel vous convient ?",
            "Yes": "Oui",
            "No": "Non",
        }
    }
    poll = world.open_poll(title="Best day", translations=words)
    page, frame = opened(visitor, elsewhere.page(in_wordpress(server, poll)))
    frame.get_by_role("link", name="Français").click()
    frame.get_by_label("Oui").check()
    frame.get_by_role("button", name="Envoyer ma réponse").click()
    expect(frame.locator("h1")).to_contain_text("enregistrée")
    fits(page, least=200, most=1000)


def test_in_a_sandbox_that_is_not_wordpress(garden, elsewhere, visitor):
    """No origin, no windows, and nobody who leads out: the address is told."""
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="In a sandbox")
    body = with_script(server, poll).replace("<iframe", '<iframe sandbox="allow-scripts allow-forms"')
    page, frame = opened(visitor, elsewhere.page(body))
    fits(page)
    answer(frame)
    recorded(frame)
    fits(page)
    assert page.frames[1].evaluate("self.origin") == "null"
    assert counted(poll) == 1
    frame.get_by_role("link", name="Open your receipt").click()
    expect(frame.get_by_text(f"{server.url}/r/")).to_be_visible()
    assert len(visitor.pages) == 1


def test_a_page_that_has_no_origin_itself_keeps_the_link(garden, elsewhere, visitor):
    """CSP: sandbox on the page around. Chromium lets such a page show no frame that names its ancestors, not even with *."""
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="No origin")
    policy = "sandbox allow-scripts allow-forms"
    page, _frame = opened(visitor, elsewhere.page(with_script(server, poll), Content_Security_Policy=policy))
    page.get_by_role("link", name="No origin").click()
    expect(page.get_by_label("Salad")).to_be_visible()


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-forms"'])
def test_without_a_script_the_form_is_sent_as_forms_are(garden, elsewhere, chromium, sandbox):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title=f"No script {sandbox}", results_rule="after_vote")
    with chromium.new_context(java_script_enabled=False) as context:
        page, frame = opened(context, elsewhere.page(plain_frame(server, poll, f"height=900 {sandbox}")))
        answer(frame)
        recorded(frame)
        expect(frame.get_by_text("What you answered", exact=True)).to_be_visible()
        page.reload()
        told = frame.get_by_text("You have answered.")
        expect(told).to_have_count(0 if sandbox else 1)  # a sandbox has no cookies
    assert counted(poll) == 1


def test_without_a_script_and_without_forms_there_is_a_way_to_the_site(garden, elsewhere, chromium):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="No way in")
    with chromium.new_context(java_script_enabled=False) as context:
        _page, frame = opened(
            context,
            elsewhere.page(
                plain_frame(server, poll, 'height=900 sandbox="allow-popups allow-popups-to-escape-sandbox"')
            ),
        )
        with context.expect_page() as other:
            frame.get_by_role("link", name=f"{server.url}/p/{poll.slug}").click()
        expect(other.value.get_by_label("Salad")).to_be_visible()


def test_nobody_votes_who_cannot_see_what_they_press(garden, elsewhere, visitor):
    """The first press only asks; a double click is one press."""
    server, world = garden
    poll = world.open_poll(title="Covered", voter_rule="open")
    lure = "<style>.over{position:absolute;inset:0;pointer-events:none;background:#fff}</style><div class=over>Win a prize</div>"
    for body in (plain_frame(server, poll, 'height="400"') + lure, plain_frame(server, poll, "height=110")):
        page, frame = opened(visitor, elsewhere.page(body))
        frame.get_by_label("Yes").check()
        page.wait_for_timeout(400)  # as above
        frame.get_by_role("button", name="Send my answer").dblclick()
        expect(frame.get_by_role("alert")).to_contain_text("once more")
        before = counted(poll)
        page.wait_for_timeout(700)
        frame.get_by_role("button", name="Send this answer?").click()
        recorded(frame)
        assert counted(poll) == before + 1


def test_what_could_not_be_sent_is_still_there(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title="Offline")
    page, frame = opened(visitor, elsewhere.page(with_script(server, poll)))
    frame.get_by_label("Why?").fill("Because")
    visitor.set_offline(True)
    answer(frame)
    expect(frame.get_by_role("alert")).to_contain_text("nothing is lost")
    fits(page)
    visitor.set_offline(False)
    page.route("**/e/*", lambda route: route.fulfill(status=502, body="<main>Bad gateway</main>"), times=1)
    press(frame, "Send my answers")
    expect(frame.get_by_label("Why?")).to_have_value("Because")
    press(frame, "Send my answers")
    recorded(frame)
    assert counted(poll) == 1


def test_the_script_of_the_page_listens_to_our_frames_only(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(title="Listening")
    liar = elsewhere.page("<script>parent.postMessage({message: 'height', value: 1999}, '*')</script>")
    body = f'<iframe id=ours src="{server.url}/e/{poll.slug}" height=300></iframe><iframe id=liar src="{liar}" height=150></iframe>'
    page, _frame = opened(visitor, elsewhere.page(f'{body}<script src="{server.url}/embed.js"></script>'))
    fits(page)
    high = page.evaluate("document.querySelector('#ours').offsetHeight")
    for value in ("100", "3000", "500.5", "'600'", "NaN", "null", "{}"):
        for where in ("window", "document.querySelector('#liar').contentWindow"):
            page.evaluate(f"{where}.postMessage({{message: 'height', value: {value}}}, '*')")
        page.frames[1].evaluate(f"parent.postMessage({{message: 'height', value: {value}}}, '*')")
    page.frames[1].evaluate("parent.postMessage({message: 'link', value: 'https://example.org'}, '*')")
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('#ours').offsetHeight") == high
    assert page.evaluate("document.querySelector('#liar').offsetHeight") == 150
    page.frames[1].evaluate("parent.postMessage({message: 'height', value: 777}, '*')")
    page.wait_for_function("document.querySelector('#ours').offsetHeight === 777 + 4")  # its border is not ours to take


def test_browsers_keep_to_the_list(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(title="Listed")
    address = elsewhere.page(plain_frame(server, poll))
    for sites, shown in (("https://blog.example.org", False), (elsewhere.origin, True)):
        with writing() as session:
            framing.let_frame(session, session.get_one(Poll, poll.id), framing.Choice("listed", sites), by=None)
        _page, frame = opened(visitor, address)
        expect(frame.get_by_label("Yes")).to_have_count(1 if shown else 0)


def test_nothing_but_the_frame_is_shown_in_a_frame(garden, elsewhere, visitor):
    server, world = garden
    poll = world.open_poll(title="Framed", results_rule="always")
    with writing() as session:
        token = signin.start_session(session, world.people["maya"])
    visitor.add_cookies([{"name": access.session_cookie(), "value": token, "url": server.url}])
    paths = (f"/p/{poll.slug}", f"/p/{poll.slug}/results", poll.page, f"{poll.page}/framing", "/sign-in", "/e/nothing")
    frames = "".join(f'<iframe src="{server.url}{path}"></iframe>' for path in (*paths, f"/e/{poll.slug}"))
    page, _frame = opened(visitor, elsewhere.page(frames))
    assert [frame.locator("main").count() for frame in page.frames[1:]] == [0, 0, 0, 0, 0, 0, 1]


def test_it_is_announced_as_high_as_it_is(garden, visitor):
    """Within a seventh, of every kind, where a frame is as wide as we say; never more than WordPress takes."""
    server, world = garden
    needs = {"matrix": {"rows": SOME[:2]}}
    page = visitor.new_page()
    wrong = []
    for name, kind in kinds().items():
        options = SOME[:3] if kind.has_options else ()
        poll = world.open_poll([Draft(name, "What do you say?", options, **needs.get(name, {}))], title=name)
        made = httpx.get(f"{server.url}/oembed", params={"url": f"{server.url}/p/{poll.slug}"}).json()
        page.set_viewport_size({"width": made["width"], "height": 200})
        page.goto(f"{server.url}/e/{poll.slug}")
        real = page.evaluate("document.body.getBoundingClientRect().height")
        if abs(made["height"] - min(1000, real)) > real / 7:
            wrong.append((name, made["height"], real))
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_axe_is_broken(garden, chromium, scheme):
    server, world = garden
    poll = world.open_poll(QUESTIONS, title=f"Seen by all, {scheme}", results_rule="after_vote")
    with chromium.new_context(color_scheme=scheme, viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{server.url}/e/{poll.slug}")
        for label in ("Salad", "Tomatoes"):
            assert [v["id"] for v in Axe().run(page).response["violations"]] == []
            page.get_by_label(label).check()
            page.get_by_role("button", name="Send my answers").click()
            page.locator(".error-summary, .success").wait_for()
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
