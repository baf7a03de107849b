"""The brief for product: every question and theme, what changed, trials and groups, what waits and is done, what to ask. Pure."""

from typing import Any

from heard.kit.i18n import _, ngettext, number
from insights.measure.measures import Facts, share_of
from insights.write import changed, compared, wording
from insights.write.deciding import ask_next
from insights.write.findings import Finding, findings_of, is_praise
from insights.write.leadership import STATEMENTS, bottom_line, figure_of, subject, told_to_leadership
from insights.write.method import measured
from insights.write.support import Sentence
from insights.write.wording import figure, of_comments, quoted

THEMES = 25
FINER = 6
QUOTES = 3
SENTENCE = 45  # words, where a statement or a question is quoted


def product(facts: Facts) -> dict[str, Any]:
    """The product brief as a tree of texts and Sentences.

    {subject, bottom, changes, urgent,
     polls [{title, n, questions [{sentence, wording, n, moved, statements, options [{label, count, figure, share}]}], segments}],
     trials [{title, changed, findings [{figure, base, share, sentence, sample}]}], groups [{intro, shared, divides}],
     themes [{label, figure, share, sentence, moved, inside, finer [{label, count}], quotes, confidence}], more,
     open, actions, loop, ask, measured}
    """
    told = findings_of(facts)
    by_place = {f.at: f for f in told if f.kind == "theme"}
    used: set[str] = set()
    coarse = [(f"themes/{i}", t) for i, t in enumerate(facts["themes"]) if t["parent"] is None]
    coarse.sort(key=lambda one: (is_praise(one[1]), 0 if is_praise(one[1]) else one[1]["content"] - one[1]["count"]))
    return {
        "subject": subject(facts, told_to_leadership(facts)),
        "bottom": bottom_line(facts, told_to_leadership(facts)),
        "changes": changed.changes(facts),
        "urgent": changed.urgent(facts),
        "polls": [_poll(facts, i, told) for i in range(len(facts["polls"]))],
        "trials": [_trial(facts, i, told) for i, t in enumerate(facts.get("trials", [])) if t["questions"]],
        "groups": [_group(facts, g) for g in range(len(facts.get("groups", [])))],
        "themes": [_theme(facts, by_place[path], used) for path, _t in coarse[:THEMES] if path in by_place],
        "more": _more(facts, len(coarse)),
        "open": changed.open_themes(facts),
        "actions": [changed.promise(facts, i) for i in range(len(facts["actions"]))],
        "loop": [s for s in (changed.loop_times(facts), changed.promises(facts)) if s is not None],
        "ask": _questions_next(facts, told),
        "measured": measured(facts),
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
        "segments": [compared.segment(facts, f"polls/{i}/segments/{s}") for s in range(len(poll.get("segments", [])))],
    }


def _question(facts: Facts, path: str, question: Facts, told: list[Finding]) -> dict[str, Any]:
    finding = next((f for f in told if f.about == path and f.kind not in STATEMENTS), None)
    agreed = [f for f in told if f.about == path and f.kind == "agreed"]
    sentence = wording.said(facts, finding) if finding is not None else _answered(facts, path, question)
    return {
        "wording": plain(question["wording"]),
        "n": number(question["n"]),
        "sentence": sentence,
        "was": changed.was(facts, finding) if finding else "",
        "moved": changed.moved(facts, finding) if finding else None,
        "statements": [_statement(facts, f) for f in agreed],
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


def _answered(facts: Facts, path: str, question: Facts) -> Sentence:
    """How many answered a question that gives no finding."""
    n = question["n"]
    if not n:
        text = _("%(question)s: fewer than %(k)s answers, not shown.")
    elif question["kind"] in ("short_text", "long_text"):
        text = ngettext(
            "%(n)s person wrote an answer to %(question)s.", "%(n)s people wrote an answer to %(question)s.", n
        )
    else:
        text = ngettext("Asked %(question)s, %(n)s person answered.", "Asked %(question)s, %(n)s people answered.", n)
    values = {"question": quoted(question["wording"], wording.QUESTION), "n": number(n), "k": facts["smallest_group"]}
    return Sentence(text % values, (f"{path}/wording", f"{path}/n", *(() if n else ("smallest_group",))))


def _rows(question: Facts) -> list[tuple[str, int]]:
    """What the bars show: the options; of a recommendation from 0 to 10 its three groups, where none is small."""
    if "promoters" in question:
        return [
            (_("Would gladly recommend (9 or 10)"), question["promoters"]),
            (_("In between (7 or 8)"), question["passives"]),
            (_("Would not recommend (0 to 6)"), question["detractors"]),
        ]
    return [(plain(o["label"]) if o["label"] != "…" else _("Other answers"), o["count"]) for o in question["options"]]


def _statement(facts: Facts, finding: Finding) -> Sentence:
    return compared.fitting(lambda size: compared.statement(facts, finding, size), SENTENCE)


def _of_trial(facts: Facts, finding: Finding) -> Sentence:
    return compared.fitting(lambda size: compared.trial(facts, finding, size), SENTENCE)


def _trial(facts: Facts, i: int, told: list[Finding]) -> dict[str, Any]:
    mine = [f for f in told if f.kind == "trial" and f.at.startswith(f"trials/{i}/")]
    return {
        "title": plain(facts["trials"][i]["title"]),
        "changed": compared.trial_changed(facts, i),
        "findings": [
            {
                "figure": figure_of(facts, f),
                "base": compared.trial_base(facts, f),
                "share": round(f.share, 4),
                "sentence": _of_trial(facts, f),
                "sample": compared.trial_sample(facts, f),
            }
            for f in mine
        ],
    }


def _group(facts: Facts, g: int) -> dict[str, Any]:
    run = facts["groups"][g]
    who = [compared.stands_for(facts, g, at) for at in range(len(run["groups"]))]
    return {
        "intro": [compared.groups_intro(facts, g), *who],
        "shared": [compared.by_group(facts, f"groups/{g}/bridging/{i}") for i in range(len(run["bridging"]))],
        "divides": [compared.by_group(facts, f"groups/{g}/dividing/{i}") for i in range(len(run["dividing"]))],
    }


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
            (f"{finding.at}/label", f"{finding.at}/count"),
        ),
        "was": changed.was(facts, finding),
        "moved": changed.moved(facts, finding),
        "praise": is_praise(theme),
        "inside": None if is_praise(theme) else wording.inside(facts, finding, most=0),
        "finer": [{"label": plain(t["label"]), "count": number(t["count"])} for t in finer[:FINER]],
        "finer_words": ", ".join(f"{plain(t['label'])} ({number(t['count'])})" for t in finer[:FINER]),
        "quotes": quotes,
        "confidence": wording.confidence_word(finding.confidence),
    }


def _more(facts: Facts, coarse: int) -> Sentence | None:
    if coarse <= THEMES:
        return None
    text = _("Not all of the %(n)s themes are shown.")
    return Sentence(text % {"n": number(facts["theme_count"])}, ("theme_count",))


def _questions_next(facts: Facts, told: list[Finding]) -> list[Sentence]:
    """What to ask next: about the largest theme that asks for something, and about the largest one of praise."""
    out = [ask_next(facts, told)]
    for finding in told:
        if finding.kind == "theme" and is_praise(facts["themes"][int(finding.at.split("/")[1])]):
            label = quoted(facts["themes"][int(finding.at.split("/")[1])]["label"], (6, 40))
            text = _("On %(label)s: what should stay exactly as it is?")
            out.append(Sentence(text % {"label": label}, (f"{finding.at}/label",)))
            break
    return out
