"""Canaries in every text that a person can write; then every page, feed, mail and export is read for what came alive."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from sqlmodel import select

from heard.accounts.models import Account, Community
from heard.kit import mail
from heard.kit.db import reading, writing
from insights.models import Delivery
from polls.kinds.kind import Draft
from tests.contracts import full_house
from tests.world import PollHandle

PAYLOADS = (
    '<script>alert("kanari")</script>',
    '"><img src=x onerror=alert(1) class=kanari>',
    "' autofocus onfocus=kanari() x='",
    "{{7*7}} ${7*7}",
    "{% if 1 %}kanari{% endif %} %(kanari)s #{7*7} <%= 7*7 %>",
    "javascript:kanari(1)",
    "</title></textarea></script><script>kanari</script>",
    "<svg><set attributeName=onload to=kanari>",
    "<xmp><img src=x onerror=kanari>",
    "kanari\r\nBcc: kanari@evil.example",
    "=?UTF-8?Q?=0A?=Bcc: kanari",
    "]]><kanari/>",
    "<!--kanari",
    "[kanari](javascript:alert(1))",
    "=cmd|' /C kanari'!A1",
)
ALL = " ".join(PAYLOADS)


SCHEME = re.compile(r"\s*(?:javascript:|data:(?!image/svg\+xml,%3Csvg xmlns=))", re.I)  # the favicon is ours


class Reader(HTMLParser):
    """Collects elements, attributes and addresses of a page as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        for name, value in attrs:
            self.alive += [f"<{tag} {name}={value}>"] * (
                name.startswith("on")
                or (name in ("href", "src", "action", "formaction") and bool(SCHEME.match(value or "")))
                or (name == "class" and "kanari" in (value or ""))
                or (name == "attributename")
            )
        ours = tag == "img" and re.search(r"/(?:qr\.svg\?link=[\w~]+|card\.png)$", dict(attrs)["src"] or "")
        self.alive += [f"<{tag}>"] * (tag in ("img", "xmp", "set", "kanari", "object", "base") and not ours)

    def handle_comment(self, data):
        self.alive += ["<!--"] * ("kanari" in data)

    def handle_data(self, data):
        if (
            self.get_starttag_text()
            and (self.get_starttag_text() or "").startswith("<script")
            and self.cdata_elem == "script"
        ):
            self.alive += ["script text"] * ("kanari" in data)


def alive_in(page: str) -> list[str]:
    """What of the canaries acts in this page; [] when all is text."""
    return Reader(page).alive + ["evaluated"] * bool(
        re.search(r"(?<![\w#.=~/-])49(?![\w%;~-])", re.sub(r"<[^>]*>", " ", page))
    )


@pytest.fixture
def house(world):
    """Everything that a person can write is a canary: names, mission, polls, answers, themes, actions, readers."""
    with writing() as session:
        for account in session.exec(select(Account)):
            account.name = ALL[:120]
            session.add(account)
        garden = session.exec(select(Community).where(Community.slug == "garden")).one()
        garden.name, garden.mission, garden.brand_story, garden.audience = ALL[:120], ALL, ALL, ALL
        session.add(garden)
    return full_house.build(world, title=ALL[:180].strip())


@pytest.fixture
def poisoned(world, client, house) -> PollHandle:
    """A poll of canaries, answered with canaries, and themes and answers that hold them; through the real doors."""
    questions = [
        Draft("single", ALL[:300], tuple(p.strip() for p in PAYLOADS), ALL),
        Draft("multiple", ALL[300:], tuple(f"{p} x".strip() for p in PAYLOADS)),
        Draft("rating", PAYLOADS[0], settings={"low_label": PAYLOADS[1][:40], "high_label": PAYLOADS[0][:40]}),
        Draft("short_text", PAYLOADS[2]), Draft("long_text", PAYLOADS[3], help=PAYLOADS[4]),
    ]  # fmt: skip
    poll = world.open_poll(questions, title=PAYLOADS[0] + PAYLOADS[3], intro=ALL, results_rule="always")
    world.draft_poll(questions, title=PAYLOADS[1], intro=ALL)
    for option, payload in zip(poll.questions[0].options, PAYLOADS, strict=True):
        world.vote(poll, {"q1": option.label, "q4": payload, "q5": ALL})
    ines = client.sign_in("ines")
    assert ines.post(house.path("/m/{community}/themes/{theme_id}"), data={"label": ALL[:110]}).status_code == 303
    action = {"title": ALL[:190], "public_note": ALL, "status": "done"}
    assert ines.post(house.path("/m/{community}/themes/{theme_id}/actions"), data=action).status_code == 303
    assert ines.post("/m/garden/tokens", data={"name": ALL[:120]}).status_code == 201
    assert ines.post("/m/garden/briefs", data={"audience": "both"}).status_code == 303
    return poll


def test_nothing_that_people_write_comes_alive(world, client, house, poisoned):
    ines = client.sign_in("ines")
    gets = [r.removeprefix("GET ") for r in full_house.routes() if r.startswith("GET ") and "/assets/" not in r]
    receipt = world.vote(poisoned, {"q1": PAYLOADS[0], "q4": ALL[:400], "q5": ALL})
    other = {"slug": poisoned.slug, "receipt": receipt, "community": "garden"}
    paths = {house.path(r) for r in gets} | {house.path(r, **other) for r in gets if "/api/v1/communities" not in r}
    paths |= {
        f"/m/garden/briefs/{n}{rest}"
        for n in (2, 3)
        for rest in ("", "/brief.html", "/brief.txt", "/brief.eml", "/evidence/2")
    }
    paths |= {
        f"/p/{house.draft.slug}",
        f"/m/garden/polls/{house.draft.slug}",
        f"/m/garden/polls/{house.draft.slug}/preview",
        f"/p/x{PAYLOADS[1]}",
    }
    seen, wrong = 0, []
    for path in sorted(paths):
        answer = ines.get(path)
        assert answer.status_code < 500, path
        wrong += [f"{path}: header {k}" for k, v in answer.headers.items() if re.search(r"[<{}]|bcc:", v, re.I)]
        kind = answer.headers.get("content-type", "")
        if "html" in kind:
            seen += "kanari" in answer.text
            wrong += [f"{path}: {what}" for what in alive_in(answer.text)]
        assert answer.headers["x-content-type-options"] == "nosniff", path
    assert wrong == []
    assert seen > 25  # the canaries are there, and are text


def test_forms_that_were_refused_come_back_as_text(client, house):
    ines, wrong = client.sign_in("ines"), []
    for route, fields in full_house.FIELDS.items():
        form = {"question": "0", "q-0-kind": "single"} | dict.fromkeys(fields, ALL * 2)
        answer = ines.post(house.path(route), data=form)
        assert answer.status_code < 500, route
        wrong += [f"{route}: {what}" for what in alive_in(answer.text)]
    assert wrong == []


def test_the_feed_is_whole_and_its_words_are_text(client, house, poisoned):
    root = ElementTree.fromstring(client.get("/c/garden/feed.atom").content)
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
        "feed", "id", "title", "subtitle", "updated", "link", "author", "name", "entry", "published", "category", "summary",
    }  # fmt: skip
    assert all(e.get("href", "http").startswith("http://127.0.0.1:8000/") for e in root.iter() if "href" in e.attrib)
    assert "alert" in "".join(root.itertext())


def test_mails_have_no_header_of_theirs_and_no_live_words(house, poisoned):
    with reading() as session:
        ids = session.exec(select(Delivery.message_id)).all()
    files = list({mail.outbox_file(i).parent for i in ids}.pop().glob("*.eml"))
    assert len(files) >= 2
    for file in files:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert set(message.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Reply-To", "List-Id",
            "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip
        assert len(message["To"].addresses) == len(message["From"].addresses) == 1
        assert message["From"].addresses[0].addr_spec.endswith("@localhost")
        assert alive_in(message.get_body(("html",)).get_content()) == []
        assert "49" not in message["Subject"]


def test_no_cell_of_an_export_runs(client, house, poisoned):
    import csv
    import io

    ines = client.sign_in("ines")
    for form in ("csv", "long.csv"):
        text = ines.get(f"{poisoned.page}/responses.{form}").text.removeprefix("\ufeff")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert [c for c in cells if c[:1] in ("=", "+", "@", "\t", "\r") or re.match(r"-(?!\d)", c)] == []
        assert any("kanari" in c for c in cells)


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if re.match(r"<script|\"><img|</title|<svg|<xmp|\]\]>", p)])
def test_a_canary_that_is_not_escaped_is_seen(payload):
    assert alive_in(f"<title>{payload}</title>" if payload.startswith("</title") else f"<p>{payload}</p>") != []


@pytest.mark.parametrize(
    "page", ["<p>49 $49</p>", "<a href='javascript:kanari(1)'>x</a>", "<p x='' autofocus onfocus=kanari()>"]
)
def test_what_was_evaluated_or_is_an_address_is_seen(page):
    assert alive_in(page) != []
