"""Opinion groups for everybody who may see the results: when, what stands first, and what never."""

import re

import pytest

from feedback.groups import refreshing
from feedback.groups.finding import UNSEEN
from heard.kit import work
from heard.kit.db import writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.contracts.test_canary import alive_in
from tests.feedback.collect.test_suggestion_pages import vote
from tests.feedback.groups import voting
from tests.feedback.groups.voting import camps, poll_of

SHOWN = "2 groups, and 2 statements in common"


def found(world, votes=None, **rules):
    """A poll whose groups were found."""
    poll = poll_of(world, camps(20, 12) if votes is None else votes, **rules)
    refreshing.refresh(poll.id)
    return poll


@pytest.mark.parametrize(
    ("rule", "open_", "closed"),
    [("always", 200, 200), ("after_vote", 403, 403), ("after_close", 403, 200), ("never", 403, 403)],
)
def test_it_is_there_exactly_when_the_results_are(world, client, rule, open_, closed):
    poll = found(world, results_rule=rule)
    assert seen(client, poll) == [open_, open_]
    world.close(poll)
    assert seen(client, poll) == [closed, closed]


def seen(browser, poll):
    """The statuses of the results and of the groups; the groups are on the page where it is one."""
    answers = [browser.get(f"/p/{poll.slug}/{page}") for page in ("results", "groups")]
    assert (SHOWN in answers[1].text) == (answers[1].status_code == 200)
    return [answer.status_code for answer in answers]


def test_whoever_has_voted_reads_it_behind_the_receipt(world, client):
    poll = found(world, results_rule="after_vote")
    receipt = vote(client, poll, s1="1").removeprefix("/r/")
    page = client.get(f"/r/{receipt}/groups")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "private, no-store"
    assert SHOWN in page.text
    assert f'href="/r/{receipt}/results"' in page.text
    assert f"/r/{receipt}/groups" in client.get(f"/r/{receipt}/results").text


def test_what_all_share_stands_first_then_what_divides_then_the_groups(world, client):
    poll = found(world, results_rule="always")
    page = client.get(f"/p/{poll.slug}/groups").text
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert heads == ["What we have in common", "What divides us", "The groups"]
    assert "Anyone with the link could answer, any number of times" in page
    assert f"/p/{poll.slug}/groups" in client.get(f"/p/{poll.slug}/results").text


def test_it_is_light_and_has_no_script(world, client):
    poll = found(world, camps(30, 25, 20, statements=8), results_rule="always")
    page = client.get(f"/p/{poll.slug}/groups")
    assert "<script" not in page.text
    assert "data-figure" not in page.text
    assert "style=" not in page.text
    assert len(page.content) < 50_000
    assert page.headers["cache-control"].startswith("public")


def test_nothing_of_few_is_on_it(world, client):
    """What fewer than five of a group said is hidden, and nobody stands on the map: ovals of groups and marks of statements."""
    votes = camps(20, 12)
    votes[20:29, 3] = UNSEEN
    poll = found(world, votes, results_rule="always")
    page = client.get(f"/p/{poll.slug}/groups").text
    assert page.count("<ellipse") == 2
    assert page.count("<circle") <= votes.shape[1] + 6  # a statement may stand for both groups, agreed and disagreed
    counts = [int(n) for n in re.findall(r"(?:\d+) of (\d+) (?:agree|disagree)", page)]
    assert counts
    assert min(counts) >= 5


def test_an_anonymous_poll_shows_whole_steps_only(world, client):
    poll = poll_of(world, camps(20, 12), anonymous=True, results_rule="always")
    voting.cast(poll, camps(3, seed=9), start=100)
    refreshing.refresh(poll.id)
    assert SHOWN in client.get(f"/p/{poll.slug}/groups").text
    assert "35" not in re.sub(r"<[^>]*>", " ", client.get(f"/p/{poll.slug}/groups").text)


def test_words_of_people_stay_words_here_and_in_the_figure(world, client, monkeypatch):
    hostile = '"><img src=x onerror=kanari> <b onmouseover=kanari>'
    monkeypatch.setattr(voting, "STATEMENTS", tuple(f"{hostile} {n}" for n in range(8)))
    poll = found(world, results_rule="always")
    with writing() as session:
        session.get_one(Poll, poll.id).title = hostile
    public, house = client.get(f"/p/{poll.slug}/groups").text, client.sign_in("maya").get(f"{poll.page}/groups").text
    assert "kanari" in public
    assert alive_in(public) == alive_in(house) == []
    figure = re.search(r'data-figure="([^"]*)"', house)[1]
    assert "<b onmouseover" not in figure
    assert "u0026lt;b" in figure
    assert "u003c" not in figure.replace("u003cbr\\u003e", "").replace("u003cb\\u003e", "").replace(
        "u003c/b\\u003e", ""
    ).replace("u003cextra\\u003e\\u003c/extra", "")


def test_who_they_are_is_told_apart_from_what_they_think(world, client, monkeypatch):
    monkeypatch.setattr(
        voting, "STATEMENTS", ("I live in a town", *voting.STATEMENTS[1:6], "I am a teacher", "I own a car")
    )
    poll = found(world, results_rule="always")
    told = world.heard("vic").groups(poll.slug)["questions"][0]
    opinions = {
        one["label"]
        for one in [*told["bridging"], *told["dividing"], *(s for g in told["groups"] for s in g["representative"])]
    }
    assert opinions
    assert not opinions & {"I live in a town", "I am a teacher", "I own a car"}
    assert {one["label"] for group in told["groups"] for one in group["people"]} >= {"I am a teacher", "I own a car"}
    page = client.get(f"/p/{poll.slug}/groups").text
    assert "Who they are" in page
    assert page.index("I am a teacher") > page.index("The groups")


def test_what_was_moderated_out_is_left_out_and_counted(world, client):
    poll = found(world, results_rule="always")
    maya = client.sign_in("maya")
    assert maya.post(f"{poll.page}/options/{poll.questions[0].options[0].id}/moderation").status_code == 303
    assert "Statement 1<" not in client.get(f"/p/{poll.slug}/groups").text  # at once, before it is read anew
    work.run_due()
    refreshing.refresh(poll.id)
    told = world.heard("vic").groups(poll.slug)["questions"][0]
    assert (told["left_out"], len(told["statements"])) == (1, 7)
    for page in (client.get(f"/p/{poll.slug}/groups"), maya.get(f"{poll.page}/groups")):
        assert "1 statement was moderated out" in page.text
        assert "1 statement in common" in page.text


def test_in_french_it_speaks_french(world, client):
    poll = world.open_poll([Draft("statements", "Et vous ?", ("Un", "Deux"))], locale="fr", results_rule="always")
    assert '<html lang="fr">' in client.get(f"/p/{poll.slug}/groups").text
