"""A theme over weeks and versions: what is told, and what is joined first."""

from datetime import UTC, datetime

import pytest

from feedback.models import Theme
from feedback.themes.trends_of import trend_of
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.themes import spoken
from tests.polls.trying import polls_of_trial, trial_in

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
TEXT = [Draft("long_text", "What should change?")]


def trend(poll_id, theme_id):
    with reading() as session:
        return trend_of(session, session.get_one(Poll, poll_id), session.get_one(Theme, theme_id))


@pytest.mark.both
def test_weeks_are_told_with_the_change(world):
    poll = world.open_poll(TEXT)
    coarse, fine = spoken.theme(poll.id, "Hours")
    counts = {0: (10, 50), 1: (9, 50), 2: (30, 50), 3: (28, 50)}
    spoken.weeks(poll.id, fine, counts, start=MONDAY)
    found = trend(poll.id, coarse)
    assert [(line.count, line.n) for line in found.lines] == list(counts.values())
    assert [line.marked for line in found.lines] == [False, False, True, False]
    assert found.lines[0].label == "Week of 2 March 2026"
    words = "It grew: 19% of the comments before, 58% from “Week of 16 March 2026” on (p < 0.001)."
    assert found.finding.replace("\u00a0", " ") == words
    assert trend(poll.id, fine).lines == []  # less the other fine ones it would tell of few


def test_thin_weeks_are_joined_until_no_line_tells_of_few(world):
    poll = world.open_poll(TEXT)
    coarse, fine = spoken.theme(poll.id, "Hours")
    spoken.weeks(poll.id, fine, {0: (3, 40), 1: (4, 40), 3: (8, 40), 4: (6, 9), 5: (1, 2)}, start=MONDAY)
    found = trend(poll.id, coarse)
    assert [(line.label, line.count, line.n) for line in found.lines] == [
        ("2 March 2026 to 15 March 2026", 7, 80),
        ("23 March 2026 to 12 April 2026", 15, 51),
    ]


@pytest.mark.both(long=True)
def test_a_hidden_finer_theme_is_not_counted_in_the_weeks_of_its_coarse_one(world):
    poll = world.open_poll(TEXT)
    coarse, fine = spoken.theme(poll.id, "Hours")
    spoken.weeks(poll.id, fine, {0: (10, 50), 1: (30, 50)}, start=MONDAY)
    with writing() as session:
        away = Theme(poll_id=poll.id, label="Away", parent_id=coarse, born_at=MONDAY, hidden=True)
        session.add(away)
        session.flush()
        there = away.id
    spoken.weeks(poll.id, there, {0: (7, 10), 1: (8, 10)}, start=MONDAY)
    assert [(line.count, line.n) for line in trend(poll.id, coarse).lines] == [(10, 60), (30, 60)]


def test_few_comments_tell_no_trend(world):
    poll = world.open_poll(TEXT)
    coarse, fine = spoken.theme(poll.id, "Hours")
    spoken.weeks(poll.id, fine, {0: (2, 40), 1: (2, 40)}, start=MONDAY)
    found = trend(poll.id, coarse)
    assert found.lines == []
    assert found.finding.startswith("Too few comments yet")


def test_an_anonymous_poll_of_four_tells_nothing(world):
    poll = world.open_poll([Draft("yes_no", "Well?"), *TEXT], anonymous=True)
    coarse, fine = spoken.theme(poll.id, "Hours")
    spoken.weeks(poll.id, fine, {0: (10, 50), 1: (30, 50)}, start=MONDAY)
    assert trend(poll.id, coarse).lines == []


def test_versions_of_a_trial_are_the_periods(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    trial.ask()
    trial.next_version()
    first, second = (poll.id for poll in polls_of_trial(trial))
    _coarse, fine = spoken.theme(first, "Hours")
    there, finer = spoken.theme(second, "hours")
    other, _ = spoken.theme(second, "Staff")
    spoken.weeks(first, fine, {0: (10, 50)}, start=MONDAY)
    spoken.weeks(second, finer, {4: (30, 50)}, start=MONDAY)
    found = trend(second, there)
    assert found.versions
    assert [(line.label[:9], line.count, line.n, line.marked) for line in found.lines] == [
        ("Version 1", 10, 50, False),
        ("Version 2", 30, 50, True),
    ]
    assert [line.count for line in trend(second, other).lines] == [None, 0]
