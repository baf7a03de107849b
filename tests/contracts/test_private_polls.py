"""Who learns what of which poll, on every public surface: a table made of all states and rules (trust.md, A3 and D3).

What is expected is worked out here, by a rule of the test's own, and not by asking the code.
"""

import base64
import re
from datetime import UTC, datetime
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from feedback.collect import intake
from feedback.collect.queries import has_receipt
from heard.kit import tokens
from heard.kit.db import reading, writing
from heard.kit.errors import NotFound
from polls.frozen import frozen_poll
from polls.models import Poll
from polls.publish import archive, invitations, links, publishing
from polls.publish.links import Target
from tests.contracts import full_house
from tests.feedback.voting import ballot
from tests.world import PollHandle

ROUTES = full_house.routes()
BASE = "http://127.0.0.1:8000"
STATES = ("draft", "scheduled", "open", "closed", "archived")
RULES = ("always", "after_vote", "after_close", "never")
WHO = ("nobody", "voter", "olu", "vic", "maya")
NOTHING, TITLE, ALL = set[str](), {"title"}, {"title", "labels", "figures"}
VOTES = 6


class Row(NamedTuple):
    """One poll of the table. `mark` is in its title and in its labels, and nowhere else."""

    state: str
    listed: bool
    rule: str
    anonymous: bool
    mark: str
    poll: Any = None
    link: str = ""

    @property
    def seen(self) -> bool:
        """Whether the public knows that there is such a poll."""
        return self.state in ("open", "closed", "archived")

    @property
    def in_lists(self) -> bool:
        return self.listed and self.state in ("open", "closed")

    def told(self, who: str) -> bool:
        """Whether this person may see the results at the public doors."""
        ended = self.state in ("closed", "archived")
        return self.seen and (
            self.rule == "always"
            or (self.rule == "after_vote" and who == "voter")
            or (self.rule == "after_close" and ended)
        )

    def __str__(self) -> str:
        return f"{self.state} {'listed' if self.listed else 'unlisted'} {self.rule}{' anonymous' * self.anonymous}"


class Surface(NamedTuple):
    """An address of a poll: who asks, the status it must answer with, and what it may then hold at the most."""

    route: str
    address: str
    expected: Any  # (row, who) → (statuses, {"title", "labels", "figures"})
    who: tuple[str, ...] = ("nobody",)
    token: str = ""  # of the API, by its person


def of_ballot(row: Row, who: str) -> tuple[Any, set[str]]:
    if row.state == "draft":
        return 404, NOTHING
    if row.told("nobody"):
        return 200, ALL  # what anybody may see stands in the tags of its preview, and in a frame below its end
    return 200, {"title", "labels"} if row.state == "open" else TITLE


def of_results(row: Row, who: str) -> tuple[Any, set[str]]:
    if row.state == "draft":
        return 404, NOTHING
    return (200, ALL) if row.told(who) else (403, NOTHING)


def of_marks(row: Row, who: str) -> tuple[Any, set[str]]:
    """How many ballots there are, never what is in them."""
    return (200, TITLE) if row.seen else (404, NOTHING)


def of_list(row: Row, who: str) -> tuple[Any, set[str]]:
    return ((200, 303) if row.seen else 404), NOTHING


def of_api(row: Row, who: str) -> tuple[Any, set[str]]:
    if not row.seen:
        return 404, NOTHING
    return (200, ALL) if row.told("nobody") else (403, NOTHING)


def of_link(row: Row, who: str) -> tuple[Any, set[str]]:
    return (303 if row.link and row.state != "draft" else 404), NOTHING


def of_preview(row: Row, who: str) -> tuple[Any, set[str]]:
    """Cards and oEmbed: of a draft nothing; of others the title at the most, and results where anybody may see them."""
    if row.state == "draft":
        return 404, NOTHING
    return (200, 401, 404), ALL if row.told("nobody") else TITLE


# A surface that is built later is one more line; one whose route is not there yet waits for it.
SURFACES = (
    Surface("GET /p/{slug}", "/p/{slug}", of_ballot, WHO),
    Surface("GET /p/{slug}/results", "/p/{slug}/results", of_results, WHO),
    Surface("GET /p/{slug}/groups", "/p/{slug}/groups", of_results, WHO),
    Surface("GET /p/{slug}/marks", "/p/{slug}/marks", of_marks, WHO),
    Surface("GET /p/{slug}/marks.txt", "/p/{slug}/marks.txt", of_list, WHO),
    Surface("GET /e/{slug}", "/e/{slug}", of_ballot, ("nobody", "voter")),
    Surface("GET /api/v1/polls/{slug}/results", "/api/v1/polls/{slug}/results", of_api),
    Surface("GET /api/v1/polls/{slug}/results", "/api/v1/polls/{slug}/results", lambda row, who: (404, NOTHING), token="olu"),
    Surface("GET /api/v1/polls/{slug}/results", "/api/v1/polls/{slug}/results", lambda row, who: (200, ALL), token="vic"),
    Surface("GET /api/v1/polls/{slug}", "/api/v1/polls/{slug}", lambda row, who: (404, NOTHING), token="olu"),
    Surface("GET /api/v1/polls/{slug}/themes", "/api/v1/polls/{slug}/themes", lambda row, who: (404, NOTHING), token="olu"),
    Surface("GET /l/{token}", "/l/{link}", of_link),
    Surface("GET /p/{slug}/card.png", "/p/{slug}/card.png", of_preview),
    Surface("GET /oembed", "/oembed?format=json&url={url}", of_preview),
    Surface("GET /oembed", "/oembed?format=xml&url={url}", of_preview),
)  # fmt: skip


@pytest.fixture
def table(world, client):
    """A poll for each row, with six votes where votes are taken; and browsers of everybody."""
    browsers = {"nobody": client, "voter": client.fresh(), **{p: client.sign_in(p) for p in ("olu", "vic", "maya")}}
    combinations = product(STATES, (True, False), RULES, (False, True))
    rows = [made(world, browsers["voter"], Row(*each, f"Zq{n:03}k")) for n, each in enumerate(combinations)]
    return rows, browsers


def made(world, voter, row: Row) -> Row:
    opens = {"opens_at": datetime(2090, 1, 1, tzinfo=UTC)} if row.state == "scheduled" else {}
    poll = world.draft_poll(
        options=(f"A {row.mark}", f"B {row.mark}"), title=f"Title {row.mark}", listed=row.listed, results_rule=row.rule,
        anonymous=row.anonymous, **opens,
    )  # fmt: skip
    with writing() as session:
        stored = session.get_one(Poll, poll.id)
        if row.state != "draft":
            publishing.publish(session, stored, by=None)
        found = links.links_of(session, Target(stored))
    if row.seen:
        world.vote(poll, {"q1": f"A {row.mark}"}, client=voter)
        for n in range(VOTES - 1):
            intake.submit(ballot(poll, f"B {row.mark}", voter=str(n), frozen=world.frozen(poll)))
    with writing() as session:
        stored = session.get_one(Poll, poll.id)
        if row.state in ("closed", "archived"):
            publishing.close_now(session, stored, by=None)
        if row.state == "archived":
            archive.put_away(session, stored, by=None)
    return row._replace(poll=poll, link=found[0].token if found else "")


def held(text: str, row: Row) -> set[str]:
    """What a page holds of a poll: its title, the words of its options, figures of its results."""
    named = {
        "title": f"Title {row.mark}" in text,
        "labels": bool(re.search(rf"[AB] {row.mark}", text)),
        "figures": bool(re.search(r'\b[1-6] (?:responses?|of [1-6])\b|class="share|"count":|"n":\s*[1-6]', text)),
    }
    return {name for name, there in named.items() if there}


def test_no_surface_tells_more_of_a_poll_than_its_rules_say(world, client, table):
    rows, browsers = table
    keys = {person: world.token(person, community=home) for person, home in (("olu", "outside"), ("vic", "garden"))}
    wrong = []
    for surface in (s for s in SURFACES if s.route in ROUTES):
        headers = {"authorization": f"Bearer {keys[surface.token]}"} if surface.token else {}
        for row, who in product(rows, surface.who):
            url = quote(f"{BASE}/p/{row.poll.slug}", safe="")
            path = surface.address.format(slug=row.poll.slug, link=row.link or "none", url=url)
            answer = browsers[who].get(path, headers=headers)
            statuses, most = surface.expected(row, who)
            more = held(answer.text, row) - (most if answer.status_code in (200, 303) else NOTHING)
            if answer.status_code not in (statuses if isinstance(statuses, tuple) else (statuses,)) or more:
                wrong.append(
                    f"{surface.address} of {row} for {surface.token or who}: {answer.status_code} {more or ''}"
                )
            if not row.in_lists and "noindex" not in answer.headers.get("x-robots-tag", ""):
                wrong.append(f"{surface.address} of {row}: may be found")
    assert wrong == []


def test_lists_name_listed_polls_that_have_begun_and_results_that_anybody_may_see(world, client, table):
    rows, browsers = table
    wrong = []
    for who, browser in browsers.items():
        pages = [browser.get(f"/c/garden?page={n}") for n in range(1, 9)]
        community = "".join(page.text for page in pages if page.status_code == 200)
        feed, sitemap = browser.get("/c/garden/feed.atom").text, browser.get("/sitemap.xml").text
        assert "Zq" not in browser.get("/c/outside").text
        for row in rows:
            told = row.state == "closed" and row.in_lists and row.told("nobody")
            expected = {
                "community": (TITLE if row.in_lists else NOTHING) | ({"labels"} if told else NOTHING),
                "feed": (TITLE if row.in_lists and (told or row.state == "open") else NOTHING) | ({"labels"} if told else NOTHING),
                "sitemap": row.in_lists,
                "results in the sitemap": row.in_lists and row.told("nobody"),
            }  # fmt: skip
            seen = {
                "community": held(community, row) - {"figures"},
                "feed": held(feed, row) - {"figures"},
                "sitemap": f"/p/{row.poll.slug}<" in sitemap,
                "results in the sitemap": f"/p/{row.poll.slug}/results<" in sitemap,
            }
            wrong += [f"{place} of {row} for {who}: {seen[place]}" for place in seen if seen[place] != expected[place]]
            if not row.in_lists and (row.poll.slug in community + feed + sitemap):
                wrong.append(f"the address of {row} is in a list")
    assert wrong == []


def test_the_address_of_an_unlisted_poll_is_128_random_bits(world):
    slugs = [world.draft_poll(listed=False, title="The same title").slug for _ in range(20)]
    assert len(set(slugs)) == 20
    assert {len(decoded(slug)) for slug in slugs} == {16}
    drawn = [int.from_bytes(decoded(tokens.fresh())) for _ in range(4000)]
    assert len(set(drawn)) == len(drawn)
    for bit in range(128):  # six standard deviations: one run in a billion is out by chance
        assert abs(sum(number >> bit & 1 for number in drawn) - 2000) < 6 * 31.7


def decoded(slug: str) -> bytes:
    return base64.urlsafe_b64decode(slug.replace("~", "-") + "==")


def test_ten_thousand_guesses_find_nothing(world, client):
    hidden = [world.open_poll(listed=False, title="Only by link") for _ in range(20)]
    world.vote(hidden[0], {"q1": "Yes"})
    hits = 0
    with reading() as session:
        for _ in range(2500):
            guess = tokens.fresh()
            for look in (lambda: frozen_poll(session, guess), lambda: links.leads_to(session, guess)):  # noqa: B023
                try:
                    look()
                except NotFound:
                    continue
                hits += 1
            hits += has_receipt(session, guess) + (invitations.find(session, hidden[0].id, guess) is not None)
    assert hits == 0


DOORS = (
    "/p/{}",
    "/p/{}/results",
    "/p/{}/marks",
    "/p/{}/marks.txt",
    "/e/{}",
    "/l/{}",
    "/r/{}",
    "/t/{}",
    "/b/{}",
    "/u/{}",
    "/c/{}",
    "/api/v1/polls/{}/results",
)


@pytest.mark.parametrize("door", DOORS)
def test_a_guess_gets_a_plain_404_and_a_draft_the_same_one(world, client, door):
    """Nothing tells an address that is not there from one that may not be seen."""
    draft: PollHandle = world.draft_poll(title="Secret draft", listed=False)
    answers = [client.get(door.format(guess)) for guess in (*(tokens.fresh() for _ in range(10)), draft.slug)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r"[\w~-]{12,}", "", answer.text) for answer in answers}) == 1
    assert all("noindex" in answer.headers["x-robots-tag"] for answer in answers)


@pytest.mark.parametrize("call", ["", "/results", "/themes", "/file"])
def test_a_token_of_another_community_cannot_tell_a_poll_from_nothing(world, client, call):
    headers = {"authorization": f"Bearer {world.token('olu', community='outside')}"}
    slugs = [world.draft_poll(title="Secret draft").slug, world.open_poll(results_rule="always").slug, tokens.fresh()]
    answers = [client.get(f"/api/v1/polls/{slug}{call}", headers=headers) for slug in slugs]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[-1].text)}
