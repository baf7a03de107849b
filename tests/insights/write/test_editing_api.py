"""A draft and its answers over the API."""

import pytest
from sqlmodel import select

from heard.kit.db import writing
from insights.decide import answers
from insights.models import Brief, BriefQuote, Delivery
from insights.write.shown import quotes_in
from tests.insights.scene import library, write

CLAIRE = "claire@board.example"


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


@pytest.fixture
def maya(world, client):
    headers = {"authorization": f"Bearer {world.token('maya')}"}

    def ask(method, path, body=None):
        return client.request(method, f"/api/v1{path}", json=body, headers=headers)

    return ask


def comments(brief):
    return {quote["comment"] for quote in quotes_in(brief.text)}


@pytest.mark.parametrize(("quotes", "goes"), [("all", True), ("ticked", False), ("none", False), (None, True)])
def test_sending_lets_go_what_the_call_says(brief, maya, session, quotes, goes):
    words = f"“{next(iter(quotes_in(brief.text)))['text']}”"

    def shown():
        return words in " ".join(maya("GET", f"/briefs/{brief.id}").json()["text"].split())

    assert shown(), "what sending would let in is there to be read"
    body = {"to": [CLAIRE]} | ({"quotes": quotes} if quotes else {})
    assert maya("POST", f"/briefs/{brief.id}/deliveries", body).status_code == 202
    assert set(session.exec(select(BriefQuote.comment))) == (comments(brief) if goes else set())
    assert shown() == goes


def test_a_quote_with_a_name_in_it_does_not_go_by_itself(brief, maya, session):
    named = next(iter(quotes_in(brief.text)))["comment"]
    with writing() as acting:
        row = acting.get_one(Brief, brief.id)
        text = {**row.text, "copied": 1}
        for quote in quotes_in(text):
            if quote["comment"] == named:
                quote["text"] = "ask Sarah Okafor"
        row.text = text
        acting.add(row)
    (listed,) = [q for q in maya("GET", f"/briefs/{brief.id}/quotes").json()["quotes"] if q["comment"] == named]
    assert (listed["text"], listed["found"], listed["let_in"]) == ("ask [name]", ["name"], False)
    maya("POST", f"/briefs/{brief.id}/approval", {"quotes": "all"})
    assert named not in session.exec(select(BriefQuote.comment)).all()


def test_words_are_changed_with_what_they_began_with(brief, maya):
    row = maya("GET", f"/briefs/{brief.id}/sentences").json()["sentences"][1]
    at = f"/briefs/{brief.id}/sentences/{row['position']}"
    done = maya("PATCH", at, {"text": f"In short: {row['text']}", "began": row["began"]})
    assert (done.status_code, done.json()["by"], done.json()["original"]) == (200, "person", row["text"])
    late = maya("PATCH", at, {"text": f"So: {row['text']}", "began": row["began"]})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "edited_elsewhere")
    bent = maya("PATCH", at, {"text": "In short: 999 did."})
    assert (bent.status_code, bent.json()["error"]["code"]) == (422, "wording_refused")
    maya("POST", f"/briefs/{brief.id}/approval", {})
    frozen = maya("PATCH", at, {"text": ""})
    assert (frozen.status_code, frozen.json()["error"]["code"]) == (409, "brief_approved")


def test_a_decision_becomes_an_action_with_an_owner_and_a_day(brief, maya, world, session):
    maya("POST", f"/briefs/{brief.id}/deliveries", {"to": [CLAIRE]})
    with writing() as acting:
        answers.record(acting, acting.exec(select(Delivery)).one(), "agree")
    (row,) = maya("GET", "/communities/garden/decisions").json()["decisions"]
    assert (row["kind"], row["reader"], row["action"]) == ("agree", CLAIRE, None)
    owner = world.people["ravi"].id
    body = {
        "title": "Open later",
        "public_note": "From May.",
        "status": "planned",
        "owner": owner,
        "due_on": "2044-05-01",
    }
    made = maya("POST", f"/decisions/{row['id']}/action", body)
    assert made.status_code == 201
    (action,) = maya("GET", "/communities/garden/actions").json()["actions"]
    assert (action["id"], action["owner"], action["due_on"], action["overdue"]) == (
        made.json()["action"],
        owner,
        "2044-05-01",
        False,
    )
