"""The brief for leadership: one page, the answer first, one decision asked or none. Pure.

Its order is that of the page: subject, bottom line, three findings, decision, what changed, the other voice, what is urgent,
next step, next question.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from heard.kit.i18n import _, number
from insights.measure.measures import Facts
from insights.write import changed, compared, wording
from insights.write.deciding import ask_next, decision, next_step
from insights.write.findings import Finding, at, base_path, dissent, findings_of, is_asked_most, is_praise
from insights.write.method import measured
from insights.write.support import BOTTOM_LINE_WORDS, SUBJECT_CHARACTERS, Sentence, words
from insights.write.wording import LABEL, both, fitted, of_comments, quoted

FINDINGS = 3
SIZES = (8, 6, 5, 4, 3, 2, 1)
STATEMENTS = ("bridge", "divide", "agreed")
SENTENCE_WORDS = 34  # of a finding whose labels may be long


def leadership(facts: Facts, *, decide_by: date, quote_words: int = 24) -> dict[str, Any]:
    """The leadership brief as a tree of texts and Sentences; `quote_words` 0 leaves the quotes out.

    {subject, bottom, findings [{figure, base, share, sentence, inside, moved, wrote, quote {text, comment, path}, confidence}],
     decision {needed, sentence}, changes, dissent, urgent, next, ask, measured}
    """
    told = told_to_leadership(facts)
    used: set[str] = set()
    return {
        "subject": subject(facts, told),
        "bottom": bottom_line(facts, told),
        "findings": [_finding(facts, f, quote_words, used) for f in told],
        "decision": decision(facts, told, decide_by),
        "changes": changed.changes(facts, told, most=2)[:2],
        "dissent": _dissent(facts, told),
        "urgent": changed.urgent(facts),
        "next": next_step(facts, told),
        "ask": ask_next(facts, told),
        "measured": measured(facts),
    }


def told_to_leadership(facts: Facts) -> list[Finding]:
    """The three findings of the page. Where nothing closed was asked, how many are content comes first."""
    told = findings_of(facts)[:FINDINGS]
    if any(f.kind not in ("theme", "mood") for f in told):
        return told
    return sorted(told, key=lambda f: f.kind != "mood")


def subject(facts: Facts, told: Sequence[Finding]) -> Sentence:
    """The finding in at most 60 characters."""
    fits = lambda text: len(text) <= SUBJECT_CHARACTERS  # noqa: E731
    if not told:
        nobody = _("Too few answers to tell anything") if facts["held_back"] else _("No answers in this period")
        return _nothing(facts, nobody, _("Answers, but nothing yet to tell"))
    first = next((f for f in told if f.kind != "mood" and not _praises(facts, f)), told[0])
    made = fitted(lambda size: _subject(facts, first, size), fits, SIZES)
    if made is None:
        made = Sentence(figure_of(facts, first), (first.at, first.about))
    return made if fits(made.text) else Sentence(number(first.base), (base_path(first),))


def _nothing(facts: Facts, nobody: str, somebody: str) -> Sentence:
    """What is said where there is no finding: nobody answered, or what was answered gives none."""
    return Sentence(somebody if facts["responses"] else nobody, ("responses", "held_back"))


def _praises(facts: Facts, finding: Finding) -> bool:
    return finding.kind == "theme" and is_praise(at(facts, finding.at))


def figure_of(facts: Facts, finding: Finding) -> str:
    """The figure that stands large beside a finding."""
    if finding.kind == "trial":
        return compared.trial_figure(facts, finding)
    return (
        compared.statement_figure(facts, finding) if finding.kind in STATEMENTS else wording.figure_of(facts, finding)
    )


def _subject(facts: Facts, first: Finding, size: int) -> Sentence:
    label = (size, 6 * size)
    if first.kind == "trial":
        return compared.trial_subject(facts, first, size)
    if first.kind in STATEMENTS:
        return compared.statement_subject(facts, first, size)
    if first.kind == "mood":
        text = _("%(count)s of %(n)s comments ask for no change")
        return Sentence(text % {"count": number(first.count or 0), "n": number(first.base)}, (first.at,))
    if first.kind in ("leading", "theme"):
        fact = at(facts, first.at)
        values = {"label": quoted(fact["label"], label), "count": number(first.count or 0), "n": number(first.base)}
        usual = _("Top concern: %(label)s, %(count)s of %(n)s comments")
        if first.kind == "theme" and not is_asked_most(facts, fact):
            usual = _("A concern: %(label)s, %(count)s of %(n)s comments")
        theme = {
            "new": _("New: %(label)s, %(count)s of %(n)s comments"),
            "grew": _("%(label)s has grown: %(count)s of %(n)s comments"),
        }.get(fact.get("change", ""), usual)
        text = theme if first.kind == "theme" else _("%(label)s leads: %(count)s of %(n)s answers")
        return Sentence(text % values, (f"{first.at}/label", f"{first.at}/count"))
    asked = quoted(at(facts, first.about)["wording"], label)
    rests = (first.at, first.about)
    if first.kind == "tie":
        return Sentence(_("No answer leads: %(question)s") % {"question": asked}, rests)
    return Sentence(_("%(figure)s for %(question)s") % {"figure": figure_of(facts, first), "question": asked}, rests)


def bottom_line(facts: Facts, told: Sequence[Finding]) -> Sentence:
    """The answer in one sentence of at most 25 words."""
    fits = lambda text: words_and_figures(text) <= BOTTOM_LINE_WORDS  # noqa: E731
    if not told:
        return _nothing(
            facts, _("Nobody answered in this period, or too few to tell anything."),
            _("People answered, but no answer, score or theme stands out enough to be told."),
        )  # fmt: skip
    for make in (_both_halves, _first_half):
        made = fitted(lambda size, make=make: make(facts, told, size), fits, SIZES)  # type: ignore[misc]
        if made is not None and made.text:
            return made
    first = told[0]
    return Sentence(figure_of(facts, first), (first.at, first.about))


def _both_halves(facts: Facts, told: Sequence[Finding], size: int) -> Sentence:
    """The first finding and what people write beside it; where nothing closed was asked, how many are content and the
    largest theme that asks for something; of statements, what all agree on and what divides."""
    label = (min(size, LABEL[0]), max(10, 7 * size))
    if told[0].kind == "bridge":
        return _what_divides(facts, told, size)
    theme = next((f for f in told if f.kind == "theme" and not _praises(facts, f)), None)
    if theme is None:
        return Sentence("", ())
    name, most = quoted(at(facts, theme.at)["label"], label), is_asked_most(facts, at(facts, theme.at))
    if told[0].kind not in ("theme", "mood"):
        opening = said(facts, told[0], size)
        text = _("%(sentence)s What comments ask for is most often about %(label)s.")
        if not most:
            text = _("%(sentence)s Comments also ask for something on %(label)s.")
        return Sentence(text % {"sentence": opening.text, "label": name}, (*opening.evidence, f"{theme.at}/label"))
    glad = told[0]
    if glad.kind != "mood":
        return Sentence("", ())
    text = _("%(content)s ask for no change; the others are most often about %(label)s (%(count)s in all).")
    if not most:
        text = _("%(content)s ask for no change; others are about %(label)s (%(count)s in all).")
    values = {"content": of_comments(glad.count or 0, glad.base), "label": name, "count": number(theme.count or 0)}
    return Sentence(text % values, (glad.at, f"{theme.at}/label", f"{theme.at}/count"))


def _what_divides(facts: Facts, told: Sequence[Finding], size: int) -> Sentence:
    other = next((f for f in told if f.kind == "divide" and f.about == told[0].about), None)
    if other is None:
        return Sentence("", ())
    fact, label = at(facts, told[0].at), (size, 8 * size)
    text = _("People of all views agree: %(bridge)s. What divides them: %(divide)s.")
    if fact["stance"] == "disagree":
        text = _("People of all views reject: %(bridge)s. What divides them: %(divide)s.")
    values = {"bridge": quoted(fact["label"], label), "divide": quoted(at(facts, other.at)["label"], label)}
    return Sentence(text % values, (f"{told[0].at}/label", f"{other.at}/label"))


def _first_half(facts: Facts, told: Sequence[Finding], size: int) -> Sentence:
    first = told[0]
    if first.kind == "mood":
        text = _("%(content)s ask for no change: they praise, or say that all is well.")
        return Sentence(text % {"content": of_comments(first.count or 0, first.base)}, (first.at,))
    if first.kind != "theme":
        return said(facts, first, size)
    text = _("What people ask for is most often about %(label)s: %(part)s.")
    if not is_asked_most(facts, at(facts, first.at)):
        text = _("Among what people ask for is %(label)s: %(part)s.")
    values = {
        "label": quoted(at(facts, first.at)["label"], (size, max(10, 8 * size))),
        "part": of_comments(first.count or 0, first.base),
    }
    return Sentence(text % values, (f"{first.at}/label", f"{first.at}/count"))


def said(facts: Facts, finding: Finding, size: int = LABEL[0]) -> Sentence:
    """A finding as one sentence that needs no figure beside it."""
    long = (max(4, size * 3), max(20, size * 20))
    if finding.kind == "trial":
        return compared.in_trial(facts, finding, long)
    return (
        compared.statement(facts, finding, long) if finding.kind in STATEMENTS else wording.said(facts, finding, size)
    )


def words_and_figures(text: str) -> int:
    """Words as they are counted on paper: whatever stands between blanks."""
    return max(words(text), len(text.split(" ")))


def _finding(facts: Facts, finding: Finding, quote_words: int, used: set[str]) -> dict[str, Any]:
    quote = wording.quote_of(facts, finding, quote_words, used)
    return {
        "figure": figure_of(facts, finding),
        "base": base_of(facts, finding),
        "was": changed.was(facts, finding),
        "share": round(finding.share, 4),
        "sentence": _sentence(facts, finding),
        "inside": _inside(facts, finding),
        "moved": changed.moved(facts, finding),
        "wrote": wording.wrote(facts, finding, quote),
        "quote": quote,
        "confidence": wording.confidence_word(finding.confidence),
    }


def _inside(facts: Facts, finding: Finding) -> Sentence | None:
    if finding.kind == "trial":
        return compared.trial_sample(facts, finding)
    return compared.who_divides(facts, finding) if finding.kind == "divide" else wording.inside(facts, finding)


def base_of(facts: Facts, finding: Finding) -> str:
    """What the figure of a finding is a part of."""
    return compared.trial_base(facts, finding) if finding.kind == "trial" else wording.base(facts, finding)


def _sentence(facts: Facts, finding: Finding) -> Sentence:
    if finding.kind == "trial":
        return compared.fitting(lambda size: compared.trial(facts, finding, size), SENTENCE_WORDS)
    if finding.kind in STATEMENTS:
        return compared.fitting(lambda size: compared.statement(facts, finding, size), SENTENCE_WORDS)
    words_for = {"theme": wording.place_of_theme, "leading": wording.lead_of, "mood": wording.mood}
    return words_for.get(finding.kind, wording.said)(facts, finding)


def _dissent(facts: Facts, told: list[Finding]) -> Sentence | None:
    other = dissent(facts, told)
    if other is None:
        return None
    if other.kind == "theme":
        return wording.said(facts, other)
    if other.kind == "divide":
        return compared.fitting(lambda size: compared.statement(facts, other, size), SENTENCE_WORDS)
    if other.kind == "opposed":
        fact = at(facts, other.about)
        text = (
            _("%(part)s disagree with %(label)s.") if fact["stance"] == "agree" else _("%(part)s agree with %(label)s.")
        )
        values = {"part": both(other.count or 0, other.base), "label": quoted(fact["label"], (16, 110))}
        return Sentence(text % values, (other.at, f"{other.about}/label"))
    question = quoted(at(facts, other.about)["wording"], (10, 80))
    rests = (other.at, f"{other.about}/wording")
    if other.kind == "against":
        text = _("To %(question)s, %(part)s would not recommend it.")
        return Sentence(text % {"question": question, "part": both(other.count or 0, other.base)}, rests)
    text = _("To %(question)s, %(part)s chose %(label)s.")
    label = quoted(at(facts, other.at)["label"])
    return Sentence(text % {"question": question, "part": both(other.count or 0, other.base), "label": label}, rests)
