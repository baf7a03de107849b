"""What is kept of the opinion groups of a question: JSON of counts and places, of nobody alone. Pure.

The same votes give the same bytes, whatever their order: places are rounded, lists are in the order of the statements.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from feedback.groups import finding, statements
from feedback.groups.about_self import about_oneself
from feedback.groups.finding import UNSEEN, Found, Votes
from feedback.groups.statements import Finding, Read
from polls.kinds.kind import FrozenOption

FORM = 2  # moves when the JSON means something else
DIGITS = 4


def result_of(items: Sequence[FrozenOption], votes: Votes, left_out: int = 0) -> dict[str, Any]:
    """Everything that pages and the API tell. items: the statements, in the order of the columns of the votes.

    `left_out`: statements that were moderated out; `voted`: people with a vote at least; `n`: those with `need` votes, who
    take part; `why`: why there are no groups, or ""; counts are [agree, disagree, pass] by statement and group, None where
    they stay hidden; `people`: as `representative`, of statements about oneself.
    """
    found = finding.found_in(votes)
    read = statements.read(votes, found, np.array([about_oneself(item.label) for item in items], bool))
    return {
        "form": FORM, "left_out": left_out, "voted": int((votes != UNSEEN).any(axis=1).sum()), "n": found.taking,
        "need": max(1, min(finding.ENOUGH, len(items))), "why": found.why, "apart": found.apart,
        "explained": _rounded(found.explained), "silhouette": _rounded(found.silhouette),
        "groups": [_group(votes, found, g) for g in range(len(found.sizes))],
        "statements": [_statement(item.id, found, read, at) for at, item in enumerate(items)] if found.sizes else [],
        "representative": [_findings(items, several) for several in read.representative],
        "people": [_findings(items, several) for several in read.people],
        "bridging": _findings(items, read.bridging), "dividing": _findings(items, read.dividing),
    }  # fmt: skip


def _group(votes: Votes, found: Found, group: int) -> dict[str, Any]:
    """How many, where its middle is, and how far its people spread (a standard deviation) in both directions."""
    where = np.sort(found.position[found.group == group], axis=0)  # sorted: sums do not depend on the order of people
    (x, y), (wide, high) = where.mean(axis=0), where.std(axis=0)
    return {"n": found.sizes[group], "x": _rounded(x), "y": _rounded(y), "wide": _rounded(wide), "high": _rounded(high)}


def _statement(item: int, found: Found, read: Read, at: int) -> dict[str, Any]:
    x, y = found.statements[at]
    counts = [row[at].tolist() if shown[at] else None for row, shown in zip(read.counts, read.shown, strict=True)]
    return {"item": item, "x": _rounded(x), "y": _rounded(y), "counts": counts}


def _findings(items: Sequence[FrozenOption], several: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"item": items[one.statement].id, "stance": one.stance, "value": _rounded(one.value), "z": _rounded(one.z)}
        for one in several
    ]


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0  # no -0.0
