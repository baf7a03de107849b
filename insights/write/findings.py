"""Facts → findings, ranked. Pure. The rules are told in docs/briefs.md, in the same order.

A finding points into the facts by path ("polls/0/questions/1/options/0"); its words come later (wording.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.measure.measures import Facts, K

ENOUGH_FOR_SHARES = 30
ENOUGH_FOR_STRONG = 100
INVITED = 3
"""From this integrity level on people were invited one by one (personal link, sign-in)."""
MINORITY = 0.20
CLEAR = ("higher", "lower")
"""A difference whose interval says where it lies."""


@dataclass(frozen=True)
class Finding:
    """One thing the facts say.

    kind: leading (one answer leads) | tie (several lead) | score (NPS) | rating (mean) | theme | mood (content comments)
          | trial (a question asked at two versions) | bridge, divide (a statement, by opinion groups) | agreed (without groups)
    at: the path of the fact itself; beside: paths of what belongs to it (other leaders, fine themes)
    count, base: the figure; count is None for score, rating and trial
    confidence: strong | indicative | anecdotal
    """

    kind: str
    at: str
    about: str  # path of the question, or of the theme itself
    count: int | None
    base: int
    share: float
    confidence: str
    beside: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()  # paths of quotes, best first


def at(facts: Any, path: str) -> Any:
    """The value at a path such as "themes/0/label". Raises LookupError when there is none."""
    value = facts
    for step in path.split("/"):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (ValueError, TypeError) as error:
            raise LookupError(path) from error
    return value


def base_path(finding: Finding) -> str:
    """Where the base of a finding stands: a statement has one of its own, smaller than its question's."""
    return f"{finding.at if finding.kind in ('bridge', 'divide', 'agreed') else finding.about}/n"


def findings_of(facts: Facts) -> list[Finding]:
    """All findings, the most telling first.

    A trial whose round ended comes first. Then six heaps: its other questions with a clear difference, what people chose, how they
    scored, statements, themes that ask for something, how many are content; in each the larger base first, then the larger count.
    One is taken from each heap in turn, so that closed answers never bury the open ones, nor praise the wishes. Trials without a
    clear difference and themes of praise come last.
    """
    themes = list(_themes(facts))
    wishes = sorted((f for f in themes if not is_praise(at(facts, f.at))), key=lambda f: _asked_most(facts, f))
    trials = _of_trials(facts)
    clear = [f for f in trials[1:] if at(facts, f.at)["sure"] in CLEAR]
    heaps = [
        clear,
        _ranked(_choices(facts)),
        _ranked(_scores(facts)),
        _statements(facts),
        wishes,
        list(_mood(facts)),
    ]
    in_turn = [heap[turn] for turn in range(max(map(len, heaps))) for heap in heaps if turn < len(heap)]
    unclear = [f for f in trials[1:] if f not in clear]
    return [*trials[:1], *in_turn, *unclear, *(f for f in _ranked(iter(themes)) if f not in wishes)]


def _asked_most(facts: Facts, finding: Finding) -> tuple[object, ...]:
    """Larger bases first, then by how many of a theme's comments are not content."""
    theme = at(facts, finding.at)
    return -finding.base, -asking(theme), -theme["count"], _steps(finding.at)


def confidence(base: int, level: int) -> str:
    """How much weight a figure bears, as a word.

    anecdotal: fewer than 30 answers. strong: 100 or more, from people who were invited one by one (levels 3 and 4).
    indicative: all others; with an open link people choose themselves whether to answer, however many they are. Also where
    answers that are set aside would change the result (_level).
    """
    if base < ENOUGH_FOR_SHARES:
        return "anecdotal"
    return "strong" if base >= ENOUGH_FOR_STRONG and level >= INVITED else "indicative"


def asking(theme: Facts) -> int:
    """How many of its comments are not content."""
    return int(theme["count"] - theme["content"])


def is_asked_most(facts: Facts, theme: Facts) -> bool:
    """Whether more comments ask for something in this theme than in any other one, in whichever poll."""
    others = [t for t in facts["themes"] if t["parent"] is None and t["id"] != theme["id"]]
    return all(asking(t) < asking(theme) for t in others)


def is_praise(theme: Facts) -> bool:
    """More than half of its comments are content: it asks for nothing."""
    return bool(2 * theme["content"] > theme["count"])


def dissent(facts: Facts, told: list[Finding]) -> Finding | None:
    """The strongest voice that is not among the findings told: the second answer of a question, those who would not recommend,
    or those against a statement, from a minority of at least 20 %; else the largest theme not told that asks for something;
    else a statement not told that divides."""
    voices = [f for f in (_second(facts, t) for t in told) if f and f.share >= MINORITY]
    if voices:
        return max(voices, key=lambda f: (f.share, f.base))
    mine, rest = {t.at for t in told}, findings_of(facts)
    for kind in ("theme", "divide"):
        for one in rest:
            if one.kind == kind and one.at not in mine and not (kind == "theme" and is_praise(at(facts, one.at))):
                return one
    return None


def _level(poll: Facts) -> int:
    """As far as confidence is concerned: what hangs on answers that are set aside is never strong."""
    return 0 if poll.get("changed") else int(poll["level"])


def _ranked(findings: Iterator[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (-f.base, -(f.count or 0), _steps(f.at)))


def _steps(path: str) -> list[tuple[int, str]]:
    return [(int(s), "") if s.isdigit() else (0, s) for s in path.split("/")]


def _questions(facts: Facts) -> Iterator[tuple[str, Facts, int]]:
    for p, poll in enumerate(facts["polls"]):
        for q, question in enumerate(poll["questions"]):
            if question["n"] >= K:
                yield f"polls/{p}/questions/{q}", question, _level(poll)


def _choices(facts: Facts) -> Iterator[Finding]:
    for path, question, level in _questions(facts):
        if "mean" in question or not question["options"]:
            continue
        most = max(o["count"] for o in question["options"])
        leaders = [i for i, o in enumerate(question["options"]) if o["count"] == most]
        if most < K or any(question["options"][i]["label"] == "…" for i in leaders):  # which of them leads is not told
            continue
        yield Finding(
            "leading" if len(leaders) == 1 else "tie", f"{path}/options/{leaders[0]}", path, most, question["n"],
            most / question["n"], confidence(question["n"], level),
            tuple(f"{path}/options/{i}" for i in leaders[1:]), _quote_paths(path, question, "voices"),
        )  # fmt: skip


def _scores(facts: Facts) -> Iterator[Finding]:
    for path, question, level in _questions(facts):
        if question.get("low") is None:
            continue
        base, sure = question["n"], confidence(question["n"], level)
        quotes = _quote_paths(path, question, "voices")
        if "nps" in question:
            yield Finding("score", f"{path}/nps", path, None, base, (question["nps"] + 100) / 200, sure, (), quotes)
        else:
            low, high = question["low"], question["high"]
            yield Finding(
                "rating", f"{path}/mean", path, None, base, (question["mean"] - low) / (high - low), sure, (), quotes
            )


def _themes(facts: Facts) -> Iterator[Finding]:
    levels = {poll["slug"]: _level(poll) for poll in facts["polls"]}
    for i, theme in enumerate(facts["themes"]):
        if theme["parent"] is None and theme["count"] >= K:
            inside = tuple(
                f"themes/{j}"
                for j, fine in enumerate(facts["themes"])
                if fine["parent"] == theme["id"] and fine["label"] != theme["label"] and fine["count"] < theme["count"]
            )
            yield Finding(
                "theme", f"themes/{i}", f"themes/{i}", theme["count"], theme["n"], theme["count"] / theme["n"],
                confidence(theme["n"], levels[theme["poll"]]), inside, _quote_paths(f"themes/{i}", theme, "quotes"),
            )  # fmt: skip


def _of_trials(facts: Facts) -> list[Finding]:
    """Differences whose interval says where they lie first, then the larger base."""
    found = []
    for i, trial in enumerate(facts.get("trials", [])):
        for q, question in enumerate(trial["questions"]):
            path, high, low = f"trials/{i}/questions/{q}", question["high"], question["low"]
            share = (question["after"] - low) / (high - low) if high is not None and low is not None else 0.0
            sure = confidence(question["n"], trial["level"])
            found.append(Finding("trial", path, path, None, question["n"], min(1.0, max(0.0, share)), sure))
    return sorted(found, key=lambda f: (at(facts, f.at)["sure"] not in CLEAR, -f.base, _steps(f.at)))


def _statements(facts: Facts) -> list[Finding]:
    """What all opinion groups agree on and what divides them, in turn; where there are no groups, what most agree on."""
    found, grouped = [], set()
    for g, run in enumerate(facts.get("groups", [])):
        grouped.add(run["question"])
        for turn in range(max(len(run["bridging"]), len(run["dividing"]))):
            for kind, name in (("bridge", "bridging"), ("divide", "dividing")):
                if turn < len(run[name]):
                    found.append(
                        _statement(kind, f"groups/{g}/{name}/{turn}", f"groups/{g}", run[name][turn], run["level"])
                    )
    for path, question, level in _questions(facts):
        if question["id"] not in grouped:
            items = enumerate(question.get("items", []))
            found += [_statement("agreed", f"{path}/items/{i}", path, item, level) for i, item in items]
    return found


def _statement(kind: str, path: str, about: str, fact: Facts, level: int) -> Finding:
    return Finding(kind, path, about, fact["count"], fact["n"], fact["share"], confidence(fact["n"], level))


def _mood(facts: Facts) -> Iterator[Finding]:
    mood = facts["mood"]
    if mood["content"] < max(K, MINORITY * mood["n"]):
        return
    praise = [f for f in _ranked(_themes(facts)) if is_praise(at(facts, f.at))]
    level = min((_level(p) for p in facts["polls"]), default=0)
    yield Finding(
        "mood", "mood/content", "mood", mood["content"], mood["n"], mood["content"] / mood["n"], confidence(mood["n"], level),
        tuple(f.at for f in praise), tuple(q for f in praise for q in f.quotes),
    )  # fmt: skip


def _quote_paths(path: str, fact: Facts, name: str) -> tuple[str, ...]:
    return tuple(f"{path}/{name}/{i}" for i in range(len(fact[name])))


def _second(facts: Facts, told: Finding) -> Finding | None:
    """The strongest other voice within the question of a finding."""
    question = at(facts, told.about)
    if told.kind in ("bridge", "agreed"):
        against = at(facts, told.at)["against"]
        if against < K:
            return None
        return Finding(
            "opposed", f"{told.at}/against", told.at, against, told.base, against / told.base, told.confidence
        )
    if told.kind == "score" and question.get("detractors", 0) >= K:
        count = question["detractors"]
        return Finding(
            "against", f"{told.about}/detractors", told.about, count, told.base, count / told.base, told.confidence
        )
    if told.kind != "leading":
        return None
    others = [
        (o["count"], -i)
        for i, o in enumerate(question["options"])
        if f"{told.about}/options/{i}" != told.at and o["count"] >= K and o["label"] != "…"
    ]
    if not others:
        return None
    count, place = max(others)
    return Finding(
        "second", f"{told.about}/options/{-place}", told.about, count, told.base, count / told.base, told.confidence
    )
