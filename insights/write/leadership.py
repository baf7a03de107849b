"""The brief for leadership: one page, the answer first, one decision asked or none. Pure.

Its order is that of the page: subject, bottom line, three findings, decision, the other voice, next step, next question.
"""

from datetime import date
from typing import Any

from heard.kit.i18n import _, day, ngettext, number
from insights.measure.measures import Facts
from insights.write import wording
from insights.write.findings import ENOUGH_FOR_SHARES, Finding, at, dissent, findings_of, is_praise
from insights.write.support import BOTTOM_LINE_WORDS, SUBJECT_CHARACTERS, Sentence, words
from insights.write.wording import LABEL, both, fitted, listed, of_comments, quoted

FINDINGS = 3
SIZES = (8, 6, 5, 4, 3, 2, 1)


def leadership(facts: Facts, *, decide_by: date, quote_words: int = 24) -> dict[str, Any]:
    """The leadership brief as a tree of texts and Sentences; `quote_words` 0 leaves the quotes out.

    {subject, bottom, findings [{figure, base, share, sentence, inside, wrote, quote {text, comment, path}, confidence}],
     decision {needed, sentence}, dissent, next, ask, measured}
    """
    told = told_to_leadership(facts)
    used: set[str] = set()
    return {
        "subject": subject(facts, told),
        "bottom": bottom_line(facts, told),
        "findings": [_finding(facts, f, quote_words, used) for f in told],
        "decision": decision(facts, told, decide_by),
        "dissent": _dissent(facts, told),
        "next": _next_step(facts, told),
        "ask": ask_next(facts, told),
        "measured": wording.measured(facts),
    }


def told_to_leadership(facts: Facts) -> list[Finding]:
    """The three findings of the page. Where nothing closed was asked, how many are content comes first."""
    told = findings_of(facts)[:FINDINGS]
    if any(f.kind not in ("theme", "mood") for f in told):
        return told
    return sorted(told, key=lambda f: f.kind != "mood")


def subject(facts: Facts, told: list[Finding]) -> Sentence:
    """The finding in at most 60 characters."""
    fits = lambda text: len(text) <= SUBJECT_CHARACTERS  # noqa: E731
    if not told:
        return Sentence(_("No answers in this period"), ("responses",))
    first = next((f for f in told if f.kind != "mood" and not _praises(facts, f)), told[0])
    made = fitted(lambda size: _subject(facts, first, size), fits, SIZES)
    if made is None:
        made = Sentence(wording.figure_of(facts, first), (first.at, first.about))
    return made if fits(made.text) else Sentence(number(first.base), (f"{first.about}/n",))


def _praises(facts: Facts, finding: Finding) -> bool:
    return finding.kind == "theme" and is_praise(at(facts, finding.at))


def _subject(facts: Facts, first: Finding, size: int) -> Sentence:
    label = (size, 6 * size)
    if first.kind == "mood":
        text = _("%(count)s of %(n)s comments ask for no change")
        return Sentence(text % {"count": number(first.count or 0), "n": number(first.base)}, (first.at,))
    if first.kind in ("leading", "theme"):
        values = {
            "label": quoted(at(facts, first.at)["label"], label),
            "count": number(first.count or 0),
            "n": number(first.base),
        }
        text = (
            _("%(label)s: %(count)s of %(n)s comments")
            if first.kind == "theme"
            else _("%(label)s leads: %(count)s of %(n)s answers")
        )
        return Sentence(text % values, (first.at,))
    asked = quoted(at(facts, first.about)["wording"], label)
    rests = (first.at, first.about)
    if first.kind == "tie":
        return Sentence(_("No answer leads: %(question)s") % {"question": asked}, rests)
    return Sentence(
        _("%(figure)s for %(question)s") % {"figure": wording.figure_of(facts, first), "question": asked}, rests
    )


def bottom_line(facts: Facts, told: list[Finding]) -> Sentence:
    """The answer in one sentence of at most 25 words."""
    fits = lambda text: words_and_figures(text) <= BOTTOM_LINE_WORDS  # noqa: E731
    if not told:
        return Sentence(_("Nobody answered in this period, or too few to tell anything."), ("responses",))
    for make in (_both_halves, _first_half):
        made = fitted(lambda size, make=make: make(facts, told, size), fits, SIZES)  # type: ignore[misc]
        if made is not None and made.text:
            return made
    first = told[0]
    return Sentence(wording.figure_of(facts, first), (first.at, first.about))


def _both_halves(facts: Facts, told: list[Finding], size: int) -> Sentence:
    """The first finding and what people write beside it; where nothing closed was asked, how many are content and the
    largest theme that asks for something."""
    label = (min(size, LABEL[0]), max(10, 7 * size))
    theme = next((f for f in told if f.kind == "theme" and not _praises(facts, f)), None)
    if theme is None:
        return Sentence("", ())
    name = quoted(at(facts, theme.at)["label"], label)
    if told[0].kind not in ("theme", "mood"):
        opening = wording.said(facts, told[0], size)
        text = _("%(sentence)s Comments speak most of %(label)s.")
        if any(_praises(facts, f) and (f.count or 0) > (theme.count or 0) for f in findings_of(facts)):
            text = _("%(sentence)s Apart from praise, comments speak most of %(label)s.")
        return Sentence(text % {"sentence": opening.text, "label": name}, (*opening.evidence, theme.at))
    glad = told[0]
    if glad.kind != "mood":
        return Sentence("", ())
    text = _("%(content)s ask for no change; the largest theme beyond praise is %(label)s (%(count)s).")
    values = {"content": of_comments(glad.count or 0, glad.base), "label": name, "count": number(theme.count or 0)}
    return Sentence(text % values, (glad.at, theme.at))


def _first_half(facts: Facts, told: list[Finding], size: int) -> Sentence:
    first = told[0]
    if first.kind == "mood":
        text = _("%(content)s ask for no change: they praise, or say that all is well.")
        return Sentence(text % {"content": of_comments(first.count or 0, first.base)}, (first.at,))
    if first.kind != "theme":
        return wording.said(facts, first, size)
    text = _("People write most about %(label)s: %(part)s.") % {
        "label": quoted(at(facts, first.at)["label"], (size, max(10, 8 * size))),
        "part": of_comments(first.count or 0, first.base),
    }
    return Sentence(text, (first.at,))


def words_and_figures(text: str) -> int:
    """Words as they are counted on paper: whatever stands between blanks."""
    return max(words(text), len(text.split(" ")))


def _finding(facts: Facts, finding: Finding, quote_words: int, used: set[str]) -> dict[str, Any]:
    words_for = {"theme": wording.place_of_theme, "leading": wording.lead_of, "mood": wording.mood}
    quote = wording.quote_of(facts, finding, quote_words, used)
    return {
        "figure": wording.figure_of(facts, finding),
        "base": wording.base(finding),
        "share": round(finding.share, 4),
        "sentence": words_for.get(finding.kind, wording.said)(facts, finding),
        "inside": wording.inside(facts, finding),
        "wrote": wording.wrote(facts, finding, quote),
        "quote": quote,
        "confidence": wording.confidence_word(finding.confidence),
    }


def decision(facts: Facts, told: list[Finding], decide_by: date) -> dict[str, Any]:
    """One decision (who, what, by when), or that none is needed and why. Proposed by rule:

    1. no finding rests on 30 answers: none yet;
    2. themes told that ask for something and have no public answer: choose which gets an owner;
    3. themes told, all answered: none;
    4. one answer leads by at least 10 points: confirm it;
    5. else: none.
    """
    weighty = [f for f in told if f.base >= ENOUGH_FOR_SHARES]
    by = day(decide_by)
    if not told:
        return _none(_("No decision needed: there is nothing to decide on yet."), ("responses",))
    if not weighty:
        many = ngettext(
            "No decision needed yet: %(n)s answer is a first sign.",
            "No decision needed yet: %(n)s answers are a first sign.",
            told[0].base,
        )
        return _none(many % {"n": number(told[0].base)}, (f"{told[0].about}/n",))
    themes = [f for f in weighty if f.kind == "theme" and not _praises(facts, f)]
    answered = _answered(facts)
    waiting = [f for f in themes if at(facts, f.at)["id"] not in answered]
    if waiting:
        labels = listed([quoted(at(facts, f.at)["label"], (6, 40)) for f in waiting])
        if len(waiting) > 1:
            text = _(
                "Leadership, by %(day)s: choose which of %(labels)s gets an owner and a first step, or say why none does."
            )
        else:
            text = _(
                "Leadership, by %(day)s: name who takes up %(labels)s and what members will be told, or say why nobody does."
            )
        return _asked(text % {"day": by, "labels": labels}, tuple(f.at for f in waiting))
    if themes:
        return _none(
            _("No decision needed: what people write about most has a public answer."),
            ("actions", *(f.at for f in themes)),
        )
    lead = next((f for f in weighty if f.kind == "leading" and _lead(facts, f) >= 0.1), None)
    if lead is not None:
        option = quoted(at(facts, lead.at)["label"])
        text = _("Leadership, by %(day)s: confirm %(label)s, or name another way and the reason.") % {
            "day": by,
            "label": option,
        }
        return _asked(text, (lead.at,))
    return _none(_("No decision needed yet: no answer stands out clearly."), (weighty[0].at,))


def _asked(text: str, evidence: tuple[str, ...]) -> dict[str, Any]:
    return {"needed": True, "sentence": Sentence(text, evidence)}


def _none(text: str, evidence: tuple[str, ...]) -> dict[str, Any]:
    return {"needed": False, "sentence": Sentence(text, evidence)}


def _answered(facts: Facts) -> set[int]:
    """Themes with a public answer, of their own or on one of their finer themes."""
    parents = {t["id"]: t["parent"] for t in facts["themes"]}
    own = {a["theme"] for a in facts["actions"]}
    return own | {p for t in own if (p := parents.get(t)) is not None}


def _lead(facts: Facts, finding: Finding) -> float:
    others = [
        o["count"]
        for i, o in enumerate(at(facts, finding.about)["options"])
        if f"{finding.about}/options/{i}" != finding.at
    ]
    return ((finding.count or 0) - max(others, default=0)) / finding.base


def _dissent(facts: Facts, told: list[Finding]) -> Sentence | None:
    other = dissent(facts, told)
    if other is None:
        return None
    if other.kind == "theme":
        return wording.said(facts, other)
    question = quoted(at(facts, other.about)["wording"], (10, 80))
    rests = (other.at, f"{other.about}/wording")
    if other.kind == "against":
        text = _("To %(question)s, %(part)s would not recommend it.")
        return Sentence(text % {"question": question, "part": both(other.count or 0, other.base)}, rests)
    text = _("To %(question)s, %(part)s chose %(label)s.")
    label = quoted(at(facts, other.at)["label"])
    return Sentence(text % {"question": question, "part": both(other.count or 0, other.base), "label": label}, rests)


def _next_step(facts: Facts, told: list[Finding]) -> Sentence:
    """What members will see, and where; the newest open answer if there is one."""
    for i, action in enumerate(facts["actions"]):
        if action["status"] in ("planned", "doing"):
            title, label = quoted(action["title"], (8, 60)), quoted(action["label"], (6, 40))
            if action["status"] == "doing":
                text = _("Under way: %(title)s, for %(label)s. Members read how it goes on the community’s page.")
            else:
                text = _("Planned: %(title)s, for %(label)s. Members read how it goes on the community’s page.")
            return Sentence(text % {"title": title, "label": label}, (f"actions/{i}",))
    if not told:
        return Sentence(_("Ask again, in more places."), ("responses",))
    return Sentence(
        _("Members will read on the community’s page what is decided, beside what they said."),
        ("community", told[0].at),
    )


def ask_next(facts: Facts, told: list[Finding]) -> Sentence:
    """One question leadership could ask next."""
    first = next((f for f in told if f.kind == "theme" and not _praises(facts, f)), None)
    if first is not None:
        label = quoted(at(facts, first.at)["label"], (6, 40))
        return Sentence(_("Which one change would help most with %(label)s?") % {"label": label}, (first.at,))
    lead = next((f for f in told if f.kind == "leading"), None)
    if lead is not None:
        other = dissent(facts, told)
        one = other if other and other.kind == "second" else lead
        label = quoted(at(facts, one.at)["label"], (6, 40))
        return Sentence(_("To those who chose %(label)s: what made you choose it?") % {"label": label}, (one.at,))
    if told and told[0].kind in ("score", "rating"):
        return Sentence(_("What is the one thing that would raise your score?"), (told[0].at,))
    return Sentence(_("What should we do better?"), ("responses",))
