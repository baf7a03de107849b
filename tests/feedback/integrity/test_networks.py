"""Networks of ballots: what one is, that only a keyed hash is kept, where and how long, and what a limit does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feedback.jobs  # noqa: F401  (registers its jobs)
from feedback.collect import intake
from feedback.integrity import networks
from heard.kit import work
from heard.kit.clock import now, stopped_at
from heard.kit.db import writing
from polls.models import Poll
from tests.feedback.voting import ballot, n_of, rows

ADDRESSES = {
    "203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
    "fe80::1%eth0": "fe80::/64", "": "", "testclient": "", "203.0.113": "", "203.0.113.77:80": "",
}  # fmt: skip


@pytest.mark.parametrize(("address", "network"), ADDRESSES.items())
def test_a_network_is_the_24_or_the_64(address, network):
    assert networks.network_of(address) == network


@given(st.ip_addresses())
def test_any_address_has_a_network(address):
    assert "/" in networks.network_of(str(address))


@pytest.mark.both
@pytest.mark.parametrize("rule", ["open", "browser", "network"])
def test_page_frame_and_open_api_keep_a_code_of_the_network_and_never_the_address(world, client, rule):
    poll = world.open_poll(voter_rule=rule)
    world.vote(poll, {"q1": "Yes"})
    world.vote(poll, {"q1": "Yes"}, path=f"/e/{poll.slug}")
    ways = 2
    if rule == "open":
        body = {"answers": [{"question": poll.questions[0].id, "option": poll.questions[0].options[0].id}]}
        assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 201
        ways = 3
    kept = [r["network"] for r in rows("responses")]
    assert len(kept) == ways
    assert len(set(kept)) == 1
    assert len(kept[0]) == 22
    assert "127.0.0" not in str(rows("responses"))


def test_two_polls_know_the_same_network_by_other_codes(world):
    one, other = world.open_poll(), world.open_poll(title="Other")
    for poll in (one, other):
        world.vote(poll, {"q1": "Yes"})
    assert len({r["network"] for r in rows("responses")}) == 2


@pytest.mark.both
def test_an_anonymous_poll_keeps_no_network_and_has_a_limit_all_the_same(world):
    poll = world.open_poll(voter_rule="network", anonymous=True)
    with writing() as session:
        session.get_one(Poll, poll.id).network_limit = 3
    for _i in range(5):
        world.vote(poll, {"q1": "Yes"})
    assert [r["network"] for r in rows("responses")] == [None] * 5
    assert sorted(r["set_aside"] for r in rows("responses")) == ["", "", "", "network", "network"]


@pytest.mark.both
def test_beyond_the_limit_pages_are_set_aside_and_none_is_lost(world):
    poll = world.open_poll(voter_rule="network")
    with writing() as session:
        session.get_one(Poll, poll.id).network_limit = 2
    receipts = [world.vote(poll, {"q1": "Yes"}) for _i in range(4)]
    assert n_of(poll) == 2
    assert len(rows("responses")) == 4
    assert len(set(receipts)) == 4


def test_an_hour_later_the_network_counts_again(world):
    poll = world.open_poll(voter_rule="network")
    with writing() as session:
        session.get_one(Poll, poll.id).network_limit = 1
    at = now()
    for minutes in (0, 30, 61):
        with stopped_at(at + timedelta(minutes=minutes)):
            intake.submit(replace(ballot(poll, "Yes", voter=f"v{minutes}"), network="n" * 22))
    assert sorted(r["set_aside"] for r in rows("responses")) == ["", "", "network"]


@pytest.mark.both
def test_thirty_days_after_closing_networks_are_forgotten(world):
    poll, at = world.open_poll(), now()
    world.vote(poll, {"q1": "Yes"})
    world.close(poll)
    work.run_due()
    with stopped_at(at + timedelta(days=29)):
        work.run_due()
        assert rows("responses")[0]["network"] is not None
    with stopped_at(at + timedelta(days=31)):
        work.run_due()
        networks.forget(poll.id)
    assert rows("responses")[0]["network"] is None


def test_a_poll_that_is_open_again_keeps_them(world):
    from polls.publish import publishing

    poll, at = world.open_poll(), now()
    world.vote(poll, {"q1": "Yes"})
    world.close(poll)
    work.run_due()
    with writing() as session:
        publishing.reopen(session, session.get_one(Poll, poll.id), by=world.people["maya"])
    with stopped_at(at + timedelta(days=31)):
        networks.forget(poll.id)
    assert rows("responses")[0]["network"] is not None


def test_behind_a_proxy_that_is_not_named_no_network_is_known(world, monkeypatch):
    """Everybody would come from the proxy's address, and all but a few be set aside."""
    from heard.kit.settings import settings

    monkeypatch.setenv("HEARD_BASE_URL", "https://127.0.0.1:8000")
    settings.cache_clear()
    assert not networks.known()
    monkeypatch.setenv("HEARD_PROXIES", "127.0.0.1")
    settings.cache_clear()
    assert networks.known()
    monkeypatch.undo()
    settings.cache_clear()


def test_a_network_begins_no_more_than_so_many_ballots_an_hour(world, client, monkeypatch):
    from polls.kinds.kind import Draft
    from tests.feedback.collect.test_page_by_page import say

    monkeypatch.setattr(networks, "BEGUN_AN_HOUR", 3)
    poll = world.open_poll([Draft("short_text", "A?"), Draft("short_text", "B?")], paged=True, title="Two")
    answers = [say(client.fresh(), poll, f"/p/{poll.slug}", q1="x") for _i in range(4)]
    assert [a.status_code for a in answers] == [303, 303, 303, 429]
    assert len(rows("ballot_drafts")) == 3
    page = client.sign_in("maya").get(f"{poll.page}/results").text
    assert "3 begun, not sent." in page
    world.vote(poll, {"q1": "x"}, path=f"/e/{poll.slug}")
    assert "begun" not in client.get(f"/p/{poll.slug}/results").text
