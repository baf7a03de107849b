"""Answers over the API: looked for, one by one in parts, told why, and moved."""

import pytest

from feedback.themes import refreshing as themes
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, STAFF, say


@pytest.fixture
def poll(world, monkeypatch):
    monkeypatch.setattr(themes, "the_encoder", lambda: None)
    made = world.open_poll([Draft("long_text", "What should change?")])
    say(made.id, ALL)
    themes.refresh(made.id)
    return made


@pytest.fixture
def call(world, client):
    """call("ravi", "GET", "/polls/…") with that person's token."""

    def send(person, method, path, **more):
        token = world.token(person, community="outside" if person == "olu" else "garden")
        return client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"}, **more)

    return send


@pytest.mark.both(long=True)
def test_a_search_comes_in_parts_and_leads_to_why_each_is_where_it_is(poll, call):
    first = call("vic", "GET", f"/polls/{poll.slug}/comments", params={"q": "CÔLD", "limit": 3}).json()
    rest = call("vic", "GET", f"/polls/{poll.slug}/comments", params={"q": "CÔLD", "cursor": first["next"]}).json()
    found = [*first["comments"], *rest["comments"]]
    assert {one["text"] for one in found} == {text for text in ALL if "cold" in text.lower()}
    assert (len(first["comments"]), rest["next"]) == (3, None)
    of_theme = call("vic", "GET", f"/polls/{poll.slug}/comments", params={"theme": found[0]["theme"]}).json()[
        "comments"
    ]
    assert {one["theme"] for one in of_theme} == {found[0]["theme"]}
    why = call("vic", "GET", f"/comments/{found[0]['id']}").json()
    assert (why["text"], why["theme"], why["placed_by"], why["by"]) == (
        found[0]["text"],
        found[0]["theme"],
        "machine",
        "",
    )
    assert len(why["near"]) == 3
    assert call("olu", "GET", f"/comments/{found[0]['id']}").status_code == 404


def test_comments_are_moved_from_anywhere_and_a_viewers_token_moves_none(poll, call):
    rows = {
        one["text"]: one
        for one in call("ravi", "GET", f"/polls/{poll.slug}/comments", params={"limit": 200}).json()["comments"]
    }
    ids = [rows[COLD[0]]["id"], rows[STAFF[0]]["id"]]
    sent = {"kind": "move", "into": None, "comments": ids}
    assert call("vic", "POST", f"/polls/{poll.slug}/themes/edits", json=sent).status_code == 403
    made = call("ravi", "POST", f"/polls/{poll.slug}/themes/edits", json=sent)
    assert (made.status_code, made.json()["edit"]["theme"], made.json()["edit"]["n"]) == (201, None, 2)
    alone = call("vic", "GET", f"/polls/{poll.slug}/comments", params={"alone": True, "q": "the"}).json()["comments"]
    assert {one["id"] for one in alone} >= set(ids)
    refused = call("ravi", "POST", f"/polls/{poll.slug}/themes/edits", json=sent | {"comments": [5]})
    assert refused.status_code == 422
