"""The page and the API of opinion groups: who may, what is said, what stays hidden."""

import numpy as np
import pytest

from feedback.groups import refreshing
from feedback.groups.finding import UNSEEN
from heard.kit.db import writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.groups import voting
from tests.feedback.groups.voting import camps, poll_of

READ = [("ines", 200), ("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)]


@pytest.fixture
def poll(world):
    made = poll_of(world, camps(20, 12))
    refreshing.refresh(made.id)
    return made


@pytest.mark.parametrize(("person", "status"), READ)
def test_members_read_groups(poll, world, client, person, status):
    assert client.sign_in(person).get(f"{poll.page}/groups").status_code == status
    key = {"authorization": f"Bearer {world.token(person, community='outside' if person == 'olu' else 'garden')}"}
    assert client.get(f"/api/v1/polls/{poll.slug}/groups", headers=key).status_code == status


def test_the_page_says_who_they_are_and_what_they_share(poll, client):
    browser = client.sign_in("ravi")
    page = browser.get(f"{poll.page}/groups").text
    assert "2 groups, and 2 statements in common" in page
    assert "20 people" in page
    assert "12 people" in page
    assert "style=" not in page
    assert page.count('<ellipse class="oval') == 2
    assert f"{poll.page}/groups" in browser.get(f"{poll.page}/results").text


def test_the_api_tells_groups_and_their_statements(poll, world):
    found = world.heard("vic", read_only=True).groups(poll.slug)["questions"][0]
    assert [(group["name"], group["n"]) for group in found["groups"]] == [("A", 20), ("B", 12)]
    assert {one["label"] for one in found["bridging"]} == {"Statement 1", "Statement 2"}
    assert all(one["label"] not in ("Statement 1", "Statement 2") for one in found["dividing"])
    assert found["why"] == ""


def test_what_few_said_is_null_and_hidden(world, client):
    votes = camps(20, 12)
    votes[20:29, 3] = UNSEEN
    poll = poll_of(world, votes)
    refreshing.refresh(poll.id)
    sides = world.heard("vic").groups(poll.slug)["questions"][0]["statements"][3]["groups"]
    nothing = {"agree": None, "disagree": None, "passed": None, "n": None}
    assert sides == [{"group": "A", **nothing}, {"group": "B", **nothing}]  # from A and all, B could be reckoned
    assert "hidden" in client.sign_in("vic").get(f"{poll.page}/groups").text


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        (camps(0), "Nobody has voted on these statements yet."),
        (camps(4), "So far there are 4."),
        (np.ones((20, 4), np.int8), "All vote alike"),
        (np.ones((20, 1), np.int8), "from two statements on"),
        (np.concatenate([np.ones((20, 4), np.int8), -np.ones((2, 4), np.int8)]), "can be told apart"),
    ],
)
def test_where_there_are_no_groups_the_page_says_why(world, client, votes, words):
    poll = poll_of(world, votes)
    refreshing.refresh(poll.id)
    answer = client.sign_in("maya").get(f"{poll.page}/groups")
    assert answer.status_code == 200
    assert words in answer.text


def test_before_the_first_reading_the_page_says_when(world, client):
    poll = world.open_poll([Draft("statements", "What do you think?", ("One", "Two"))])
    assert "about a minute after" in client.sign_in("maya").get(f"{poll.page}/groups").text
    assert world.heard("maya").groups(poll.slug)["questions"][0]["why"] == "not_yet"


def test_a_poll_without_statements_says_so(world, client):
    poll = world.open_poll()
    browser = client.sign_in("maya")
    assert "This poll has no statements to vote on" in browser.get(f"{poll.page}/groups").text
    assert "opinion groups" not in browser.get(f"{poll.page}/results").text
    assert world.heard("maya").groups(poll.slug) == {"questions": []}


def test_an_anonymous_poll_shows_no_groups_once_fewer_than_a_step_are_left(world, client):
    poll = poll_of(world, camps(20, 12), anonymous=True)
    refreshing.refresh(poll.id)
    assert "2 groups" in client.sign_in("maya").get(f"{poll.page}/groups").text
    from sqlalchemy import text

    with writing() as session:
        session.execute(text("UPDATE responses SET withdrawn_at = submitted_at WHERE poll_id = :p"), {"p": poll.id})
    assert "No opinion groups yet" in client.sign_in("maya").get(f"{poll.page}/groups").text


def test_words_of_people_are_never_markup(world, client, monkeypatch):
    hostile = "<script>alert(1)</script>"
    monkeypatch.setattr(voting, "STATEMENTS", tuple(f"{hostile} {n}" for n in range(8)))
    poll = poll_of(world, camps(20, 12))
    refreshing.refresh(poll.id)
    with writing() as session:
        session.get_one(Poll, poll.id).title = hostile
    assert hostile not in client.sign_in("maya").get(f"{poll.page}/groups").text
