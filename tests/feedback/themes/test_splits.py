"""A theme by the answers to a closed question: right where it is shown, and nothing of few people, on one page or several."""

from random import Random

import numpy as np
import pytest
from sqlmodel import col, func, select

from feedback.analysis.asking import fields_to_cross
from feedback.models import Response, Theme
from feedback.themes.splits import split_of
from heard.kit.db import reading
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft
from tests.feedback.analysis.attacker import ranges
from tests.feedback.themes import spoken

ASKED = [Draft("single", "Where?", ("North", "South", "West")), Draft("long_text", "What should change?")]


def split(poll, theme_id, field=0):
    with reading() as session:
        frozen = frozen_poll(session, poll.slug)
        return split_of(session, frozen, session.get_one(Theme, theme_id), fields_to_cross(frozen)[field])


def found_out(truth, away):
    """The cells of one to four that somebody finds who knows all sums of rows and columns, and what is not `away`."""
    cells = np.arange(truth.size).reshape(truth.shape)
    known = [*cells, *cells.T, *([one] for one in cells[~away])]
    equations = [np.isin(cells.reshape(-1), line) for line in known]
    small = np.flatnonzero((truth > 0) & (truth < 5))
    if not len(small):
        return []
    totals = [truth.reshape(-1)[line].sum() for line in known]
    free = ranges(equations, totals, np.eye(truth.size)[small])
    return [cell for cell, (low, high) in zip(small, free, strict=True) if high - low < 0.5]


def lines(found):
    return [(line.label, line.count, line.n) for line in found.lines]


@pytest.mark.both
def test_counts_are_of_those_who_wrote(world):
    poll = world.open_poll(ASKED, voter_rule="open")
    (hours, fine), (staff, other) = spoken.theme(poll.id, "Hours"), spoken.theme(poll.id, "Staff")
    spoken.ballots(poll, {
        ("North", fine): 40, ("North", other): 20, ("North", 0): 12, ("North", None): 30,
        ("South", fine): 10, ("South", other): 45, ("South", 0): 9, ("South", None): 10,
        ("West", fine): 20, ("West", other): 20, ("West", 0): 8, ("West", None): 7,
    })  # fmt: skip
    found = split(poll, hours)
    assert lines(found) == [("North", 40, 72), ("South", 10, 64), ("West", 20, 48)]
    assert found.contrast.finding.startswith("Differs clearly: V 0.")
    assert "p\u00a0<\u00a00.001, n 184" in found.contrast.finding
    assert lines(split(poll, staff)) == [("North", 20, 72), ("South", 45, 64), ("West", 20, 48)]


def test_answers_of_few_are_one_line_and_small_cells_hidden(world):
    poll = world.open_poll(ASKED, voter_rule="open")
    (hours, fine), (staff, other) = spoken.theme(poll.id, "Hours"), spoken.theme(poll.id, "Staff")
    spoken.ballots(poll, {
        ("North", fine): 40, ("North", other): 33, ("North", 0): 12, ("North", None): 30,
        ("South", fine): 3, ("South", other): 45, ("South", 0): 9, ("South", None): 10,
        ("West", fine): 9, ("West", 0): 9, ("West", None): 4, ("", None): 3, ("", other): 8, ("", 0): 8,
    })  # fmt: skip
    pages = split(poll, hours), split(poll, staff)
    for found in pages:
        assert [(line.label, line.n, line.plain) for line in found.lines] == [
            ("North", 85, True), ("South", 57, True), ("All other answers, and none", 34, False)
        ]  # fmt: skip
    assert pages[0].lines[1].count is None
    assert (pages[0].contrast.finding, pages[0].contrast.note[:10]) == ("", "Not tested")
    hidden = [[line.count is None for line in found.lines] for found in pages]
    truth = np.array([[40, 33, 12], [3, 45, 9], [9, 8, 17]])
    away = np.array([*hidden, [True] * 3]).T
    assert not found_out(truth, away)


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_all_themes_together_tell_of_no_small_group(world, seed):
    """Whoever reads the split of every theme, and knows how many wrote, finds no cell of one to four people."""
    chance = Random(seed)
    poll = world.open_poll(ASKED, voter_rule="open")
    themes = [spoken.theme(poll.id, name) for name in ("Hours", "Staff", "Cold")]
    counts = {
        (label, fine): chance.choice([2, 4, 6, 25, 60])
        for label in ("North", "South", "West")
        for fine in (*(fine for _coarse, fine in themes), 0, None)
    }
    spoken.ballots(poll, counts)
    pages = [split(poll, coarse) for coarse, _fine in themes]
    told = [(at, page) for at, page in enumerate(pages) if page.lines]
    assert told
    rows = [line.label for line in told[0][1].lines]
    parts = [[label] if label in ("North", "South", "West") else None for label in rows]
    named = {part[0] for part in parts if part}
    parts = [part or [label for label in ("North", "South", "West") if label not in named] for part in parts]
    columns = [themes[at][1] for at, _page in told]
    rest = [f for f in (*(fine for _c, fine in themes), 0) if f not in columns]
    truth = np.array(
        [[*(sum(counts[label, f] for label in part) for f in columns),
          sum(counts[label, f] for label in part for f in rest)] for part in parts]
    )  # fmt: skip
    away = np.array([[line.count is None for line in page.lines] for _at, page in told] + [[True] * len(rows)]).T
    assert not found_out(truth, away)


def test_several_answers_and_thin_themes_are_refused_in_words(world):
    poll = world.open_poll([ASKED[0], ASKED[1], Draft("multiple", "Which?", ("A", "B"))], voter_rule="open")
    (hours, fine), (small, other) = spoken.theme(poll.id, "Hours"), spoken.theme(poll.id, "Small")
    spoken.ballots(poll, {("North", fine): 30, ("South", fine): 30, ("South", other): 7, ("North", other): 7})
    assert split(poll, hours).lines
    assert "a theme takes" in split(poll, small).refusal


def test_an_anonymous_poll_is_split_by_whole_steps(world):
    poll = world.open_poll(ASKED, voter_rule="open", anonymous=True)
    hours, fine = spoken.theme(poll.id, "Hours")
    spoken.ballots(
        poll,
        {
            ("North", fine): 40,
            ("South", fine): 20,
            ("South", 0): 33,
            ("North", 0): 21,
            ("North", None): 12,
            ("South", None): 11,
        },
    )
    spoken.ballots(poll, {("West", None): 3})
    found = split(poll, hours)
    with reading() as session:
        out = session.scalar(select(func.count()).where(Response.poll_id == poll.id, col(Response.released)))
    assert out == 137
    assert lines(found) == [("North", 40, 61), ("South", 20, 53)]
