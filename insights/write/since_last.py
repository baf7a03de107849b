"""What changed between two briefs: themes that are new, grew or faded, results that moved. Pure.

For the manager who reads a draft, beside the brief itself. Two periods may overlap, so nothing is said of chance: a share has
moved when it moved by five points, and only where both rest on 30 answers; below that a theme is told when it is new or gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from heard.kit.i18n import _, number, percent

ENOUGH = 30
POINTS = 0.05
NPS_POINTS = 10
MOST = 8
Facts = Mapping[str, Any]


class Moved(NamedTuple):
    """One thing that changed. kind: new, grew, faded, gone, result; `by`: how much, for the order."""

    kind: str
    words: str
    by: float


def since_last(before: Facts, facts: Facts) -> list[Moved]:
    """What changed from one set of facts to another, the largest first, eight at most of each kind."""
    found = [*_themes(before, facts), *_results(before, facts)]
    found.sort(key=lambda moved: -moved.by)
    kinds = ("new", "grew", "faded", "gone", "result")
    return [one for kind in kinds for one in [m for m in found if m.kind == kind][:MOST]]


def _themes(before: Facts, facts: Facts) -> Iterator[Moved]:
    old, new = _coarse(before), _coarse(facts)
    for key, theme in new.items():
        label, share = theme["label"], theme["count"] / theme["n"]
        was = old.get(key)
        if was is None:
            words = _("New: “%(label)s”, %(count)s of %(n)s comments.")
            yield Moved(
                "new", words % {"label": label, "count": number(theme["count"]), "n": number(theme["n"])}, share
            )
        elif min(theme["n"], was["n"]) >= ENOUGH and abs(by := share - was["count"] / was["n"]) >= POINTS:
            words = _("Grew: “%(label)s”, from %(before)s to %(now)s of the comments.")
            if by < 0:
                words = _("Faded: “%(label)s”, from %(before)s to %(now)s of the comments.")
            values = {"label": label, "before": percent(was["count"] / was["n"]), "now": percent(share)}
            yield Moved("grew" if by > 0 else "faded", words % values, abs(by))
    for key, was in old.items():
        if key not in new:
            yield Moved("gone", _("No longer told: “%(label)s”.") % {"label": was["label"]}, was["count"] / was["n"])


def _coarse(facts: Facts) -> dict[tuple[str, int], Facts]:
    return {(t["poll"], t["id"]): t for t in facts.get("themes", []) if t.get("parent") is None and t.get("n")}


def _results(before: Facts, facts: Facts) -> Iterator[Moved]:
    old = dict(_questions(before))
    for key, question in _questions(facts):
        was = old.get(key)
        if was is None or min(question["n"], was["n"]) < ENOUGH or question["n"] == was["n"] == 0:
            continue
        if "nps" in question and "nps" in was:
            if abs(by := question["nps"] - was["nps"]) >= NPS_POINTS:
                words = _("“%(question)s”: the NPS went from %(before)s to %(now)s.")
                values = {"question": question["wording"], "before": number(was["nps"]), "now": number(question["nps"])}
                yield Moved("result", words % values, abs(by) / 100)
        elif "mean" not in question and "mean" not in was:
            yield from _options(was, question)


def _options(was: Facts, question: Facts) -> Iterator[Moved]:
    """The option of a question that moved most."""
    told = Counter(o["label"] for o in [*was["options"], *question["options"]])  # twice: once then, once now
    shares = {o["label"]: o["count"] / was["n"] for o in was["options"] if told[o["label"]] == 2}
    moved = [(o["count"] / question["n"] - shares[o["label"]], o) for o in question["options"] if o["label"] in shares]
    if not moved:
        return
    by, option = max(moved, key=lambda one: abs(one[0]))
    if abs(by) >= POINTS:
        words = _("“%(question)s”: “%(label)s” went from %(before)s to %(now)s.")
        values = {
            "question": question["wording"], "label": option["label"], "before": percent(shares[option["label"]]),
            "now": percent(option["count"] / question["n"]),
        }  # fmt: skip
        yield Moved("result", words % values, abs(by))


def _questions(facts: Facts) -> Iterable[tuple[tuple[str, int], Facts]]:
    for poll in facts.get("polls", []):
        for question in poll["questions"]:
            if question.get("n") and question.get("options"):
                yield (poll["slug"], question["id"]), question
