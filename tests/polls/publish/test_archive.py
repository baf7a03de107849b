"""Put away and brought back, closed with a way back; and who sees results of a poll in every state."""

from datetime import timedelta

import pytest

from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from polls.models import Poll
from polls.publish import archive, editions, publishing


def row_of(poll):
    with reading() as session:
        return session.get_one(Poll, poll.id)


def put_away(world, poll):
    with writing() as session:
        archive.put_away(session, session.get_one(Poll, poll.id), by=world.people["maya"])


@pytest.mark.both
@pytest.mark.parametrize(("opened", "away", "back"), [(False, "draft", "draft"), (True, "archived", "closed")])
def test_a_poll_is_put_away_and_brought_back(world, client, opened, away, back):
    poll = world.draft_poll(opened=opened)
    if opened:
        world.close(poll)
    maya = client.sign_in("maya")
    listed = maya.follow(maya.post(f"{poll.page}/archiving")).text
    assert (row_of(poll).status, row_of(poll).archived_at is not None) == (away, True)
    assert listed.index("Put away") < listed.rindex(f'href="{poll.page}"')
    assert "Bring it back" in maya.get(poll.page).text
    maya.post(f"{poll.page}/archiving")  # twice
    maya.post(f"{poll.page}/restoring")
    assert (row_of(poll).status, row_of(poll).archived_at) == (back, None)


def test_a_poll_that_runs_or_waits_is_not_put_away(world):
    running = world.open_poll()
    waiting = world.draft_poll(title="Later", opens_at=now() + timedelta(days=1))
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, waiting.id), by=None)
    for poll in (running, waiting):
        with pytest.raises(archive.StillRunning) as refused:
            put_away(world, poll)
        assert refused.value.status == 409


def test_publishing_a_draft_that_was_put_away_brings_it_back(world):
    poll = world.draft_poll()
    put_away(world, poll)
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, poll.id), by=None)
    assert (row_of(poll).status, row_of(poll).archived_at) == ("open", None)


def test_lists_leave_out_what_is_put_away(world, client):
    poll = world.open_poll(results_rule="always")
    world.close(poll)
    kept = world.draft_poll(title="Kept")
    put_away(world, poll)
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    lists = [client.get(f"/api/v1/communities/garden/polls{q}", headers=headers).json() for q in ("", "?put_away=true")]
    assert [[p["slug"] for p in one["polls"]] for one in lists] == [[kept.slug], [poll.slug]]
    assert poll.slug not in client.get("/c/garden").text


def test_closing_can_be_taken_back_for_half_a_minute(world, client):
    poll, at = world.open_poll(), now()
    maya = client.sign_in("maya")
    with stopped_at(at):
        page = maya.follow(maya.post(f"{poll.page}/closing")).text
        assert "The poll is closed. Its results stay." in page
        assert "Undo" in page
    with stopped_at(at + timedelta(seconds=31)):
        assert "Undo" not in maya.get(poll.page).text
    with stopped_at(at + timedelta(seconds=29)):
        assert "Undo" in maya.get(poll.page).text
        maya.post(f"{poll.page}/reopening")
    assert row_of(poll).status == "open"


def test_an_anonymous_poll_is_closed_only_when_its_manager_is_sure(world, client):
    poll = world.open_poll(anonymous=True)
    maya = client.sign_in("maya")
    asked = maya.follow(maya.post(f"{poll.page}/closing"))
    assert "this cannot be taken back" in asked.text
    assert row_of(poll).status == "open"
    assert f'href="{poll.page}/closing"' in maya.get(poll.page).text
    done = maya.follow(maya.post(f"{poll.page}/closing", data={"sure": "1"})).text
    assert row_of(poll).status == "closed"
    assert "Undo" not in done


RULES = ("always", "after_vote", "after_close", "never")
STATES = ("scheduled", "archived", "older edition")
# Which of these shows results to somebody who has not voted.
SHOWN = {(state, rule) for state in ("archived", "older edition") for rule in ("always", "after_close")}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("rule", RULES)
def test_results_obey_the_one_rule_on_every_surface_in_every_state(world, client, state, rule):
    """Page, JSON, receipt, community page, feed and download; for a stranger, a voter, and members by their role."""
    times = {"opens_at": now() + timedelta(days=1)} if state == "scheduled" else {}
    poll = world.draft_poll(options=("Zebra", "Yak"), results_rule=rule, opened=not times, **times)
    receipt, slug = "", poll.slug
    if state == "scheduled":
        with writing() as session:
            publishing.publish(session, session.get_one(Poll, poll.id), by=None)
    else:
        receipt = world.vote(poll, {"q1": "Zebra"})
    if state == "archived":
        world.close(poll)
        put_away(world, poll)
    if state == "older edition":
        with writing() as session:
            made = editions.again(session, session.get_one(Poll, poll.id), by=None, same_series=True)
            publishing.publish(session, made, by=None)
        slug = f"{poll.slug}-1"
    shown = (state, rule) in SHOWN
    page = client.get(f"/p/{slug}/results")
    assert (page.status_code, "Zebra" in page.text) == ((200, True) if shown else (403, False))
    told = client.get(f"/api/v1/polls/{slug}/results")
    assert ("Zebra" in told.text, told.status_code == 200) == (shown, shown)
    if receipt:
        answer = client.get(f"/r/{receipt}/results")
        assert answer.status_code == (200 if rule in ("always", "after_vote", "after_close") else 403)
    for place in ("/c/garden", "/c/garden/feed.atom"):
        listed = client.get(place).text
        assert f"/p/{slug}/results" not in listed or (shown and state == "older edition")
        assert state == "older edition" or f"/p/{slug}" not in listed
    statuses = {
        who: client.sign_in(who).get(f"/m/garden/polls/{slug}/results").status_code for who in ("maya", "ravi", "olu")
    }
    assert statuses == {"maya": 200, "ravi": 200, "olu": 404}
    files = {
        who: client.sign_in(who).get(f"/m/garden/polls/{slug}/responses.csv").status_code
        for who in ("ravi", "vic", "olu")
    }
    assert files == {"ravi": 200, "vic": 403, "olu": 404}
