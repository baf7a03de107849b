"""Pages that are made once for many: the same bytes for everybody, and never anybody's own."""

import asyncio
import re
import time

import pytest

from heard.kit import kept
from heard.kit.db import writing
from heard.kit.kept import Kept
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.collect.test_languages import DAYS, FRENCH


@pytest.fixture
def keeping(monkeypatch):
    """As in `heard serve`; tests have it off, as they write beside the program."""
    from heard.front import app

    monkeypatch.setattr(kept, "FRESH_SECONDS", 60)
    yield
    layer = app.around
    while layer is not None and not isinstance(layer, Kept):
        layer = getattr(layer, "app", None)
    assert layer is not None, "the middleware is not there"
    layer.copies.clear()
    for memory in kept._memories:
        memory.clear()


def nonce_in(answer) -> str:
    return re.search("'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]


def submission_in(answer) -> str:
    return re.search('name="submission" value="([^"]+)"', answer.text)[1]


def test_a_public_page_is_made_once_for_all_without_a_cookie(world, client, keeping):
    world.open_poll(title="Where to?")
    one, other = client.fresh().get("/c/garden"), client.fresh().get("/c/garden")
    assert (other.text, other.headers["ETag"], other.headers["Cache-Control"]) == (
        one.text, one.headers["ETag"], "public, max-age=60",
    )  # fmt: skip
    assert nonce_in(one) == nonce_in(other)


def test_what_a_member_sees_is_never_given_to_another_visitor(world, client, keeping):
    poll = world.open_poll(results_rule="never")
    hers = client.sign_in("maya").get(f"/m/garden/polls/{poll.slug}/results")
    his = client.fresh().get(f"/m/garden/polls/{poll.slug}/results", follow_redirects=False)
    assert (hers.status_code, his.status_code in (302, 401, 404)) == (200, True)


def test_hidden_results_stay_hidden_after_somebody_who_may_see_them(world, client, keeping):
    poll = world.open_poll(results_rule="after_vote", voter_rule="browser")
    voter = client.fresh()
    page = voter.get(f"/p/{poll.slug}")
    voter.post(
        f"/p/{poll.slug}",
        data={"submission": submission_in(page), f"q{poll.questions[0].id}": str(poll.questions[0].options[0].id)},
    )
    seen, hidden = voter.get(f"/p/{poll.slug}/results"), client.fresh().get(f"/p/{poll.slug}/results")
    assert (seen.status_code, hidden.status_code) == (200, 403)
    assert seen.headers["Cache-Control"] == "private, no-store"


def test_a_write_empties_what_is_kept_before_its_answer(world, client, keeping):
    world.open_poll(title="Where to?")
    client.fresh().get("/c/garden")
    poll = world.draft_poll(title="Another one")
    assert "Another one" not in client.fresh().get("/c/garden").text  # written beside the program: for two seconds
    client.sign_in("maya").post(f"/m/garden/polls/{poll.slug}/opening")
    assert "Another one" in client.fresh().get("/c/garden").text


def test_two_newcomers_get_the_same_ballot_with_an_id_and_a_nonce_of_their_own(world, client, keeping):
    poll = world.open_poll(voter_rule="browser")
    one, two, three = (client.fresh().get(f"/p/{poll.slug}") for _ in range(3))
    pages = {
        re.sub(r'name="seen" value="\w[^"]+"', "", a.text).replace(submission_in(a), "S").replace(nonce_in(a), "N")
        for a in (one, two, three)
    }
    assert len(pages) == 1
    assert len({re.findall(r'name="seen" value="([^"]+)"', a.text)[0] for a in (one, two, three)}) == 3
    assert len({submission_in(a) for a in (one, two, three)}) == 3
    assert len({nonce_in(a) for a in (one, two, three)}) == 3
    assert {a.headers["Cache-Control"] for a in (one, two, three)} == {"private, no-store"}
    assert [a.headers["content-length"] == str(len(a.content)) for a in (one, two, three)] == [True] * 3


def test_a_ballot_that_is_shuffled_is_made_for_each(world, client, keeping):
    from feedback.collect import newcomers

    labels = tuple(f"Option {n}" for n in range(12))
    poll = world.open_poll([Draft("single", "Which?", labels, shuffled=True)])
    orders = {tuple(re.findall(r"Option \d+", client.fresh().get(f"/p/{poll.slug}").text)) for _ in range(4)}
    assert len(orders) > 1
    assert newcomers._at_hand == {}


def test_a_header_sent_twice_gives_nobody_else_a_page_in_another_language(world, client, keeping):
    poll = world.open_poll([DAYS], translations={"fr": FRENCH}, results_rule="always")
    at, twice = f"/p/{poll.slug}/results", [("accept-language", "fr"), ("accept-language", "en")]
    assert '<html lang="fr">' in client.fresh().get(at, headers=twice).text
    assert '<html lang="en">' in client.fresh().get(at, headers={"accept-language": "en"}).text


def test_a_page_at_hand_ends_when_another_process_left_none_to_take_its_place(world, client, keeping, monkeypatch):
    monkeypatch.setattr(kept, "FRESH_SECONDS", 0.02)
    poll = world.open_poll(voter_rule="browser")
    address = f"/p/{poll.slug}"
    assert client.fresh().get(address).status_code == 200
    with writing() as session:
        session.delete(session.get_one(Poll, poll.id))
    time.sleep(0.1)
    assert [client.fresh().get(address).status_code for _ in range(3)] == [404, 404, 404]


def test_who_brings_a_cookie_gets_a_page_of_their_own(world, client, keeping):
    from feedback.collect import newcomers

    poll = world.open_poll(voter_rule="browser")
    browser = client.fresh()
    browser.cookies.set("heard-language", "fr")
    assert browser.get(f"/p/{poll.slug}").status_code == 200
    assert newcomers._at_hand == {}


def answering(status=200, headers=((b"cache-control", b"public, max-age=60"),), body=b"page", pause=None):
    """A small application, and how often it was asked."""
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["path"])
        if pause is not None:
            await pause.wait()
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app, asked


async def got(layer, path="/c/x", method="GET", **headers):
    seen = []

    async def send(message):
        seen.append(message)

    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": told}
    await layer(scope, None, send)
    return seen


@pytest.mark.parametrize(
    ("answer", "asks"),
    [
        ({}, 1),
        ({"headers": [(b"cache-control", b"private, no-store")]}, 2),
        ({"headers": []}, 2),
        ({"headers": [(b"cache-control", b"public"), (b"set-cookie", b"a=b")]}, 2),
        ({"status": 404}, 2),
        ({"status": 500}, 2),
        ({"body": b"x" * (kept.LARGEST + 1)}, 2),
    ],
)
def test_only_a_public_page_without_a_cookie_is_kept(answer, asks):
    app, asked = answering(**answer)
    layer = Kept(app)

    async def twice():
        return [await got(layer), await got(layer)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FRESH_SECONDS", 60)
        one, other = asyncio.run(twice())
    assert (len(asked), [m.get("body") for m in one] == [m.get("body") for m in other]) == (asks, True)


@pytest.mark.parametrize("header", ["cookie", "authorization", "if_none_match", "range"])
def test_a_request_that_brings_something_is_never_answered_from_memory(header):
    app, asked = answering()
    layer = Kept(app)

    async def both():
        await got(layer)
        await got(layer, **{header: "x"})
        await got(layer, host="other.example")
        await got(layer, accept_language="fr")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FRESH_SECONDS", 60)
        asyncio.run(both())
    assert len(asked) == 4


def test_of_many_who_come_at_once_one_has_it_made():
    async def rush():
        pause = asyncio.Event()
        app, asked = answering(pause=pause)
        layer = Kept(app)
        all_of_them = [asyncio.create_task(got(layer)) for _ in range(50)]
        await asyncio.sleep(0)
        pause.set()
        answers = await asyncio.gather(*all_of_them)
        return asked, answers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FRESH_SECONDS", 60)
        asked, answers = asyncio.run(rush())
    assert (len(asked), {a[1]["body"] for a in answers}) == (1, {b"page"})


def test_a_page_that_was_begun_before_a_write_is_not_kept_after_it():
    async def crossed():
        pause = asyncio.Event()
        app, asked = answering(pause=pause)
        layer = Kept(app)
        begun = asyncio.create_task(got(layer))
        await asyncio.sleep(0)
        writing = asyncio.create_task(got(layer, method="POST"))
        pause.set()
        await asyncio.gather(begun, writing)
        await got(layer)
        return asked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FRESH_SECONDS", 60)
        assert len(asyncio.run(crossed())) == 3


def test_what_fails_lets_those_who_wait_try_for_themselves():
    async def failing():
        asked = []

        async def app(scope, receive, send):
            asked.append(1)
            await asyncio.sleep(0)
            if len(asked) == 1:
                raise RuntimeError("the first one fails")
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"page"})

        layer = Kept(app)
        return await asyncio.gather(*(got(layer) for _ in range(3)), return_exceptions=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FRESH_SECONDS", 60)
        answers = asyncio.run(failing())
    assert [isinstance(a, RuntimeError) for a in answers] == [True, False, False]
