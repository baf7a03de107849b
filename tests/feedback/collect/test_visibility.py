"""Results by rule and viewer, on every surface; and what an anonymous poll shows."""

import itertools
import re

import pytest
from sqlalchemy import text

from feedback import jobs
from feedback.collect.queries import poll_results
from feedback.collect.visibility import Viewer, can_see_results
from feedback.integrity import verifying
from heard.kit.db import reading
from polls.kinds.kind import Draft
from tests.browser_client import Client
from tests.feedback.voting import n_of, rows

OPTIONS = ("Red", "Green", "Blue")


@pytest.mark.parametrize(
    ("rule", "closed", "voted", "seen"),
    [
        ("always", False, False, True),
        ("always", True, False, True),
        ("after_vote", False, False, False),
        ("after_vote", False, True, True),
        ("after_vote", True, False, False),
        ("after_close", False, True, False),
        ("after_close", True, False, True),
        ("never", True, True, False),
    ],
)
def test_the_rule(world, rule, closed, voted, seen):
    poll = world.open_poll(options=OPTIONS, results_rule=rule)
    if closed:
        world.close(poll)
    frozen = world.frozen(poll)
    assert can_see_results(Viewer(voted=voted), frozen) is seen
    assert can_see_results(Viewer(may_read=True), frozen)


@pytest.mark.parametrize("rule", ["after_vote", "after_close", "never"])
def test_hidden_results_are_hidden_on_every_public_surface(world, client, rule):
    poll = world.open_poll(options=OPTIONS, results_rule=rule, title="Colours")
    world.vote(poll, {"q1": "Green"})
    for path in (f"/p/{poll.slug}/results", f"/api/v1/polls/{poll.slug}/results"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "Green" not in answer.text
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("rule", ["after_vote", "after_close", "never"])
@pytest.mark.parametrize("voter_rule", ["open", "browser"])
def test_what_a_visitor_sees_of_hidden_results_does_not_depend_on_the_votes(world, client, rule, voter_rule):
    """Whatever a surface says, it said before anybody had voted: so it tells nothing."""
    poll = world.open_poll(options=OPTIONS, results_rule=rule, voter_rule=voter_rule)
    places = (
        f"/p/{poll.slug}",
        f"/e/{poll.slug}",
        f"/p/{poll.slug}/results",
        f"/api/v1/polls/{poll.slug}/results",
        "/c/garden",
        "/c/garden/feed.atom",
    )
    before = [without_secrets(client.get(place).text) for place in places]
    receipts = [world.vote(poll, {"q1": "Green"}) for _ in range(6)]
    assert [without_secrets(client.get(place).text) for place in places] == before
    assert client.get(f"/r/{receipts[0]}/results").status_code == (200 if rule == "after_vote" else 403)


def without_secrets(page):
    """A page without its random parts: nonces, submissions, request numbers."""
    return re.sub(r"[\w~-]{12,}", "", page)


def test_public_results_may_be_cached_and_set_no_cookie(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="always")
    world.vote(poll, {"q1": "Green"})
    page = client.get(f"/p/{poll.slug}/results")
    assert page.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in page.headers
    assert "<table" in page.text


def test_who_has_voted_sees_results_that_nobody_may_cache(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="after_vote")
    world.vote(poll, {"q1": "Green"}, client=client)
    page = client.get(f"/p/{poll.slug}/results")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "private, no-store"


def test_results_say_the_finding_the_base_and_how_they_were_measured(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="always")
    for label in ("Green", "Green", "Red"):
        world.vote(poll, {"q1": label})
    page = client.get(f"/p/{poll.slug}/results").text
    for words in ("Green", "2 of 3", "How this was measured", "L1", "3 responses", "decided themselves"):
        assert words in page
    assert "33 %" not in page  # too few for percent


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
def test_members_see_results_whatever_the_rule(world, client, person, status):
    poll = world.open_poll(options=OPTIONS, results_rule="never")
    world.vote(poll, {"q1": "Green"})
    page = client.sign_in(person).get(f"{poll.page}/results")
    assert page.status_code == status
    assert ("Green" in page.text) == (status == 200)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
@pytest.mark.parametrize("form", ["csv", "jsonl", "long.csv"])
def test_downloads_are_for_those_who_may_export(world, client, person, status, form):
    poll = world.open_poll(options=OPTIONS)
    receipt = world.vote(poll, {"q1": "Green"})
    answer = client.sign_in(person).get(f"{poll.page}/responses.{form}")
    assert answer.status_code == status
    assert ("Green" in answer.text) == (status == 200)
    assert receipt not in answer.text


def anonymous_poll(world, **more):
    """A poll that asks for a choice and a text, without names."""
    drafts = [Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")]
    return world.open_poll(drafts, anonymous=True, results_rule="always", **more)


@pytest.mark.both
def test_nothing_in_the_database_joins_an_anonymous_voter_and_a_ballot(world):
    poll = anonymous_poll(world)
    for i in range(6):
        world.vote(poll, {"q1": "Red", "q2": f"words {i}"})
    responses, turnout = rows("responses"), rows("turnout")
    assert len(responses) == len(turnout) == 6
    keys = {t["voter_key"] for t in turnout}
    assert set(turnout[0]) == {"poll_id", "voter_key"}  # no time, no order of its own
    assert not keys & {str(v) for r in responses for v in r.values()}
    assert {str(r["submitted_at"])[10:19].strip(" T") for r in responses} == {"00:00:00"}
    assert {str(c["said_at"])[10:19].strip(" T") for c in rows("comments")} == {"00:00:00"}
    assert min(r["id"] for r in responses) > 2**32  # random, not counted up


@pytest.mark.both
def test_neither_place_nor_transaction_of_a_row_joins_voter_and_ballot(world, database):
    """What PostgreSQL keeps beside every row: each step of five has one transaction, and the order of random ids."""
    poll = anonymous_poll(world)
    long = "".join(chr(0x4E00 + n * 7 % 20000) for n in range(6000))  # too long for its row: stored apart
    for i in range(12):
        world.vote(poll, {"q1": "Red", "q2": f"{i} {long}"})
    world.close(poll)
    jobs.read_the_rest(poll.id)
    if database == "sqlite":
        made = column("SELECT sql FROM sqlite_master WHERE name IN ('answers', 'turnout')")
        assert [sql.count("WITHOUT ROWID") for sql in made] == [1, 1]
        return
    for table, owner in (("responses", "id"), ("answers", "response_id"), ("comments", "response_id")):
        steps = column(f"SELECT count(DISTINCT {owner}) FROM {table} GROUP BY xmin::text")
        assert sum(steps) == 12
        assert min(steps) >= 5, table
        alone = f"SELECT count(*) FROM turnout t JOIN {table} r ON r.xmin::text = t.xmin::text GROUP BY t.voter_key"
        assert all(n >= 5 for n in column(alone)), table
    came = [int(text.split()[0]) for text in column("SELECT text FROM comments ORDER BY ctid")]
    assert came != sorted(came)
    assert len(came) == 12
    apart = column("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'comments'")[0]
    assert min(column(f"SELECT count(DISTINCT chunk_id) FROM {apart} GROUP BY xmin::text")) >= 5


@pytest.mark.both
def test_a_ranking_is_joined_with_nobody_by_its_counters_either(world, client, database):
    """A whole ballot is a counter, and often the only one of its order."""
    poll = world.open_poll([Draft("ranking", "Order?", ("A", "B", "C", "D"))], anonymous=True, results_rule="always")
    question = poll.questions[0]
    orders = list(itertools.permutations((4, 3, 2, 1)))[:12]
    for order in orders:
        fields = {question.item_name(o.id): str(rank) for o, rank in zip(question.options, order, strict=True)}
        with Client() as voter:
            submission = re.search(r'name="submission" value="([^"]+)"', voter.get(f"/p/{poll.slug}").text)[1]
            assert voter.post(f"/p/{poll.slug}", data={"submission": submission, **fields}).status_code == 303
    shown = column("SELECT n FROM tallies WHERE cell LIKE 'p:%b%'")
    assert shown == [1] * 10
    came = [f"{question.id}:b{''.join(str(order.index(rank)) for rank in (1, 2, 3, 4))}" for order in orders]
    assert sorted(column("SELECT cell FROM tallies WHERE cell LIKE '%b%' AND cell NOT LIKE 'p:%'")) == sorted(came)
    world.close(poll)
    jobs.read_the_rest(poll.id)
    assert verifying.verify(poll.slug).sound
    if database == "sqlite":
        assert "WITHOUT ROWID" in column("SELECT sql FROM sqlite_master WHERE name = 'tallies'")[0]
        return
    whole = "cell LIKE '%b%' AND cell NOT LIKE 'p:%'"
    alone = f"SELECT count(*) FROM turnout t JOIN tallies r ON r.xmin::text = t.xmin::text WHERE {whole} GROUP BY t.voter_key"
    assert column(alone) == [] or min(column(alone)) >= 5
    assert min(column(f"SELECT count(*) FROM tallies WHERE {whole} GROUP BY xmin::text")) >= 5
    assert column(f"SELECT cell FROM tallies WHERE {whole} ORDER BY ctid") != came


def column(sql):
    """The first column of what the database answers."""
    with reading() as session:
        return list(session.scalars(text(sql)))


def test_an_anonymous_voter_votes_once_and_changes_by_receipt_only(world, client):
    poll = anonymous_poll(world)
    receipt = world.vote(poll, {"q1": "Red"}, client=client)
    page = client.get(f"/p/{poll.slug}")
    assert "You have answered already" in page.text
    again = {poll.questions[0].name: str(poll.questions[0].options[1].id), "submission": "s" * 22}
    assert client.post(f"/p/{poll.slug}", data=again).status_code == 409
    assert client.post(f"/r/{receipt}", data=again).status_code == 303
    assert n_of(poll) == 1


def test_an_anonymous_poll_shows_steps_of_five(world, client):
    poll = anonymous_poll(world)
    shown = []
    for _ in range(11):
        world.vote(poll, {"q1": "Red", "q2": "words"})
        shown.append(client.get(f"/api/v1/polls/{poll.slug}/results").json()["n"])
    assert shown == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]
    world.close(poll)
    assert client.get(f"/api/v1/polls/{poll.slug}/results").json()["n"] == 11


def test_members_see_no_more_of_an_anonymous_poll(world, client):
    poll = anonymous_poll(world)
    for _ in range(4):
        world.vote(poll, {"q1": "Red"})
    maya, token = client.sign_in("maya"), world.token("maya")
    assert "from 5 responses on" in maya.get(f"{poll.page}/results").text
    assert maya.get(f"{poll.page}/responses.csv").status_code == 409
    headers = {"authorization": f"Bearer {token}"}
    assert client.get(f"/api/v1/polls/{poll.slug}/results", headers=headers).json()["n"] == 0


def test_a_download_of_an_anonymous_poll_holds_published_steps_only(world, client):
    poll = anonymous_poll(world)
    for _ in range(7):
        world.vote(poll, {"q1": "Red"})
    maya = client.sign_in("maya")
    assert len(maya.get(f"{poll.page}/responses.jsonl").text.splitlines()) == 5
    world.close(poll)
    assert len(maya.get(f"{poll.page}/responses.jsonl").text.splitlines()) == 7


def test_the_words_of_an_anonymous_poll_are_read_in_steps_too(world):
    poll = anonymous_poll(world)
    due = []
    for _ in range(6):
        world.vote(poll, {"q1": "Red", "q2": "words"})
        due.append(sum(w["kind"] == "themes" for w in rows("work_due")))
    assert due == [0, 0, 0, 0, 1, 1]


def test_results_of_one_object_are_equal_everywhere(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="always")
    for label in ("Green", "Blue", "Green"):
        world.vote(poll, {"q1": label})
    with reading() as session:
        truth = [o.count for o in poll_results(session, world.frozen(poll)).questions[0].options]
    by_api = [o["count"] for o in client.get(f"/api/v1/polls/{poll.slug}/results").json()["questions"][0]["options"]]
    assert truth == by_api == [0, 2, 1]
