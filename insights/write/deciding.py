"""What is asked of leadership: one decision or none, the next step, one question to ask next. Pure.

Every decision is a proposal that can be agreed to as it stands: who, what, by when.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from heard.kit.i18n import _, day, ngettext, number
from insights.measure.measures import Facts
from insights.write import changed
from insights.write.findings import CLEAR, ENOUGH_FOR_SHARES, Finding, at, base_path, dissent, is_praise
from insights.write.support import Sentence
from insights.write.wording import quoted

CLEAR_LEAD = 0.1


def decision(facts: Facts, told: Sequence[Finding], decide_by: date) -> dict[str, Any]:
    """One decision (who, what, by when), or that none is needed and why. Proposed by rule:

    1. a trial told whose difference is clear, and that has no outcome yet: what was changed stays, or not;
    2. no finding rests on 30 answers: none yet;
    3. the first theme told that asks for something and has no public answer: an owner and a first step;
    4. themes told, all answered: none;
    5. a statement on which all groups agree: take it up;
    6. one answer leads by at least 10 points: confirm it;
    7. else: none.
    """
    weighty = [f for f in told if f.base >= ENOUGH_FOR_SHARES]
    by = day(decide_by)
    if not told:
        return _none(_("No decision needed: there is nothing to decide on yet."), ("responses",))
    for finding in told:
        if finding.kind == "trial" and (asked := _of_trial(facts, finding, by)):
            return asked
    if not weighty:
        many = ngettext(
            "No decision needed yet: %(n)s answer is a first sign.",
            "No decision needed yet: %(n)s answers are a first sign.",
            told[0].base,
        )
        return _none(many % {"n": number(told[0].base)}, (base_path(told[0]),))
    themes = [f for f in weighty if f.kind == "theme" and not is_praise(at(facts, f.at))]
    answered = _answered(facts)
    waiting = next((f for f in themes if at(facts, f.at)["id"] not in answered), None)
    if waiting is not None:
        return _of_theme(facts, waiting, by)
    if themes:
        return _none(
            _("No decision needed: what people write about most has a public answer."),
            ("actions", *(f"{f.at}/label" for f in themes)),
        )
    if bridge := next((f for f in weighty if f.kind == "bridge"), None):
        return _of_statement(facts, bridge, by)
    lead = next((f for f in weighty if f.kind == "leading" and _lead(facts, f) >= CLEAR_LEAD), None)
    if lead is not None:
        text = _("Leadership, by %(day)s: confirm %(label)s, or name another way and the reason.")
        return _asked(text % {"day": by, "label": quoted(at(facts, lead.at)["label"])}, (f"{lead.at}/label",))
    return _none(_("No decision needed yet: no answer stands out clearly."), (weighty[0].at,))


def _of_trial(facts: Facts, finding: Finding, by: str) -> dict[str, Any] | None:
    """Whether to keep what a trial changed. Nothing while its interval leaves open where the difference lies."""
    question, path = at(facts, finding.at), finding.at.rpartition("/questions/")[0]
    trial = at(facts, path)
    if question["sure"] not in CLEAR or trial["outcome"]:
        return None
    text = _("Leadership, by %(day)s: keep what was changed in %(trial)s, or say what speaks against it.")
    if not question["up_is_better"]:
        text = _("Leadership, by %(day)s: say whether what was changed in %(trial)s stays.")
    elif question["sure"] == "lower":
        text = _("Leadership, by %(day)s: take back what was changed in %(trial)s, or say why it stays.")
    return _asked(text % {"day": by, "trial": quoted(trial["title"])}, (f"{path}/title", f"{finding.at}/sure"))


def _of_theme(facts: Facts, theme: Finding, by: str) -> dict[str, Any]:
    label = quoted(at(facts, theme.at)["label"], (6, 40))
    text = _("Leadership, by %(day)s: give %(label)s an owner and a first step, or say publicly why not.") % {
        "day": by,
        "label": label,
    }
    since = changed.waiting(facts, at(facts, theme.at)["id"])
    if since is None:
        return _asked(text, (f"{theme.at}/label",))
    return _asked(f"{text} {since.text}", (f"{theme.at}/label", *since.evidence))


def _of_statement(facts: Facts, bridge: Finding, by: str) -> dict[str, Any]:
    fact = at(facts, bridge.at)
    text = _("Leadership, by %(day)s: take up what all groups share, %(label)s, or say publicly why not.")
    if fact["stance"] == "disagree":
        text = _("Leadership, by %(day)s: rule out what all groups reject, %(label)s, or say publicly why not.")
    return _asked(text % {"day": by, "label": quoted(fact["label"], (14, 100))}, (f"{bridge.at}/label",))


def _asked(text: str, evidence: tuple[str, ...]) -> dict[str, Any]:
    return {"needed": True, "sentence": Sentence(text, evidence)}


def _none(text: str, evidence: tuple[str, ...]) -> dict[str, Any]:
    return {"needed": False, "sentence": Sentence(text, evidence)}


def _answered(facts: Facts) -> set[int]:
    """Themes with a public answer, of their own or on one of their finer themes, or named by a trial's version, whenever that was.
    Facts of earlier releases know of the answers of the period and of those that are open."""
    parents = {t["id"]: t["parent"] for t in facts["themes"]}
    own = {a["theme"] for a in facts["actions"]} | {a["theme"] for a in facts.get("answered", [])}
    own |= set(facts.get("replied", []))
    return own | {p for t in own if (p := parents.get(t)) is not None}


def _lead(facts: Facts, finding: Finding) -> float:
    others = [
        o["count"]
        for i, o in enumerate(at(facts, finding.about)["options"])
        if f"{finding.about}/options/{i}" != finding.at
    ]
    return ((finding.count or 0) - max(others, default=0)) / finding.base


def next_step(facts: Facts, told: Sequence[Finding]) -> Sentence:
    """What members will see, and where; a promise that is past its day, or the newest open answer, if there is one."""
    open_ = [(i, a) for i, a in enumerate(facts["actions"]) if a["status"] in ("planned", "doing")]
    for i, action in sorted(open_, key=lambda one: not one[1].get("overdue")):
        title, label = quoted(action["title"], (8, 60)), quoted(action["label"], (6, 40))
        rests = [f"actions/{i}/{name}" for name in ("title", "label", "status")]
        if action.get("overdue"):
            text = _(
                "Past its day: %(title)s, for %(label)s, was due on %(due)s. Members read how it goes on the community’s page."
            )
            rests.append(f"actions/{i}/due")
        elif action["status"] == "doing":
            text = _("Under way: %(title)s, for %(label)s. Members read how it goes on the community’s page.")
        else:
            text = _("Planned: %(title)s, for %(label)s. Members read how it goes on the community’s page.")
        due = day(date.fromisoformat(action["due"])) if action.get("due") else ""
        return Sentence(text % {"title": title, "label": label, "due": due}, tuple(rests))
    if not told:
        return Sentence(_("Ask again, in more places."), ("responses",))
    return Sentence(
        _("Once you have answered, those who spoke read it on the community’s page and on their receipts."),
        ("community", base_path(told[0])),
    )


def ask_next(facts: Facts, told: Sequence[Finding]) -> Sentence:
    """One question leadership could ask next."""
    if told and told[0].kind == "trial":
        path = told[0].at.rpartition("/questions/")[0]
        title = quoted(at(facts, path)["title"], (6, 40))
        return Sentence(_("What still gets in your way with %(trial)s?") % {"trial": title}, (f"{path}/title",))
    first = next((f for f in told if f.kind == "theme" and not is_praise(at(facts, f.at))), None)
    if first is not None:
        label = quoted(at(facts, first.at)["label"], (6, 40))
        return Sentence(
            _("Which one change would help most with %(label)s?") % {"label": label}, (f"{first.at}/label",)
        )
    if divide := next((f for f in told if f.kind == "divide"), None):
        label = quoted(at(facts, divide.at)["label"], (14, 100))
        return Sentence(
            _("What would have to be true for you to agree with %(label)s?") % {"label": label}, (f"{divide.at}/label",)
        )
    lead = next((f for f in told if f.kind in ("leading", "bridge", "agreed")), None)
    if lead is not None and lead.kind != "leading":
        label = quoted(at(facts, lead.at)["label"], (14, 100))
        return Sentence(
            _("What would be a good first step towards %(label)s?") % {"label": label}, (f"{lead.at}/label",)
        )
    if lead is not None:
        other = dissent(facts, list(told))
        one = other if other and other.kind == "second" else lead
        label = quoted(at(facts, one.at)["label"], (6, 40))
        return Sentence(
            _("To those who chose %(label)s: what made you choose it?") % {"label": label}, (f"{one.at}/label",)
        )
    if told and told[0].kind in ("score", "rating"):
        return Sentence(_("What is the one thing that would raise your score?"), (told[0].at,))
    return Sentence(_("What should we do better?"), ("responses",))
