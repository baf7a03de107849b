"""Briefs over the API."""

import pytest
from sqlmodel import select

from heard.kit import tokens
from insights.models import Brief, Delivery
from tests.insights.scene import library, write


@pytest.fixture
def call(world, client):
    """A call with somebody's token."""

    def send(person, method, path, *, read_only=False, community=None, **more):
        community = community or ("outside" if person == "olu" else "garden")
        token = world.token(person, read_only=read_only, community=community)
        headers = {
            "authorization": f"Bearer {token}",
            **({"content-type": "application/json"} if "content" in more else {}),
        }
        return client.fresh().request(method, f"/api/v1{path}", headers=headers, **more)

    return send


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


@pytest.mark.parametrize(("person", "status"), [("maya", 201), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_write(world, call, person, status):
    library(world)
    assert call(person, "POST", "/communities/garden/briefs", json={"audience": "product"}).status_code == status


def test_what_writing_answers(world, call, client):
    library(world)
    sent = {"audience": "leadership", "since": "2020-01-01", "until": "2035-01-01"}
    made = call("maya", "POST", "/communities/garden/briefs", json=sent).json()
    assert set(made) == {"id", "token", "url", "facts_hash"}
    assert made["url"].endswith(f"/b/{made['token']}")
    assert made["facts_hash"][:8] in client.get(f"/b/{made['token']}").text
    again = call("maya", "POST", "/communities/garden/briefs", json=sent | {"audience": "product"}).json()
    assert again["facts_hash"] == made["facts_hash"]
    assert again["id"] != made["id"]


def test_a_read_only_token_writes_nothing(brief, call, session):
    assert (
        call("maya", "POST", "/communities/garden/briefs", json={"audience": "product"}, read_only=True).status_code
        == 403
    )
    assert (
        call("maya", "POST", f"/briefs/{brief.id}/deliveries", json={"to": ["a@b.example"]}, read_only=True).status_code
        == 403
    )
    assert session.exec(select(Delivery)).all() == []


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
def test_members_read(brief, call, person, status):
    answer = call(person, "GET", f"/briefs/{brief.id}")
    assert answer.status_code == status
    if status == 200:
        read = answer.json()
        assert read["facts"] == brief.facts
        assert read["facts_hash"] == brief.facts_hash
        assert "\n-- \n" in read["text"]
        assert read["html"].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("person", "status"), [("maya", 202), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_send(brief, call, session, person, status):
    answer = call(
        person, "POST", f"/briefs/{brief.id}/deliveries", json={"to": ["maya@garden.example", "claire@board.example"]}
    )
    assert answer.status_code == status
    if status == 202:
        assert answer.json() == {
            "deliveries": [
                {"to": "maya@garden.example", "status": "queued"},
                {"to": "claire@board.example", "status": "unconfirmed"},
            ]
        }
        assert session.get_one(Brief, brief.id).approved_at
    else:
        assert session.exec(select(Delivery)).all() == []


@pytest.mark.parametrize(
    "sent",
    [
        {"audience": "everybody"},
        {},
        {"audience": "product", "since": "soon"},
        {"audience": "product", "since": "2026-02-01", "until": "2026-01-01"},
        {"audience": "product", "more": 1},
    ],
)
def test_what_cannot_be_is_refused(world, call, session, sent):
    answer = call("maya", "POST", "/communities/garden/briefs", json=sent)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    assert session.exec(select(Brief)).all() == []


@pytest.mark.parametrize("to", [[], ["nobody"], ["a@b.example\r\nBcc: c@d.example"], "a@b.example", ["\0@b.example"]])
def test_readers_that_cannot_be_are_refused(brief, call, session, to):
    assert call("maya", "POST", f"/briefs/{brief.id}/deliveries", json={"to": to}).status_code == 422
    assert session.exec(select(Delivery)).all() == []


def test_half_a_surrogate_pair_is_refused(brief, call, session):
    sent = '{"to": ["\\ud800@b.example"]}'
    answer = call("maya", "POST", f"/briefs/{brief.id}/deliveries", content=sent)
    assert answer.status_code == 422
    assert session.exec(select(Delivery)).all() == []


def test_without_a_token_nothing_is_told(brief, client):
    assert client.get(f"/api/v1/briefs/{brief.id}").status_code == 401


def test_tokens_of_readers_are_not_stored(brief, call, session):
    call("maya", "POST", f"/briefs/{brief.id}/deliveries", json={"to": ["maya@garden.example"]})
    stored = session.exec(select(Delivery)).one()
    assert stored.token_hash == tokens.hashed(tokens.derived("delivery", brief.id, "maya@garden.example"))
