"""Mail scanners open every link of a mail, and some run its scripts. Nothing comes of it; a person's one POST is one vote."""

import asyncio
import email
import email.policy
import itertools
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlmodel import select

from feedback.models import Response
from heard.accounts.models import SignIn, Suppression
from heard.kit import visits
from heard.kit.db import reading
from heard.kit.settings import settings
from polls.kinds.kind import Draft
from polls.models import Invitation
from tests.contracts import full_house
from tests.polls.publish.inbox import ADA, BO, a_list, invite, links_in

# As they appear in the logs of mail senders: scanners of mail gateways, drawers of previews, crawlers, bare programs.
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; SafeLinks/1.0)", "BarracudaCentral/1.0", "Mimecast-URL-Protect", "Proofpoint-URL-Defense/2.0",
    "FireEye-ETP-Scanner", "Forcepoint/8", "Symantec.cloud-scan", "TrendMicro-URL-Scan", "Cisco-IronPort/13",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 (compatible; Discordbot/2.0)",
    "facebookexternalhit/1.1", "Twitterbot/1.0", "LinkedInBot/1.0", "TelegramBot (like TwitterBot)", "WhatsApp/2.23",
    "Mastodon/4.3 (http.rb/5.2)", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Mozilla/5.0 (compatible; bingbot/2.0)",
    "GoogleImageProxy", "SkypeUriPreview Preview/0.5", "curl/8.5", "Wget/1.21", "python-requests/2.31", "Go-http-client/2.0",
    "okhttp/4.12", "Java/17", "axios/1.6", "",
)  # fmt: skip
WAYS = (
    {}, {"purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}, {"x-moz": "prefetch"},
    {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1"},
)  # fmt: skip
PERSON = {
    "user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "accept": "text/html", "accept-language": "en",
}  # fmt: skip


class Sink:
    """An SMTP server that keeps what it is given, and knows no address that begins with "nobody"."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 The mailbox does not exist"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


@pytest.fixture
def sink(monkeypatch):
    """It listens, and Heard sends to it."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.factory = lambda: SMTP(handler, hostname="sink.example", enable_SMTPUTF8=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    monkeypatch.setattr(settings(), "smtp_url", f"smtp://127.0.0.1:{controller.port}")
    yield handler
    controller.stop()


@pytest.fixture
def poll(world):
    return world.open_poll([Draft("single", "Which?", ("Soup", "Salad", "Bread"))], title="Lunch", voter_rule="link")


def nothing_came_of_it(poll):
    with reading() as session:
        assert session.exec(select(Response).where(Response.poll_id == poll.id)).all() == []
        assert session.exec(select(Suppression)).all() == []
        assert not any(session.exec(select(Invitation.turned_in)))
        return len(session.exec(select(SignIn)).all())


def test_a_thousand_scans_of_every_link_are_no_vote_no_unsubscribe_and_no_log_in(world, client, poll, sink):
    """P1, and then P2: one person, one POST, one vote."""
    made = invite(client.sign_in("maya"), poll, a_list(world, ADA, BO), people=2)
    mail_to_ada = next(m for m in sink.taken if m["To"] == ADA)
    links = links_in(mail_to_ada)
    assert sum("q1=" in link for link in links) == 3
    assert sum(link.startswith("/u/") for link in links) == 1
    sign_ins = nothing_came_of_it(poll)
    before = full_house.contents()
    asked = 0
    for link, agent, way in itertools.product(links, AGENTS, WAYS):
        for method in ("GET", "HEAD"):
            answer = client.request(method, link, headers={"user-agent": agent, **way})
            assert answer.status_code == 200, (method, link, agent)
            assert "set-cookie" not in answer.headers, (method, link, agent)
            asked += 1
    assert asked >= 1000
    assert nothing_came_of_it(poll) == sign_ins
    visits.flush()
    after = full_house.contents()
    assert {name for name in after if after[name] != before[name]} == {"visit_counts"}
    with reading() as session:
        seen = visits.visits_of(session, [f"mailing:{made}"])[f"mailing:{made}"]
    ballots = sum(link.startswith("/p/") for link in links)
    assert seen["person"] == 0
    assert seen["scanner"] + seen["preview"] == ballots * len(AGENTS) * len(WAYS) * 2
    tapped = next(link for link in links if "q1=" in link)
    assert client.get(tapped, headers=PERSON).text.count(" checked") == 1, "the link still works"
    world.vote(poll, {"q1": "Soup"}, path=tapped)
    with reading() as session:
        assert len(session.exec(select(Response).where(Response.poll_id == poll.id)).all()) == 1


def test_an_address_that_never_existed_is_shown_with_the_servers_words(world, client, poll, sink):
    people = a_list(world, "nobody@readers.example", ADA, BO)
    maya = client.sign_in("maya")
    made = invite(maya, poll, people)
    assert sorted(str(m["To"]) for m in sink.taken) == [ADA, BO]
    page = maya.get(f"{poll.page}/mailings/{made}").text
    assert "nobody@readers.example" in page
    assert "550 5.1.1 The mailbox does not exist" in page


@pytest.mark.browser
@pytest.mark.long
def test_a_headless_browser_that_runs_the_scripts_of_every_link_votes_nothing(world, client, poll, sink):
    """A gateway's browser opens each link, waits for the scripts, follows what the page does by itself, and looks again."""
    import threading

    import uvicorn
    from playwright.sync_api import sync_playwright

    from heard.app import app
    from tests.chromium import find

    invite(client.sign_in("maya"), poll, a_list(world, ADA, BO), people=2)
    links = links_in(next(m for m in sink.taken if m["To"] == ADA))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    posts = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_context().new_page()
        page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
        for link in links * 2:
            page.goto(f"http://127.0.0.1:{port}{link}", wait_until="networkidle")
            page.mouse.wheel(0, 2000)
            page.evaluate(
                "document.dispatchEvent(new Event('visibilitychange')); window.dispatchEvent(new Event('pagehide'))"
            )
            page.wait_for_timeout(1000)
        browser.close()
    server.should_exit = True
    thread.join()
    assert posts == []
    nothing_came_of_it(poll)
    world.vote(poll, {"q1": "Soup"}, path=next(link for link in links if "q1=" in link))
