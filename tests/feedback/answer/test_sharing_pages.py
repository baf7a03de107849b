"""The share page of a "we did", and the list of all that can be shared."""

from datetime import timedelta

import pytest
from sqlmodel import select

from feedback.answer import actions
from feedback.models import Action, Theme
from heard.kit.clock import now
from heard.kit.db import writing
from polls.models import Link, Poll
from polls.publish import codes, publishing
from polls.publish.links import PLACES
from tests.insights.scene import library
from tests.polls.trying import trial_in
from tests.shared_pages import Pasted, words_of

BASE = "http://127.0.0.1:8000"


def did(world, *, links=True, note="Open till nine.", **rules):
    """An answer to the opening hours, in its own words; its id and its public path."""
    poll = library(world, 12, **({"results_rule": "always"} | rules))
    with writing() as session:
        theme = session.exec(select(Theme).where(Theme.poll_id == poll.id)).first()
        action = actions.publish_action(session, theme, "Longer hours", note, "done", by=None)
        path = actions.page_of(world.the_community(session), action)
        if not links:
            for link in session.exec(select(Link).where(Link.path == path)):
                session.delete(link)
        return action.id, path


def test_it_tells_what_was_asked_said_and_done_with_a_link_to_its_page(world, client):
    number, path = did(world)
    maya = client.sign_in("maya")
    assert f'href="/m/garden/actions/{number}/sharing"' in maya.get("/m/garden/answers").text
    page = maya.get(f"/m/garden/actions/{number}/sharing").text
    texts = Pasted(page).texts
    for words in (
        "Done: Longer hours",
        "We asked: What should change?",
        "You said: Opening hours (6 of you)",
        "Open till nine.",
    ):
        assert words in texts["chat-text"]
    assert texts["link"] == BASE + path
    assert f"{path}/card.png" in page
    link = texts["chat-link"].removeprefix(BASE)
    assert client.fresh().get(link).headers["location"] == path


def test_of_an_unlisted_or_hidden_poll_it_tells_no_more_than_its_public_page(world, client):
    for rules in ({"listed": False}, {"results_rule": "never"}):
        number, _path = did(world, title="Secret survey", **rules)
        page = client.sign_in("maya").get(f"/m/garden/actions/{number}/sharing").text
        text = Pasted(page).texts["chat-text"]
        assert "of you" not in text
        assert "Secret survey" not in page
        assert ("We asked" in text) == ("listed" not in rules)


def test_an_answer_of_an_earlier_release_gets_its_links_by_a_button(world, client, session):
    number, path = did(world, links=False)
    maya, at = client.sign_in("maya"), f"/m/garden/actions/{number}/sharing"
    assert "There are no links for this yet" in maya.get(at).text
    assert client.sign_in("vic").post(at).status_code == 403
    for _twice in range(2):
        page = maya.follow(maya.post(at)).text
    assert "There are no links" not in page
    assert sorted(session.exec(select(Link.place).where(Link.path == path))) == sorted(PLACES)
    made = maya.follow(maya.post(f"/m/garden/actions/{number}/links", data={"name": "Notice board"})).text
    assert "Notice board" in made
    assert maya.post(f"/m/garden/actions/{number}/links", data={"name": ""}).status_code == 422
    assert Pasted(page).texts["poster-plain"].startswith(f"{BASE}/c/garden/answers/")  # short enough to be typed
    token = Pasted(page).texts["poster-link"].rpartition("/")[2]
    answer = maya.get(f"/m/garden/actions/{number}/qr.png?link={token}")
    assert answer.content == codes.qr(f"{BASE}/l/{token}", "png")


def test_a_withdrawn_answer_is_not_shared(world, client):
    number, _path = did(world)
    with writing() as session:
        actions.withdraw_action(session, session.get_one(Action, number), by=None)
    page = client.sign_in("maya").get(f"/m/garden/actions/{number}/sharing").text
    assert "This answer was withdrawn" in page
    assert Pasted(page).texts == {}


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("olu", 404)])
def test_the_page_is_for_members(world, client, person, status):
    number, _path = did(world)
    for address in (f"/m/garden/actions/{number}/sharing", f"/m/garden/actions/{number}/qr.svg", "/m/garden/sharing"):
        assert client.sign_in(person).get(address).status_code == status


def test_the_list_has_what_can_be_shared_newest_first_and_no_draft(world, client):
    maya = client.sign_in("maya")
    assert "Nothing to share yet" in maya.get("/m/garden/sharing").text
    did(world, title="Library hours")
    later = world.draft_poll(title="Opens later", opens_at=now() + timedelta(days=1))
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, later.id), by=None)
    closed, long_ago = world.open_poll(title="Just closed"), world.open_poll(title="Closed long ago")
    for poll in (closed, long_ago):
        world.close(poll)
    with writing() as session:
        session.get_one(Poll, long_ago.id).closed_at = now() - timedelta(days=31)
    trial_in(world, title="Late evenings")
    world.draft_poll(title="A draft")
    words = words_of(maya.get("/m/garden/sharing").text)
    places = [words.index(w) for w in ("Opens later", "Late evenings", "Just closed", "Longer hours", "Library hours")]
    assert places == sorted(places)
    assert "A draft" not in words
    assert "Closed long ago" not in words
