"""Other words for a sentence of a draft: by a person, or by the language model that a person asked for it.

Figures, quotations and names stay; what is behind the sentence stays; the support check holds as for ours. Brief.text is left as
it was made: the words stand beside it, in Finding.edited, and are put in where the brief is shown (insights/write/shown.py).
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import tokens
from heard.kit.clock import now, today
from heard.kit.db import DbSession
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import _, day, speaking
from heard.kit.web import clean_text
from insights.models import Brief, Finding
from insights.write import support
from insights.write.composing import above_the_line, text_of
from insights.write.freezing import draft
from insights.write.kept_parts import changed, days_in, parts_of
from insights.write.leadership import words_and_figures
from insights.write.shown import Tree, edits_of, quotes_in, sentences_in, shown
from insights.write.support import BOTTOM_LINE_WORDS, LEADERSHIP_WORDS, SUBJECT_CHARACTERS, Sentence, Unsupported, words

LONGEST = 1000


class WordingRefused(Refused):
    """Other words for a sentence say what it did not, or are too long. The sentence stays as it was."""

    code, status = "wording_refused", 422

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            _("These words were not taken: %(why)s In: “%(sentence)s”") % {"why": why, "sentence": text},
            hint=_("Keep the figures, the quotations and the names as they are, and change the words around them."),
            fields={"text": why},
        )


class WordingMoved(Refused):
    """Somebody else saved other words for this sentence meanwhile. Nothing was overwritten."""

    code, status = "edited_elsewhere", 409

    def __init__(self, text: str) -> None:
        why = _("It now reads: “%(sentence)s”") % {"sentence": text}
        super().__init__(
            _("Somebody else has changed this sentence meanwhile. %(now)s") % {"now": why},
            hint=_("Nothing was overwritten. Save again to put your words in its place."),
            fields={"text": why},
        )


class SentenceRow(NamedTuple):
    """A sentence that may get other words. `began`: names the words it has now, for who sends others. by: "" (ours), person,
    model."""

    position: int
    text: str
    original: str
    by: str
    began: str


def sentences_of(session: DbSession, brief: Brief) -> list[SentenceRow]:
    """The sentences of a brief that may get other words, in reading order: all but those on how it was measured."""
    rows = {row.position: row for row in _findings(session, brief)}
    return [_row(rows[place]) for place in editable(brief.text) if place in rows]


def editable(tree: Tree) -> list[int]:
    """The positions of the sentences that may get other words. How it was measured is no matter of style. Pure."""
    return [one["position"] for one in sentences_in({k: v for k, v in tree.items() if k != "measured"})]


def edit(session: DbSession, brief: Brief, position: int, text: str, *, began: str = "", by: Account | None) -> Finding:
    """Put a person's words in the place of a sentence; none, or our own, bring ours back.

    `began`: names the words that the person began with; "" asks nothing. Raises BriefApproved, NotFound, WordingMoved when they
    are others by now, WordingRefused with what is wrong, BadInput for characters that cannot be stored.
    """
    draft(session, brief)
    finding = _finding(session, brief, position)
    text = as_we_write(clean_text(text), brief.locale)
    if began and began != began_with(finding):
        raise WordingMoved(finding.edited or finding.sentence)
    own = ours_at(brief.text, position)
    if text in ("", own):
        text = ""
    elif why := wrong_with(brief, finding, text, edits_of(session, brief)):
        raise WordingRefused(text, why)
    put(session, brief, finding, text, by=by)
    audit.record(
        session, by, "brief.edited", str(brief.id), community_id=brief.community_id, sentence=position, undone=not text
    )
    session.flush()
    return finding


def as_we_write(text: str, locale: str) -> str:
    """On one line, with the narrow spaces that French wants where somebody typed plain ones. Pure."""
    text = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
    if locale == "fr":
        text = re.sub(
            r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))|(?<=«)[ \u00a0]|[ \u00a0](?=»)|(?<=\d)[ \u00a0](?=%)", "\u202f", text
        )
    return text


def put(session: DbSession, brief: Brief, finding: Finding, text: str, *, by: Account | None) -> None:
    """These words from now on; "" brings ours back."""
    finding.edited, finding.edited_by, finding.edited_at = text, by.id if by and text else None, now() if text else None
    finding.by_model = False
    subject = brief.text["subject"]
    if subject.get("position") == finding.position:
        brief.subject = text or subject["text"]  # it names the brief in lists
        session.add(brief)
    session.add(finding)


def wrong_with(brief: Brief, finding: Finding, text: str, others: Mapping[int, str], *, strict: bool = False) -> str:
    """What is wrong with these words for a sentence, in a sentence; "" when nothing is. strict: a model's words. Pure.

    `others`: the edits there are. The words are read in the brief's language.
    """
    decision = finding.position == position_of_decision(brief.text) and not strict
    original = ours_at(brief.text, finding.position)
    with speaking(brief.locale):
        if len(text) > LONGEST:
            return _("it is longer than %(n)s characters.") % {"n": LONGEST}
        if why := changed(original, text, decision=decision, strict=strict):
            return why
        if decision and (why := _day_of(brief.text, text)):
            return why
        if why := _unsupported(brief, finding, text, decision=decision):
            return why
        return _too_long(brief, finding.position, text, others)


def _day_of(tree: Tree, text: str) -> str:
    """A decision asked has a day, and all its days are to come."""
    days = list(days_in(text))
    if not days and tree["decision"]["needed"]:
        return _("a decision needs a day to come, such as %(day)s.") % {"day": _("31 January 2027")}
    return _("the day named is past.") if any(when < today() for when in days) else ""


def _unsupported(brief: Brief, finding: Finding, text: str, *, decision: bool) -> str:
    """The support check, against the evidence that our sentence stands on."""
    evidence = tuple(json.loads(finding.evidence)["facts"])
    days: set[date] = {*days_in(ours_at(brief.text, finding.position)), *days_in(text)}
    told = _names_set_small(text) if decision else _first_words_set_small(ours_at(brief.text, finding.position), text)
    try:
        support.check([Sentence(told, evidence)], brief.facts, days=days)
    except Unsupported as refused:
        return refused.why
    return ""


def _first_words_set_small(original: str, text: str) -> str:
    """What began a sentence of ours may stand inside one now, and is no name for that."""
    before, after = parts_of(original), parts_of(text)
    for word in after.names & before.words - before.names:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", word.lower(), text)
    return text


def _names_set_small(text: str) -> str:
    """A decision names who does it, and nobody said so in an answer: names outside quotations are read as words."""
    out, depth = "", 0
    for letter in text:
        depth += (letter in "“«") - (letter in "”»" and depth > 0)
        out += letter if depth else letter.lower()
    return _days_again(text, out)


def _days_again(text: str, small: str) -> str:
    """Months keep their capital, or the day would not be read as one."""
    for when in days_in(text):
        small = small.replace(day(when).lower(), day(when))
    return small


def _too_long(brief: Brief, position: int, text: str, others: Mapping[int, str]) -> str:
    if position == brief.text["subject"].get("position") and len(text) > SUBJECT_CHARACTERS:
        return _("a subject has at most %(n)s characters, this one has %(have)s.") % {
            "n": SUBJECT_CHARACTERS, "have": len(text),
        }  # fmt: skip
    if position == brief.text["bottom"].get("position") and words_and_figures(text) > BOTTOM_LINE_WORDS:
        return _("the first line has at most %(n)s words, this one has %(have)s.") % {
            "n": BOTTOM_LINE_WORDS, "have": words_and_figures(text),
        }  # fmt: skip
    if brief.audience == "leadership":
        have = words_of(brief, {**others, position: text})
        if have > max(LEADERSHIP_WORDS, words_of(brief, others)):
            return _("the brief would have %(have)s words, and %(n)s fit on a page.") % {
                "n": LEADERSHIP_WORDS, "have": have,
            }  # fmt: skip
    return ""


def words_of(brief: Brief, edits: Mapping[int, str]) -> int:
    """How many words a leadership brief has with these edits, and with all its quotes. Pure but for the template."""
    every = {quote["comment"]: quote["text"] for quote in quotes_in(brief.text)}
    whole = text_of(shown(brief.text, edits, every), brief.audience, "")
    return words(above_the_line(whole))


def position_of_decision(tree: Tree) -> int | None:
    """Where the sentence stands that asks for a decision, or says that none is asked. Pure."""
    found: dict[str, Any] = tree.get("decision") or {}
    return found.get("sentence", {}).get("position")


def ours_at(tree: Tree, position: int) -> str:
    """Our own words at this position. Pure."""
    return next(str(one["text"]) for one in sentences_in(tree) if one["position"] == position)


def began_with(finding: Finding) -> str:
    """A name for the words that a sentence has now."""
    return tokens.hashed(finding.edited or finding.sentence)[:16]


def _row(finding: Finding) -> SentenceRow:
    by = "" if not finding.edited else "model" if finding.by_model else "person"
    return SentenceRow(finding.position, finding.edited or finding.sentence, finding.sentence, by, began_with(finding))


def _finding(session: DbSession, brief: Brief, position: int) -> Finding:
    query = select(Finding).where(Finding.brief_id == brief.id, Finding.position == position)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None or position not in editable(brief.text):
        raise NotFound(_("This brief has no sentence at this place that could get other words."))
    return found


def _findings(session: DbSession, brief: Brief) -> list[Finding]:
    return list(session.exec(select(Finding).where(Finding.brief_id == brief.id).order_by(col(Finding.position))))
