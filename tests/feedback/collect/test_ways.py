"""Where answers came from: counted for the manager, folded where few would be told, never on a public page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.collect.counters import K
from feedback.collect.ways import REST, WayCount, folded, ways_of
from heard.kit.db import writing
from heard.kit.visits import VisitCount
from polls.models import Poll
from polls.publish import links
from polls.publish.links import Target
from tests.shared_pages import words_of


def test_ways_are_read_from_the_counters_the_largest_first():
    cells = {"n": 9, "via:page": 2, "via:l7": 6, "via:email": 1, "via:l8": 0, "12:o5": 4, "p:via:page": 2}
    assert ways_of(cells) == [("l7", 6), ("page", 2), ("email", 1)]


counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 30), max_size=8)


@given(counts, st.integers(0, 9))
def test_nothing_below_k_is_told_nor_can_be_reckoned(found, rest):
    ways = [WayCount(way, n) for way, n in found.items() if n] + ([WayCount(REST, rest)] if rest else [])
    total, told = sum(way.n for way in ways), folded(ways)
    assert all(way.n >= K for way in told)
    assert sum(way.n for way in told) == (total if total >= K else 0)
    assert {way for way in told if way.way != REST} <= set(ways)
    assert [w.n for w in told if w.way != REST] == sorted((w.n for w in told if w.way != REST), reverse=True)


def rows(page):
    """The table as lines of words."""
    table = page.split('id="ways"')[1].split("</table>")[0]
    return [words_of(row).strip() for row in table.split("<tr>")[2:]]


@pytest.mark.both
def test_the_manager_reads_ways_with_their_visits(world, client):
    poll = world.open_poll(results_rule="always")
    with writing() as session:
        row, community = session.get_one(Poll, poll.id), world.the_community(session)
        own = links.add_link(session, community, Target(row), "Poster in the library")
        hour = row.created_at.replace(minute=0, second=0, microsecond=0)
        for place, kind, n in (
            ("mastodon", "person", 41),
            ("mastodon", "preview", 6),
            ("mastodon", "scanner", 3),
            ("x", "person", 8),
        ):
            made = next(link for link in links.links_of(session, Target(row)) if link.place == place)
            session.add(VisitCount(subject=f"link:{made.id}", hour=hour, kind=kind, n=n))
    for _three in range(3):
        world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={world.link(poll, 'mastodon').token}")
    for _two in range(2):
        world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={own.token}")
    world.vote(poll, {"q1": "No"})
    world.vote(poll, {"q1": "No"}, path=f"/e/{poll.slug}")
    page = client.sign_in("maya").get(f"{poll.page}/results").text
    assert rows(page) == [
        "Mastodon3419", "Poster in the library200", "In a frame, without a tracked link1––", "Ballot page without a tracked link1––",
        "X080",
    ]  # fmt: skip
    assert "7 answers in all" in words_of(page)
    public = client.get(f"/p/{poll.slug}/results").text
    assert "Mastodon" not in public
    assert "Poster in the library" not in public
    assert "Where the answers came from" not in public


def test_an_anonymous_poll_tells_no_link_no_visits_and_no_few(world, client):
    poll = world.open_poll(anonymous=True, voter_rule="open")
    link = world.link(poll, "mastodon")
    maya = client.sign_in("maya")
    for at in range(4):
        world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={link.token}" if at else f"/e/{poll.slug}")
    assert 'id="ways"' not in maya.get(f"{poll.page}/results").text
    for _six in range(6):
        world.vote(poll, {"q1": "No"})
    page = maya.get(f"{poll.page}/results").text
    assert rows(page) == ["Other ways10"]
    assert "Mastodon" not in page
    assert "Visits" not in page
    for _more in range(9):
        world.vote(poll, {"q1": "No"}, path=f"/e/{poll.slug}")
    assert rows(maya.get(f"{poll.page}/results").text)[0] == "Ballot page without a tracked link9"
