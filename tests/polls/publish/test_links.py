"""Tracked links: made at publishing, leading on, and remembered with the answer that came by them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import delete, select

from feedback.collect import counters
from feedback.integrity import verifying
from feedback.models import Response
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from polls.kinds.kind import Draft
from polls.models import Link, Poll
from polls.publish import editions, links, publishing
from polls.publish.links import PLACES, Target
from tests.browser_client import Client
from tests.polls.trying import trial_in


def links_of(poll):
    with reading() as session:
        return links.links_of(session, Target(session.get_one(Poll, poll.id)))


def ways(poll):
    with reading() as session:
        cells = counters.cells(session, poll.id)
    return {cell: n for cell, n in cells.items() if cell.startswith("via:")}


def test_publishing_makes_a_link_for_each_place_and_a_new_edition_keeps_them(world, client):
    poll = world.open_poll()
    made = links_of(poll)
    assert [link.place for link in made] == list(PLACES)
    with writing() as session:
        newer = editions.again(session, session.get_one(Poll, poll.id), by=None, same_series=True)
        publishing.open_now(session, newer, by=None)
    assert [link.token for link in links_of(newer)] == [link.token for link in made]
    answer = client.get(f"/l/{made[0].token}")
    assert answer.headers["location"] == f"/p/{newer.slug}?via={made[0].token}"


def test_a_draft_has_no_links_and_a_link_that_leads_nowhere_says_what_to_do(world, client):
    assert links_of(world.draft_poll()) == []
    answer = client.get("/l/abc~def")
    assert answer.status_code == 404
    assert "leads nowhere" in answer.text
    assert "Ask whoever posted it" in answer.text


def test_the_link_of_a_deleted_poll_tells_nothing_of_it(world, client):
    poll = world.open_poll(title="Secret picnic")
    token = links_of(poll)[0].token
    with writing() as session:
        session.delete(session.get_one(Poll, poll.id))
    answer = client.get(f"/l/{token}")
    assert answer.status_code == 404
    assert "picnic" not in answer.text


@pytest.mark.both
@pytest.mark.parametrize("paged", [False, True])
def test_an_answer_remembers_the_link_it_came_by(world, client, paged):
    questions = [Draft("single", "Tea?", options=("Yes", "No")), Draft("short_text", "Why?")]
    poll = world.open_poll(questions, paged=paged)
    link = world.link(poll, "mastodon")
    page = client.get(client.get(f"/l/{link.token}?q1=Yes").headers["location"])
    assert "checked" in page.text
    world.vote(poll, {"q1": "Yes", "q2": "Because."}, client=client, path=f"/p/{poll.slug}?via={link.token}")
    assert ways(poll) == {f"via:l{link.id}": 1}
    world.vote(poll, {"q1": "No", "q2": ""})
    assert ways(poll) == {f"via:l{link.id}": 1, "via:page": 1}
    assert verifying.verify(poll.slug).sound


def test_a_frame_remembers_it_too_and_a_foreign_link_is_no_link(world, client):
    poll, other = world.open_poll(), world.open_poll()
    link, foreign = world.link(poll, "site"), world.link(other, "site")
    for token in (link.token, foreign.token, "nonsense"):
        world.vote(poll, {"q1": "Yes"}, client=client, path=f"/e/{poll.slug}?via={token}")
    assert ways(poll) == {f"via:l{link.id}": 1, "via:embed": 2}


def test_an_anonymous_poll_never_keeps_the_link(world):
    poll = world.open_poll(anonymous=True)
    link = world.link(poll, "site")
    world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={link.token}")
    with reading() as session:
        assert session.exec(select(Response.link_id)).all() == [None]
    assert ways(poll) == {"via:page": 1}


def test_a_manager_names_more_places(world):
    poll = world.open_poll()
    with writing() as session:
        row, community = session.get_one(Poll, poll.id), world.the_community(session)
        made = links.add_link(session, community, Target(row), "  Poster in the  library ")
        assert (made.place, made.name) == ("other", "Poster in the library")
        for name in ("poster in the library", "", "x" * 121):
            with pytest.raises(BadInput):
                links.add_link(session, community, Target(row), name)


def test_a_trial_has_links_for_itself_and_each_version(world, client):
    trial = trial_in(world)
    with reading() as session:
        rows = session.exec(select(Link).where(Link.place == "mastodon")).all()
    places = {client.get(f"/l/{row.token}").headers["location"] for row in rows}
    assert places == {f"/t/{trial.slug}", f"/t/{trial.slug}#version-1"}


@pytest.mark.both
def test_no_address_makes_an_answer_count_for_another_link_than_the_visit(world, client):
    poll = world.open_poll()
    link, other = world.link(poll, "slack"), world.link(poll, "x")
    for query in (f"via={other.token}", "via=", f"%76ia={other.token}", f"a=b&via={other.token}&c=d"):
        at = client.get(f"/l/{link.token}?{query}").headers["location"]
        assert at == f"/p/{poll.slug}?via={link.token}" + ("&a=b&c=d" if "a=b" in query else ""), query
    world.vote(poll, {"q1": "Yes"}, path=at)
    assert ways(poll) == {f"via:l{link.id}": 1}


@pytest.mark.both
def test_two_who_press_the_same_button_at_once_get_one_link_and_a_plain_answer(world, client):
    poll, maya = world.open_poll(), client.sign_in("maya")
    with writing() as session:
        session.exec(delete(Link))

    def press(what):
        path, data = what
        with Client(maya.cookies) as browser:
            return browser.post(f"{poll.page}/{path}", data=data).status_code

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(press, [("sharing", {})] * 16)) == {303}
        added = Counter(many.map(press, [("links", {"name": "Library"})] * 16))
    assert added == {303: 1, 422: 15}
    assert sorted(link.place for link in links_of(poll)) == sorted([*PLACES, "other"])


def test_a_place_has_a_name_that_can_be_seen_and_told_from_others(world, client):
    poll = world.open_poll()
    with writing() as session:
        garden, target = world.the_community(session), Target(session.get_one(Poll, poll.id))
        links.add_link(session, garden, target, "Café")
        for name in ("", " \u00a0", "\u200b\u2060", "\u202e\u202c", "\x07", "x" * 121):
            with pytest.raises(BadInput, match="Name the place"):
                links.add_link(session, garden, target, name)
        for name in ("CAFÉ", "Cafe\u0301", "Ca\u200bfé", "\u202eCafé"):
            with pytest.raises(BadInput, match="already"):
                links.add_link(session, garden, target, name)
