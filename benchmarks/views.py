"""Views of a poll of ten questions of eight kinds: everybody split, filtered and split, filtered twice, weighed by two questions.

    python -m benchmarks.views [RESPONSES] [ROUNDS]

Columns are drawn in memory, with answers that lean, so that some cells are small; what is timed is every table of a view
with what it must hide. Beside it the plain pass that is the floor: the same counts, nothing hidden.
"""

import statistics
import sys
from collections import Counter
from dataclasses import fields

import numpy as np

from benchmarks.large_poll import took

SIZES = {
    "single": (5, 3, 2),
    "multiple": (8,),
    "rating": (5,),
    "likert": (5,),
    "nps": (11,),
    "yes_no": (3,),
    "matrix": (3,),
}


def main() -> None:
    """Print what was measured."""
    given = [int(argument) for argument in sys.argv[1:]]
    n, rounds = (*given, *(100_000, 3)[len(given) :])
    from feedback.analysis.crossing import _counted
    from feedback.analysis.offering import fields_to_cross

    sides = drawn(n)
    poll = sides.poll
    one, other, *_rest = poll.questions
    first, second = (f"{q.field_id}:is:{q.options[0].id}" for q in (one, other))
    parts = [part for about in fields_to_cross(poll) for part in sides.of(about).parts]
    by = sides.of(fields_to_cross(poll)[0]).parts[0]
    views = {
        "split by a question": ((), other.field_id, ()),
        "filter": ((first,), "", ()),
        "filter and split": ((first,), other.field_id, ()),
        "filter, split by several answers": ((first,), poll.questions[3].field_id, ()),
        "filter and weeks": ((first,), "week", ()),
        "two filters": ((first, second), "", ()),
        "weights by two": ((), "", tuple(f"{q.field_id}:{_equal(q)}" for q in (one, other))),
    }
    for name, asked in views.items():
        times = [took(tables, sides, *asked) for _round in range(rounds)]
        cpu = statistics.median(seconds.cpu for seconds, _found in times)
        shown, hidden = times[0][1]
        wall = statistics.median(seconds for seconds, _found in times)
        print(
            f"{name}: {1000 * wall:.0f} ms ({1000 * cpu:.0f} of CPU); {shown} cells shown, {hidden} hidden", flush=True
        )
    seconds, _all = took(lambda: [_counted(by, part) for part in parts])
    print(f"a pass over the columns, nothing hidden: {1000 * seconds:.1f} ms")


def tables(sides, wheres, by, margins):
    """Every table of a view: how many cells it shows and hides."""
    from feedback.analysis.narrowing import narrowed
    from feedback.analysis.offering import fields_to_cross
    from feedback.analysis.views import View
    from insights.explore import weighing

    filters = tuple(narrowed(sides, wheres))
    view = View(sides, filters, sides.named(by) if by else None, sides.columns.n)
    told = [0, 0]
    if margins:
        weights = weighing.weighed(view, weighing.margins_in(view, margins))
        drawn_ = [weighing.of_field(view, weights, about) for about in fields_to_cross(sides.poll)]
        bars = [bar for figure in drawn_ if figure for group in figure.groups for bar in group.bars]
        return sum(not bar.hidden for bar in bars), sum(bar.hidden for bar in bars)
    for about in fields_to_cross(sides.poll):
        asked = view.table_of(about)
        for cells in asked.table.cells if asked else ():
            for cell in cells:
                told[cell.n is None] += 1
    return told


def drawn(n: int):
    """The sides of a poll of n responses. Everybody answers with leaning chance; one in twenty leaves a question out."""
    from feedback.analysis.columns import NONE, Columns, counted, packed
    from feedback.analysis.narrowing import Sides
    from feedback.collect.tallies import results_of
    from polls.frozen import FrozenPoll
    from polls.kinds.kind import FrozenOption, FrozenQuestion, kind_of

    chance, made, arrays = np.random.default_rng(1), [], {}
    arrays |= {"day": (739_000 + chance.integers(0, 84, n)).astype(np.int32), "way": np.zeros(n, np.int32)}
    cells: Counter[str] = Counter({"n": n, "via:page": n})
    for kind, size in ((kind, size) for kind, sizes in SIZES.items() for size in sizes):
        at = len(made) + 1
        has = kind_of(kind).has_options or kind in ("likert", "yes_no")
        options = tuple(FrozenOption(100 * at + o, f"Answer {o}") for o in range(size)) if has else ()
        rows = tuple(FrozenOption(100 * at + 50 + o, f"Row {o}", "row") for o in range(4)) if kind == "matrix" else ()
        question = FrozenQuestion(at, kind, f"Question {at}?", field_id=f"q{at}", options=options + rows)
        made.append(question)
        mine, answered = {}, chance.random(n) < 0.95
        lean = 0.45 ** np.arange(size)
        place = np.where(answered, chance.choice(size, n, p=lean / lean.sum()), -1)
        if kind == "matrix":
            for row in rows:
                place = np.where(answered, chance.choice(size, n, p=lean / lean.sum()), -1)
                mine |= {f"{at}:i{row.id}:o{o.id}": packed(place == p) for p, o in enumerate(options)}
        elif kind == "multiple":
            answered[:] = False
            for o in options:
                who = chance.random(n) < 0.3
                answered |= who
                mine[f"{at}:o{o.id}"] = packed(who)
        elif kind_of(kind).has_steps or not options:
            mine[f"{at}:v"] = np.where(place >= 0, place + (kind != "nps"), np.nan)
        else:
            mine |= {f"{at}:o{o.id}": packed(place == p) for p, o in enumerate(options)}
        mine[f"{at}:n"] = packed(answered)
        assert NONE not in mine
        arrays |= mine
        cells |= counted(question, mine)
    empty = {field.name: "" for field in fields(FrozenPoll)}
    poll = FrozenPoll(**(empty | {"id": 1, "questions": tuple(made), "anonymous": False}))  # type: ignore[arg-type]
    return Sides(poll, Columns(n, cells, arrays, {"way": ("page",)}), results_of(poll, cells))


def _equal(question) -> str:
    return ",".join(f"{o.id}={100 / len(question.options)}" for o in question.options)


if __name__ == "__main__":
    main()
