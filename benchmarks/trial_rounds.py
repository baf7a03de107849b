"""Two synthetic rounds of a trial, a hundred times: how often the interval covers a true change of 12 points, and how often
“improved” is said where nothing changed.

    python -m benchmarks.trial_rounds [SEEDS]

People rate from 0 to 10 (a point is a tenth of a step, so a change of 12 points is 1.2 steps of ten). The whole way is walked
that a brief goes: answers by voter → difference (feedback/collect/pairs) → facts (insights/measure/trials) → finding → words.
"""

import sys
from collections.abc import Callable
from random import Random

from feedback.collect.pairs import shift
from insights.measure.measures import Facts
from insights.measure.trials import fact_of
from insights.write import compared
from insights.write.findings import findings_of
from polls.kinds.kind import FrozenQuestion

QUESTION = FrozenQuestion(1, "rating", "How well does it work for you?", settings={"low": 0, "high": 10})
CHANGE = 1.2  # steps of ten: 12 points of a hundred
Answers = dict[str, float]


def paired(seed: int, change: float, people: int = 40) -> tuple[Answers, Answers]:
    """The same people twice: each has a leaning of their own, and answers with chance around it."""
    draw = Random(seed)
    leanings = {f"v{i}": draw.uniform(0.25, 0.6) for i in range(people)}
    return tuple({who: _steps(draw, p + more) for who, p in leanings.items()} for more in (0, change / 10))  # type: ignore[return-value]


def two_groups(seed: int, change: float, people: int = 60) -> tuple[Answers, Answers]:
    """Other people the second time, more of them."""
    draw = Random(seed + 10_000)
    first = {f"a{i}": _steps(draw, draw.uniform(0.25, 0.6)) for i in range(people)}
    return first, {f"b{i}": _steps(draw, draw.uniform(0.25, 0.6) + change / 10) for i in range(people + 20)}


def _steps(draw: Random, p: float) -> float:
    """0 to 10; the mean of many is ten times p, so a change of p by 0.12 is one of 1.2 exactly."""
    return float(sum(draw.random() < p for _step in range(10)))


def round_facts(before: Answers, after: Answers) -> Facts:
    """The facts of a brief with nothing but this trial."""
    found = shift(QUESTION.wording, before, after, interval=True)
    trial = {
        "slug": "t", "title": "The trial", "poll": "t", "versions": [1, 2], "level": 3, "last": "2026-11-27", "outcome": "", "changed": "",
        "questions": [fact_of(found, QUESTION)],
    }  # fmt: skip
    return {
        "polls": [], "themes": [], "actions": [], "trials": [trial], "mood": {"n": 0, "content": 0}, "responses": len(before) + len(after)
    }  # fmt: skip


def counted(rounds: Callable[[int, float], tuple[Answers, Answers]], seeds: int, change: float) -> tuple[int, int, int]:
    """Of so many seeds: in how many the interval covers the change; “improved” is said; “got worse” is said."""
    covered = better = worse = 0
    for seed in range(seeds):
        facts = round_facts(*rounds(seed, change))
        finding = findings_of(facts)[0]
        question = facts["trials"][0]["questions"][0]
        covered += question["lower"] <= change <= question["upper"]
        words = compared.trial(facts, finding, (20, 200)).text
        better, worse = better + (" improved " in words), worse + (" got worse" in words)
    return covered, better, worse


def main() -> None:
    """Print what was counted."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name, rounds in (("paired, 40 people", paired), ("two groups, 60 and 80", two_groups)):
        covered, better, _worse = counted(rounds, seeds, CHANGE)
        kept, false, fell = counted(rounds, seeds, 0.0)
        print(
            f"{name}: true change of 12 points covered {covered}, “improved” said {better}; no change covered {kept}, “improved” said"
            f" {false}, “got worse” {fell}; of {seeds} seeds each"
        )


if __name__ == "__main__":
    main()
