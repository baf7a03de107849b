"""Ranges stand beside the figures of invited polls, with their “if”, and nowhere else (trust.md, D8)."""

import re

import pytest

from feedback.collect.ranges import ranges_of
from heard.kit.db import writing
from polls.kinds.kind import Draft, kind_of
from polls.models import Poll
from polls.publish import invitations

ASKED = [Draft("single", "When?", ("Mornings", "Evenings")), Draft("nps", "Would you?"), Draft("rating", "How?")]


def results(poll, *counts):
    """Of the first question by option, of the second by step."""
    when, would, _how = poll.questions
    cells = {f"{when.id}:n": sum(counts[0]), f"{would.id}:n": sum(counts[1].values())}
    cells |= {f"{when.id}:o{o.id}": n for o, n in zip(when.options, counts[0], strict=True)}
    cells |= {f"{would.id}:v{step}": n for step, n in counts[1].items()}
    return [kind_of(q.kind).result(q, cells) for q in poll.questions]


def test_an_invited_poll_has_the_known_ranges(world):
    poll = world.open_poll(ASKED, voter_rule="link")
    when, would, how = (q.id for q in poll.questions)
    found = ranges_of(poll.frozen, results(poll, (50, 50), {10: 50, 8: 30, 2: 20}), 0)
    assert found[when].rows == [("Mornings", "40% to 60%"), ("Evenings", "40% to 60%")]
    assert found[would].rows == [("", "a score of +14 to +45")]
    assert how not in found
    assert found[when].premise.startswith("If these were a random sample")


def test_who_was_invited_narrows_them(world):
    poll = world.open_poll(ASKED, voter_rule="link")
    when, would, _how = (q.id for q in poll.questions)
    asked = results(poll, (50, 50), {10: 4})
    found = ranges_of(poll.frozen, asked, 200)
    assert found[when].rows[0] == ("Mornings", "43% to 57%")
    assert "the 200 people invited" in found[when].premise
    assert would not in found  # four people
    assert ranges_of(poll.frozen, asked, 100) == {}  # all of them answered
    assert ranges_of(poll.frozen, asked, 60)[when].rows[0] == (
        "Mornings",
        "40% to 60%",
    )  # more answered than links went out


@pytest.mark.parametrize("rule", ["open", "browser", "network", "sign_in"])
def test_who_came_by_themselves_is_no_sample(world, rule):
    poll = world.open_poll(ASKED, voter_rule=rule)
    assert ranges_of(poll.frozen, results(poll, (50, 50), {10: 50}), 200) == {}


def test_the_page_says_them_beside_the_figures(world, client):
    polls = {
        rule: world.open_poll(options=("Tea", "<b>"), voter_rule=rule, results_rule="always")
        for rule in ("link", "browser")
    }
    with writing() as session:
        row = session.get_one(Poll, polls["link"].id)
        invitations.invite(session, row, 40, by=None)
        ways = [link.path for link in invitations.personal_links(session, row)][:6]
    for rule, paths in (("link", ways), ("browser", [""] * 6)):
        for at, path in enumerate(paths):
            world.vote(polls[rule], {"q1": "Tea" if at else "<b>"}, path=path)
    invited, anybody = (client.get(f"/p/{polls[rule].slug}/results").text for rule in ("link", "browser"))
    said = re.sub(r"<[^>]+>", "", re.search(r'<p class="small muted">(If these.*?)</p>', invited)[1])
    assert said == (
        "If these were a random sample of the 40 people invited, the figures of all would be, in 19 of 20 cases: "
        "Tea 46% to 97%; &lt;b&gt; 3% to 54%."
    )
    assert "no margin of error" not in invited
    assert "random sample" not in anybody
    assert "no margin of error" in anybody
