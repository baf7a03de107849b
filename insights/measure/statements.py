"""What people say to statements: those most agree with, opinion groups, what all groups agree on, and what divides them.

Groups are those that feedback/groups found last, in all votes of a question: a poll's groups are not cut by days. Its counts
are k-safe as they are stored (feedback/groups/statements.may_be_shown); a statement that may not be quoted is left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from feedback.groups import queries as group_queries
from feedback.groups.queries import letter
from feedback.statistics.proportions import wilson
from heard.kit.db import DbSession
from insights.measure.measures import Facts, K, share_of
from insights.measure.quotable import is_quotable
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, ItemResult
from polls.kinds.statements import AGREE, DISAGREE
from polls.models import Poll

MOST = 5
STANCES = {AGREE: "agree", DISAGREE: "disagree"}


def groups_of(session: DbSession, poll: FrozenPoll) -> list[Facts]:
    """A row for each question of a poll in whose votes groups were looked for and found."""
    row = session.get(Poll, poll.id)
    runs = group_queries.shown_of(session, row) if row is not None else {}
    found = []
    for question in group_queries.questions_of(poll):
        run = runs.get(question.id)
        if run is not None and len(run.result.get("groups", [])) > 1:
            found.append(facts_of_groups(poll.slug, poll.level, question, run.result))
    return found


def facts_of_groups(slug: str, level: int, question: FrozenQuestion, result: Mapping[str, Any]) -> Facts:
    """The same from what is stored of a run. Pure.

    n: people who were placed. groups: each with the statement that sets it apart most. bridging: statements on which every group
    takes the same side, the one first whose least sure group is the surest (lower end of Wilson's interval); dividing: as they
    are stored; `count` of `n` placed people who voted on it
    take the stance, `against` the other one, and `groups` says it of each group.
    """
    labels = {option.id: option.label for option in question.options if is_quotable(option.label)}
    counts = {row["item"]: row["counts"] for row in result["statements"]}
    told = {
        name: [
            _statement(labels[one["item"]], one["stance"], counts[one["item"]])
            for one in result[name] if one["item"] in labels and all(counts[one["item"]])
        ]
        for name in ("bridging", "dividing")
    }  # fmt: skip
    told["bridging"].sort(key=lambda fact: -min(wilson(g["count"], g["n"])[0] for g in fact["groups"]))
    return {
        "poll": slug,
        "level": level,
        "question": question.id,
        "wording": question.wording,
        "n": result["n"],
        "voted": result["voted"],
        "groups": [
            {"name": letter(at), "people": group["n"], **_stands_for(at, result, labels, counts)}
            for at, group in enumerate(result["groups"])
        ],
        **{name: facts[:MOST] for name, facts in told.items()},
    }


def _stands_for(group: int, result: Mapping[str, Any], labels: Mapping[int, str], counts: Mapping[int, Any]) -> Facts:
    """The statement that sets a group apart most, and how it voted on it."""
    for one in result["representative"][group]:
        shown = counts[one["item"]][group] if one["item"] in labels else None
        if shown:
            stands = {
                "label": labels[one["item"]], "stance": STANCES[one["stance"]], "n": sum(shown),
                "count": shown[0 if one["stance"] == AGREE else 1],
            }  # fmt: skip
            return {"stands": stands}
    return {}


def _statement(label: str, stance: int, counts: Sequence[Sequence[int]]) -> Facts:
    side, other = (0, 1) if stance == AGREE else (1, 0)
    n, count = sum(map(sum, counts)), sum(c[side] for c in counts)
    return {
        "label": label,
        "stance": STANCES[stance],
        "n": n,
        "count": count,
        "share": share_of(count, n),
        "against": sum(c[other] for c in counts),
        "groups": [
            {"name": letter(at), "n": sum(c), "count": c[side], "share": share_of(c[side], sum(c))}
            for at, c in enumerate(counts)
        ],
    }


def most_agreed(items: Sequence[ItemResult], *, cut: bool) -> list[Facts]:
    """The statements of a question that most agree with, or disagree with, the surest first (by the lower end of Wilson's
    interval, so that five of five stand below ninety of a hundred). `cut`: a part of a poll, of which small counts are not told.
    Pure."""
    found = []
    for item in items:
        said = {option.id: option.count for option in item.options}
        stance = max((AGREE, DISAGREE), key=lambda side: said.get(side, 0))
        count = said.get(stance, 0)
        if item.n < K or 2 * count <= item.n or not is_quotable(item.label):
            continue
        if cut and (count < K or 0 < item.n - count < K):
            continue
        against = said.get(-stance, 0)
        fact = {
            "label": item.label, "stance": STANCES[stance], "n": item.n, "count": count, "share": share_of(count, item.n),
            "against": against if not cut or against >= K else 0,
        }  # fmt: skip
        found.append((-wilson(count, item.n)[0], item.id, fact))
    return [fact for _low, _id, fact in sorted(found, key=lambda one: one[:2])[:MOST]]
