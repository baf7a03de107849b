"""What the facts behind a sentence bear: its figures, shares, pairs, spans, texts and changes. Pure; read by support.py."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.measure.measures import Facts
from insights.write.findings import at

_NO_FIGURES = ("id", "comment", "parent", "theme", "slug", "question", "months")
Pair = tuple[float, float]


@dataclass
class Grounds:
    """All of it. `pairs`: a count and its base, a mean and the end of its scale; `spans`: before and after, the two ends of an
    interval; `percent_spans`: shares before and now; `groups`: (name, count, base) of opinion groups; `moves`: changes."""

    texts: set[str] = field(default_factory=set)
    figures: set[float] = field(default_factory=set)  # their size
    signed: set[float] = field(default_factory=set)
    percents: set[float] = field(default_factory=set)
    pairs: set[Pair] = field(default_factory=set)
    spans: set[Pair] = field(default_factory=set)
    percent_spans: set[Pair] = field(default_factory=set)
    groups: set[tuple[str, float, float]] = field(default_factory=set)
    moves: set[str] = field(default_factory=set)
    counted: dict[str, set[float]] = field(default_factory=dict)  # by label

    def counts_of(self, quote: str) -> set[float]:
        """The counts of what is called so; a name that was cut ends with “…”."""
        if quote in self.counted:
            return self.counted[quote]
        if not quote.endswith("…"):
            return set()
        found = [counts for label, counts in self.counted.items() if label.startswith(quote[:-1])]
        return {n for counts in found for n in counts}

    def holds_word(self, word: str) -> bool:
        """Whether one of the texts holds this word."""
        return any(word in text for text in self.texts)


def grounds_of(facts: Facts, paths: Iterable[str]) -> Grounds:
    """What these paths bear. Raises LookupError naming a path that leads nowhere.

    A path to a list bears how many there are, and nothing of each; one to a fact bears all that it holds, one to a single value
    that value with its base.
    """
    grounds = Grounds()
    for path in paths:
        value = at(facts, path)
        if isinstance(value, list):
            grounds.figures.add(float(len(value)))
            continue
        grounds.texts |= {" ".join(text.split()) for text in _texts(value)}
        above = _above(facts, path)
        for number, base in _numbers(value, path.rpartition("/")[2], above):
            _add(grounds, number, base)
        for fact in _dicts(value) if isinstance(value, dict) else above[:1]:
            _add_fact(grounds, fact, above)
    return grounds


def _above(facts: Facts, path: str) -> list[Facts]:
    """The facts that a value stands in, the nearest first."""
    steps = path.split("/")
    values = [at(facts, "/".join(steps[:end])) for end in range(len(steps) - 1, 0, -1)]
    return [value for value in values if isinstance(value, dict)]


def _base(name: str, above: Iterable[Mapping[str, Any]]) -> float | None:
    """The base of a value of this name: the nearest n above it, of what was before the nearest n_before."""
    wanted = "n_before" if name == "before" else "n"
    found = next((fact[wanted] for fact in above if isinstance(fact.get(wanted), int)), None)
    return None if found is None else float(found)


def _numbers(value: Any, name: str, above: list[Facts]) -> Iterator[tuple[float, float | None]]:
    """Each number in a value, with its base."""
    if isinstance(value, bool) or name in _NO_FIGURES:
        return
    if isinstance(value, int | float):
        yield value, None if name in ("n", "n_before") else _base(name, above)
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _numbers(child, key, [value, *above])
    elif isinstance(value, list):
        for child in value:
            yield from _numbers(child, name, above)


def _add(grounds: Grounds, number: float, base: float | None) -> None:
    grounds.figures.add(abs(float(number)))
    grounds.signed.add(float(number))
    if isinstance(number, float) and 0 <= number <= 1:
        grounds.percents.add(100 * number)
    if base is not None:
        grounds.figures.add(base)
        if base and 0 <= number <= base:
            grounds.percents.add(100 * number / base)
            grounds.pairs.add((float(number), base))


def _add_fact(grounds: Grounds, fact: Facts, above: list[Facts]) -> None:
    """What is borne by several values of one fact together."""
    n, n_before = (_base(name, [fact, *above]) for name in ("count", "before"))
    count, before = (_figure(fact.get(name)) for name in ("count" if "count" in fact else "content", "before"))
    if isinstance(fact.get("label"), str) and count is not None:
        grounds.counted.setdefault(" ".join(fact["label"].split()), set()).add(count)
    content = _figure(fact.get("content"))
    if content is not None and "count" in fact and count is not None:
        grounds.pairs.add((content, count))
    if None not in (n, n_before, count, before) and n and n_before:
        grounds.percent_spans.add((100 * (before or 0) / n_before, 100 * (count or 0) / n))
    high = fact.get("high")
    for name in ("mean", "mean_before", "before", "after"):
        if high is not None and isinstance(fact.get(name), int | float):
            grounds.pairs.add((float(fact[name]), float(high)))
    for one, other in (("before", "after"), ("lower", "upper"), ("mean_before", "mean"), ("nps_before", "nps")):
        if _figure(fact.get(one)) is not None and _figure(fact.get(other)) is not None:
            grounds.spans.add((float(fact[one]), float(fact[other])))
    if isinstance(fact.get("invited"), int) and isinstance(fact.get("n"), int):
        grounds.pairs.add((float(fact["n"]), float(fact["invited"])))
    if isinstance(fact.get("name"), str) and count is not None and n:
        grounds.groups.add((fact["name"], count, n))
    if isinstance(fact.get("interval"), int):
        grounds.percents.add(float(fact["interval"]))
    grounds.moves |= {str(fact[name]) for name in ("change", "sure") if fact.get(name)}


def _figure(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _dicts(value: Any) -> Iterator[Facts]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _dicts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _dicts(child)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)
