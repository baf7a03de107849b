"""R1, R3 and R4 over whole views: random answers, every view of them, and somebody who writes down all that page, hover, CSV
and API show of it and solves for what is not shown."""

import json
import re
from itertools import combinations

import numpy as np
import pytest

from feedback.analysis.columns import Columns, packed
from feedback.analysis.narrowing import Sides, narrowed
from feedback.analysis.refusals import SmallGroup
from feedback.analysis.views import View, _base
from feedback.collect.tallies import results_of
from feedback.exports.fields import fields_of
from insights.explore.charts import plotly_of
from insights.explore.explorer import Explored
from insights.explore.figures import of_table
from insights.explore.schemas import ViewOut
from insights.explore.spreadsheet import csv_lines
from insights.explore.telling import with_words
from insights.explore.wishes import Wish
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenOption, FrozenQuestion
from tests.feedback.analysis.attacker import ranges

K = 5


def a_poll(chance, questions=3):
    """Single choices of two or three answers."""
    made = []
    for at in range(1, questions + 1):
        options = tuple(FrozenOption(10 * at + n, "ABC"[n]) for n in range(chance.integers(2, 4)))
        made.append(FrozenQuestion(at, "single", f"Q{at}?", field_id=f"q{at}", options=options))
    from dataclasses import fields

    given = {"id": 1, "slug": "p", "title": "P", "questions": tuple(made), "voter_rule": "open", "anonymous": False}
    empty = {f.name: "" for f in fields(FrozenPoll)}
    return FrozenPoll(**(empty | given))


def answers(chance, poll):
    """(place of each person's answer to each question, the columns of a poll); the last place is no answer."""
    n = int(chance.choice([12, 30, 60, 150, 400]))
    lean = chance.choice([0.3, 1.0, 3.0])
    places = np.stack([
        chance.choice(len(q.options) + 1, n, p=chance.dirichlet([lean] * len(q.options) + [lean / 3])) for q in poll.questions
    ])  # fmt: skip
    arrays, cells = {"day": np.full(n, 739_000, np.int32), "way": np.zeros(n, np.int32)}, {"n": n}
    for question, mine in zip(poll.questions, places, strict=True):
        for at, option in enumerate(question.options):
            arrays[f"{question.id}:o{option.id}"] = packed(mine == at)
            cells[f"{question.id}:o{option.id}"] = int((mine == at).sum())
        arrays[f"{question.id}:n"] = packed(mine < len(question.options))
        cells[f"{question.id}:n"] = int((mine < len(question.options)).sum())
    return places, Columns(n, cells, arrays, {"way": ("page",)})


def views(poll, columns):
    """Every view that somebody can ask for: filters of one or two answers or questions, splits, and both."""
    sides = Sides(poll, columns, results_of(poll, columns.cells))
    one = [[f"{q.field_id}:is:{o.id}"] for q in poll.questions for o in q.options]
    one += [[f"{q.field_id}:is:{a.id},{b.id}"] for q in poll.questions for a, b in combinations(q.options, 2)]
    two = [[*a, *b] for a, b in combinations(one, 2) if a[0][:2] != b[0][:2]]
    for wheres in ([], *one, *two):
        for by in ("", *(q.field_id for q in poll.questions)):
            if len(wheres) + bool(by) not in (1, 2) or any(w.startswith(by) for w in wheres if by):
                continue
            try:
                filters = narrowed(sides, wheres)
                split = sides.named(by) if by else None
                view = View(sides, tuple(filters), split, _base(sides, filters))
            except SmallGroup:
                continue
            yield wheres, by, view


def told(poll, wheres, by, view):
    """All figures of a view; every surface is looked at for a count below K."""
    drawn = []
    for about in fields_of(poll):
        asked = view.table_of(about)
        if asked is not None:
            result = next(r for r in view.sides.results.questions if r.id == about.question.id)
            drawn.append((about.question, of_table(asked, result), asked))
    shown = Explored(poll, Wish(tuple(wheres), by), view.n, view.base, {q.id: [f] for q, f, _a in drawn})
    api = [b.n for f in ViewOut.of(shown).figures for g in f.groups for b in g.bars if b.n is not None]
    sheet = [int(n) for n in re.findall(r'"(\d+)","\d*","[\d.]*",""\r\n', "".join(csv_lines(f for _q, f, _a in drawn)))]
    words = json.dumps([plotly_of(f)["data"] for _q, f, _a in drawn])
    hover = [int(n) for n in re.findall(r"(\d+) / \d+", words)]
    said = " ".join(with_words(f, a).finding for _q, f, a in drawn)
    page = [int(n) for n in re.findall(r"(\d+) of \d+", said)]
    assert min([*api, *sheet, *hover, *page], default=K) >= K, (wheres, by)
    assert sorted(api) == sorted(sheet)
    return drawn


def attack(chance):
    """How many figures were shown, and how many small groups somebody finds who solves for them."""
    poll = a_poll(chance)
    places, columns = answers(chance, poll)
    shape = tuple(len(q.options) + 1 for q in poll.questions)
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, tuple(places), 1)
    cells, flat = np.arange(counts.size).reshape(shape), counts.reshape(-1)
    known = [np.isin(cells, np.moveaxis(cells, a, 0)[at]).reshape(-1) for a in range(3) for at in range(shape[a])]
    public, shown, floors = len(known), 0, []
    for wheres, by, view in views(poll, columns):
        keep = np.ones(shape, bool)
        for where in wheres:
            question, options = int(where[1]), [int(o) for o in where.rpartition(":")[2].split(",")]
            mine = [at for at, o in enumerate(poll.questions[question - 1].options) if o.id in options]
            keep &= np.isin(np.indices(shape)[question - 1], mine)
        known.append(keep.reshape(-1))  # how many are in the view
        assert view.base == flat[keep.reshape(-1)].sum()
        for question, figure, _asked in told(poll, wheres, by, view):
            row = {o.label: at for at, o in enumerate(question.options)}
            for group in figure.groups:
                for bar in group.bars:
                    if bar.n is None and bar.at_least is None:
                        continue
                    answer, part = (group.label, bar.label) if group.label else (bar.label, "")
                    who = keep & (np.indices(shape)[question.id - 1] == row.get(answer, len(row)))
                    if by:
                        of = poll.questions[int(by[1]) - 1]
                        at = next((n for n, o in enumerate(of.options) if o.label == part), len(of.options))
                        who &= np.indices(shape)[of.id - 1] == at
                    n = flat[who.reshape(-1)].sum()
                    if bar.n is None:  # of a small group that said the same: all of them, or all but one
                        assert n in (bar.of, bar.of - 1), (wheres, by, answer, part)
                        floors.append((who.reshape(-1), bar.of - 1))
                        continue
                    assert bar.n == n, (wheres, by, answer, part)
                    known.append(who.reshape(-1))
                    shown += 1
    secrets = [np.isin(cells, at).reshape(-1) for at in np.flatnonzero((flat > 0) & (flat < K))]
    for axis in range(3):
        lines = np.moveaxis(cells, axis, -1).reshape(-1, shape[axis])
        secrets += [np.isin(cells, line).reshape(-1) for line in lines if 0 < flat[line].sum() < K]
    if not secrets:
        return shown, 0
    known = np.unique(np.array(known), axis=0) if shown else np.array(known)
    first = np.array(
        [np.isin(cells, np.moveaxis(cells, a, 0)[at]).reshape(-1) for a in range(3) for at in range(shape[a])]
    )
    assert len(first) == public

    def found(equations, floors=()):
        return np.array([high - low < 1e-6 for low, high in ranges(equations, equations @ flat, secrets, floors)])

    return shown, int((found(known, floors) & ~found(first)).sum())


def test_every_view_of_random_answers_tells_of_no_small_group():
    chance, shown = np.random.default_rng(0), 0
    for _set in range(3):
        told_, found = attack(chance)
        assert found == 0
        shown += told_
    assert shown > 20


def surfaces(chance):
    """Whether the splits of a random set keep small counts off every surface; how many figures they show."""
    poll = a_poll(chance, 2)
    _places, columns = answers(chance, poll)
    shown = 0
    for wheres, by, view in views(poll, columns):
        shown += sum(
            bar.n is not None for _q, f, _a in told(poll, wheres, by, view) for g in f.groups for bar in g.bars
        )
    return shown


def test_sixty_sets_show_no_count_below_five_on_any_surface():
    chance = np.random.default_rng(11)
    assert sum(surfaces(chance) for _set in range(60)) > 300


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_nor_do_ten_thousand(seed):
    chance = np.random.default_rng(seed)
    assert sum(surfaces(chance) for _set in range(1000)) > 5000


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200, 210))
def test_who_solves_every_view_of_many_sets_finds_no_small_group(seed):
    chance = np.random.default_rng(seed)
    for _set in range(50):
        assert attack(chance)[1] == 0
