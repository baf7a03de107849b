"""The brief for product: every question, every theme with counts and quotes, what is being done, what to ask next. Pure."""

from datetime import date
from typing import Any

from heard.kit.i18n import _, day, ngettext, number
from insights.measure.measures import Facts, share_of
from insights.write import wording
from insights.write.findings import Finding, findings_of, is_praise
from insights.write.leadership import ask_next, bottom_line, subject, told_to_leadership
from insights.write.support import Sentence
from insights.write.wording import figure, of_comments, quoted

THEMES = 25
FINER = 6
QUOTES = 3


def product(facts: Facts) -> dict[str, Any]:
    """The product brief as a tree of texts and Sentences.

    {subject, bottom, polls [{title, n, questions [{sentence, wording, n, options [{label, count, figure, share}]}]}],
     themes [{label, figure, share, sentence, inside, finer [{label, count}], quotes, confidence}], more, actions, ask, measured}
    """
    told = findings_of(facts)
    by_place = {f.at: f for f in told if f.kind == "theme"}
    used: set[str] = set()
    coarse = [(f"themes/{i}", t) for i, t in enumerate(facts["themes"]) if t["parent"] is None]
    return {
        "subject": subject(facts, told_to_leadership(facts)),
        "bottom": bottom_line(facts, told_to_leadership(facts)),
        "polls": [_poll(facts, i, told) for i in range(len(facts["polls"]))],
        "themes": [_theme(facts, by_place[path], used) for path, _t in coarse[:THEMES] if path in by_place],
        "more": _more(facts, len(coarse)),
        "actions": [_action(facts, i) for i in range(len(facts["actions"]))],
        "ask": _questions_next(facts, told),
        "measured": wording.measured(facts),
    }


def plain(text: str) -> str:
    """On one line, whatever was typed."""
    return " ".join(text.split())


def _poll(facts: Facts, i: int, told: list[Finding]) -> dict[str, Any]:
    poll = facts["polls"][i]
    answers = ngettext("%(n)s answer", "%(n)s answers", poll["n"]) % {"n": number(poll["n"])}
    return {
        "title": plain(poll["title"]),
        "slug": poll["slug"],
        "n": answers,
        "questions": [
            _question(facts, f"polls/{i}/questions/{q}", poll["questions"][q], told)
            for q in range(len(poll["questions"]))
        ],
    }


def _question(facts: Facts, path: str, question: Facts, told: list[Finding]) -> dict[str, Any]:
    finding = next((f for f in told if f.about == path), None)
    if finding is not None:
        sentence = wording.said(facts, finding)
    elif not question["n"]:
        text = _("%(question)s: fewer than %(k)s answers, not shown.")
        sentence = Sentence(
            text % {"question": quoted(question["wording"], wording.QUESTION), "k": facts["smallest_group"]},
            (f"{path}/wording", f"{path}/n", "smallest_group"),
        )
    else:
        text = ngettext(
            "Asked %(question)s, %(n)s person answered.", "Asked %(question)s, %(n)s people answered.", question["n"]
        )
        sentence = Sentence(
            text % {"question": quoted(question["wording"], wording.QUESTION), "n": number(question["n"])},
            (f"{path}/wording", f"{path}/n"),
        )
    return {
        "wording": plain(question["wording"]),
        "n": number(question["n"]),
        "sentence": sentence,
        "confidence": wording.confidence_word(finding.confidence) if finding else "",
        "options": [
            {
                "label": label,
                "count": number(count),
                "figure": figure(count, question["n"]),
                "share": share_of(count, question["n"]),
            }
            for label, count in _rows(question)
        ],
    }


def _rows(question: Facts) -> list[tuple[str, int]]:
    """What the bars show: the options; of a recommendation from 0 to 10 its three groups."""
    if "nps" in question:
        return [
            (_("Would gladly recommend (9 or 10)"), question["promoters"]),
            (_("In between (7 or 8)"), question["passives"]),
            (_("Would not recommend (0 to 6)"), question["detractors"]),
        ]
    return [(plain(o["label"]) if o["label"] != "…" else _("Other answers"), o["count"]) for o in question["options"]]


def _theme(facts: Facts, finding: Finding, used: set[str]) -> dict[str, Any]:
    theme = facts["themes"][int(finding.at.split("/")[1])]
    finer = sorted((facts["themes"][int(p.split("/")[1])] for p in finding.beside), key=lambda t: -t["count"])
    quotes = [q for _n in range(QUOTES) if (q := wording.quote_of(facts, finding, 40, used))]
    return {
        "label": plain(theme["label"]),
        "figure": figure(theme["count"], theme["n"]),
        "share": theme["share"],
        "sentence": Sentence(
            _("%(label)s: %(part)s.")
            % {"label": quoted(theme["label"], (20, 120)), "part": of_comments(theme["count"], theme["n"])},
            (finding.at,),
        ),
        "inside": wording.inside(facts, finding) if is_praise(theme) else None,
        "finer": [{"label": plain(t["label"]), "count": number(t["count"])} for t in finer[:FINER]],
        "finer_words": ", ".join(f"{plain(t['label'])} ({number(t['count'])})" for t in finer[:FINER]),
        "quotes": quotes,
        "confidence": wording.confidence_word(finding.confidence),
    }


def _more(facts: Facts, coarse: int) -> Sentence | None:
    if coarse <= THEMES:
        return None
    text = _("The largest of %(n)s themes are shown.")
    return Sentence(text % {"n": number(facts["theme_count"])}, ("theme_count",))


def _action(facts: Facts, i: int) -> Sentence:
    action = facts["actions"][i]
    texts = {
        "planned": _("Planned since %(day)s: %(title)s, for %(label)s."),
        "doing": _("Under way since %(day)s: %(title)s, for %(label)s."),
        "done": _("Done on %(day)s: %(title)s, for %(label)s."),
        "declined": _("Not now, said on %(day)s: %(title)s, for %(label)s."),
    }
    values = {
        "day": day(date.fromisoformat(action["on"])),
        "title": quoted(action["title"], (20, 200)),
        "label": quoted(action["label"], (20, 120)),
    }
    return Sentence(texts[action["status"]] % values, (f"actions/{i}",))


def _questions_next(facts: Facts, told: list[Finding]) -> list[Sentence]:
    """What to ask next: about the largest theme that asks for something, and about the largest one of praise."""
    out = [ask_next(facts, told)]
    for finding in told:
        if finding.kind == "theme" and is_praise(facts["themes"][int(finding.at.split("/")[1])]):
            label = quoted(facts["themes"][int(finding.at.split("/")[1])]["label"], (6, 40))
            text = _("On %(label)s: what should stay exactly as it is?")
            out.append(Sentence(text % {"label": label}, (finding.at,)))
            break
    return out
