"""What stands behind one sentence of a brief: its facts, and the comments as people wrote them, masked."""

import json
from dataclasses import dataclass, field

from sqlmodel import select

from heard.kit.db import DbSession
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from insights.measure.measures import Facts, Said
from insights.measure.queries import texts_of
from insights.models import Brief, Finding
from insights.write import personal, shown
from insights.write.behind import Behind, behind

SHOWN_TO_READERS = 20
SHOWN_TO_MEMBERS = 500
LOOKED_AT = 200  # comments read together, so that names are told from words


@dataclass
class Evidence:
    """For one sentence: the questions, themes, polls and answers to themes it rests on, what stands `beside` them in rows, and
    comments. `nameless`: what looks like a name is masked in these.

    `of`: how many comments are behind it; `gone`: how many of them were withdrawn since the brief was written.
    """

    sentence: str
    position: int
    last: int
    questions: list[Facts] = field(default_factory=list)
    themes: list[Facts] = field(default_factory=list)
    polls: list[Facts] = field(default_factory=list)
    actions: list[Facts] = field(default_factory=list)
    beside: list[Behind] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    comments: list[Said] = field(default_factory=list)
    of: int = 0
    gone: int = 0
    nameless: bool = False


def evidence_of(session: DbSession, brief: Brief, position: int, *, most: int, nameless: bool = False) -> Evidence:
    """The evidence of the sentence at this position (from 1), with `most` comments at the most; nameless: for readers, to whom
    nobody chose what to show. Raises NotFound."""
    rows = session.exec(select(Finding).where(Finding.brief_id == brief.id).order_by(Finding.position)).all()  # type: ignore[arg-type]
    finding = next((row for row in rows if row.position == position), None)
    if finding is None:
        raise NotFound(_("This brief has no sentence at this place."))
    evidence = Evidence(finding.edited or finding.sentence, position, len(rows))
    rests = json.loads(finding.evidence)
    facts = shown.facts_now(session, brief)
    evidence.beside = behind(facts, rests["facts"])
    for path in rests["facts"]:
        _add(evidence, facts, path.split("/"))
    said = texts_of(session, [int(c) for c in rests["comments"]])
    evidence.gone = len(rests["comments"]) - len(said)
    there = [said[int(c)] for c in rests["comments"] if int(c) in said]
    evidence.comments, evidence.nameless = _without_names(there)[:most] if nameless else there[:most], nameless
    evidence.of = sum(t["count"] for t in evidence.themes)
    return evidence


def _without_names(comments: list[Said]) -> list[Said]:
    some = comments[:LOOKED_AT]
    seen = personal.look([said.text for said in some])
    return [Said(said.comment, one.text) for said, one in zip(some, seen, strict=True)]


def _add(evidence: Evidence, facts: Facts, steps: list[str]) -> None:
    fact = facts[steps[0]]
    if steps[0] == "polls" and len(steps) > 3 and steps[2] == "questions":
        heap, fact = evidence.questions, fact[int(steps[1])]["questions"][int(steps[3])]
    elif steps[0] == "polls":
        for poll in fact if len(steps) == 1 else [fact[int(steps[1])]]:
            evidence.polls.append(poll) if poll not in evidence.polls else None
        return
    elif steps[0] in ("themes", "actions") and len(steps) > 1:
        heap, fact = (evidence.themes if steps[0] == "themes" else evidence.actions), fact[int(steps[1])]
    else:
        if isinstance(fact, int):
            evidence.totals[steps[0]] = fact
        return
    if fact not in heap:
        heap.append(fact)
