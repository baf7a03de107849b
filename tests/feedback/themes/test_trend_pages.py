"""The page of one theme over time: who may read it, what it says, and that words of people stay words."""

import re
from datetime import UTC, datetime

import pytest

from polls.kinds.kind import Draft
from tests.contracts import full_house
from tests.feedback.themes import spoken

HOSTILE = "<script>alert(1)</script>"
ASKED = [Draft("single", f"Where {HOSTILE}?", (HOSTILE, "South")), Draft("long_text", "What should change?")]


@pytest.fixture
def theme(world):
    """A theme of a poll in which 114 people wrote, and its fine theme; with comments of four weeks more."""
    poll = world.open_poll(ASKED, voter_rule="open", title=HOSTILE)
    coarse, fine = spoken.theme(poll.id, HOSTILE)
    spoken.ballots(poll, {(HOSTILE, fine): 40, ("South", fine): 12, (HOSTILE, 0): 20, ("South", 0): 42})
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    spoken.weeks(poll.id, fine, {0: (6, 50), 1: (5, 50), 2: (30, 50), 3: (28, 50)}, start=start)
    return poll, coarse, fine


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
def test_the_page_is_for_members_who_may_export(theme, client, person, status):
    _poll, coarse, fine = theme
    browser = client.sign_in(person)
    at = [f"/m/garden/themes/{one}/trend" for one in (coarse, fine)]
    assert [browser.get(path).status_code for path in at] == [status] * 2
    assert browser.get(f"/m/outside/themes/{coarse}/trend").status_code == 404
    if status != 404:
        assert ("/trend" in browser.get(f"/m/garden/themes/{coarse}").text) == (status == 200)


def test_it_says_the_change_and_the_split_and_writes_nothing(theme, client):
    poll, coarse, fine = theme
    maya = client.sign_in("maya")
    before = full_house.contents()
    page = maya.get(f"/m/garden/themes/{coarse}/trend?by={poll.questions[0].field_id}").text
    finer = maya.get(f"/m/garden/themes/{fine}/trend").text
    assert full_house.contents() == before
    assert "It grew: 11% of the comments before" in page
    assert page.count("<rect") == page.count("Week of") - 1 == 5
    figures = re.findall(r'<td class="num">(\d+)<br>.*?<td class="num muted">(\d+)</td>', page, re.S)
    assert figures[-2:] == [("40", "60"), ("12", "54")]
    assert "Differs clearly: V 0.45, p\u00a0&lt;\u00a00.001, n 114." in page
    assert f'href="/m/garden/themes/{coarse}/trend"' in finer
    assert "<script>alert" not in page + finer
    assert "style=" not in page


@pytest.mark.parametrize("by", ["zz", "%00", "q999999", "%F0%9F%98%80" * 99])
def test_an_unknown_question_splits_nothing(theme, client, by):
    answer = client.sign_in("maya").get(f"/m/garden/themes/{theme[1]}/trend?by={by}")
    assert answer.status_code == 200
    assert "Spoke of this theme" not in answer.text
