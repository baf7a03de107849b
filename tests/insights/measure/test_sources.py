"""How people came, in briefs: by ways of ours, few folded together, in one sentence that the check bears."""

from datetime import timedelta

import pytest

from feedback.collect.ways import WayCount
from heard.kit.clock import now
from heard.kit.db import writing
from insights.measure import measures
from insights.write import briefs, method
from polls.models import Poll
from polls.publish import links
from polls.publish.links import Target
from tests.insights.measure.test_measures import facts, sliced
from tests.insights.scene import QUESTIONS, answer, write
from tests.insights.some_facts import library_facts, single

SENTENCE = "They came by: Mastodon 41, invitation mails 11, other ways 8."


def sources(*ways):
    made = facts(sliced(single(60, 60), ways=tuple(WayCount(*way) for way in ways)))
    return [(one["way"], one["count"]) for one in made["polls"][0]["sources"]]


def test_few_are_one_way_and_no_smaller_one_can_be_reckoned():
    assert sources(("email", 30), ("mastodon", 21), ("x", 4), ("page", 5)) == [
        ("email", 30),
        ("mastodon", 21),
        ("rest", 9),
    ]
    assert sources(("email", 30), ("mastodon", 26), ("x", 4)) == [("email", 30), ("rest", 30)]
    assert sources(("email", 60)) == [("email", 60)]
    assert sources() == []


@pytest.mark.parametrize("audience", ["product", "leadership"])
def test_both_briefs_say_it_and_every_figure_resolves(audience):
    from tests.insights.write.test_wording import page_of

    assert SENTENCE in " ".join(page_of(library_facts(), audience).split())


def test_what_is_not_known_is_not_said_and_older_facts_still_read():
    poll = library_facts()["polls"][0]
    assert method.came_by(poll, named=False) == SENTENCE
    assert method.came_by(poll, named=True).startswith("For “Library hours” they came by: Mastodon 41,")
    for told in ([], [{"way": "page", "count": 60}], [{"way": "rest", "count": 60}]):
        assert method.came_by(poll | {"sources": told}, named=False) == ""
    del poll["sources"]
    assert method.came_by(poll, named=False) == ""


def test_a_false_figure_is_refused():
    from insights.write.support import Sentence, Unsupported, check

    paths = tuple(f"polls/0/sources/{at}" for at in range(3))
    check([Sentence(SENTENCE, paths)], library_facts())
    with pytest.raises(Unsupported):
        check([Sentence(SENTENCE.replace("41", "42"), paths)], library_facts())


@pytest.mark.both
def test_a_brief_knows_places_and_never_a_managers_word_for_one(world, client):
    poll = world.open_poll(QUESTIONS, title="Library hours")
    with writing() as session:
        own = links.add_link(
            session, world.the_community(session), Target(session.get_one(Poll, poll.id)), "Secret club"
        )
    for place, times in (("mastodon", 6), ("site", 5), ("x", 2)):
        for _each in range(times):
            world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={world.link(poll, place).token}")
    for _three in range(3):
        world.vote(poll, {"q1": "No"}, path=f"/p/{poll.slug}?via={own.token}")
    brief, again = write(world), write(world)
    told = [(s["way"], s["count"]) for s in brief.facts["polls"][0]["sources"]]
    assert told == [("mastodon", 6), ("site", 5), ("rest", 5)]
    assert "They came by: Mastodon 6, the web page 5, other ways 5." in " ".join(briefs.plain_text(brief).split())
    assert "Secret club" not in f"{brief.facts} {brief.text}"
    assert brief.facts_hash == again.facts_hash == measures.hash_of(brief.facts)
    answer(poll, 7, at=now() - timedelta(days=90))  # now the period cuts the poll
    part = write(world)
    assert [(s["way"], s["count"]) for s in part.facts["polls"][0]["sources"]] == told
    position = next(s for s in range(1, 99) if "They came by" in evidence(client, part, s))
    assert "Library hours" in evidence(client, part, position)


def evidence(client, brief, position):
    return client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}/evidence/{position}").text


@pytest.mark.both
def test_an_anonymous_poll_tells_the_ways_of_its_published_steps(world):
    poll = world.open_poll(QUESTIONS, anonymous=True, voter_rule="open")
    for at in range(13):
        world.vote(poll, {"q1": "Yes"}, path=f"/{'e' if at < 6 else 'p'}/{poll.slug}")
    found = write(world).facts["polls"][0]
    assert found["n"] == 10
    assert [(s["way"], s["count"]) for s in found["sources"]] == [("rest", 10)]
