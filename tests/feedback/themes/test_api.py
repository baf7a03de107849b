"""Themes and actions over the API."""

import pytest

import feedback.jobs  # noqa: F401  (registers the job)
from feedback.themes import refreshing as themes
from heard.kit import work
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, say

ACTION = {"title": "Sunday hours", "public_note": "We open on Sundays from May.", "status": "done"}


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world):
    return world.open_poll([Draft("long_text", "What should change?")], title="The library")


@pytest.fixture
def heard(poll):
    say(poll.id, ALL)
    themes.refresh(poll.id)
    return poll


@pytest.fixture
def call(world, client):
    """call("ravi", "GET", "/polls/…") with that person's token."""

    def send(person, method, path, *, read_only=False, community=None, **more):
        token = world.token(
            person, read_only=read_only, community=community or ("outside" if person == "olu" else "garden")
        )
        return client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"}, **more)

    return send


def test_themes_carry_counts_shares_quotes_and_parents(heard, call):
    body = call("ravi", "GET", f"/polls/{heard.slug}/themes").json()
    coarse = {t["id"]: t for t in body["themes"] if t["parent"] is None}
    assert body["n"] == 60
    assert body["run"]["kind"] == "full"
    assert coarse
    assert all(t["label"] and t["quotes"] and 0 < t["share"] <= 1 for t in body["themes"])
    assert {t["parent"] for t in body["themes"]} == {None, *coarse}
    for id, theme in coarse.items():
        assert theme["count"] == sum(t["count"] for t in body["themes"] if t["parent"] == id)


def test_before_the_first_run_there_is_nothing(poll, call):
    assert call("ravi", "GET", f"/polls/{poll.slug}/themes").json() == {"n": 0, "run": None, "themes": [], "next": None}


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
def test_members_read_themes(heard, call, person, status):
    assert call(person, "GET", f"/polls/{heard.slug}/themes").status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 202), ("ravi", 202), ("vic", 403), ("olu", 404)])
def test_analysts_and_above_ask_for_a_run(heard, call, person, status):
    assert call(person, "POST", f"/polls/{heard.slug}/themes/runs", json={}).status_code == status


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": {"full": True}}, {"content": "", "headers_": 1}])
def test_a_run_is_asked_for_with_or_without_a_body(poll, call, body):
    say(poll.id, ALL)
    body.pop("headers_", None)
    assert call("ravi", "POST", f"/polls/{poll.slug}/themes/runs", **body).status_code == 202
    assert work.run_due() == 1
    assert len(call("ravi", "GET", f"/polls/{poll.slug}/themes").json()["themes"]) >= 3


def test_a_run_does_not_wait_for_the_one_that_votes_asked_for(world, poll, call):
    for n, text in enumerate(ALL[:5]):
        world.vote(poll, {"q1": f"{text} {n}"})
    call("ravi", "POST", f"/polls/{poll.slug}/themes/runs")
    work.run_due()
    assert call("ravi", "GET", f"/polls/{poll.slug}/themes").json()["n"] == 5


@pytest.mark.parametrize(("person", "status"), [("maya", 201), ("ravi", 201), ("vic", 403), ("olu", 404)])
def test_analysts_and_above_publish_an_action(heard, call, person, status):
    theme = call("maya", "GET", f"/polls/{heard.slug}/themes").json()["themes"][0]["id"]
    assert call(person, "POST", f"/themes/{theme}/actions", json=ACTION).status_code == status


def test_a_read_only_token_writes_nothing(heard, call):
    theme = call("maya", "GET", f"/polls/{heard.slug}/themes").json()["themes"][0]["id"]
    assert call("maya", "POST", f"/themes/{theme}/actions", json=ACTION, read_only=True).status_code == 403
    assert call("maya", "POST", f"/polls/{heard.slug}/themes/runs", read_only=True).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "shipped"},
        {"title": ""},
        {"public_note": "  "},
        {"title": "x" * 201},
        {"extra": 1},
        {"title": "a\0b"},
        {"title": None},
    ],
)
def test_a_wrong_action_is_refused_with_its_field(heard, call, wrong):
    theme = call("maya", "GET", f"/polls/{heard.slug}/themes").json()["themes"][0]["id"]
    answer = call("maya", "POST", f"/themes/{theme}/actions", json=ACTION | wrong)
    assert answer.status_code == 422
    assert set(answer.json()["error"]) >= {"code", "message", "hint", "fields"}


@pytest.mark.parametrize("theme", ["424242", "0", "-7", "9" * 25])
def test_an_action_on_an_unknown_theme_is_not_found(heard, call, theme):
    assert call("maya", "POST", f"/themes/{theme}/actions", json=ACTION).status_code == 404


def test_without_a_token_nothing_is_told(heard, client):
    assert client.get(f"/api/v1/polls/{heard.slug}/themes").status_code == 401
