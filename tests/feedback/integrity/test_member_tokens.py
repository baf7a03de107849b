"""Members of a host site vote by a token that it signs: one ballot each, and nothing of them is kept (trust.md V6, L4)."""

import re

import pytest

from heard.accounts import members
from heard.kit.clock import now
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.feedback.voting import counts, n_of, rows


@pytest.fixture
def club(world):
    with writing() as session:
        home = world.the_community(session)
        members.change(session, home, key="make", url="https://club.example/vote", by=world.people["ines"])
    return home


def token_of(club, member="member-number-4711", *, age=0):
    return members.signed(members.key_of(club), member, int(now().timestamp()) - age)


def vote(world, poll, token, label, client):
    return world.vote(poll, {"q1": label}, client=client, path=f"/p/{poll.slug}?member={token}")


@pytest.mark.both
def test_a_member_has_one_ballot_from_any_browser_and_changes_it(world, client, club, session):
    poll = world.open_poll(voter_rule="sign_in")
    one = vote(world, poll, token_of(club), "Yes", client)
    assert vote(world, poll, token_of(club), "No", client.fresh()) == one
    vote(world, poll, token_of(club, "another"), "Yes", client.fresh())
    assert counts(session, poll) == {"Yes": 1, "No": 1}


def test_nothing_of_the_member_is_kept_or_shown(world, client, club):
    poll = world.open_poll(voter_rule="sign_in")
    token = token_of(club)
    page = client.get(f"/p/{poll.slug}?member={token}")
    assert token not in page.text
    assert "member-number-4711" not in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    vote(world, poll, token, "Yes", client)
    from tests.contracts import full_house

    stored = str(full_house.contents())
    for secret in ("4711", token, token.split(".")[1], token.split(".")[3]):
        assert secret not in stored


@pytest.mark.parametrize("how", ["touched", "expired", "foreign", "empty key"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_signed_now_and_here_is_403_with_the_way_back(world, client, club, how, method):
    poll = world.open_poll(voter_rule="sign_in")
    token = {
        "touched": token_of(club)[:-1] + ("0" if token_of(club)[-1] != "0" else "1"),
        "expired": token_of(club, age=700),
        "foreign": members.signed("x" * 43, "4711", int(now().timestamp())),
        "empty key": members.signed("", "4711", int(now().timestamp())),
    }[how]
    if method == "GET":
        answer = client.get(f"/p/{poll.slug}?member={token}")
    else:
        option = poll.questions[0].options[0].id
        answer = client.post(f"/p/{poll.slug}", data={"member": token, poll.questions[0].name: str(option)})
    assert answer.status_code == 403
    assert 'href="https://club.example/vote"' in answer.text
    assert n_of(poll) == 0


def test_who_comes_without_a_token_is_shown_the_way(world, client, club):
    poll = world.open_poll(voter_rule="sign_in")
    page = client.get(f"/p/{poll.slug}").text
    assert 'href="https://club.example/vote"' in page
    assert "/sign-in?next=" in page


def test_a_token_opens_no_poll_that_asks_for_something_else(world, client, club):
    poll = world.open_poll(voter_rule="link")
    assert client.get(f"/p/{poll.slug}?member={token_of(club)}").status_code == 403


def test_page_by_page_a_member_stays_the_same(world, client, club):
    poll = world.open_poll(
        [Draft("single", "One?", ("Yes", "No")), Draft("single", "Two?", ("Yes", "No"))],
        voter_rule="sign_in", paged=True, title="Two",
    )  # fmt: skip
    page = client.get(f"/p/{poll.slug}?member={token_of(club)}").text
    for do in ("next", "send"):
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        name = re.search(r'name="(q\d+)" value="(\d+)"', page)
        answer = client.post(f"/p/{poll.slug}", data={**sent, name[1]: name[2], "do": do})
        assert answer.status_code == 303, answer.text[:300]
        page = client.follow(answer).text
    assert n_of(poll) == 1


def test_an_anonymous_poll_knows_that_a_member_voted_and_not_how(world, client, club):
    poll = world.open_poll(voter_rule="sign_in", anonymous=True)
    vote(world, poll, token_of(club), "Yes", client)
    assert len(rows("turnout")) == 1
    page = client.fresh().get(f"/p/{poll.slug}?member={token_of(club)}").text
    assert "You have answered already" in page
